"""What a person is told when the entry itself fails: a reference, and the log has the rest."""

import logging
import uuid

from connection.asks import Answer, Tone
from connection.errors import AdminError

log = logging.getLogger(__name__)


def told(error: Exception, during: str) -> Answer:
    """A person's mistake in its own words; a bug as a reference id with a log line to it."""
    if isinstance(error, AdminError):
        return Answer(Tone.REFUSED, error.message, error.hint)
    reference = uuid.uuid4().hex[:8]
    log.error("a %s failed", during, exc_info=error, extra={"reference": reference})
    return Answer(
        Tone.BROKEN,
        f"Something went wrong on my side. The reference is {reference}.",
        "Nothing was changed. Try again; if it happens again, tell whoever runs this bot.",
    )
