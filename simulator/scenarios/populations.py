"""Who is who on both sides: users that do not fit together, all made up."""

from typing import Any

from simulator.healthy.business_central import ENVIRONMENT
from simulator.healthy.people import DOMAIN
from simulator.scenarios.scenario import Scenario, sales


def _bc(name: str, email: str, **other: Any) -> dict[str, Any]:
    first = name.title()
    return {
        "User_Security_ID": f"00000004-0000-4000-8000-{sum(name.encode()):012x}",
        "User_Name": name,
        "Full_Name": f"{first} Example",
        "State": "Enabled",
        "Windows_User_Name": "",
        "License_Type": "Full User",
        "Authentication_Email": email,
        **other,
    }


def _sales(name: str, email: str | None, **other: Any) -> dict[str, Any]:
    return {
        "domainname": email or f"{name}@{DOMAIN}",
        "internalemailaddress": email,
        "firstname": name.title(),
        "lastname": "Example",
        "fullname": f"{name.title()} Example",
        "applicationid": None,
        "isdisabled": False,
        "islicensed": True,
        "isintegrationuser": False,
        "accessmode": 0,
        **other,
    }


def _at(name: str) -> str:
    return f"{name}@{DOMAIN}"


_BC_USERS = {
    "NILS": _bc("NILS", ""),
    "MARA": _bc("MARA", _at("mara")),
    "DORA": _bc("DORA", _at("dora")),
    "UWE": _bc("UWE", _at("uwe").upper()),
    "TIM": _bc("TIM", _at("twins")),
    "TOM": _bc("TOM", _at("twins")),
    "TARA": _bc("TARA", _at("tara")),
    "GUS": _bc("GUS", _at("gus"), State="Disabled"),
    "ROBOT": _bc("ROBOT", "", License_Type="Application"),
    "EVE": _bc("EVE", _at("eve"), Full_Name='=HYPERLINK("https://evil.example")'),
}
_SALES_USERS = {
    "dora": _sales("dora", _at("dora"), isdisabled=True),
    "uwe": _sales("uwe", _at("uwe"), islicensed=False),
    "twins": _sales("twins", _at("twins")),
    "tara": _sales("tara", _at("tara")),
    "tara-again": _sales("tara", _at("Tara")),
    "gus": _sales("gus", _at("gus")),
    "sara": _sales("sara", _at("sara")),
    "nobody": _sales("nobody", None),
}

POPULATION_SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "users-mixed",
        "Users without their like on the other side, disabled, twice there, without an email.",
        {
            "business_central": {ENVIRONMENT: {"users": _BC_USERS}},
            **sales(
                {
                    "tables": {"systemusers": _SALES_USERS},
                    "user_roles": {
                        "ada": {"bc-availability": True, "bc-integration-user": True},
                        "vera": {"bc-availability/north": True},
                    },
                }
            ),
        },
    ),
)
