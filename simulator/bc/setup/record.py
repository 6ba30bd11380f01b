"""The one record of table 5330, as it is initialised."""

from typing import Any

Row = dict[str, Any]
BLANK: Row = {
    "Primary_Key": "",
    "Server_Address": "",
    "User_Name": "",
    "Password": "",
    "Is_Enabled": False,
    "SDKVersion": 0,
    "NAVURL": "",
    "NAVODataURL": "",
    "NAVODataUsername": "",
    "NAVODataAccesskey": "",
    "CRM_Version": "",
    "Is_CRM_Solution_Installed": False,
    "Is_S_Order_Integration_Enabled": False,
    "Auto_Create_Sales_Orders": False,
    "Auto_Process_Sales_Quotes": False,
    "Is_User_Mapping_Required": False,
    "Is_User_Mapped_To_CRM_User": False,
    "Use_Newest_UI": False,
    "Authentication_Type": "Office365",
    "Domain": "",
    "Connection_String": "",
    "Item_Availability_Enabled": False,
    "Unit_Group_Mapping_Enabled": True,
    "restore_connection": False,
    "disable_reason": "",
    "newest_ui_app_module_id": "",
    "default_price_list_id": None,
    "currency_decimal_precision": 0,
    "base_currency_id": None,
    "base_currency_precision": 0,
    "base_currency_symbol": "",
}
"""The names in small letters are fields that the page lacks."""
