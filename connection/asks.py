"""What a person asked for, as one row that outlives a crash, and where its answer goes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from connection.people import Person


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was asked. `response_url` answers without the bot being in the channel."""

    channel: str
    response_url: str = ""


class About(StrEnum):
    """What `Ask.subject` is before the ask is settled; afterwards it is the connection's id, or
    the draft's where a form is opened."""

    NAME = "name"  # empty: the connection is named in `Ask.connection`
    CONNECTION = "connection"  # the id of a connection, from a button
    DRAFT = "draft"  # the id of a draft, from a button
    HANDOVER = "handover"  # the id of a handover, from a button; it follows in `Ask.rest`
    REPORT = "report"  # the id of a report, from a button; it follows in `Ask.rest`
    SIGN_IN = "sign_in"  # the id of a sign-in, from a button; it follows in `Ask.rest`
    ACCESS_REQUEST = "access_request"  # the id of one, from a button; it follows in `Ask.rest`
    REQUEST = "request"  # the id of a request for a change, from a button; it comes before the rest


@dataclass(frozen=True, slots=True)
class Ask:
    """One accepted command or button. `act` is a row of the table of commands or of buttons.

    `dedupe_key` is the event id, trigger id, or view id and hash: one of each is accepted.
    `connection` is a name as typed ('' for the default one), `rest` the remaining words, and
    `subject` the opaque id that a button carries. `unsettled` says what `subject` is while Slack
    has not yet told who asks: until then nothing is done.
    """

    id: str
    workspace: str
    person: Person
    act: str
    place: Place
    received_at: datetime
    dedupe_key: str
    connection: str = ""
    rest: str = ""
    subject: str = ""
    unsettled: About | None = None


class Tone(StrEnum):
    """How an answer is meant."""

    DONE = "done"  # may mention people, so nothing foreign may be in it
    TOLD = "told"  # may repeat what another system says
    REFUSED = "refused"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Answer:
    """A few sentences for the person who asked."""

    tone: Tone
    message: str
    hint: str = ""


class What(StrEnum):
    """What a message shows; the renderer draws each from the database."""

    ALONE = "alone"  # subject: id of the request for a change
    ANSWER = "answer"  # subject: ask id
    AUDIT = "audit"  # subject: ask id
    ACCESS = "access"  # subject: ask id
    ACCESS_REQUEST = "access_request"  # subject: the request's id
    CHECKS = "checks"  # subject: report id; every check of it, in full
    CERTIFICATE = "certificate"  # subject: secret id
    ENCRYPTION = "encryption"  # subject: ask id
    EXPLANATION = "explanation"  # subject: `<report id>:<check id, or nothing>`
    FORM = "form"  # subject: draft id; the button "Open the form"
    HANDOVER = "handover"  # subject: `<handover id>:<the state to tell>`
    HELP = "help"  # subject: ask id
    HISTORY = "history"  # subject: connection id
    HOME = "home"  # subject: workspace
    LIST = "list"  # subject: ask id
    NOTE = "note"  # subject: `<request id>:<person's Slack id>`; below that person's card
    NAMES = "names"  # subject: connection id; what a channel does not read of it
    REPORT = "report"  # subject: report id
    REQUEST = "request"  # subject: id of the request for a change
    REQUESTS = "requests"  # subject: ask id
    POLICY = "policy"  # subject: connection id
    SAVED = "saved"  # subject: `<connection id>:<revision>`
    SECRETS = "secrets"  # subject: connection id
    SIGN_IN = "sign_in"  # subject: `<sign-in id>:<the state to tell>`
    STATUS = "status"  # subject: connection id
    USERS = "users"  # subject: id of the check of users
    WORDS = "words"  # subject: id of the request for a change
    USER_NAMES = "user_names"  # subject: id of the check of users; with the file


class Audience(StrEnum):
    """Who sees a message."""

    CHANNEL = "channel"
    PERSON = "person"  # where they are, seen by them alone
    DIRECT = "direct"  # in their direct messages with the bot, where it can be edited
    HOME = "home"  # their tab of the bot


@dataclass(frozen=True, slots=True)
class Closed:
    """Workspaces where now nothing may be shown; nothing edited; nothing edited that is live; no
    Home kept up to date."""

    all: frozenset[str] = frozenset()
    edits: frozenset[str] = frozenset()
    live_edits: frozenset[str] = frozenset()
    homes: frozenset[str] = frozenset()


EVERYTHING_GOES = Closed()


@dataclass(frozen=True, slots=True)
class Showing:
    """One copy of a message: what to show, to whom, where.

    `wanted` counts the changes of its subject, `shown` how many of them people have seen; the
    copy is due while they differ. `ts` is Slack's id of the posted message, '' before.
    `final` is false while live progress is shown, whose edits may be skipped. `below` is Slack's id
    of the message in whose thread it stands, '' for none; it is looked up, not kept.
    """

    id: str
    workspace: str
    what: What
    subject: str
    audience: Audience
    person: Person
    place: Place
    created_at: datetime
    wanted: int = 1
    shown: int = 0
    ts: str = ""
    posted_in: str = ""
    final: bool = True
    attempts: int = 0
    below: str = ""
