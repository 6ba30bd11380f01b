"""How a secret may look: what cannot be one is refused before it is sealed, and never repeated.

Lengths: a client secret of Entra has 40 characters and may not exceed 255; Entra takes passwords
of up to 256 characters and refuses blanks at their ends (entra/v2-oauth-ropc.md); a web service
access key has 44 characters of base64.
"""

import re

from connection.errors import Mistake

LONGEST = 4096
LONGEST_CERTIFICATE = 32_768
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f]")
_KEY = re.compile(r"-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----.+?-----END \1-----", re.DOTALL)
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def password(value: str) -> str:
    """One line, kept as it is."""
    _one_line(value)
    if value != value.strip():
        raise Mistake(
            "The password begins or ends with a blank, which Entra ID does not take.",
            "Give it without the blank.",
        )
    return value


def client_secret(value: str) -> str:
    """The value of a secret; its id, which stands beside it, is a GUID."""
    _one_line(value)
    if _GUID.fullmatch(value.strip()):
        raise Mistake(
            "That is the id of a client secret, not its value.",
            "In Entra copy the column Value; it is shown only once, right after the secret was "
            "made.",
        )
    return value.strip()


def access_key(value: str) -> str:
    """One line."""
    _one_line(value)
    return value.strip()


def certificate(value: str) -> str:
    """A private key that is not encrypted and at least one certificate, both in PEM form."""
    if not value.strip():
        raise Mistake("The certificate is empty.", "Nothing was changed.")
    if len(value) > LONGEST_CERTIFICATE:
        raise Mistake(
            f"A certificate with its key has at most {LONGEST_CERTIFICATE} characters.",
            "Give the private key, the certificate and its chain, and nothing else.",
        )
    keys, certificates = _KEY.findall(value), _CERTIFICATE.findall(value)
    if any(kind.startswith("ENCRYPTED") for kind in keys) or "Proc-Type: 4,ENCRYPTED" in value:
        raise Mistake(
            "The private key is encrypted with a passphrase.",
            "Decrypt it first, such as with openssl pkey; the bot seals it with its own key.",
        )
    if len(keys) != 1 or not certificates:
        raise Mistake(
            "One private key and its certificate are needed, both in PEM form.",
            "Give the text from -----BEGIN PRIVATE KEY----- on and the text from "
            "-----BEGIN CERTIFICATE----- on, in one.",
        )
    return value.strip() + "\n"


def public_half(value: str) -> str:
    """The first certificate in a text, '' where there is none."""
    found = _CERTIFICATE.search(value)
    return f"{found[0]}\n" if found else ""


def _one_line(value: str) -> None:
    if not value.strip():
        raise Mistake("The secret is empty.", "Nothing was changed.")
    if len(value) > LONGEST or _UNREADABLE.search(value):
        raise Mistake(
            f"A secret is one line of at most {LONGEST} characters.", "Nothing was changed."
        )
