"""The default mappings as the page for them shows them, and what it does not show."""

import pytest

from simulator.bc.setup.defaults import mappings_of
from tests.simulator.conftest import Visitor

# name -> direction, only coupled, filter of the table, filter of the entity, entity
WANTED: dict[str, tuple[str, bool, str, str, str]] = {
    "CURRENCY": ("To", True, "", "", "CRM Transactioncurrency"),
    "CUSTOMER": (
        "Bidirectional",
        True,
        "Blocked=' '",
        "customertypecode=3, statecode=0",
        "CRM Account",
    ),
    "ITEM-PRODUCT": ("Bidirectional", True, "", "producttypecode=1", "CRM Product"),
    "RESOURCE-PRODUCT": ("Bidirectional", True, "", "producttypecode=3", "CRM Product"),
    "CUSTPRCGRP-PRICE": ("To", True, "", "", "CRM Pricelevel"),
    "POSTEDSALESINV-INV": ("To", True, "", "", "CRM Invoice"),
    "POSTEDSALESLINE-INV": ("To", False, "", "", "CRM Invoicedetail"),
    "SALESPEOPLE": (
        "From",
        True,
        "",
        "isdisabled=0, islicensed=1, isintegrationuser=0",
        "CRM Systemuser",
    ),
    "OPPORTUNITY": ("Bidirectional", False, "", "", "CRM Opportunity"),
}


@pytest.mark.parametrize("name", WANTED)
async def test_each_default_mapping_has_its_tables_direction_and_filters(
    visitor: Visitor, name: str
) -> None:
    direction, coupled, table_filter, entity_filter, entity = WANTED[name]
    rows = (await visitor.page("GET", "Integration_Table_Mapping_List")).json()["value"]
    (row,) = [each for each in rows if each["Name"] == name]
    assert row["Direction"].split()[0] == direction
    assert row["Synch_Only_Coupled_Records"] is coupled
    assert row["IntegrationTableCaptionValue"] == entity
    stored = visitor.pages()["integration_table_mappings"][name]
    assert (stored["table_filter"], stored["integration_table_filter"]) == (
        table_filter,
        entity_filter,
    )
    assert "table_filter" not in row


@pytest.mark.parametrize("major", [15, 16, 18, 26])
def test_a_mapping_depends_on_mappings_of_the_same_version(major: int) -> None:
    names = {each.name for each in mappings_of(major)}
    known = names | {"UNIT OF MEASURE"}
    assert all(set(each.depends_on.split("|")) <= known | {""} for each in mappings_of(major))


def test_the_first_wave_depends_on_nothing() -> None:
    first = {"SALESPEOPLE", "CURRENCY", "UNIT OF MEASURE"}
    assert [each.depends_on for each in mappings_of(15) if each.name in first] == ["", "", ""]
