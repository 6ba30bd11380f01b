"""The one renderer: every copy of a message is drawn from the database by this table."""

from collections.abc import Callable

from connection import past_pictures, pictures, secret_pictures
from connection.asks import Ask, Showing, What
from connection.changes import pictures as request_pictures
from connection.home import home_picture
from connection.names import for_everybody, left_out, names_of, names_picture
from connection.ports import Ports, Reading
from connection.seeing import may_read
from handlers.commands import help_rows
from handlers.views.access import access_message, access_request_message
from handlers.views.all_checks import checks_message
from handlers.views.answers import answer_message, form_offer_message, saved_message
from handlers.views.asked_alone import alone_message, requests_message, words_message
from handlers.views.blocks import Message, section
from handlers.views.certificate import certificate_message
from handlers.views.connections import list_message
from handlers.views.encryption import encryption_message
from handlers.views.explanation import explanation_message
from handlers.views.help import help_message
from handlers.views.history import history_message
from handlers.views.home import home_view
from handlers.views.links import Links
from handlers.views.names import names_message
from handlers.views.note import note_message
from handlers.views.policy import policy_message
from handlers.views.record import audit_message
from handlers.views.report import report_message
from handlers.views.requests import request_message
from handlers.views.secrets import handover_message, secrets_message
from handlers.views.sign_in import sign_in_message
from handlers.views.status import status_message
from handlers.views.user_names import user_names_message
from handlers.views.users import users_message

GONE = Message("This is gone.", (section("This is gone."),))

_NOT_NOW = (
    "This could not be shown when you asked for it, and now I do not know that you may read it. "
    "Type the command again."
)
NO_MORE = Message(_NOT_NOW, (section(_NOT_NOW),))


def draw(reading: Reading, showing: Showing, ports: Ports, *, alone: bool = False) -> Message:
    """The message as it stands in the database now, for those who may read it now; `alone` where
    one person gets what was for a channel."""
    if showing.what is What.HOME:
        return _home(reading, showing, ports, at_last=alone)
    if not may_read(ports, reading, showing, alone=alone):
        return NO_MORE
    return _DRAWN[showing.what](reading, showing.subject, ports) or GONE


def _links(reading: Reading, connection_id: str, revision: int) -> Links:
    saved = reading.revision(connection_id, revision)
    return Links(saved.setup if saved else None)


def _home(reading: Reading, showing: Showing, ports: Ports, *, at_last: bool) -> Message:
    """Of a person whom Slack was not asked about lately nothing is drawn before it was. `at_last`
    Slack did not tell everything, and what it told counts."""
    now = ports.clock.now()
    picture = home_picture(reading, showing.workspace, showing.person, ports.admins, now)
    return home_view(picture) if picture.known or at_last else NO_MORE


def _answer(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    picture = pictures.answer_picture(reading, subject)
    return answer_message(picture) if picture else None


def _access_request(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    picture = pictures.access_request_picture(reading, subject)
    return access_request_message(picture) if picture else None


def _request(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    picture = request_pictures.request_picture(reading, subject)
    return request_message(picture) if picture else None


def _note(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    request_id, _, user = subject.rpartition(":")
    picture = request_pictures.request_picture(reading, request_id)
    return note_message(picture, user) if picture else None


def _alone(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    picture = request_pictures.request_picture(reading, subject)
    return alone_message(picture) if picture else None


def _words(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    picture = request_pictures.request_picture(reading, subject)
    return words_message(picture) if picture else None


def _policy(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    picture = request_pictures.policy_picture(reading, subject)
    return policy_message(picture) if picture else None


def _form(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    picture = pictures.form_picture(reading, subject)
    return form_offer_message(picture) if picture else None


def _report(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    report = reading.report(subject)
    if report is None:
        return None
    named = names_of(reading, report)
    hidden = bool(left_out(report, named))
    links = _links(reading, report.connection_id, report.revision)
    return report_message(for_everybody(report, named), names_left_out=hidden, links=links)


def _checks(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    report = reading.report(subject)
    if report is None:
        return None
    return checks_message(report, _links(reading, report.connection_id, report.revision))


def _explanation(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    picture = past_pictures.explanation(reading, subject)
    if picture is None:
        return None
    report = picture.report
    return explanation_message(picture, _links(reading, report.connection_id, report.revision))


def _history(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    picture = past_pictures.history(reading, subject)
    return history_message(picture) if picture else None


def _names(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    picture = names_picture(reading, subject)
    return names_message(picture) if picture else None


def _users(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    check = reading.user_check(subject)
    if check is None:
        return None
    return users_message(check, _links(reading, check.connection_id, check.revision))


def _user_names(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    check, found = reading.user_check(subject), reading.user_list(subject)
    return user_names_message(check, found) if check and found else None


def _saved(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    picture = pictures.saved_picture(reading, subject)
    return saved_message(*picture) if picture else None


def _status(reading: Reading, subject: str, _ports: Ports) -> Message | None:
    picture = pictures.status_picture(reading, subject)
    return status_message(picture) if picture else None


def _secrets(reading: Reading, subject: str, ports: Ports) -> Message | None:
    picture = secret_pictures.secrets_picture(reading, subject, ports)
    return secrets_message(picture) if picture else None


def _handover(reading: Reading, subject: str, ports: Ports) -> Message | None:
    picture = secret_pictures.handover_picture(reading, subject, ports)
    return handover_message(picture) if picture else None


def _certificate(reading: Reading, subject: str, ports: Ports) -> Message | None:
    picture = secret_pictures.certificate_picture(reading, subject, ports)
    return certificate_message(picture) if picture else None


def _sign_in(reading: Reading, subject: str, ports: Ports) -> Message | None:
    picture = secret_pictures.sign_in_picture(reading, subject, ports)
    return sign_in_message(picture) if picture else None


def _encryption(reading: Reading, _subject: str, ports: Ports) -> Message | None:
    return encryption_message(secret_pictures.encryption_picture(reading, ports))


def _of_ask(
    drawn: Callable[[Reading, Ask, Ports], Message],
) -> Callable[[Reading, str, Ports], Message | None]:
    def draw_it(reading: Reading, subject: str, ports: Ports) -> Message | None:
        ask = reading.ask(subject)
        return drawn(reading, ask, ports) if ask else None

    return draw_it


_DRAWN: dict[What, Callable[[Reading, str, Ports], Message | None]] = {
    What.ACCESS: _of_ask(
        lambda reading, ask, ports: access_message(
            pictures.access_picture(reading, ask, ports.admins)
        )
    ),
    What.ACCESS_REQUEST: _access_request,
    What.ALONE: _alone,
    What.ANSWER: _answer,
    What.AUDIT: _of_ask(
        lambda reading, ask, _: audit_message(pictures.audit_picture(reading, ask))
    ),
    What.CERTIFICATE: _certificate,
    What.CHECKS: _checks,
    What.ENCRYPTION: _encryption,
    What.EXPLANATION: _explanation,
    What.FORM: _form,
    What.HANDOVER: _handover,
    What.HELP: _of_ask(
        lambda reading, ask, ports: help_message(
            pictures.help_picture(reading, ask, ports.admins, ports.clock.now()), help_rows()
        )
    ),
    What.HISTORY: _history,
    What.LIST: _of_ask(
        lambda reading, ask, ports: list_message(
            pictures.list_picture(reading, ask, ports.admins, ports.clock.now())
        )
    ),
    What.NAMES: _names,
    What.NOTE: _note,
    What.POLICY: _policy,
    What.REPORT: _report,
    What.REQUEST: _request,
    What.REQUESTS: _of_ask(
        lambda reading, ask, ports: requests_message(
            request_pictures.requests_picture(reading, ask, ports.admins, ports.clock.now())
        )
    ),
    What.SAVED: _saved,
    What.SECRETS: _secrets,
    What.SIGN_IN: _sign_in,
    What.STATUS: _status,
    What.USERS: _users,
    What.USER_NAMES: _user_names,
    What.WORDS: _words,
}
