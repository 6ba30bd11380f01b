"""Rows of the simulated Sales organisation keep Business Central's rules on their times."""

from simulator.dataverse.tables import TABLES
from tests.simulator.conftest import Visitor


async def test_a_changed_row_is_newer_than_a_created_one(visitor: Visitor) -> None:
    await visitor.patch_sales(
        {"privileges": {"Connection Bot": {"prvCreateTeam": True, "prvWriteTeam": True}}}
    )
    headers = {"Prefer": "return=representation"}
    created = (await visitor.sales("POST", "teams", json={"name": "A"}, headers=headers)).json()
    assert created["modifiedon"] >= created["createdon"]
    path = f"teams({created[TABLES['teams'].key]})"
    await visitor.sales("PATCH", path, json={"name": "B"})
    changed = (await visitor.sales("GET", path)).json()
    assert changed["createdon"] == created["createdon"]
    assert changed["modifiedon"] >= created["modifiedon"]
    assert changed["@odata.etag"] != created["@odata.etag"]
    assert changed["versionnumber"] > created["versionnumber"]
