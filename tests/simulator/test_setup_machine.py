"""Whatever is sent to page 5330 in whatever order, these promises hold."""

import copy
import json
from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from simulator.bc.access import Session
from simulator.bc.errors import BusinessCentralError
from simulator.bc.setup.page import changed, opened, shown
from simulator.bc.setup.refreshing import CLEARED
from simulator.healthy.people import COMPANY, INTEGRATION
from simulator.healthy.sales import HOST
from simulator.identifiers import Draw
from simulator.world import World

SECRET = "made-up-and-never-shown"
VALUES: dict[str, tuple[Any, ...]] = {
    "Server_Address": (f"https://{HOST}", "", "test.dynamics.com", "http://crm:5555/Org"),
    "User_Name": (INTEGRATION, "", "nobody", "domain\\user"),
    "Password": (SECRET, "wrong-one", ""),
    "SDKVersion": (8, 9, 91),
    "Authentication_Type": ("Office365", "AD", "OAuth", "SAML"),
    "Connection_String": ("Password={PASSWORD};", "", "Url=x"),
    "Is_Enabled": (True, False),
    "Is_User_Mapping_Required": (True, False),
    "Is_S_Order_Integration_Enabled": (True, False),
    "Auto_Create_Sales_Orders": (True, False),
    "Auto_Process_Sales_Quotes": (True, False),
    "Use_Newest_UI": (True, False),
    "NAVURL": ("https://bc.example", ""),
    "NAVODataUsername": ("OLGA", "NOBODY"),
}
ONE = some.sampled_from([(name, value) for name, values in VALUES.items() for value in values])
CHANGES = some.lists(ONE, min_size=1, max_size=4).map(dict)


def _refusal(act: Callable[[], None]) -> BusinessCentralError | None:
    try:
        act()
    except BusinessCentralError as refused:
        return refused
    return None


class SetupPage(RuleBasedStateMachine):
    """One company's page, changed and read, while Sales and its user change too."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(Draw(11))
        self.world.facts["accounts"][INTEGRATION]["password"] = SECRET
        environment = self.world.facts["business_central"]["Production"]
        self.session = Session(
            self.world, "adventure", "Production", environment, "https://b", "https://w",
            environment["users"]["ADA"], online=False,
        )  # fmt: skip
        self.company = environment["companies"][COMPANY]
        self.sales = self.world.facts["sales"]["adventure"]
        self.setup["Password"] = SECRET

    @property
    def setup(self) -> dict[str, Any]:
        found: dict[str, Any] = self.company["pages"]["crm_connection_setup"]["setup"]
        return found

    @rule(changes=CHANGES)
    def patch(self, changes: dict[str, Any]) -> None:
        before = copy.deepcopy(self.company["pages"])
        was = before["crm_connection_setup"]["setup"]
        refused = _refusal(lambda: changed(self.session, COMPANY, self.company, changes))
        if refused is None:
            if changes.get("Is_Enabled") and not was["Is_Enabled"]:
                self._was_right_to_enable()
            return
        assert SECRET not in refused.message
        may_disable = was["Is_User_Mapping_Required"] or "Is_User_Mapping_Required" in changes
        if before["integration_table_mappings"] and not may_disable:
            assert self.company["pages"] == before

    def _was_right_to_enable(self) -> None:
        setup = self.setup
        assert setup["Server_Address"]
        assert setup["User_Name"]
        assert setup["Password"] == SECRET
        assert self.sales["condition"] == "running"
        user = self.sales["tables"]["systemusers"]["integration"]
        assert user["islicensed"]
        assert not user["isdisabled"]
        assert self.sales["user_roles"]["integration"]["bc-integration-user"]

    @rule()
    def read(self) -> None:
        refused = _refusal(lambda: opened(self.session, COMPANY, self.company))
        if refused is not None:
            assert not self.setup["Is_Enabled"]
            assert SECRET not in refused.message

    @rule(condition=some.sampled_from(["running", "running", "down", "throttled"]))
    def sales_becomes(self, condition: str) -> None:
        self.sales["condition"] = condition

    @rule(
        change=some.sampled_from(["islicensed", "isdisabled", "bc-integration-user"]),
        value=some.booleans(),
    )
    def the_user_changes(self, change: str, value: bool) -> None:
        if change == "bc-integration-user":
            self.sales["user_roles"]["integration"][change] = value
        else:
            self.sales["tables"]["systemusers"]["integration"][change] = value

    @rule()
    def the_mappings_go(self) -> None:
        self.company["pages"]["integration_table_mappings"] = {}

    @invariant()
    def a_disabled_page_holds_nothing_of_sales(self) -> None:
        if not self.setup["Is_Enabled"]:
            assert {name: self.setup[name] for name in CLEARED} == CLEARED

    @invariant()
    def no_password_is_shown(self) -> None:
        view = shown(self.session, self.company, self.setup)
        assert SECRET not in json.dumps(view)
        assert view["Password"] in ("", "*")
        assert SECRET not in self.setup["Connection_String"]

    @invariant()
    def automatic_jobs_follow_their_switches(self) -> None:
        codeunits = {
            row["Object_ID_to_Run"] for row in self.company["pages"]["job_queue_entries"].values()
        }
        assert (5349 in codeunits) == self.setup["Auto_Create_Sales_Orders"]
        assert (5354 in codeunits) == self.setup["Auto_Process_Sales_Quotes"]

    @invariant()
    def jobs_of_others_are_as_they_were(self) -> None:
        row = self.company["pages"]["job_queue_entries"]["EXCHANGE RATES"]
        assert row["Status"] == "Ready"


SetupPage.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestSetupPage = SetupPage.TestCase
