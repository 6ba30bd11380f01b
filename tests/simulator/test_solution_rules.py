"""What solutions share, how they are named, and what a package can never do."""

import pytest

from simulator.healthy.roles import BC_INTEGRATION_USER
from tests.simulator.conftest import Visitor
from tests.simulator.importing import SWITCHES, begin, begun, held, later, post, solution
from tests.simulator.packing import INTEGRATION, needs, package, role

ROLE = "11111111-2222-4333-8444-555555555555"


async def _administrator(visitor: Visitor) -> None:
    changes = {"user_roles": {"bot": {"system-administrator": True}}, "imports": {"seconds": 1}}
    await visitor.patch_sales(changes)


async def _imported(visitor: Visitor, file: str, **more: object) -> None:
    await begun(visitor, file, **more)
    await later(visitor, 60)


async def _uninstall(visitor: Visitor, name: str) -> int:
    row = await solution(visitor, name)
    assert row is not None
    await visitor.patch_sales({"imports": {"seconds": 0}})
    answer = await visitor.sales("DELETE", f"solutions({row['solutionid']})")
    return answer.status_code


async def test_undoing_a_staged_upgrade_leaves_the_roles_of_the_solution(visitor: Visitor) -> None:
    await _administrator(visitor)
    await _imported(visitor, package(version="9.2.0.0"), HoldingSolution=True)
    before = await held(visitor, "integration")
    assert await _uninstall(visitor, f"{INTEGRATION}_Upgrade") == 204
    assert await held(visitor, "integration") == before
    assert "Business Central Integration User" in before


async def test_a_role_stays_while_another_solution_has_it(visitor: Visitor) -> None:
    await _administrator(visitor)
    shared = role(ROLE, "Shared Role (example)", "prvReadUser")
    for name in ("FirstExample", "SecondExample"):
        await _imported(visitor, package(roles=shared, name=name, version="1.0.0.0"))
    assert await _uninstall(visitor, "FirstExample") == 204
    query = f"roles?$filter=_parentrootroleid_value eq {ROLE}"
    assert (await visitor.sales("GET", query)).json()["value"]
    assert await _uninstall(visitor, "SecondExample") == 204
    assert not (await visitor.sales("GET", query)).json()["value"]


async def test_the_known_solution_brings_its_roles_in_whatever_case(visitor: Visitor) -> None:
    await _administrator(visitor)
    await _imported(visitor, package(name=INTEGRATION.lower(), version="9.3.0.0"))
    query = f"roles?$filter=_parentrootroleid_value eq {BC_INTEGRATION_USER}"
    assert (await visitor.sales("GET", query)).json()["value"]


async def test_a_needed_solution_is_needed_in_whatever_case(visitor: Visitor) -> None:
    await _administrator(visitor)
    needing = package(
        name="NeedingExample",
        version="1.0.0.0",
        dependencies=needs(f"{INTEGRATION.lower()} (9.0)"),
    )
    await _imported(visitor, needing)
    assert await solution(visitor, "NeedingExample") is not None
    assert await _uninstall(visitor, INTEGRATION) != 204


@pytest.mark.parametrize("name", ["Connection Bot", "System Administrator"])
async def test_a_package_changes_no_role_of_another_by_its_name(
    visitor: Visitor, name: str
) -> None:
    await _administrator(visitor)
    before = dict(visitor.simulation.world.facts["sales"]["adventure"]["privileges"][name])
    bad = package(roles=role(ROLE, name, "prvCreateTeam"), name="BadExample", version="1.0.0.0")
    await begin(visitor, file=bad)
    await later(visitor, 60)
    after = visitor.simulation.world.facts["sales"]["adventure"]["privileges"][name]
    assert dict(after) == before
    assert await solution(visitor, "BadExample") is None


async def test_an_upgrade_takes_away_what_its_role_no_longer_has(visitor: Visitor) -> None:
    await _administrator(visitor)
    for version, granted in (("1.0.0.0", ("prvReadUser", "prvReadTeam")), ("1.1.0.0", ("*",))):
        roles = role(ROLE, "Example Role", *granted)
        await _imported(visitor, package(roles=roles, name="GrowingExample", version=version))
    row = await solution(visitor, "GrowingExample")
    assert row is not None
    assert row["version"] == "1.1.0.0"
    privileges = visitor.simulation.world.facts["sales"]["adventure"]["privileges"]
    assert privileges["Example Role"] == {}


async def test_an_unmanaged_package_may_be_made_managed(visitor: Visitor) -> None:
    await _administrator(visitor)
    loose = package(name="LooseExample", version="1.0.0.0", managed=False)
    await _imported(visitor, loose, ConvertToManaged=True)
    row = await solution(visitor, "LooseExample")
    assert row is not None
    assert row["ismanaged"] is True


async def test_staging_does_not_see_what_only_the_job_meets(visitor: Visitor) -> None:
    await _administrator(visitor)
    await visitor.patch_sales({"imports": {"fails": "component"}})
    staged = await post(visitor, "StageSolution", CustomizationFile=package())
    results = staged.json()["StageSolutionResults"]
    assert results["StageSolutionStatus"] == "Passed"
    upload = {"StageSolutionUploadId": results["StageSolutionUploadId"]}
    begun_by_id = await post(visitor, "ImportSolutionAsync", **SWITCHES, SolutionParameters=upload)
    assert begun_by_id.status_code == 200, begun_by_id.text


@pytest.mark.parametrize("inside", ["", "ImportJobId='x'", f"ImportJobId={ROLE},Foo=1", "Foo=1"])
async def test_results_are_asked_for_by_an_id_alone(visitor: Visitor, inside: str) -> None:
    await _administrator(visitor)
    answer = await visitor.sales("GET", f"RetrieveFormattedImportJobResults({inside})")
    assert answer.status_code == 400


async def test_an_import_job_names_its_solution_by_both_columns(visitor: Visitor) -> None:
    await _administrator(visitor)
    await _imported(visitor, package(version="9.2.0.0"))
    query = "importjobs?$select=solutionid,_solutionid_value"
    rows = (await visitor.sales("GET", query)).json()["value"]
    assert any(row["solutionid"] for row in rows)
    assert all(row["solutionid"] == row["_solutionid_value"] for row in rows)
