"""Making one check: with a correlation id of its own, its exchanges noted, a fault as a result."""

import logging
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from connection.checks.looking import Check, Findings, Found, Look, failed
from connection.connection import Connection
from connection.errors import AdminError, RemoteFault, SignInFailed
from connection.exchanges import Exchange
from connection.identities import Access, Identity, SecretRef
from connection.origins import access_of
from connection.ports import Ports, Reading
from connection.report import CheckResult, Outcome, Report
from connection.revisions import SavedSetup
from connection.setup import SECRET_FIELDS, ConnectionSetup

log = logging.getLogger(__name__)

_NOT_MADE = (Outcome.SKIPPED, Outcome.UNTESTED)
_GOES_ON = (Outcome.PASS, Outcome.WARN)
_HOW = {Outcome.SKIPPED: "was skipped", Outcome.UNTESTED: "was not tested"}
RUNNING = Found(Outcome.RUNNING, "")
WAITING = Found(Outcome.WAITING, "")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is tested: one revision of a setup, with what the bot may sign in with."""

    connection: Connection
    saved: SavedSetup
    accesses: Mapping[Identity, Access]
    secret_ends: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Made:
    """The result of a check, and what it asked and was answered."""

    result: CheckResult
    exchanges: tuple[Exchange, ...] = ()


def subject_of(
    reading: Reading,
    connection: Connection,
    lent: Mapping[str, SecretRef],
    of: SavedSetup | None = None,
) -> Subject:
    """The newest setup, or `of` another revision. `lent` maps fields to secrets that count in place
    of the held ones."""
    saved = of or reading.setup(connection.id)

    def held(field: str) -> SecretRef | None:
        secret_id = getattr(saved.setup, field)
        facts = reading.secret(secret_id) if secret_id and field not in lent else None
        return lent.get(field) or (facts.ref if facts else None)

    accesses = {
        identity: access_of(identity, saved.setup, held)
        for identity in (Identity.BOT, Identity.INTEGRATION, Identity.BUSINESS_CENTRAL)
    }
    return Subject(connection, saved, accesses, _ends(reading, saved, lent))


def _ends(
    reading: Reading, saved: SavedSetup, lent: Mapping[str, SecretRef]
) -> Mapping[str, datetime]:
    held = {
        about.name: reading.secret(getattr(saved.setup, about.name))
        for about in SECRET_FIELDS
        if getattr(saved.setup, about.name) and about.name not in lent
    }
    return {field: facts.expires_at for field, facts in held.items() if facts and facts.expires_at}


async def make(ports: Ports, check: Check, subject: Subject, findings: Findings) -> Made:
    """Look, and say what was found. Raises nothing: where the bot has a mistake this check fails
    alone, and the others go on."""
    correlation = str(uuid.uuid4())
    look = look_of(ports, subject, findings, correlation)
    reference = ""
    ports.exchanges.watch(correlation)
    started = time.perf_counter()
    try:
        found = await check.look(look)
    except AdminError as error:
        found = _fault_found(error)
        reference = error.reference if isinstance(error, RemoteFault) else ""
    except Exception as error:  # noqa: BLE001 - one check is no reason to tell nothing of the rest
        found = _broken_off(check, error)
    finally:
        ms = round((time.perf_counter() - started) * 1000)
        exchanges = ports.exchanges.taken(correlation)
    result = result_of(check, found, subject.saved.setup)
    calls = result.identity is not Identity.NONE and found.outcome not in _NOT_MADE
    return Made(
        replace(
            result,
            private=_private(result, look) if calls else result.private,
            ms=ms,
            correlation=correlation if calls and exchanges else "",
            reference=reference,
        ),
        exchanges,
    )


def _broken_off(check: Check, error: Exception) -> Found:
    """A bug: a reference for the person, and the traceback under the same reference."""
    reference = uuid.uuid4().hex[:8]
    log.error("check broke off", exc_info=error, extra={"reference": reference, "act": check.id})
    return failed(
        f"Something went wrong in the bot; the reference is {reference}.",
        "Test again; if it happens again, tell whoever runs this bot the reference.",
    )


def look_of(ports: Ports, subject: Subject, findings: Findings, correlation: str) -> Look:
    """What a check is given."""
    return Look(
        setup=subject.saved.setup,
        accesses={
            identity: replace(access, correlation=correlation)
            for identity, access in subject.accesses.items()
        },
        sales=ports.sales,
        business_central=ports.business_central,
        own_app=ports.own_app,
        workspace=subject.connection.workspace,
        findings=findings,
        now=ports.clock.now(),
        secret_ends=subject.secret_ends,
    )


def _fault_found(error: AdminError) -> Found:
    """With Entra's number, which an administrator can look up; the service's own words apart,
    because they may name people."""
    if not isinstance(error, RemoteFault):
        return Found(Outcome.FAIL, error.message, error.hint)
    said = error.unquoted
    if isinstance(error, SignInFailed) and error.code.startswith("AADSTS"):
        said = f"{said} ({error.code})"
    own = f"The service's own words: {error.quoted}" if error.quoted else ""
    return Found(Outcome.FAIL, said, error.hint, own)


def _private(result: CheckResult, look: Look) -> str:
    """Where something is amiss, also whose account was tested."""
    access = look.accesses.get(result.identity)
    if result.outcome not in (Outcome.FAIL, Outcome.WARN) or not access or not access.user_name:
        return result.private
    return f"Tested as {access.user_name}. {result.private}".strip()


def unmet(check: Check, report: Report, setup: ConnectionSetup) -> str:
    """Why a check cannot be made: the first one that it needs and that did not go through."""
    results = {result.check: result for result in report.results}
    for needed in check.needed_for(setup):
        result = results[needed]
        if result.outcome not in _GOES_ON:
            how = _HOW.get(result.outcome, "failed")
            return f"{result.title} {how}"
    return ""


def result_of(check: Check, found: Found, setup: ConnectionSetup) -> CheckResult:
    """What was found, under the check's name and the identity that it tests."""
    return CheckResult(
        check.id,
        check.title,
        check.tested_as(setup),
        found.outcome,
        found.sentence,
        found.remedy,
        private=found.private,
        topic=check.topic,
    )
