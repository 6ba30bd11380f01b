"""The secrets of a connection, and one on its way: what is held, and what may be done with it."""

from slack_sdk.models.blocks import Block, InteractiveElement

from connection.handover import Handover, HandoverState
from connection.locking import LOCKED, locked_secret
from connection.secret_pictures import HandoverPicture, SecretsPicture
from connection.secrets import SecretFacts
from connection.setup_fields import SecretKind, SetupField
from handlers.ids import GIVE, MAKE, MAKE_LONG, SHOW
from handlers.views.blocks import (
    Message,
    actions,
    button,
    context,
    divider,
    escape,
    header,
    person,
    plain,
    section,
)
from handlers.views.words import slack_day, slack_time

ENCRYPTION_OFF = (
    "Data encryption is off, so the bot stores no secret. It is recommended to turn it on: a key "
    "of the bot's own is made where the bot runs, and what you give is sealed with it."
)


def secrets_message(picture: SecretsPicture) -> Message:
    """Every secret: set or not, by whom and when, its end, and how to replace it."""
    name = picture.connection.name
    title = f"Secrets of {name}"
    blocks: list[Block] = [header(title)]
    if not picture.used:
        said = "This setup signs in without any secret of its own."
        blocks.append(section(said))
    for about in picture.used:
        blocks += _secret(picture, about)
    for about in picture.besides:
        blocks.append(section(f"{_line(picture, about)}\n_Kept, and not used by this setup._"))
    blocks += [divider(), *_ways(picture)]
    lines = [_plain_line(picture, about) for about in (*picture.used, *picture.besides)]
    return Message(plain([title, *lines]), tuple(blocks))


def _secret(picture: SecretsPicture, about: SetupField) -> list[Block]:
    blocks: list[Block] = [section(_line(picture, about))]
    locked = locked_secret(picture.connection, picture.setup, about)
    if locked:
        return [*blocks, context(escape(f"{LOCKED} {locked.hint}"))]
    buttons = _buttons(picture, about)
    if buttons:
        blocks.append(actions(*buttons))
    waiting = picture.new_certificates.get(about.name)
    if waiting:
        blocks += _new_certificate(waiting, about.label)
    return blocks


def _line(picture: SecretsPicture, about: SetupField) -> str:
    facts = picture.facts.get(about.name)
    said = held_words(facts) if facts else "not set"
    return f"*{escape(about.label)}* (`{about.name}`): {said}"


def _plain_line(picture: SecretsPicture, about: SetupField) -> str:
    facts = picture.facts.get(about.name)
    if facts is None:
        return f"{about.label}: not set"
    ends = f", ends {slack_day(facts.expires_at)}" if facts.expires_at else ""
    return f"{about.label}: set {slack_time(facts.set_at)}, {facts.fingerprint_end}{ends}"


def held_words(facts: SecretFacts) -> str:
    """Set, by whom and when, the end of its fingerprint, and when it ends."""
    who = person(facts.set_by.organisation, facts.set_by.user)
    ends = (
        f"ends {slack_day(facts.expires_at)}"
        if facts.expires_at
        else "its end was not told when it was given"
    )
    return (
        f"set by {who}, {slack_time(facts.set_at)}, fingerprint ends `{facts.fingerprint_end}`, "
        f"{ends}"
    )


def _buttons(picture: SecretsPicture, about: SetupField) -> list[InteractiveElement]:
    connection, held = picture.connection.id, picture.facts.get(about.name)
    label = about.label
    word = "Replace it" if held else "Give it"
    give = button(word, f"{GIVE}{about.name}", connection, about=label)
    if about.secret is not SecretKind.CERTIFICATE:
        return [give]
    if not picture.encryption_on:
        return []
    word = "Renew" if held else "Make"
    made = [
        button(f"{word} for 180 days", f"{MAKE}{about.name}", connection, about=label),
        button(f"{word} for 1 year", f"{MAKE_LONG}{about.name}", connection, about=label),
    ]
    if held and held.public_part:
        show = button("Show the public half", f"{SHOW}{about.name}", connection, about=label)
        made.append(show)
    return [*made, give]


def _new_certificate(waiting: Handover, label: str) -> list[Block]:
    ends = waiting.secret_expires_at
    until = f", valid until {slack_day(ends)}" if ends else ""
    text = (
        f"A new certificate waits (fingerprint ends `{waiting.fingerprint_end}`{until}). Upload "
        "its public half in Entra, then press Use it; until then the old one is used."
    )
    buttons = actions(
        button("Use it", "secret_use", waiting.id, about=label),
        button("Discard", "secret_discard", waiting.id, about=label),
    )
    return [section(text), buttons]


def _ways(picture: SecretsPicture) -> list[Block]:
    name = picture.connection.name
    blocks: list[Block] = []
    if not picture.encryption_on:
        blocks.append(section(ENCRYPTION_OFF))
        blocks.append(actions(button("Turn encryption on", "encryption_on", name)))
    lines = [f"Where the bot runs: `d365bot secret set {name} SECRET`"]
    if picture.form:
        lines.insert(0, "Give it and Replace it bring a link to a form that works once.")
    if picture.typed:
        lines.append(f"In Slack, readable: `/d365 setup {name}` asks after Save.")
    lines.append(
        "The four letters are of a keyed fingerprint, not of the secret. Changing host, tenant, "
        "type or login unlinks a secret."
    )
    return [*blocks, context("\n".join(lines))]


def handover_message(picture: HandoverPicture) -> Message:
    """The link, or the question whether what was given shall be kept."""
    if picture.state is HandoverState.OPEN:
        return _link(picture)
    return _question(picture)


def _link(picture: HandoverPicture) -> Message:
    one = picture.handover
    what = f"{escape(picture.about.label)} of *{picture.connection}*"
    if not picture.address:
        text = f"{what}: the link is used or over. Ask for a new one with `/d365 secret`."
        return Message(plain([text]), (section(text),))
    text = (
        f"{what}: <{picture.address}|open the form> and give it there, outside Slack. The link "
        f"works once, until {slack_time(one.ends_at)}, and what is given waits for your word here."
    )
    return Message(
        plain([f"{picture.about.label} of {picture.connection}: {picture.address}"]),
        (
            section(text),
            context(f"For {escape(one.origin.host)}, as {escape(one.origin.login)}. Do not share."),
            actions(button("Cancel", "secret_discard", one.id)),
        ),
    )


def _question(picture: HandoverPicture) -> Message:
    one = picture.handover
    said = (
        f"{picture.about.label} of {picture.connection} was given; its fingerprint ends "
        f"{one.fingerprint_end}."
    )
    check = (
        "Compare that with what the form showed you. If you did not give it, press Discard: "
        "nothing of it is used before you confirm."
    )
    asks = one.in_memory and not picture.encryption_on
    buttons = _yes_or_no(one) if asks else [_confirm(one)]
    buttons.append(button("Discard", "secret_discard", one.id))
    question = f"\n\n{ENCRYPTION_OFF} *Turn it on now?*" if asks else ""
    typed = "encrypt|once|discard" if asks else "confirm|discard"
    return Message(
        plain([said, check, ENCRYPTION_OFF if asks else ""]),
        (
            section(f"{escape(said)} {check}{question}"),
            actions(*buttons),
            context(
                f"Until {slack_time(one.ends_at)}. Or type `/d365 secret {picture.connection} "
                f"{typed}`."
            ),
        ),
    )


def _confirm(one: Handover) -> InteractiveElement:
    return button("Confirm", "secret_confirm", one.id, primary=True)


def _yes_or_no(one: Handover) -> list[InteractiveElement]:
    return [
        button("Yes, turn it on and keep it", "secret_encrypt", one.id, primary=True),
        button("No, use it for one test", "secret_once", one.id),
    ]
