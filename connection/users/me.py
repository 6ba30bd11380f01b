"""`/d365 users me`: which user of each side the one who asks would be, by their email in Slack.

That email is what Slack says, and whoever may change it there can change it: it decides nothing,
and the answer says so.
"""

import uuid
from dataclasses import replace

from connection.asks import Answer, Ask, Tone
from connection.ports import Ports
from connection.remote import BcUser, SalesUser
from connection.showing import answer
from connection.users.findings import FINDINGS, Finding
from connection.users.mapping import Mapping, Roles
from connection.users.rule import Rule, alike, rule_of
from connection.users.subject import Subject, subject_of, users_service

_UNVERIFIED = (
    "Unverified: the email is the one in your Slack profile, and nothing is decided by it. "
    "Names are shown to you alone."
)
_TITLES = {about.finding: about.title for about in FINDINGS}
_REMEDIES = {about.finding: about.remedy for about in FINDINGS}


async def who_am_i(ports: Ports, ask: Ask) -> None:
    """Raises `DirectoryAway`, `NotReady` and `RemoteFault`."""
    subject = await ports.ledger.read(lambda reading: subject_of(reading, ask))
    email = await ports.directory.email(ask.workspace, ask.person.user)
    if not alike(email):
        said = "Slack tells no email of you, so I cannot say who you would be."
        await answer(ports, ask, Answer(Tone.TOLD, said, "Add one to your Slack profile."))
        return
    correlation = str(uuid.uuid4())
    subject = replace(
        subject,
        access=replace(subject.access, correlation=correlation),
        bc_access=replace(subject.bc_access, correlation=correlation),
    )
    user = await _of_business_central(ports, subject, email)
    said = await _said(ports, subject, email, user)
    await answer(ports, ask, Answer(Tone.TOLD, said, _UNVERIFIED))


async def _of_business_central(ports: Ports, subject: Subject, email: str) -> BcUser | None:
    """An enabled one, if there is one."""
    side, access = ports.business_central, subject.bc_access
    service = await users_service(side, access)
    found = await side.users_with_email(access, service, email)
    return next((user for user in found if user.enabled), found[0] if found else None)


async def _said(ports: Ports, subject: Subject, email: str, user: BcUser | None) -> str:
    name = subject.connection.name
    if user is None:
        own = await ports.sales.users_with_email(subject.access, email)
        other = f" Sales has {_in_sales(own[0])} with it." if own else " Sales has none either."
        return f"In {name} no Business Central user has the authentication email {email}.{other}"
    rule = rule_of(subject.saved.setup)
    mapping = Mapping(rule, Roles())
    mapping.add_sales(await _candidates(ports, subject, rule, user))
    mapping.add_bc([user])
    _, match, verdict = next(mapping.judged())
    findings = verdict.findings
    you = f"In {name} you would be {user.full_name or user.name} ({user.name}, {user.email})"
    if findings[0] is Finding.MAPPED and match is not None:
        notes = [_TITLES[finding] for finding in findings[1:]]
        more = f" ({'; '.join(notes)})" if notes else ""
        return f"{you} in Business Central, and {_in_sales(match)} in Sales{more}."
    remedy = _REMEDIES[findings[0]]
    lost = " Once users must map, you have no integration."
    if findings[0] in (Finding.BC_DISABLED, Finding.BC_OTHER):
        lost = ""
    why = _TITLES[findings[0]]
    return f"{you} in Business Central: {why}.{lost} {remedy}".strip()


async def _candidates(
    ports: Ports, subject: Subject, rule: Rule, user: BcUser
) -> tuple[SalesUser, ...]:
    if rule is Rule.EMAIL:
        found = await ports.sales.users_with_email(subject.access, user.email)
    else:
        found = await ports.sales.users_with_domain_name(subject.access, user.name)
    return tuple(found)


def _in_sales(user: SalesUser) -> str:
    known = user.email or user.domain_name or user.id
    state = "disabled" if user.disabled else "enabled"
    return f"{user.full_name or 'a user without a name'} ({known}, {state})"
