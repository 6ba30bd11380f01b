"""What can go wrong with a change of Sales: how an import fails, and what stands in the way."""

from simulator.scenarios.scenario import Scenario, sales


def _fails(how: str) -> dict[str, object]:
    return sales({"imports": {"fails": how}})


_CHANGES = (
    "prvAssignRole",
    "prvWriteOrganization",
    "prvWriteUser",
    "prvCreatenav_connection",
    "prvWritenav_connection",
    "prvDeletenav_connection",
)

IMPORT_SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "bot-changes-nothing",
        "The bot's role may read only: an administrator has to sign in before Sales is changed.",
        sales({"privileges": {"Connection Bot": dict.fromkeys(_CHANGES)}}),
    ),
    Scenario(
        "import-not-allowed",
        "The bot's role lacks the privilege to import solutions.",
        sales({"privileges": {"Connection Bot": {"prvImportCustomization": None}}}),
    ),
    Scenario(
        "import-dependencies-missing",
        "Imports fail, for the solution needs another that is not installed.",
        _fails("dependencies"),
    ),
    Scenario(
        "import-component-fails", "Imports fail at a component in the middle.", _fails("component")
    ),
    Scenario(
        "import-privilege-missing",
        "Imports fail at a component that needs one more privilege.",
        _fails("privileges"),
    ),
    Scenario("import-times-out", "Imports run into a timeout.", _fails("timeout")),
    Scenario("import-canceled", "Somebody cancels every import.", _fails("canceled")),
    Scenario(
        "import-of-newer-version",
        "Packages are refused as made for a newer version of the product.",
        _fails("newer-version"),
    ),
    Scenario(
        "import-running",
        "Somebody else's import runs for half a minute.",
        sales(
            {
                "jobs": {
                    "other": {
                        "operation": "Import",
                        "solution": "ExampleOffers",
                        "seconds": 30,
                        "user": "ada",
                    }
                }
            }
        ),
    ),
)
