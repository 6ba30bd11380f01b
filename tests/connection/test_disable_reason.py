"""Why Business Central disabled a connection, out of what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.disable_reason import LONGEST, disable_reason_in

PRODUCT = "The connection to Dynamics 365 Sales is disabled due to the following error"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (f"{PRODUCT}: ABC", "ABC"),
        (f"{PRODUCT}: ABC.\\\\Please contact your system administrator.", "ABC"),
        (f"{PRODUCT}: ABC: D. Please contact your system administrator.", "ABC: D"),
        (f"{PRODUCT}: {'x' * 400}", "x" * LONGEST),
        (
            "It cannot be reached, and the connection has been disabled. Verify the account.",
            "It cannot be reached, and the connection has been disabled. Verify the account.",
        ),
    ],
)
def test_the_text_after_the_colon_is_the_reason_else_all_of_it(said: str, reason: str) -> None:
    assert disable_reason_in(said) == reason


@pytest.mark.parametrize(
    "said",
    [
        "",
        "User SYNC is disabled on server https://adventure-example.crm4.dynamics.com.",
        "You do not have access to this page.",
        "The web service was disabled: ABC",
    ],
)
def test_another_error_disables_nothing(said: str) -> None:
    assert disable_reason_in(said) is None


@given(st.text(max_size=600))
def test_a_reason_is_never_longer_than_business_central_keeps_it(error: str) -> None:
    reason = disable_reason_in(f"{PRODUCT}: {error}")
    assert reason is not None
    assert len(reason) <= LONGEST
