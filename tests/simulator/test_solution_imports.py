"""Imports of solutions: what is refused at once, what a job says, what the world is afterwards."""

import asyncio
import base64
from datetime import datetime
from typing import Any

import httpx
import pytest

from simulator.healthy.roles import (
    BC_AVAILABILITY,
    BC_INTEGRATION_ADMINISTRATOR,
    BC_INTEGRATION_USER,
)
from tests.simulator.conftest import Visitor
from tests.simulator.importing import (
    JOB,
    SWITCHES,
    begin,
    begun,
    held,
    import_job,
    later,
    one,
    operation,
    over,
    parsed,
    post,
    results,
    running,
    solution,
)
from tests.simulator.packing import INTEGRATION, files, needs, package, role, zipped

OFFERS = "ExampleOffers"
WORKER = "7a1c0de0-0000-4000-8000-0000000000aa"


def _code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.parametrize(
    ("without", "action"),
    [
        ("OverwriteUnmanagedCustomizations", "ImportSolutionAsync"),
        ("PublishWorkflows", "StageAndUpgradeAsync"),
        ("CustomizationFile", "ImportSolutionAsync"),
        ("ImportJobId", "ImportSolution"),
        ("ImportJobId", "StageAndUpgrade"),
    ],
)
async def test_required_parameter_is_missed(visitor: Visitor, without: str, action: str) -> None:
    values = {**SWITCHES, "CustomizationFile": package(), "ImportJobId": JOB}
    del values[without]
    answer = await post(visitor, action, **values)
    assert _code(answer) == (400, "0x80040203")
    assert without in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("action", "more"),
    [
        ("ImportSolutionAsync", {"Overwrite": True}),
        ("ImportSolutionAsync", {"ImportJobId": "soon"}),
        ("ImportSolutionAsync", {"HoldingSolution": "yes"}),
        ("ImportSolutionAsync", {"SolutionParameters": {"UploadId": JOB}}),
        ("StageAndUpgradeAsync", {"HoldingSolution": True}),
        ("StageSolution", {"PublishWorkflows": True}),
        ("PublishAllXml", {"ParameterXml": ""}),
        ("DeleteAndPromote", {"uniquename": OFFERS}),
        ("ExportSolution", {"Name": OFFERS}),
    ],
)
async def test_parameter_that_the_action_does_not_take_is_a_payload_error(
    visitor: Visitor, action: str, more: dict[str, Any]
) -> None:
    values = {**SWITCHES, "CustomizationFile": package()} if "Async" in action else {}
    answer = await post(visitor, action, **values, **more)
    assert _code(answer) == (400, "0x80048d19")


async def test_an_action_is_not_read(visitor: Visitor) -> None:
    assert (await visitor.sales("GET", "ImportSolutionAsync")).status_code == 404


def _without(name: str) -> str:
    return zipped({key: text for key, text in files().items() if key != name})


def _with(name: str, text: str) -> str:
    return zipped({**files(), name: text})


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("%%%", "0x80048d19"),
        (base64.b64encode(b"no zip").decode(), "0x80048060"),
        (package()[:200], "0x80048060"),
        (_without("solution.xml"), "0x80048060"),
        (_without("customizations.xml"), "0x80048060"),
        (_without("[Content_Types].xml"), "0x80048060"),
        (_with("solution.xml", "<ImportExportXml>"), "0x80048013"),
        (_with("customizations.xml", "<!DOCTYPE x []><x />"), "0x80048013"),
        (_with("solution.xml", "<ImportExportXml />"), "0x8004801A"),
        (_with("customizations.xml", "<Other />"), "0x8004801A"),
        (package(name="two words"), "0x8004801A"),
        (package(version="new"), "0x8004801A"),
        (package(roles=role("no guid", "Worker")), "0x8004801A"),
    ],
)
@pytest.mark.parametrize("action", ["ImportSolutionAsync", "StageSolution"])
async def test_broken_package_is_refused_at_once(
    visitor: Visitor, action: str, file: str, code: str
) -> None:
    switches = SWITCHES if action != "StageSolution" else {}
    answer = await post(visitor, action, **switches, CustomizationFile=file)
    assert _code(answer) == (400, code)
    assert (await one(visitor, "importjobs?$count=true"))["@odata.count"] == 1


async def test_import_brings_solution_roles_and_privileges(visitor: Visitor) -> None:
    await visitor.become("solution-missing")
    assert await solution(visitor) is None
    job = await begun(visitor, ImportJobId=JOB)
    assert job["ImportJobKey"] == JOB
    done, log = await over(visitor, job)
    assert (done["statecode"], done["statuscode"], done["operationtype"]) == (3, 30, 203)
    assert (done["errorcode"], done["message"]) == (None, None)
    assert (log["progress"], log["solutionname"]) == (100.0, INTEGRATION)
    row = await solution(visitor)
    assert row is not None
    assert (row["version"], row["ismanaged"], log["solutionid"]) == (
        "9.2.0.0",
        True,
        row["solutionid"],
    )
    for root_id in (BC_INTEGRATION_ADMINISTRATOR, BC_INTEGRATION_USER, BC_AVAILABILITY):
        copies = await one(visitor, f"roles?$filter=_parentrootroleid_value eq {root_id}")
        units = {each["_businessunitid_value"] for each in copies["value"]}
        assert len(units) == len((await one(visitor, "businessunits"))["value"])
        assert root_id in {each["roleid"] for each in copies["value"]}
    privileges = visitor.simulation.world.facts["sales"]["adventure"]["privileges"]
    assert privileges["Business Central Integration Administrator"]["prvWritenav_connection"]
    assert "prvWritenav_connection" not in privileges["Business Central Integration User"]


async def test_role_in_a_package_is_brought_and_gives_its_privileges(visitor: Visitor) -> None:
    content = package(name=OFFERS, roles=role(WORKER, "Offers Worker", "prvReadUser"))
    await over(visitor, await begun(visitor, content))
    copies = await one(visitor, "roles?$filter=name eq 'Offers Worker'")
    assert len(copies["value"]) == 2
    privileges = visitor.simulation.world.facts["sales"]["adventure"]["privileges"]
    assert privileges["Offers Worker"] == {"prvReadUser": True}


async def test_import_moves_with_the_clock_and_not_with_the_reads(visitor: Visitor) -> None:
    await visitor.patch_sales({"imports": {"seconds": 1000}})
    job = await begun(visitor)
    waiting, log = await operation(visitor, job), await import_job(visitor, job)
    assert (waiting["statecode"], waiting["statuscode"]) == (0, 0)
    assert (log["startedon"], log["completedon"], log["progress"]) == (None, None, 0.0)
    await later(visitor, 550)
    seen = [(await import_job(visitor, job))["progress"] for _ in range(5)]
    assert all(49 < progress < 60 for progress in seen)
    running, log = await operation(visitor, job), await import_job(visitor, job)
    assert (running["statecode"], running["statuscode"]) == (2, 20)
    assert log["startedon"] is not None
    assert log["completedon"] is None
    done, log = await over(visitor, job)
    assert done["statecode"] == 2
    await later(visitor, 400)
    done, log = await operation(visitor, job), await import_job(visitor, job)
    assert (done["statecode"], log["progress"]) == (3, 100.0)
    assert log["startedon"] < log["completedon"] == done["completedon"]


async def test_job_ends_when_its_time_is_over_however_late_somebody_asks(visitor: Visitor) -> None:
    await visitor.patch_sales({"imports": {"seconds": 100}})
    job = await begun(visitor)
    await later(visitor, 86_400)
    log = await import_job(visitor, job)
    began, ended = (datetime.fromisoformat(log[name]) for name in ("startedon", "completedon"))
    created = datetime.fromisoformat(log["createdon"])
    assert abs((began - created).total_seconds() - 10) <= 1
    assert abs((ended - created).total_seconds() - 100) <= 1


async def test_log_has_a_result_for_each_component(visitor: Visitor) -> None:
    job = await begun(visitor)
    _, log = await over(visitor, job)
    found = results(log["data"])
    workflow = "{3e893809-5f6b-44cd-8982-458eb0abb1a4}"
    assert set(found) == {INTEGRATION, "nav_connection", "nav_state", workflow, "nav_script"}
    assert {each["result"] for each in found.values()} == {"success"}
    root = parsed(log["data"])
    assert (root.get("processed"), root.get("progress")) == ("true", "100")
    manifest = root.find("solutionManifests/solutionManifest")
    assert manifest is not None
    assert manifest.findtext("Version") == "9.2.0.0"


@pytest.mark.parametrize("form", ["(ImportJobId={0})", "(ImportJobId=@p1)?@p1={0}"])
async def test_log_is_given_as_a_sheet(visitor: Visitor, form: str) -> None:
    job = await begun(visitor)
    await over(visitor, job)
    address = f"RetrieveFormattedImportJobResults{form.format(job['ImportJobKey'])}"
    answer = await visitor.sales("GET", address)
    assert "nav_connection" in answer.json()["FormattedResults"]
    assert parsed(answer.json()["FormattedResults"]).tag.endswith("Workbook")


async def test_log_of_no_import_is_not_found(visitor: Visitor) -> None:
    answer = await visitor.sales("GET", f"RetrieveFormattedImportJobResults(ImportJobId={JOB})")
    assert _code(answer) == (404, "0x80040217")


async def test_synchronous_import_answers_when_it_is_over(visitor: Visitor) -> None:
    await visitor.patch_sales({"imports": {"seconds": 3600}})
    calling = asyncio.create_task(begin(visitor, "ImportSolution", ImportJobId=JOB))
    await running(visitor)
    await later(visitor, 3599)
    assert (await one(visitor, f"importjobs({JOB})"))["completedon"] is None
    await later(visitor, 1)
    answer = await calling
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await solution(visitor) or {})["version"] == "9.2.0.0"
    assert (await one(visitor, f"importjobs({JOB})"))["progress"] == 100.0


async def test_import_job_id_is_used_once(visitor: Visitor) -> None:
    await over(visitor, await begun(visitor, ImportJobId=JOB))
    assert _code(await begin(visitor, ImportJobId=JOB)) == (412, "0x80040237")


async def test_second_import_is_refused_while_one_runs(visitor: Visitor) -> None:
    job = await begun(visitor)
    for answer in (
        await begin(visitor),
        await post(visitor, "PublishAllXml"),
        await begin(visitor, "ImportSolution", ImportJobId=JOB),
    ):
        assert _code(answer) == (429, "0x80071151")
        assert "[Import]" in answer.json()["error"]["message"]
    await over(visitor, job)
    assert (await begin(visitor)).status_code == 200


async def test_staged_package_is_imported_by_its_upload(visitor: Visitor) -> None:
    staged = (await post(visitor, "StageSolution", CustomizationFile=package())).json()
    found = staged["StageSolutionResults"]
    assert (found["StageSolutionStatus"], found["MissingDependencies"]) == ("Passed", [])
    assert found["SolutionDetails"]["SolutionUniqueName"] == INTEGRATION
    parameters = {
        "@odata.type": "Microsoft.Dynamics.CRM.SolutionParameters",
        "StageSolutionUploadId": found["StageSolutionUploadId"],
    }
    answer = await post(visitor, "ImportSolutionAsync", **SWITCHES, SolutionParameters=parameters)
    done, _ = await over(visitor, answer.json())
    assert done["statuscode"] == 30
    assert (await solution(visitor) or {})["version"] == "9.2.0.0"


async def test_upload_that_nobody_staged_is_not_found(visitor: Visitor) -> None:
    parameters = {"StageSolutionUploadId": JOB}
    answer = await post(visitor, "ImportSolutionAsync", **SWITCHES, SolutionParameters=parameters)
    assert _code(answer) == (404, "0x80040217")


REFUSED = [
    (package(version="1.0"), "0x80048033"),
    (package(managed=False), "0x80048041"),
    (package(package_version="9.3"), "0x80048068"),
    (package(name=OFFERS, dependencies=needs("ExampleBase (1.0)")), "0x8004801D"),
    (package(name=OFFERS, dependencies=needs("bcbi_CdsBaseIntegration (99.0)")), "0x8004801D"),
    (package(name=OFFERS, dependencies=needs("Active")), "0x8004801D"),
]


@pytest.mark.parametrize(("file", "code"), REFUSED)
async def test_package_that_does_not_fit_fails_in_its_job(
    visitor: Visitor, file: str, code: str
) -> None:
    before = await one(visitor, "solutions")
    done, log = await over(visitor, await begun(visitor, file))
    assert (done["statecode"], done["statuscode"]) == (3, 31)
    assert done["errorcode"] == int(code, 16) - 2**32
    assert done["message"]
    assert log["progress"] < 100
    assert log["completedon"] is not None
    failed = [each for each in results(log["data"]).values() if each["result"] == "failure"]
    assert [each["errorcode"] for each in failed] == [code]
    assert (await one(visitor, "solutions"))["value"] == before["value"]


@pytest.mark.parametrize(("file", "code"), REFUSED)
async def test_package_that_does_not_fit_is_refused_where_the_answer_waits(
    visitor: Visitor, file: str, code: str
) -> None:
    await visitor.patch_sales({"imports": {"seconds": 0}})
    answer = await begin(visitor, "ImportSolution", file, ImportJobId=JOB)
    assert _code(answer) == (400, code)
    assert (await one(visitor, f"importjobs({JOB})"))["completedon"] is not None


@pytest.mark.parametrize(("file", "code"), REFUSED)
async def test_staging_finds_what_an_import_would_meet(
    visitor: Visitor, file: str, code: str
) -> None:
    answer = await post(visitor, "StageSolution", CustomizationFile=file)
    found = answer.json()["StageSolutionResults"]
    assert found["StageSolutionStatus"] == "Failed"
    assert found["SolutionValidationResults"][0]["ErrorCode"] == int(code, 16) - 2**32
    assert bool(found["MissingDependencies"]) == (code == "0x8004801D")


async def test_managed_package_does_not_go_over_an_unmanaged_solution(visitor: Visitor) -> None:
    await over(visitor, await begun(visitor, package(name=OFFERS, managed=False)))
    done, _ = await over(visitor, await begun(visitor, package(name=OFFERS, version="10.0")))
    assert done["errorcode"] == 0x80048040 - 2**32


async def test_package_of_another_publisher_is_refused(visitor: Visitor) -> None:
    await over(visitor, await begun(visitor, package(name=OFFERS)))
    other = package(name=OFFERS, version="10.0", publisher="somebody")
    done, _ = await over(visitor, await begun(visitor, other))
    assert done["errorcode"] == 0x8004801C - 2**32


async def test_dependencies_that_are_there_do_not_hinder(visitor: Visitor) -> None:
    there = (
        needs("System")
        + needs("bcbi_CdsBaseIntegration (1.0.0.11)")
        + needs("Active", "systemuser")
    )
    done, _ = await over(visitor, await begun(visitor, package(name=OFFERS, dependencies=there)))
    assert done["statuscode"] == 30


async def test_missing_dependencies_stand_in_message_and_log(visitor: Visitor) -> None:
    content = package(name=OFFERS, dependencies=needs("ExampleBase (1.0)", "example_price"))
    done, log = await over(visitor, await begun(visitor, content))
    assert 'schemaName="example_price"' in done["message"]
    path = "solutionManifests/solutionManifest/result/MissingDependencies/MissingDependency"
    (missing,) = parsed(log["data"]).findall(path)
    required = missing.find("Required")
    assert required is not None
    assert required.get("solution") == "ExampleBase (1.0)"
    assert missing.find("Dependent") is not None


async def test_holding_solution_waits_beside_the_old_until_it_is_promoted(visitor: Visitor) -> None:
    await over(visitor, await begun(visitor, HoldingSolution=True))
    assert (await solution(visitor) or {})["version"] == "9.1.0.12"
    staged = await solution(visitor, f"{INTEGRATION}_Upgrade")
    assert staged is not None
    await visitor.patch_sales({"imports": {"seconds": 0}})
    answer = await post(visitor, "DeleteAndPromote", UniqueName=INTEGRATION)
    assert answer.json()["SolutionId"] == staged["solutionid"]
    assert (await solution(visitor) or {})["version"] == "9.2.0.0"
    assert await solution(visitor, f"{INTEGRATION}_Upgrade") is None
    assert "Business Central Integration User" in await held(visitor, "integration")


async def test_there_must_be_something_to_promote(visitor: Visitor) -> None:
    answer = await post(visitor, "DeleteAndPromote", UniqueName=INTEGRATION)
    assert _code(answer) == (404, "0x80040217")


async def test_upgrade_takes_roles_away_that_the_new_version_lacks(visitor: Visitor) -> None:
    first = package(name=OFFERS, version="1.0", roles=role(WORKER, "Offers Worker"))
    await over(visitor, await begun(visitor, first))
    update = package(name=OFFERS, version="1.1")
    await over(visitor, await begun(visitor, update))
    assert (await one(visitor, "roles?$filter=name eq 'Offers Worker'"))["value"]
    upgrade = package(name=OFFERS, version="2.0")
    answer = await begin(visitor, "StageAndUpgradeAsync", upgrade)
    done, _ = await over(visitor, answer.json())
    assert (done["operationtype"], done["statuscode"]) == (211, 30)
    assert (await solution(visitor, OFFERS) or {})["version"] == "2.0"
    assert await solution(visitor, f"{OFFERS}_Upgrade") is None
    assert not (await one(visitor, "roles?$filter=name eq 'Offers Worker'"))["value"]


async def _allow_uninstalling(visitor: Visitor, seconds: float = 0) -> None:
    await visitor.patch_sales(
        {
            "privileges": {"Connection Bot": {"prvDeleteSolution": True}},
            "imports": {"seconds": seconds},
        }
    )


async def test_uninstalling_takes_roles_and_their_assignments_away(visitor: Visitor) -> None:
    await _allow_uninstalling(visitor)
    row = visitor.row("solutions", INTEGRATION)
    answer = await visitor.sales("DELETE", f"solutions({row['solutionid']})")
    assert answer.status_code == 204
    assert await solution(visitor) is None
    assert await held(visitor, "integration") == {"Business Central Base Integration"}
    query = f"roles?$filter=_parentrootroleid_value eq {BC_INTEGRATION_USER}"
    assert not (await one(visitor, query))["value"]


async def test_solution_that_another_needs_is_not_uninstalled(visitor: Visitor) -> None:
    content = package(name=OFFERS, dependencies=needs(f"{INTEGRATION} (9.0)"))
    await over(visitor, await begun(visitor, content))
    await _allow_uninstalling(visitor)
    row = visitor.row("solutions", INTEGRATION)
    path = f"solutions({row['solutionid']})"
    assert _code(await visitor.sales("DELETE", path)) == (400, "0x8004F01D")
    other = (await solution(visitor, OFFERS) or {})["solutionid"]
    assert (await visitor.sales("DELETE", f"solutions({other})")).status_code == 204
    assert (await visitor.sales("DELETE", path)).status_code == 204


async def test_publishing_and_uninstalling_run_alone(visitor: Visitor) -> None:
    await _allow_uninstalling(visitor, seconds=3600)
    row = visitor.row("solutions", INTEGRATION)
    for calling, word in (
        (post(visitor, "PublishAllXml"), "[PublishAll]"),
        (visitor.sales("DELETE", f"solutions({row['solutionid']})"), "[Uninstall]"),
    ):
        task = asyncio.create_task(calling)
        await running(visitor)
        refused = await begin(visitor)
        assert _code(refused) == (429, "0x80071151")
        assert word in refused.json()["error"]["message"]
        await later(visitor, 3600)
        assert (await task).status_code == 204


async def test_unmanaged_solution_is_exported_and_imported_again(visitor: Visitor) -> None:
    content = package(name=OFFERS, managed=False, roles=role(WORKER, "Offers Worker", "prvReadX"))
    await over(visitor, await begun(visitor, content))
    answer = await post(visitor, "ExportSolution", SolutionName=OFFERS, Managed=False)
    await _allow_uninstalling(visitor)
    await over(visitor, await begun(visitor, answer.json()["ExportSolutionFile"]))
    assert (await solution(visitor, OFFERS) or {})["version"] == "9.2.0.0"


async def test_export_as_a_job_is_fetched_when_it_is_over(visitor: Visitor) -> None:
    await over(visitor, await begun(visitor, package(name=OFFERS, managed=False)))
    begun_export = await post(visitor, "ExportSolutionAsync", SolutionName=OFFERS, Managed=True)
    wanted = {"ExportJobId": begun_export.json()["ExportJobId"]}
    assert (await post(visitor, "DownloadSolutionExportData", **wanted)).status_code == 400
    await later(visitor, 60)
    done = await operation(visitor, begun_export.json())
    assert (done["operationtype"], done["statuscode"]) == (202, 30)
    file = (await post(visitor, "DownloadSolutionExportData", **wanted)).json()
    content = file["ExportSolutionFile"]
    found = (await post(visitor, "StageSolution", CustomizationFile=content)).json()
    assert found["StageSolutionResults"]["SolutionDetails"]["IsManaged"]


@pytest.mark.parametrize(("name", "code"), [(INTEGRATION, "0x80048036"), ("Nothing", "0x80048037")])
async def test_managed_and_unknown_solutions_are_not_exported(
    visitor: Visitor, name: str, code: str
) -> None:
    answer = await post(visitor, "ExportSolution", SolutionName=name, Managed=True)
    assert answer.json()["error"]["code"] == code


@pytest.mark.parametrize("entity_set", ["importjobs", "asyncoperations"])
async def test_changing_a_job_is_not_simulated(visitor: Visitor, entity_set: str) -> None:
    rows = (await one(visitor, entity_set))["value"]
    key = entity_set.removesuffix("s") + "id"
    path = f"{entity_set}({rows[0][key]})"
    assert (await visitor.sales("PATCH", path, json={"statecode": 3})).status_code == 501


@pytest.mark.parametrize("role_name", ["system-administrator", "system-customizer"])
async def test_administrators_and_customizers_may_import(visitor: Visitor, role_name: str) -> None:
    await visitor.patch_sales({"user_roles": {"bot": {"connection-bot": None, role_name: True}}})
    assert (await begin(visitor)).status_code == 200


async def test_nothing_is_imported_in_administration_mode(visitor: Visitor) -> None:
    await visitor.become("administration-mode")
    await visitor.patch_sales({"user_roles": {"bot": {"system-administrator": True}}})
    assert _code(await begin(visitor)) == (403, "0x80048405")


@pytest.mark.parametrize(
    "organisation",
    [
        {"imports": {"seconds": -1}},
        {"imports": {"seconds": "soon"}},
        {"imports": {"fails": "somehow"}},
        {"imports": {"fails": ["component"]}},
        {"imports": 5},
        {"jobs": {"other": {}}},
        {"jobs": {"other": {"operation": "Dance"}}},
        {"jobs": {"other": {"operation": "Import", "solution": 5}}},
        {"jobs": {"other": {"operation": "Import", "user": ["ada"]}}},
        *[
            {"jobs": {"x": {"operation": "Import", name: value}}}
            for name, values in {
                "started": ("x", True, -1, 1e300),
                "seconds": ("x", 1e300),
                "package": ({}, 5, {"unique_name": "X"}),
                "failure": ({}, "x"),
                "importjobid": (5, {}),
                "asyncoperationid": (5, ["x"]),
                "asynchronous": ("no",),
                "holding": (1,),
            }.items()
            for value in values
        ],
        {"staged": {"x": {}}},
        {"staged": 5},
        {"exports": {"x": {"file": 5, "job": "x"}}},
        {"solution_parts": {"X": 5}},
        {"solution_parts": {"X": {"roles": []}}},
        "none",
    ],
)
async def test_fact_about_imports_that_cannot_be_is_refused(
    visitor: Visitor, organisation: object
) -> None:
    before = (await visitor.control.get("/_world")).json()
    answer = await visitor.control.patch("/_world", json={"sales": {"adventure": organisation}})
    assert answer.status_code == 400
    assert "sales.adventure" in answer.json()["error"]
    assert (await visitor.control.get("/_world")).json() == before


async def test_organisation_without_facts_about_jobs_imports_at_once(visitor: Visitor) -> None:
    parts = ("imports", "jobs", "staged", "exports", "solution_parts")
    await visitor.patch_sales(dict.fromkeys(parts))
    job = await begun(visitor)
    assert (await operation(visitor, job))["statuscode"] == 30


@pytest.mark.parametrize(
    ("scenario", "status", "code", "progress"),
    [
        ("import-dependencies-missing", 31, "0x8004801D", 14.84),
        ("import-component-fails", 31, "0x80048033", 62.5),
        ("import-privilege-missing", 31, "0x80040220", 37.5),
        ("import-times-out", 31, "0x80044151", 80.0),
        ("import-canceled", 32, "0x80048033", 50.0),
        ("import-of-newer-version", 31, "0x80048068", 0.0),
    ],
)
async def test_failing_import_stops_where_it_fails(
    visitor: Visitor, scenario: str, status: int, code: str, progress: float
) -> None:
    await visitor.become(scenario)
    before = await solution(visitor)
    done, log = await over(visitor, await begun(visitor))
    assert (done["statecode"], done["statuscode"]) == (3, status)
    assert done["errorcode"] == int(code, 16) - 2**32
    assert done["message"] == done["friendlymessage"] != ""
    assert log["progress"] == progress
    assert log["completedon"] == done["completedon"] is not None
    assert await solution(visitor) == before
    failed = [each for each in results(log["data"]).values() if each["result"] == "failure"]
    assert [each["errorcode"] for each in failed] == [code]
    assert (await begin(visitor)).status_code == 200


async def test_who_may_not_import_is_told_the_privilege(visitor: Visitor) -> None:
    await visitor.become("import-not-allowed")
    answer = await begin(visitor)
    assert _code(answer) == (403, "0x80040220")
    assert "prvImportCustomization" in answer.json()["error"]["message"]


async def test_import_of_somebody_else_ends_by_the_clock(visitor: Visitor) -> None:
    await visitor.become("import-running")
    query = "importjobs?$filter=solutionname eq 'ExampleOffers'"
    (job,) = (await one(visitor, query))["value"]
    assert job["completedon"] is None
    assert job["_createdby_value"] == visitor.row("systemusers", "ada")["systemuserid"]
    assert _code(await begin(visitor)) == (429, "0x80071151")
    await later(visitor, 30)
    (job,) = (await one(visitor, query))["value"]
    assert (job["progress"], job["completedon"] is None) == (100.0, False)
    assert await solution(visitor, "ExampleOffers") is not None
    assert (await begin(visitor)).status_code == 200


async def test_state_of_a_job_is_told_in_words_to_who_asks(visitor: Visitor) -> None:
    job = await begun(visitor)
    await later(visitor, 60)
    path = f"asyncoperations({job['AsyncOperationId']})?$select=statecode,statuscode"
    headers = {"Prefer": 'odata.include-annotations="*"'}
    row = (await visitor.sales("GET", path, headers=headers)).json()
    label = "@OData.Community.Display.V1.FormattedValue"
    assert (row[f"statecode{label}"], row[f"statuscode{label}"]) == ("Completed", "Succeeded")
