"""The one record of table 7200, as it is initialised, in the company's card."""

from typing import Any

from simulator.bc.setup.card import Card

Row = dict[str, Any]
BLANK: Row = {
    "Primary_Key": "",
    "Server_Address": "",
    "User_Name": "",
    "Password": "",
    "Is_Enabled": False,
    "SDKVersion": 0,
    "Authentication_Type": "Office365",
    "Domain": "",
    "Connection_String": "",
    "Ownership_Model": "Team",
    "Business_Unit_Name": "",
    "Client_Id": "",
    "Client_Secret": "",
    "Redirect_URL": "",
    "Is_User_Mapping_Required": False,
    "disable_reason": "",
}


class DataverseCard(Card):
    """The same company, with the record of page 7200 as the setup that connects."""

    @property
    def setup(self) -> Row:
        return self.dataverse

    @property
    def sales_setup(self) -> Row:
        """The record of page 5330, an empty one if there is none."""
        rows: dict[str, Row] = self.pages.get("crm_connection_setup", {})
        return next(iter(rows.values()), {})

    def complete(self) -> bool:
        return self._completed("cds_connection_setup", BLANK)

    def default_business_unit(self) -> str:
        """`<company> (<id>)`, once there is an address."""
        if not self.setup["Server_Address"]:
            return ""
        return f"{self.name} ({self.company['id'].replace('-', '')[:8].upper()})"
