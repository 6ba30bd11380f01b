"""What a check says of a host that was reached, and of its certificate."""

from datetime import datetime, timedelta

from connection.checks.looking import Found, passed, warned
from connection.remote import Reached

CERTIFICATE_WARNING = timedelta(days=14)


def reached_in_words(reached: Reached, now: datetime) -> Found:
    """It answers; it warns before the certificate ends."""
    way = f"through the proxy {reached.through_proxy}" if reached.through_proxy else "directly"
    expires = reached.certificate_expires
    if expires is None:
        return passed(f"{reached.host} answers {way}.")
    if expires - now < CERTIFICATE_WARNING:
        return warned(
            f"{reached.host} answers {way}, but its certificate ends on {expires:%Y-%m-%d}.",
            "Renew the server's certificate, or ask whoever runs the server or the proxy to.",
        )
    return passed(f"{reached.host} answers {way}; its certificate holds until {expires:%Y-%m-%d}.")
