"""How the bot seals its secrets."""

from slack_sdk.models.blocks import Block

from connection.secret_pictures import EncryptionPicture
from handlers.views.blocks import Message, actions, button, context, header, plain, section
from handlers.views.secrets import ENCRYPTION_OFF
from handlers.views.words import counted

BUSINESS_CENTRALS_OWN = (
    "Business Central's own data encryption is another: online it is always on; on-premises it is "
    "turned on on its page Data Encryption Management, which Business Central offers when a "
    "password is typed there."
)

_HOW = "AES-256-GCM; every secret is sealed to its connection, field, host, tenant, type and login."


def encryption_message(picture: EncryptionPicture) -> Message:
    """On or off, the keys and what they seal, and that Business Central's own is another."""
    on = bool(picture.state.numbers)
    title = "Encryption of the bot's secrets is on" if on else "Encryption of secrets is off"
    blocks: list[Block] = [header(title)]
    lines = _lines(picture) if on else [ENCRYPTION_OFF]
    blocks.append(section("\n".join(lines)))
    if not on:
        blocks.append(actions(button("Turn encryption on", "encryption_on", "on", primary=True)))
    blocks.append(context(BUSINESS_CENTRALS_OWN))
    return Message(plain([title, *lines, BUSINESS_CENTRALS_OWN]), tuple(blocks))


def _lines(picture: EncryptionPicture) -> list[str]:
    state = picture.state
    lines = [_HOW]
    for position, number in enumerate(state.numbers):
        sealed = counted(picture.sealed.get(number, 0), "secret")
        newest = " (newest, used for what is given now)" if position == 0 else ""
        lines.append(f"Key {number} seals {sealed}{newest}.")
    missing = sorted(set(picture.sealed) - set(state.numbers))
    lines += [
        f"*Key {number} is missing*, and {counted(picture.sealed[number], 'secret')} cannot be "
        "opened. Whoever runs the bot puts it back from the backup."
        for number in missing
    ]
    where = "in the settings of the bot" if state.fixed else "in the bot's key folder"
    lines.append(f"Keys are {where}. `d365bot keys rotate` seals everything with a new one.")
    return lines
