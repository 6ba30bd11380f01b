"""What Business Central's own tests say of enabling, held to by the bot's steps."""

from typing import Any

import pytest

from connection.changes.plan import Act
from connection.changes.request import Request, RequestState
from connection.errors import AdminError, NotReady
from tests.changes.stage import ROLES, Bench, failed


async def company(bench: Bench, pages: dict[str, Any]) -> None:
    """Facts of the company's pages."""
    name = bench.visitor.ready["bc"]["company"]
    patch = {"Production": {"companies": {name: {"pages": pages}}}}
    await bench.visitor.patch({"business_central": patch})


async def sales(bench: Bench, patch: dict[str, Any]) -> None:
    """Facts of the organisation."""
    await bench.visitor.patch({"sales": {"adventure": patch}})


async def pages(bench: Bench) -> Any:
    """All pages of the company."""
    name = bench.visitor.ready["bc"]["company"]
    facts = await bench.facts()
    return facts["business_central"]["Production"]["companies"][name]["pages"]


async def organisation(bench: Bench) -> Any:
    """The Sales organisation."""
    return (await bench.facts())["sales"]["adventure"]


async def enabled(bench: Bench) -> Request:
    """Applied to its end."""
    request = await bench.apply(await bench.approved(Act.ENABLE, "defaults"))
    assert request.state is RequestState.APPLIED, [one for one in request.steps if one.said]
    return request


async def changed(bench: Bench, act: Act, words: str = "") -> Request:
    """The same of a single step."""
    return await bench.apply(await bench.approved(act, words))


async def test_without_any_mapping_the_defaults_are_installed_and_the_plan_says_so(
    bench: Bench,
) -> None:
    await company(bench, {"integration_table_mappings": None, "job_queue_entries": None})
    plan = await bench.planned(Act.ENABLE, "defaults")
    (planned,) = [one for one in plan.steps if one.step == "synchronisation"]
    assert "installs its default" in planned.note
    assert planned.changed
    await enabled(bench)
    found = await pages(bench)
    assert "CUSTOMER" in found["integration_table_mappings"]
    assert found["job_queue_entries"]


async def test_own_mappings_stay(bench: Bench) -> None:
    await enabled(bench)
    assert "CUSTOMER" in (await pages(bench))["integration_table_mappings"]


@pytest.mark.parametrize("local", ["NOK", "eur", "EURO"])
async def test_another_local_currency_is_refused_before_anything_is_asked(
    bench: Bench, local: str
) -> None:
    await company(bench, {"general_ledger_setup": {"setup": {"LCY_Code": local}}})
    with pytest.raises(NotReady, match="is not EUR"):
        await bench.planned(Act.ENABLE, "defaults")


async def test_blanks_in_the_local_currency_do_not_count(bench: Bench) -> None:
    await company(bench, {"general_ledger_setup": {"setup": {"LCY_Code": " EUR "}}})
    await enabled(bench)


@pytest.mark.parametrize(
    ("row", "said"), [({"isdisabled": True}, "disabled"), ({"islicensed": False}, "licence")]
)
async def test_an_unfit_integration_user_is_refused(
    bench: Bench, row: dict[str, Any], said: str
) -> None:
    await sales(bench, {"tables": {"systemusers": {"integration": row}}})
    with pytest.raises(NotReady, match=said):
        await bench.planned(Act.ENABLE, "defaults")


async def test_a_user_that_became_unfit_in_between_stops_it(bench: Bench) -> None:
    ask = await bench.approved(Act.ENABLE, "defaults")
    await sales(bench, {"tables": {"systemusers": {"integration": {"isdisabled": True}}}})
    request = await bench.apply(ask)
    assert request.state is RequestState.STOPPED
    assert (await bench.page())["Is_Enabled"] is False


async def test_business_centrals_own_refusal_is_told_at_its_step(bench: Bench) -> None:
    """It cannot sign in with what it holds; the bot does not hold it and could not try."""
    await company(bench, {"crm_connection_setup": {"setup": {"Password": "another one"}}})
    request = await bench.apply(await bench.approved(Act.ENABLE, "defaults"))
    blamed = failed(request)
    assert blamed is not None
    assert blamed.step == "enabled"
    assert blamed.hint


async def test_jobs_are_ready_while_enabled_and_on_hold_after_disabling(bench: Bench) -> None:
    await enabled(bench)
    jobs = (await pages(bench))["job_queue_entries"].values()
    assert "On Hold" not in {one["Status"] for one in jobs}
    request = await changed(bench, Act.DISABLE)
    assert request.state is RequestState.APPLIED
    entries = (await pages(bench))["job_queue_entries"].values()
    own = [one for one in entries if one["Object_ID_to_Run"] != 1281]
    assert {one["Status"] for one in own} == {"On Hold"}


async def test_disabling_leaves_sales_the_password_and_the_switches(bench: Bench) -> None:
    await enabled(bench)
    before = await bench.page()
    await changed(bench, Act.DISABLE)
    after, organised = await bench.page(), await organisation(bench)
    assert organised["tables"]["organizations"]["adventure"]["issopintegrationenabled"] is True
    assert len(organised["tables"]["nav_connections"]) == 1
    for name in ("Password", "Auto_Process_Sales_Quotes", "Server_Address"):
        assert after[name] == before[name]
    assert after["Is_S_Order_Integration_Enabled"] is False


async def test_sales_orders_are_turned_off_on_the_organisation(bench: Bench) -> None:
    await enabled(bench)
    request = await changed(bench, Act.SALES_ORDERS, "off")
    assert request.state is RequestState.APPLIED
    rows = (await organisation(bench))["tables"]["organizations"]
    assert rows["adventure"]["issopintegrationenabled"] is False


async def test_sales_orders_stay_on_while_one_is_submitted(bench: Bench) -> None:
    await enabled(bench)
    orders = (await organisation(bench))["tables"]["salesorders"]
    submitted = {"tables": {"salesorders": {next(iter(orders)): {"statecode": 1}}}}
    await sales(bench, submitted)
    request = await changed(bench, Act.SALES_ORDERS, "off")
    blamed = failed(request)
    assert blamed is not None
    assert "Submitted" in blamed.said


async def test_sales_orders_need_the_solution(bench: Bench) -> None:
    request = await changed(bench, Act.SALES_ORDERS, "on")
    blamed = failed(request)
    assert blamed is not None
    assert "needs the integration solution" in blamed.said


async def test_automatic_jobs_follow_their_switches(bench: Bench) -> None:
    await bench.save(auto_create_orders="yes")
    await enabled(bench)
    page = await bench.page()
    assert page["Auto_Create_Sales_Orders"] is True
    assert page["Auto_Process_Sales_Quotes"] is True
    codeunits = {
        one["Object_ID_to_Run"] for one in (await pages(bench))["job_queue_entries"].values()
    }
    assert {5349, 5354} <= codeunits
    await changed(bench, Act.DISABLE)
    await bench.save(auto_create_orders="no", auto_process_quotes="no")
    await enabled(bench)
    codeunits = {
        one["Object_ID_to_Run"] for one in (await pages(bench))["job_queue_entries"].values()
    }
    assert not {5349, 5354} & codeunits


async def test_the_web_client_url_is_reset_and_the_odata_user_emptied(bench: Bench) -> None:
    await enabled(bench)
    rows = (await organisation(bench))["tables"]["nav_connections"]
    key = next(iter(rows))
    astray = {
        "nav_dynamicsnavurl": "https://elsewhere.example/",
        "nav_dynamicsnavodatausername": "SOMEBODY",
        "nav_dynamicsnavodataaccesskey": "made-up",
    }
    await sales(bench, {"tables": {"nav_connections": {key: astray}}})
    request = await changed(bench, Act.WEB_CLIENT_URL)
    assert request.state is RequestState.APPLIED
    row = (await organisation(bench))["tables"]["nav_connections"][key]
    assert row["nav_dynamicsnavurl"].endswith("/Production/")
    assert not row["nav_dynamicsnavodatausername"]
    assert not row["nav_dynamicsnavodataaccesskey"]


async def test_users_must_map_only_where_it_is_wanted(bench: Bench) -> None:
    await enabled(bench)
    assert (await bench.page())["Is_User_Mapping_Required"] is False
    await changed(bench, Act.DISABLE)
    await bench.save(users_must_map="yes")
    await enabled(bench)
    assert (await bench.page())["Is_User_Mapping_Required"] is True


async def test_the_solution_is_imported_once_and_upgraded_on_demand_only(bench: Bench) -> None:
    await enabled(bench)
    old = {"solutions": {"MicrosoftDynamicsNavIntegration": {"version": "9.0.0.1"}}}
    key = next(
        key
        for key, row in (await organisation(bench))["tables"]["solutions"].items()
        if row["uniquename"] == "MicrosoftDynamicsNavIntegration"
    )
    await sales(bench, {"tables": {"solutions": {key: old["solutions"].popitem()[1]}}})
    plan = await bench.planned(Act.ENABLE, "defaults")
    assert not next(one for one in plan.steps if one.step == "solution").changed
    request = await changed(bench, Act.SOLUTION)
    assert request.state is RequestState.APPLIED
    rows = (await organisation(bench))["tables"]["solutions"]
    assert rows[key]["version"] == "9.2.0.0"


async def test_a_solution_that_is_said_to_be_there_and_is_not_is_refused(bench: Bench) -> None:
    await bench.save(import_solution="installed")
    with pytest.raises(NotReady, match="does not have the integration solution"):
        await bench.planned(Act.ENABLE, "defaults")


async def test_without_the_solution_nothing_of_it_is_part_of_the_plan(bench: Bench) -> None:
    await bench.save(import_solution="no", sales_orders="", web_client_url="")
    steps = {one.step for one in (await bench.planned(Act.ENABLE, "defaults")).steps}
    assert not {"solution", "roles", "sales_orders", "connection_row"} & steps
    held = {"user_roles": {"integration": dict.fromkeys(ROLES, True)}}
    await sales(bench, held)
    await enabled(bench)


async def test_a_role_is_given_as_the_copy_of_the_users_own_unit(bench: Bench) -> None:
    units = (await organisation(bench))["tables"]["businessunits"]
    north = {"_businessunitid_value": units["north"]["businessunitid"]}
    await sales(bench, {"tables": {"systemusers": {"integration": north}}})
    await enabled(bench)
    held = (await organisation(bench))["user_roles"]["integration"]
    assert {role for role, given in held.items() if given and role.endswith("/north")}


async def test_an_organisation_that_does_not_answer_refuses(bench: Bench) -> None:
    await bench.fault(site="dataverse", path="*", status=503)
    with pytest.raises(AdminError):
        await bench.planned(Act.ENABLE, "defaults")
