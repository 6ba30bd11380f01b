"""The state of a connection, and its setup."""

from slack_sdk.models.blocks import Block

from connection.connection import seen_since, state_details, state_word
from connection.names import LONG_REASON, names_in, veiled
from connection.pictures import StatusPicture
from connection.setup import FIELDS, values_of
from connection.setup_fields import FieldKind, FormPart, SetupField
from connection.testing import health_of
from handlers.ids import FEATURES_FORM
from handlers.views.blocks import (
    Message,
    actions,
    actor,
    button,
    clip,
    context,
    escape,
    header,
    is_cut,
    plain,
    section,
    sections,
)
from handlers.views.links import Links
from handlers.views.words import HEALTH_WORDS, slack_day, slack_time

_WANTED = "*Wanted once it is enabled*"
_VALUE = 120
_LINES_A_SECTION = 24
_CUT = (
    "What ends in … stands in full in the form, `/d365 setup {name}`, and the reason why it was "
    "disabled in `/d365 status {name} names`."
)


def status_message(status: StatusPicture) -> Message:
    """For a channel: without names."""
    one = status.connection
    title = f"{one.name}: {HEALTH_WORDS[one.health]}"
    saved = status.saved
    who = actor(saved.saved_by.organisation, saved.saved_by.user)
    blocks: list[Block] = [
        header(title),
        section("\n".join(f"*{label}:* {value}" for label, value in _facts(status))),
        *sections(_setup_lines(status, FormPart.CONNECTION), _LINES_A_SECTION),
        *sections([_WANTED, *_setup_lines(status, FormPart.FEATURES)], _LINES_A_SECTION),
        context(f"Setup revision {saved.revision}, saved by {who}, {slack_time(saved.saved_at)}"),
        actions(
            button("Test", "test", one.id, primary=True),
            button("Edit the setup", "setup", one.id),
            button("Features", FEATURES_FORM, one.id),
            button("Secrets", "secret", one.id),
            button("Names", "names", one.id),
        ),
    ]
    if is_cut(blocks):
        blocks.insert(-1, context(_CUT.format(name=one.name)))
    lines = [title, *(f"{label}: {value}" for label, value in _facts(status))]
    return Message(plain(lines), tuple(blocks))


def _facts(status: StatusPicture) -> list[tuple[str, str]]:
    one, report = status.connection, status.last_report
    since = seen_since(one)
    seen = f", seen so since {slack_time(since)}" if since else ""
    facts = [("Enabled in Business Central", f"{state_word(one)}{seen}")]
    asked = status.open_request
    if asked is not None:
        how = f"{asked.title}, to {asked.plan.act}: {asked.state.words}"
        facts.append(("Open request", f"{how}; /d365 request {asked.title}"))
    if one.is_default:
        facts.append(("Default", "yes, for commands that name none"))
    if report and report.finished_at:
        same = report.revision == status.saved.revision
        of = "" if same else f", of revision {report.revision}; the setup was changed since"
        came_to = HEALTH_WORDS[health_of(report)]
        facts.append(("Last test", f"{came_to}, {slack_time(report.finished_at)}{of}"))
    else:
        facts.append(("Last test", f"none yet: /d365 test {one.name}"))
    if one.disable_reason:
        reason = clip(veiled(one.disable_reason, names_in(status.saved.setup)), LONG_REASON)
        facts.append(("Disabled because", escape(reason)))
    amiss, to_do = state_details(one)
    if amiss:
        facts += [("What is amiss", amiss), ("What to do", to_do)]
    links = Links(status.saved.setup)
    places = [links.setup_page if "|" in links.setup_page else "", links.sales]
    if any(places):
        facts.append(("Open", " · ".join(filter(None, places))))
    return facts


def _setup_lines(status: StatusPicture, part: FormPart) -> list[str]:
    values = values_of(status.saved.setup)
    return [
        f"*{about.label}:* {_value(status, about)}"
        for about in FIELDS
        if about.name != "name" and about.part is part and about.counts(values)
    ]


def _value(status: StatusPicture, about: SetupField) -> str:
    value = str(getattr(status.saved.setup, about.name))
    if about.personal:
        shows = f"given; `/d365 status {status.connection.name} names` shows it to you alone"
        return shows if value else "_not given_"
    if about.kind is FieldKind.SECRET:
        return secret_words(status, about.name)
    if about.kind is FieldKind.CHOICE:
        value = dict(about.choices).get(value, value)
    told = clip(veiled(value, names_in(status.saved.setup)), _VALUE)
    return escape(told) if value else "_not given_"


def secret_words(status: StatusPicture, field: str) -> str:
    """Set or not, by whom and when, and how to give it; never anything of the secret."""
    facts = status.secrets.get(field)
    if facts is None:
        return f"not set; give it with `/d365 secret {status.connection.name} {field}`"
    who = actor(facts.set_by.organisation, facts.set_by.user)
    ends = f", ends {slack_day(facts.expires_at)}" if facts.expires_at else ""
    return (
        f"set by {who}, {slack_time(facts.set_at)}, fingerprint ends {facts.fingerprint_end}{ends}"
    )
