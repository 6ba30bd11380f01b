"""What people see of a connection that Business Central disabled by itself."""

from connection.checked_setup import check_fields
from connection.connection import Observed, state_word
from connection.pictures import StatusPicture
from connection.revisions import SavedSetup
from handlers.views.status import status_message
from tests.parity.room import OPERATOR, RIGHT, a_connection


def test_the_reason_why_a_connection_was_disabled_is_shown_with_its_state() -> None:
    connection = a_connection(Observed.DISABLED, disable_reason="ABC")
    saved = SavedSetup("c1", 1, check_fields(RIGHT), OPERATOR, connection.created_at)
    message = status_message(StatusPicture(connection, saved, {}, None))
    assert state_word(connection) == "disabled by Business Central"
    assert "disabled by Business Central" in message.text
    assert "Disabled because: ABC" in message.text


def test_without_a_reason_a_disabled_connection_is_just_disabled() -> None:
    assert state_word(a_connection(Observed.DISABLED)) == "disabled"
    assert state_word(a_connection(Observed.ENABLED)) == "enabled"
