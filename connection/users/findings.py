"""What can be said of a user, one row each; the words are for people, in a channel too."""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Whose users they are."""

    BC = "bc"
    SALES = "sales"


class Finding(StrEnum):
    """Names of `FINDINGS`; they stand in the file, the record and the database."""

    MAPPED = "mapped"
    UNMATCHED = "unmatched"
    NO_EMAIL = "no_email"
    SALES_DISABLED = "sales_disabled"
    BC_DISABLED = "bc_disabled"
    BC_OTHER = "bc_other"
    BC_DUPLICATE = "bc_duplicate"
    AMBIGUOUS = "ambiguous"
    UNLICENSED = "unlicensed"
    NO_INTEGRATION_ROLE = "no_integration_role"
    NO_AVAILABILITY_ROLE = "no_availability_role"
    SALES_UNMATCHED = "sales_unmatched"
    SALES_NO_EMAIL = "sales_no_email"
    SALES_OF_DISABLED = "sales_of_disabled"
    SALES_DUPLICATE = "sales_duplicate"
    SALES_OFF = "sales_off"
    SALES_OTHER = "sales_other"


LOSING = (Finding.UNMATCHED, Finding.NO_EMAIL, Finding.SALES_DISABLED)
"""Enabled people of Business Central who have no integration once users must map."""


@dataclass(frozen=True, slots=True)
class About:
    """`title` follows a number; `remedy` is empty where nothing has to be done."""

    finding: Finding
    side: Side
    title: str
    remedy: str = ""


FINDINGS: tuple[About, ...] = (
    About(Finding.MAPPED, Side.BC, "mapped to an enabled Sales user"),
    About(
        Finding.UNMATCHED,
        Side.BC,
        "without a Sales user",
        "Add them in Sales, or correct what is compared: by email the Authentication Email and the "
        "primary email, by domain name the User Name and the domain name.",
    ),
    About(
        Finding.NO_EMAIL,
        Side.BC,
        "with nothing to compare: no authentication email, or no user name",
        "Give it in Business Central, on the page Users. Business Central itself would take a "
        "Sales user without an email; the bot takes nobody.",
    ),
    About(
        Finding.SALES_DISABLED,
        Side.BC,
        "whose Sales user is disabled",
        "Enable the user in the Power Platform admin center.",
    ),
    About(
        Finding.BC_DUPLICATE,
        Side.BC,
        "who share what is compared with another enabled Business Central user",
        "They act as the same Sales user. Give each their own.",
    ),
    About(
        Finding.AMBIGUOUS,
        Side.BC,
        "for whom Sales has several enabled users",
        "Business Central takes the first that Sales gives it, and does not say so. Leave one.",
    ),
    About(
        Finding.UNLICENSED,
        Side.BC,
        "mapped to a Sales user without a licence",
        "Business Central maps them all the same, and Sales refuses what they do there. Assign a "
        "licence.",
    ),
    About(
        Finding.NO_INTEGRATION_ROLE,
        Side.BC,
        "mapped to a Sales user without the Integration User role",
        "Once users must map, Business Central acts in Sales as that user, with their own rights. "
        "Give the role where they lack the rights otherwise.",
    ),
    About(
        Finding.NO_AVAILABILITY_ROLE,
        Side.BC,
        "mapped to a Sales user without the Product Availability User role",
        "Without it they do not see item availability in Sales.",
    ),
    About(Finding.BC_DISABLED, Side.BC, "disabled in Business Central"),
    About(Finding.BC_OTHER, Side.BC, "that are no people: apps, agents and groups"),
    About(
        Finding.SALES_UNMATCHED,
        Side.SALES,
        "without a Business Central user",
        "Nothing has to be done if they do not work in Business Central.",
    ),
    About(
        Finding.SALES_DUPLICATE,
        Side.SALES,
        "who share what is compared with another enabled Sales user, beside the mapped ones",
        "Business Central takes the first that Sales gives it. Correct or disable the others.",
    ),
    About(Finding.SALES_NO_EMAIL, Side.SALES, "with nothing to compare"),
    About(
        Finding.SALES_OF_DISABLED,
        Side.SALES,
        "whose Business Central user is disabled",
        "Enable the user in Business Central, on the page Users, if they still work there.",
    ),
    About(Finding.SALES_OFF, Side.SALES, "disabled in Sales"),
    About(Finding.SALES_OTHER, Side.SALES, "that are no people: apps, support, non-interactive"),
)
