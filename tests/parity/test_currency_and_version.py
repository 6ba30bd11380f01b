"""The base currency of Sales against the local currency, and versions that are known to work."""

import pytest

from connection.checks.currencies import base_currency
from connection.checks.sales_side import dataverse
from connection.report import Outcome
from tests.parity.fakes import FakeBusinessCentral, FakeSales
from tests.parity.looks import a_look


@pytest.mark.parametrize(
    ("local", "base", "outcome"),
    [
        ("GBP", "USD", Outcome.FAIL),
        ("XXX", "EUR", Outcome.FAIL),
        ("", "EUR", Outcome.FAIL),
        ("eur", "EUR", Outcome.FAIL),
        ("EUR", "EUR", Outcome.PASS),
        (" EUR ", "EUR", Outcome.PASS),
    ],
)
async def test_the_local_currency_must_be_the_base_currency_of_sales(
    local: str, base: str, outcome: Outcome
) -> None:
    sales, business_central = FakeSales(currency=base), FakeBusinessCentral(local_currency=local)
    found = await base_currency(a_look(sales, business_central))
    assert found.outcome is outcome
    if outcome is Outcome.FAIL:
        assert f"LCY Code {local or '(empty)'} of Business Central is not {base}" in found.sentence


@pytest.mark.parametrize(
    ("version", "outcome"),
    [
        ("7.2", Outcome.PASS),
        ("7.0", Outcome.PASS),
        ("7.10", Outcome.PASS),
        ("8.2.1.185", Outcome.PASS),
        ("9.2.26101.00184", Outcome.PASS),
        ("7.1", Outcome.WARN),
        ("7.1.0.1042", Outcome.WARN),
        ("6.1.2.112", Outcome.WARN),
        ("5.0", Outcome.WARN),
        ("none", Outcome.WARN),
    ],
)
async def test_a_version_is_valid_above_6_except_for_7_1(version: str, outcome: Outcome) -> None:
    found = await dataverse(a_look(FakeSales(numbers=version)))
    assert found.outcome is outcome
    assert version in found.sentence
