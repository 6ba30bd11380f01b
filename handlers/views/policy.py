"""How changes of a connection are decided."""

from connection.changes.pictures import PolicyPicture
from connection.changes.policies import USAGE, told
from connection.changes.request import Policy
from handlers.views.blocks import Message, context, header, plain, section
from handlers.views.words import counted


def policy_message(picture: PolicyPicture) -> Message:
    """How changes of a connection are decided."""
    title = f"Who decides about {picture.name}"
    policy = {**told(picture.policy), **_hours(picture.policy)}
    lines = [f"*{word}* {value}" for word, value in policy.items()]
    note = (
        "Who asks never approves. One reject ends a request; without a decision it ends after "
        f"{counted(picture.policy.expiry_hours, 'hour')}. An admin changes this, and with two "
        f"admins the other one approves: `{USAGE}`"
    )
    return Message(
        plain([title, *lines, note]), (header(title), section("\n".join(lines)), context(note))
    )


def _hours(policy: Policy) -> dict[str, str]:
    """The words of a policy that are hours, as people read them."""
    every = counted(policy.reminder_hours, "hour")
    return {
        "expiry": counted(policy.expiry_hours, "hour"),
        "reminders": f"every {every}" if policy.reminder_hours else "none",
    }
