"""How a step ends that the bot does not finish by itself."""

from connection.errors import AdminError, RemoteFault

ONLY_BY_HAND = frozenset({"Application_CallbackNotAllowed", "BadRequest_InvalidOperation"})
"""Business Central's codes where it would ask a person, or a control is locked
(webservices/dynamics-error-codes)."""


class ByHand(AdminError):
    """A person has to do it in Business Central; the message says why, as half a sentence."""


class NeedsAdministrator(AdminError):
    """Sales lets only an administrator do it, and none is signed in."""


def is_by_hand(fault: RemoteFault) -> bool:
    """Whether Business Central leaves a change to people."""
    return fault.code in ONLY_BY_HAND
