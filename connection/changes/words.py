"""What stands behind the connection in `enable`, `disable` and the single steps."""

from connection.changes.plan import Act
from connection.changes.steps.connection_row import REMOVE
from connection.errors import Mistake

DEFAULTS = "defaults"
"""Behind `enable`: Business Central may install its defaults."""

KNOWN: dict[Act, tuple[str, ...]] = {
    Act.ENABLE: (DEFAULTS,),
    Act.DISABLE: (REMOVE,),
    Act.SALES_ORDERS: ("on", "off"),
    Act.AVAILABILITY: ("on", "off"),
}
_NEEDED = (Act.SALES_ORDERS, Act.AVAILABILITY)
LONGEST_REASON = 500


def taken_apart(act: Act, rest: str) -> tuple[str, str]:
    """The word that changes what is wanted, or '', and the reason. Raises `Mistake`."""
    first, _, after = rest.partition(" ")
    word = first.lower() if first.lower() in KNOWN.get(act, ()) else ""
    reason = (after if word else rest).strip()
    if act in _NEEDED and not word:
        raise Mistake(
            "Say whether it is to be on or off.",
            f"Use /d365 {act.value} connection on|off, and a reason behind it.",
        )
    if len(reason) > LONGEST_REASON:
        raise Mistake(
            f"A reason has at most {LONGEST_REASON} characters; yours has {len(reason)}.",
            "Shorten it and ask again.",
        )
    return word, reason
