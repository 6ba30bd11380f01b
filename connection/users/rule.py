"""Business Central's rule for who somebody is in Sales (version 15, codeunit 5330).

Signed in to Sales by Office 365 or OAuth: the Authentication Email of the user is the primary email
of an enabled Sales user. By Active Directory: the User Name is its domain name. The comparison is
Dataverse's: without case, and blanks at the end do not count. Licence and access mode do not
matter, and the first match wins.

Ours is stricter in two points. An empty email is nobody's: Business Central would look for a Sales
user without an email, and take the first. And accents count: whether Dataverse sees them depends on
the language that the environment was made in, and in most it does not (Power Platform, Language
collations).
"""

import unicodedata
from enum import StrEnum

from connection.remote import BcUser, SalesUser
from connection.sales_url import is_dynamics_online
from connection.setup import ConnectionSetup, Hosting


class Rule(StrEnum):
    """Which two columns have to be the same."""

    EMAIL = "email"
    DOMAIN_NAME = "domain_name"


def rule_of(setup: ConnectionSetup) -> Rule:
    """By domain name only where Business Central signs in by Active Directory: on-premises, to an
    address of one's own, with `DOMAIN\\name`."""
    by_office365 = setup.hosting == Hosting.ONLINE or is_dynamics_online(setup.sales_url)
    by_domain = "\\" in setup.integration_user_name and not by_office365
    return Rule.DOMAIN_NAME if by_domain else Rule.EMAIL


def alike(text: str) -> str:
    """Two texts are the same to Dataverse if this is; '' stands for nothing at all.

    Letters are compared without case in every script, however they are composed. Blanks before the
    text and accents do count.
    """
    if text.isascii():
        plain = text.rstrip(" ").lower()
    else:
        folded = unicodedata.normalize("NFC", text).casefold()
        plain = unicodedata.normalize("NFC", folded).rstrip(" ")
    return text if text == plain else plain  # the same object: there may be a hundred thousand


def sought(rule: Rule, user: BcUser) -> str:
    """What Business Central looks for in Sales on behalf of this user."""
    return alike(user.email if rule is Rule.EMAIL else user.name)


def offered(rule: Rule, user: SalesUser) -> str:
    """What it is compared with."""
    return alike(user.email if rule is Rule.EMAIL else user.domain_name)
