"""The one renderer: every copy of a message is drawn from the database by this table."""

from collections.abc import Callable

from connection import pictures
from connection.asks import Ask, Showing, What
from connection.people import Admins
from connection.ports import Reading
from handlers.commands import help_rows
from handlers.views.answers import answer_message, form_offer_message, saved_message
from handlers.views.blocks import Message, section
from handlers.views.help import help_message
from handlers.views.record import access_message, audit_message
from handlers.views.report import report_message
from handlers.views.status import list_message, status_message

GONE = Message("This is gone.", (section("This is gone."),))


def draw(reading: Reading, showing: Showing, admins: Admins) -> Message:
    """The message as it stands in the database now."""
    return _DRAWN[showing.what](reading, showing.subject, admins) or GONE


def _answer(reading: Reading, subject: str, _admins: Admins) -> Message | None:
    picture = pictures.answer_picture(reading, subject)
    return answer_message(picture) if picture else None


def _form(reading: Reading, subject: str, _admins: Admins) -> Message | None:
    picture = pictures.form_picture(reading, subject)
    return form_offer_message(picture) if picture else None


def _report(reading: Reading, subject: str, _admins: Admins) -> Message | None:
    report = reading.report(subject)
    return report_message(report) if report else None


def _saved(reading: Reading, subject: str, _admins: Admins) -> Message | None:
    picture = pictures.saved_picture(reading, subject)
    return saved_message(*picture) if picture else None


def _status(reading: Reading, subject: str, _admins: Admins) -> Message | None:
    picture = pictures.status_picture(reading, subject)
    return status_message(picture) if picture else None


def _of_ask(
    drawn: Callable[[Reading, Ask, Admins], Message],
) -> Callable[[Reading, str, Admins], Message | None]:
    def draw_it(reading: Reading, subject: str, admins: Admins) -> Message | None:
        ask = reading.ask(subject)
        return drawn(reading, ask, admins) if ask else None

    return draw_it


_DRAWN: dict[What, Callable[[Reading, str, Admins], Message | None]] = {
    What.ACCESS: _of_ask(
        lambda reading, ask, admins: access_message(pictures.access_picture(reading, ask, admins))
    ),
    What.ANSWER: _answer,
    What.AUDIT: _of_ask(
        lambda reading, ask, _: audit_message(pictures.audit_picture(reading, ask))
    ),
    What.FORM: _form,
    What.HELP: _of_ask(
        lambda reading, ask, admins: help_message(
            pictures.help_picture(reading, ask, admins), help_rows()
        )
    ),
    What.LIST: _of_ask(
        lambda reading, ask, admins: list_message(pictures.list_picture(reading, ask, admins))
    ),
    What.REPORT: _report,
    What.SAVED: _saved,
    What.STATUS: _status,
}
