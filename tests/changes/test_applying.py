"""Applying a plan where something is otherwise than hoped: rights, hands, versions, drift."""

from dataclasses import replace
from pathlib import Path

import pytest

from connection.changes.opening import scene_of_request
from connection.changes.plan import Act
from connection.changes.planning import undo_for
from connection.changes.progress import Progress, Superseded
from connection.changes.request import Request, RequestState, StepState
from connection.errors import Mistake, NotReady
from connection.keeping_secrets import set_secret
from tests.changes.stage import ADA, INTEGRATION, Bench, a_bench, failed
from tests.journeys.changing import put_package
from tests.parity.room import NAME
from tests.simulator.conftest import Visitor


def step(request: Request, name: str) -> StepState:
    """How far one is."""
    return next(one.state for one in request.steps if one.step == name)


async def version(bench: Bench, number: str) -> None:
    """Another Business Central."""
    await bench.visitor.patch({"business_central": {"Production": {"version": number}}})


async def unpublish(bench: Bench, service: str) -> None:
    """Nobody reads this page as a web service any more."""
    gone = {"web_services": {service: {"published": False}}}
    await bench.visitor.patch({"business_central": {"Production": gone}})


@pytest.mark.parametrize(
    ("privilege", "where"),
    [
        ("prvAssignRole", "roles"),
        ("prvWriteUser", "marks"),
        ("prvWriteOrganization", "sales_orders"),
    ],
)
async def test_a_lacking_right_waits_for_an_administrator_before_the_first_step(
    bench: Bench, privilege: str, where: str
) -> None:
    lacking = {"privileges": {"Connection Bot": {privilege: None}}}
    await bench.visitor.patch({"sales": {"adventure": lacking}})
    plan = await bench.planned(Act.ENABLE, "defaults")
    assert plan.administrator
    request = await bench.apply(await bench.approved(Act.ENABLE, "defaults"))
    assert request.state is RequestState.WAITING_FOR_SIGN_IN
    assert not [one for one in request.steps if one.state is StepState.DONE], where
    restored = {"privileges": {"Connection Bot": {privilege: True}}}
    await bench.visitor.patch({"sales": {"adventure": restored}})


async def test_a_page_that_is_not_published_is_done_by_hand_and_believed(bench: Bench) -> None:
    await unpublish(bench, "CRM_Connection_Setup")
    plan = await bench.planned(Act.ENABLE, "defaults")
    by_hand = {one.step for one in plan.steps if one.by_hand}
    assert {"setup_page", "enabled", "features"} <= by_hand
    request = await bench.apply(await bench.approved(Act.ENABLE, "defaults"))
    assert request.state is RequestState.APPLYING
    assert step(request, "sales_orders") is StepState.DONE
    for name in ("setup_page", "enabled", "features"):
        assert step(request, name) is StepState.BY_HAND
        waiting = next(one for one in request.steps if one.step == name)
        assert "page=5330" in waiting.hint
        request = await bench.go_on(request, "done")
    assert request.state is RequestState.APPLIED
    assert (await bench.page())["Is_Enabled"] is False, "nobody can read it, so it was believed"


async def test_done_is_read_back_where_it_can_be(bench: Bench) -> None:
    """Version 15 asks before it publishes the web service of item availability."""
    setup = {"item_availability": "yes"}
    await bench.save(**setup)
    await unpublish(bench, "ProductItemAvailability")
    request = await bench.apply(await bench.approved(Act.ENABLE, "defaults"))
    assert step(request, "availability") is StepState.BY_HAND
    early = await bench.go_on(request, "done")
    assert step(early, "availability") is StepState.BY_HAND, "it is not so yet"
    published = {"web_services": {"ProductItemAvailability": {"published": True}}}
    await bench.visitor.patch({"business_central": {"Production": published}})
    done = await bench.go_on(early, "done")
    assert done.state is RequestState.APPLIED


@pytest.mark.parametrize("number", ["16.2.1.0", "18.0.1.0", "26.0.1.0"])
async def test_from_version_16_on_the_dataverse_connection_comes_first_by_hand(
    bench: Bench, number: str
) -> None:
    await version(bench, number)
    plan = await bench.planned(Act.ENABLE, "defaults")
    (page,) = [one for one in plan.steps if one.step == "setup_page"]
    assert "page 7200" in page.by_hand
    request = await bench.apply(await bench.approved(Act.ENABLE, "defaults"))
    waiting = next(one for one in request.steps if one.state is StepState.BY_HAND)
    assert waiting.step == "setup_page"
    assert "page=7200" in waiting.hint


async def test_disabling_is_possible_by_hand_while_business_central_shows_nothing(
    bench: Bench,
) -> None:
    request = await bench.apply(await bench.approved(Act.ENABLE, "defaults"))
    assert request.state is RequestState.APPLIED
    await bench.fault(site="bc", path="*CRM_Connection_Setup*", status=500)
    plan = await bench.planned(Act.DISABLE)
    (switch,) = [one for one in plan.steps if one.step == "enabled"]
    assert switch.by_hand
    waits = await bench.apply(await bench.approved(Act.DISABLE))
    assert step(waits, "enabled") in (StepState.BY_HAND, StepState.FAILED)
    await bench.mend()


async def test_undo_goes_back_in_the_opposite_order(bench: Bench) -> None:
    done = await bench.apply(await bench.approved(Act.ENABLE, "defaults"))
    plan = await undo_for(await scene_of_request(bench.ports, done), done)
    steps = [one.step for one in plan.steps]
    assert steps == [
        "features",
        "connection_row",
        "enabled",
        "sales_orders",
        "marks",
        "roles",
    ]
    assert next(one for one in plan.steps if one.step == "enabled").wanted == {"Enabled": "no"}


async def test_an_administrator_is_no_integration_user(bench: Bench) -> None:
    given = {"user_roles": {"integration": {"system-administrator": True}}}
    await bench.visitor.patch({"sales": {"adventure": given}})
    with pytest.raises(NotReady, match="has the role System Administrator"):
        await bench.planned(Act.ENABLE, "defaults")


async def test_the_same_url_in_other_letters_is_not_written(bench: Bench) -> None:
    company = bench.visitor.ready["bc"]["company"]
    url = bench.visitor.ready["sales_url"].upper().replace("HTTPS", "https") + "/"
    page = {"crm_connection_setup": {"setup": {"Server_Address": url}}}
    await bench.visitor.patch(
        {"business_central": {"Production": {"companies": {company: {"pages": page}}}}}
    )
    plan = await bench.planned(Act.ENABLE, "defaults")
    (found,) = [one for one in plan.steps if one.step == "setup_page"]
    assert "Sales URL" not in found.changed


async def test_a_server_on_premises_is_enabled_and_disabled(
    visitor: Visitor, tmp_path: Path
) -> None:
    """Its addresses in Sales are nobody's to guess; the rest is as online."""
    put_package(tmp_path / "packages")
    bc = visitor.ready["bc"]
    fields = {
        "hosting": "on-premises",
        "bc_environment": "",
        "bc_url": bc["on_premises_url"],
        "bc_user_name": bc["on_premises_user"],
    }
    async with a_bench(tmp_path, visitor, tmp_path / "packages", **fields) as bench:
        await bench.begin_anew()
        plan = await bench.planned(Act.ENABLE, "defaults")
        assert "connection_row" not in {one.step for one in plan.steps}
        request = await bench.apply(await bench.approved(Act.ENABLE, "defaults"))
        assert request.state is RequestState.APPLIED, [one for one in request.steps if one.said]
        assert (await bench.page())["Is_Enabled"] is True
        request = await bench.apply(await bench.approved(Act.DISABLE))
        assert request.state is RequestState.APPLIED
        assert (await bench.page())["Is_Enabled"] is False


async def test_without_business_central_in_the_setup_its_part_is_done_by_hand(
    bench: Bench,
) -> None:
    await bench.save(bc_environment="", bc_company="")
    request = await bench.apply(await bench.approved(Act.ENABLE, "defaults"))
    assert step(request, "sales_orders") is StepState.DONE
    waiting = next(one for one in request.steps if one.state is StepState.BY_HAND)
    assert "does not say which Business Central" in waiting.said
    while request.state is RequestState.APPLYING:
        request = await bench.go_on(request, "done")
    assert request.state is RequestState.APPLIED


async def test_done_is_heard_once_however_often_it_is_pressed(bench: Bench) -> None:
    await unpublish(bench, "CRM_Connection_Setup")
    request = await bench.apply(await bench.approved(Act.ENABLE, "defaults"))
    assert request.state is RequestState.APPLYING
    for word in ("done", "done", "leave"):
        await bench.press(request, word)
    asks = await bench.ports.ledger.read(lambda reading: reading.open_asks())
    assert len([one for one in asks if one.act == "apply"]) == 1
    assert (await bench.request(request.id)).state is RequestState.APPLYING


async def test_what_moved_after_a_stop_voids_it_and_what_was_done_can_be_undone(
    bench: Bench,
) -> None:
    ask = await bench.approved(Act.ENABLE, "defaults")
    await bench.fault(site="bc", method="PATCH", path="*CRM_Connection_Setup*", status=500)
    request = await bench.apply(ask)
    assert request.state is RequestState.STOPPED
    await bench.mend()
    company = bench.visitor.ready["bc"]["company"]
    page = {"crm_connection_setup": {"setup": {"Server_Address": "https://other.example"}}}
    await bench.visitor.patch(
        {"business_central": {"Production": {"companies": {company: {"pages": page}}}}}
    )
    void = await bench.go_on(request)
    assert void.state is RequestState.VOID
    plan = await undo_for(await scene_of_request(bench.ports, void), void)
    assert "sales_orders" in {one.step for one in plan.steps}


async def test_a_setup_that_was_changed_meanwhile_is_not_applied(bench: Bench) -> None:
    ask = await bench.approved(Act.ENABLE, "defaults")
    await bench.save(auto_process_quotes="no")
    request = await bench.apply(ask)
    assert request.state is RequestState.STOPPED
    assert "setup was changed" in request.said
    assert (await bench.page())["Is_Enabled"] is False


async def test_sales_is_looked_at_before_a_page_that_acts_is_read(bench: Bench) -> None:
    """For disabling too: while Sales is away it is done by hand, and nothing is read."""
    await bench.apply(await bench.approved(Act.ENABLE, "defaults"))
    await bench.fault(site="dataverse", path="*", status=503)
    before = len(await bench.calls("CRM_Connection_Setup"))
    plan = await bench.planned(Act.DISABLE)
    (switch,) = [one for one in plan.steps if one.step == "enabled"]
    assert "Sales does not answer" in switch.by_hand
    request = await bench.apply(await bench.approved(Act.DISABLE))
    assert step(request, "enabled") is StepState.BY_HAND
    assert len(await bench.calls("CRM_Connection_Setup")) == before
    await bench.mend()


async def test_checks_come_before_the_page_is_read(bench: Bench) -> None:
    ask = await bench.approved(Act.ENABLE, "defaults")
    await bench.fault(site="dataverse", path="*", status=503)
    before = len(await bench.calls("CRM_Connection_Setup"))
    request = await bench.apply(ask)
    assert step(request, "checks") is StepState.FAILED
    assert len(await bench.calls("CRM_Connection_Setup")) == before
    await bench.mend()
    assert (await bench.go_on(request)).state is RequestState.APPLIED


async def test_a_run_that_is_over_writes_nothing_any_more(bench: Bench) -> None:
    """As where somebody else ended the request between two steps."""
    ask = await bench.approved(Act.ENABLE, "defaults")
    request = await bench.request(ask.rest)
    ended = replace(request, state=RequestState.LEFT)
    progress = Progress(bench.ports, ask, request)
    await bench.ports.ledger.run(lambda tx: tx.keep_request(ended))
    with pytest.raises(Superseded):
        await progress.start("roles", {"Integration User": "given"})
    assert (await bench.request(ask.rest)).state is RequestState.LEFT


async def test_what_is_disabled_is_enabled_by_enabling_and_not_by_undo(bench: Bench) -> None:
    await bench.apply(await bench.approved(Act.ENABLE, "defaults"))
    request = await bench.apply(await bench.approved(Act.DISABLE))
    with pytest.raises(Mistake, match="with all its checks"):
        await bench.press(request, "undo")


async def test_two_users_with_one_login_are_left_alone(bench: Bench) -> None:
    users = (await bench.facts())["sales"]["adventure"]["tables"]["systemusers"]
    email = users["integration"]["internalemailaddress"]
    other = next(name for name in users if name not in ("integration", "bot", "integration-app"))
    patch = {other: {"internalemailaddress": email}}
    await bench.visitor.patch({"sales": {"adventure": {"tables": {"systemusers": patch}}}})
    with pytest.raises(NotReady, match="2 users with the login"):
        await bench.planned(Act.ENABLE, "defaults")


async def test_a_secret_that_is_gone_is_not_taken_for_handed_over(bench: Bench) -> None:
    await set_secret(bench.ports, "T1", NAME, "integration_password", "made-up", ADA)
    password = bench.visitor.ready["apps"]["bot"]["client_secret"]  # all that the stand-in opens
    await bench.visitor.patch({"accounts": {INTEGRATION: {"password": password}}})
    ask = await bench.approved(Act.ENABLE, "defaults")
    saved = await bench.ports.ledger.read(lambda reading: reading.setup("c1"))
    gone = saved.setup.integration_password
    await bench.ports.ledger.run(lambda tx: tx.erase_secret(gone))
    request = await bench.apply(ask)
    blamed = failed(request)
    assert blamed is not None
    assert (blamed.step, request.state) == ("setup_page", RequestState.STOPPED)
    assert "does not hold any more" in blamed.said
