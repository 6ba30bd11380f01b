"""What page 5330 locks, takes along and resets, held to by the bot's steps (versions 15 and 26)."""

from typing import Any

import pytest

from connection.changes.plan import Act
from connection.changes.request import RequestState
from connection.errors import NotReady
from connection.keeping_secrets import set_secret
from tests.changes.stage import ADA, INTEGRATION, Bench
from tests.changes.test_as_business_central import (
    changed,
    company,
    enabled,
    organisation,
    pages,
    sales,
)
from tests.parity.room import NAME

AUTOMATIC = "Auto_Create_Sales_Orders"
AUTOMATIC_JOB = 5349
VERSION_26 = "26.0.1.0"


async def rows(bench: Bench) -> dict[str, Any]:
    """Of nav_connections, by their keys in the world."""
    found = (await organisation(bench))["tables"].get("nav_connections") or {}
    return dict(found)


async def put_rows(bench: Bench, patch: Any) -> None:
    """Facts of nav_connections."""
    await sales(bench, {"tables": {"nav_connections": patch}})


async def become_26(bench: Bench) -> None:
    """Business Central was updated."""
    patch = {"Production": {"version": VERSION_26}}
    await bench.visitor.patch({"business_central": patch})


async def jobs(bench: Bench) -> set[int]:
    """Codeunits of the job queue entries."""
    return {one["Object_ID_to_Run"] for one in (await pages(bench))["job_queue_entries"].values()}


async def test_turning_sales_orders_off_turns_automatic_orders_off(bench: Bench) -> None:
    await bench.save(auto_create_orders="yes")
    await enabled(bench)
    assert AUTOMATIC_JOB in await jobs(bench)
    request = await changed(bench, Act.SALES_ORDERS, "off")
    assert request.state is RequestState.APPLIED
    page = await bench.page()
    assert page[AUTOMATIC] is False
    assert page["Auto_Process_Sales_Quotes"] is True, "quotes do not depend on it"
    assert AUTOMATIC_JOB not in await jobs(bench)


async def test_turning_them_off_has_nothing_to_take_along_where_none_are_created(
    bench: Bench,
) -> None:
    await enabled(bench)
    plan = await bench.planned(Act.SALES_ORDERS, "off")
    assert [one.step for one in plan.steps] == ["sales_orders"]


async def test_automatic_orders_that_the_page_locks_are_left(bench: Bench) -> None:
    await company(bench, {"crm_connection_setup": {"setup": {AUTOMATIC: True}}})
    await bench.save(sales_orders="no")
    plan = await bench.planned(Act.ENABLE, "defaults")
    (features,) = [one for one in plan.steps if one.step == "features"]
    assert "locks" in features.note
    await enabled(bench)
    assert (await bench.page())[AUTOMATIC] is True


async def test_automatic_orders_go_off_while_sales_keeps_the_integration(bench: Bench) -> None:
    await company(bench, {"crm_connection_setup": {"setup": {AUTOMATIC: True}}})
    on = {"adventure": {"issopintegrationenabled": True}}
    await sales(bench, {"tables": {"organizations": on}})
    await bench.save(sales_orders="no")
    await enabled(bench)
    assert (await bench.page())[AUTOMATIC] is False


async def test_version_15_has_one_row_whatever_its_name(bench: Bench) -> None:
    await enabled(bench)
    (key,) = await rows(bench)
    await put_rows(
        bench, {key: {"nav_name": "Somebody's", "nav_dynamicsnavurl": "https://x.example"}}
    )
    await changed(bench, Act.WEB_CLIENT_URL)
    ((own, row),) = (await rows(bench)).items()
    assert own == key
    assert row["nav_dynamicsnavurl"].endswith("/Production/")


async def test_version_26_names_the_row_after_the_company(bench: Bench) -> None:
    await enabled(bench)
    await become_26(bench)
    await put_rows(bench, None)
    await changed(bench, Act.WEB_CLIENT_URL)
    (row,) = (await rows(bench)).values()
    assert row["nav_name"] == bench.visitor.ready["bc"]["company"]


@pytest.mark.parametrize("name", ["Another Company", None])
async def test_version_26_leaves_every_other_row(bench: Bench, name: str | None) -> None:
    await enabled(bench)
    await become_26(bench)
    (key,) = await rows(bench)
    other = {"nav_name": name, "nav_dynamicsnavurl": "https://other.example/"}
    await put_rows(bench, {key: other})
    await changed(bench, Act.WEB_CLIENT_URL)
    found = await rows(bench)
    assert found[key]["nav_dynamicsnavurl"] == "https://other.example/"
    assert len(found) == 2


@pytest.mark.parametrize("published", [False, True])
async def test_a_reset_empties_the_odata_url_unless_the_service_is_there(
    bench: Bench, published: bool
) -> None:
    await enabled(bench)
    (key,) = await rows(bench)
    address = "https://stale.example/ProductItemAvailability"
    await put_rows(bench, {key: {"nav_dynamicsnavodataurl": address}})
    if not published:
        await take_availability_away(bench)
    await changed(bench, Act.WEB_CLIENT_URL)
    assert ((await rows(bench))[key]["nav_dynamicsnavodataurl"] or "") == (
        address if published else ""
    )


async def take_availability_away(bench: Bench) -> None:
    """As the page does after Yes."""
    patch = {"Production": {"web_services": {"ProductItemAvailability": None}}}
    await bench.visitor.patch({"business_central": patch})


async def test_a_held_password_is_not_given_while_the_page_locks_it(bench: Bench) -> None:
    word = bench.visitor.ready["apps"]["bot"]["client_secret"]
    await bench.visitor.patch({"accounts": {INTEGRATION: {"password": word}}})
    await company(bench, {"crm_connection_setup": {"setup": {"Password": word}}})
    await enabled(bench)
    await set_secret(bench.ports, "T1", NAME, "integration_password", word, ADA)
    plan = await bench.planned(Act.ENABLE, "defaults")
    (setup,) = [one for one in plan.steps if one.step == "setup_page"]
    assert not setup.again
    assert "locks" in setup.note
    await enabled(bench)


async def test_another_address_is_refused_while_the_page_locks_it(bench: Bench) -> None:
    await enabled(bench)
    await company(
        bench, {"crm_connection_setup": {"setup": {"User_Name": "other@adventure.example"}}}
    )
    with pytest.raises(NotReady, match="locks"):
        await bench.planned(Act.ENABLE, "defaults")
