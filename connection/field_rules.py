"""The rule of each setup field: trimmed text in, what is stored out, or a `Mistake`.

Lengths of 250 are Business Central's own (table 5330); its rules for the user name are those of
version 15, with the authentication type that it derives from where it runs and the Sales URL.
"""

import re
import uuid
from urllib.parse import urlsplit

from connection.bc_url import bc_base
from connection.errors import Mistake
from connection.sales_url import is_dynamics_online, parse_sales_url
from connection.words import COMMAND_WORDS

LONGEST = 250
_NAME = re.compile(r"[a-z0-9-]{1,40}")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")
_SHARED_TENANTS = frozenset({"common", "organizations", "consumers"})
_NOT_IN_A_PATH = re.compile(r"[/\\?#%\x00-\x1f\x7f]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def connection_name(value: str) -> str:
    """1 to 40 of a-z, 0-9 and -, and no command word."""
    if not _NAME.fullmatch(value):
        raise Mistake("A name has 1 to 40 characters of a-z, 0-9 and -.", _suggest_name(value))
    if value in COMMAND_WORDS:
        raise Mistake(f"{value} is a word of the command itself.", f"Try {value}-connection.")
    return value


def _suggest_name(value: str) -> str:
    proposal = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")[:40].strip("-")
    return f"Try {proposal}." if proposal and proposal not in COMMAND_WORDS else ""


def sales_url(value: str) -> str:
    """Kept as typed; what Business Central would make of it is asked for, not assumed."""
    _not_longer(value)
    parse_sales_url(value)
    return value


def bc_url(value: str) -> str:
    """Server, port and instance; what stands behind the instance is cut off."""
    return bc_base(_not_longer(value))


def web_address(value: str) -> str:
    """A whole https or http address, kept as typed: page 5330 takes any text here, and Sales opens
    it as a link."""
    if not _is_web_address(_one_line(_not_longer(value))):
        raise Mistake("That is no web address.", "Copy the whole address, beginning with https://.")
    return value


def _is_web_address(value: str) -> bool:
    try:
        address = urlsplit(value)
        named = bool(address.hostname) and address.port != 0
    except ValueError:
        return False
    return named and address.scheme in ("https", "http") and not ({" ", "@"} & set(value))


def tenant(value: str) -> str:
    """A GUID or a domain name, in lower case."""
    lowered = value.lower()
    if lowered in _SHARED_TENANTS:
        raise Mistake(
            f"{lowered} stands for every tenant, and an app signs in to one.",
            "Give the tenant's id or one of its domains.",
        )
    guid = _guid(lowered)
    if guid:
        return guid
    if _DOMAIN.fullmatch(lowered) and len(lowered) <= LONGEST:
        return lowered
    raise Mistake(
        "That is neither a tenant id nor a domain.",
        "Give a GUID, or a domain such as contoso.onmicrosoft.com.",
    )


def client_id(value: str) -> str:
    """A GUID, in lower case and without braces."""
    guid = _guid(value)
    if not guid:
        raise Mistake(
            "A client ID is a GUID such as 00000000-1111-2222-3333-444444444444.",
            "Copy Application (client) ID from the app's overview in Microsoft Entra.",
        )
    return guid


def user_name(value: str) -> str:
    """Up to 250 characters in one line."""
    return _one_line(_not_longer(value))


def environment_name(value: str) -> str:
    """One segment of an address."""
    if _NOT_IN_A_PATH.search(value):
        raise Mistake(
            "That is not the name of an environment.",
            "Copy the name from the Business Central admin center, such as Production.",
        )
    return _not_longer(value)


def company_name(value: str) -> str:
    """Up to 250 characters in one line, kept as typed: Business Central compares with case."""
    return _one_line(_not_longer(value))


def between_fields(values: dict[str, str]) -> dict[str, str]:
    """Sentences for fields that contradict each other."""
    user, address = values.get("integration_user_name", ""), values.get("sales_url", "")
    if not user or not address:
        return {}
    if values.get("hosting") == "online" or is_dynamics_online(address):
        if "@" not in user:
            return {
                "integration_user_name": "The user name must be a valid email address, "
                "such as integration@contoso.com."
            }
    elif "\\" not in user and "@" not in user:
        return {
            "integration_user_name": "The user name must include the domain, such as "
            "CONTOSO\\integration, or be an email address where this on-premises Sales "
            "organisation takes one (IFD, OAuth)."
        }
    return {}


def _guid(value: str) -> str:
    bare = value.strip("{}").lower()
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", bare):
        return ""
    return str(uuid.UUID(bare))


def _not_longer(value: str) -> str:
    if len(value) > LONGEST:
        raise Mistake(f"At most {LONGEST} characters; this has {len(value)}.")
    return value


def _one_line(value: str) -> str:
    if _CONTROL.search(value):
        raise Mistake("That has a line break or another control character.", "Type it in one line.")
    return value
