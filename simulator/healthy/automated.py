"""What the automation API shows of an environment: sets, groups, features and extensions."""

from typing import Any

from simulator.identifiers import Draw

BOT_SETS = ("D365 AUTOMATION", "EXTEN. MGT. - ADMIN", "D365 BUS FULL ACCESS")
BASE_APPLICATION = "437dbf0e-84ff-417a-965d-ed2bb9650972"
NO_APP = "00000000-0000-0000-0000-000000000000"

_SETS = {
    "SUPER": "This role has all permissions.",
    "SECURITY": "Assign permissions to users",
    "D365 AUTOMATION": "Dyn. 365 Automation",
    "EXTEN. MGT. - ADMIN": "Extension Management - Admin",
    "D365 BUS FULL ACCESS": "Dyn. 365 Full Business Acc.",
    "D365 FULL ACCESS": "Dyn. 365 Full Access",
    "D365 SETUP": "Dyn. 365 Company Setup",
    "D365 BASIC": "Dynamics 365 Basic access",
    "D365 READ": "Dynamics 365 Read access",
}


def automated(draw: Draw) -> dict[str, Any]:
    return {
        "permission_sets": {
            name: {
                "id": name,
                "displayName": text,
                "scope": "System",
                "appId": NO_APP if name == "SUPER" else BASE_APPLICATION,
                "extensionName": "" if name == "SUPER" else "Base Application",
            }
            for name, text in _SETS.items()
        },
        "security_groups": {
            "SALES": {"id": draw.guid(), "code": "SALES", "groupName": "Sales (example)"}
        },
        "features": {
            "SalesPrices": _feature("New sales pricing experience", one_way=True),
            "ReadOnlyExport": _feature("Export to Excel read-only (example)", one_way=False),
        },
        "extensions": {
            "base": _extension(draw, "Base Application", "Microsoft", installed=True),
            "addon": _extension(draw, "Connection Add-on (example)", "Adventure", installed=False),
        },
    }


def _feature(description: str, *, one_way: bool) -> dict[str, Any]:
    return {
        "description": description,
        "enabled": "None",
        "isOneWay": one_way,
        "mustBeEnabledBy": "",
        "learnMoreLink": "",
    }


def _extension(draw: Draw, name: str, publisher: str, *, installed: bool) -> dict[str, Any]:
    return {
        "packageId": draw.guid(),
        "id": BASE_APPLICATION if name == "Base Application" else draw.guid(),
        "displayName": name,
        "publisher": publisher,
        "versionMajor": 15,
        "versionMinor": 17,
        "versionBuild": 47256,
        "versionRevision": 0,
        "scope": 0,
        "isInstalled": installed,
        "publishedAs": "Global",
    }
