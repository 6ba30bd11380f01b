"""What a channel does not read: account names, e-mail addresses, and a service's own words.

Whoever asks reads them, in a message that nobody else sees. The setup says which of its fields name
somebody; a service's own words are kept apart where they come in, because they may name anybody.
What looks like an address or `DOMAIN\\name` is left out wherever it stands.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from connection.people import OPERATING_SYSTEM
from connection.pictures import StatusPicture, status_picture
from connection.ports import Reading
from connection.report import CheckResult, Report
from connection.setup import FIELDS, LABELS, ConnectionSetup

LEFT_OUT = "(name left out)"
_APART = r"\s<>()\[\]{}\"'`,;:|?&=/\\"
_ADDRESS = re.compile(
    rf"[^{_APART}@]+(?:@|\N{{FULLWIDTH COMMERCIAL AT}}|%40)[^{_APART}@.]+(?:\.[^{_APART}@.]+)*"
)
_OF_A_DOMAIN = re.compile(r"[\w.-]+\\[\w.$-]+")
_AT, _BACKSLASH = re.compile("@|\N{FULLWIDTH COMMERCIAL AT}|%40"), re.compile(r"\\")
_SHORT = 3
LONG_REASON = 400
"""More characters of why it was disabled are for who asks alone."""


def names_in(setup: ConnectionSetup) -> tuple[str, ...]:
    """The values of the fields that name an account."""
    values = (getattr(setup, about.name) for about in FIELDS if about.personal)
    return tuple(value for value in values if value)


def veiled(text: str, names: Collection[str] = ()) -> str:
    """The text without those names, addresses and names of a domain."""
    for name in sorted(names, key=len, reverse=True):
        alike = re.IGNORECASE if len(name) >= _SHORT else 0
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", LEFT_OUT, text, flags=alike)
    for sign, pattern in ((_AT, _ADDRESS), (_BACKSLASH, _OF_A_DOMAIN)):
        if sign.search(text):  # looking for the whole takes long where there is none
            text = pattern.sub(LEFT_OUT, text)
    return text


def for_everybody(report: Report, names: Collection[str]) -> Report:
    """As a channel reads it."""
    return replace(report, results=tuple(_veiled(result, names) for result in report.results))


def left_out(report: Report, names: Collection[str]) -> tuple[CheckResult, ...]:
    """The checks of which a channel does not read everything, in full."""
    return tuple(result for result in report.results if _veiled(result, names) != result)


def _veiled(result: CheckResult, names: Collection[str]) -> CheckResult:
    return replace(
        result,
        sentence=veiled(result.sentence, names),
        remedy=veiled(result.remedy, names),
        reference=veiled(result.reference, names),
        private="",
    )


def names_of(reading: Reading, report: Report) -> tuple[str, ...]:
    """Those of the setup that was tested."""
    saved = reading.revision(report.connection_id, report.revision)
    return names_in(saved.setup) if saved else ()


@dataclass(frozen=True, slots=True)
class NamesPicture:
    """What channels do not read of a connection: of its setup, and of its last test."""

    name: str
    facts: tuple[tuple[str, str], ...]
    results: tuple[CheckResult, ...]
    setup: ConnectionSetup | None = None


def names_picture(reading: Reading, connection_id: str) -> NamesPicture | None:
    """None if the connection is gone."""
    status = status_picture(reading, connection_id)
    if status is None:
        return None
    report = status.last_report
    results = left_out(report, names_of(reading, report)) if report else ()
    setup = status.saved.setup
    return NamesPicture(status.connection.name, status_left_out(status), results, setup)


def status_left_out(status: StatusPicture) -> tuple[tuple[str, str], ...]:
    """Label and value of what a channel does not read of a status."""
    setup = status.saved.setup
    found = [
        (about.label, getattr(setup, about.name))
        for about in FIELDS
        if about.personal and getattr(setup, about.name)
    ]
    if status.saved.saved_by.organisation == OPERATING_SYSTEM:
        found.append(("Saved at the command line by", status.saved.saved_by.user))
    found += [
        (f"{LABELS[field]}, given at the command line by", facts.set_by.user)
        for field, facts in status.secrets.items()
        if facts and facts.set_by.organisation == OPERATING_SYSTEM
    ]
    reason = status.connection.disable_reason
    if veiled(reason, names_in(setup)) != reason or len(reason) > LONG_REASON:
        found.append(("Disabled because", reason))
    return tuple(found)
