"""User name, authentication type and domain of table 5330, and how they hang together (15.17)."""

from typing import Any

from simulator.bc.errors import BusinessCentralError, dialog

Row = dict[str, Any]
TYPES = ("Office365", "AD", "IFD", "OAuth")
_NEEDED = {
    "Office365": ("@", "The user name must be an email address for Office 365."),
    "AD": ("\\", "The user name must include the domain for Active Directory."),
}


def type_for(address: str) -> str:
    """What a new address sets, without any validation of the type."""
    return "Office365" if ".dynamics.com" in address.lower() else "AD"


def checked_type(name: str) -> str:
    if name not in TYPES:
        text = f"'{name}' is no value of Authentication Type."
        raise BusinessCentralError(400, "Application_EvaluateException", text)
    return name


def set_user_name(setup: Row, entered: str) -> None:
    """Trimmed, checked by the type, and the domain follows; '' leaves the domain alone."""
    name = entered.strip()
    mark, message = _NEEDED.get(setup["Authentication_Type"], ("", ""))
    if name and mark not in name:
        raise dialog(message)
    setup["User_Name"] = name
    if name:
        setup["Domain"] = domain_of(name)


def set_type(setup: Row, name: str) -> None:
    """Another type stops requiring a user mapping; the user name is not looked at again."""
    if checked_type(name) != setup["Authentication_Type"]:
        setup["Authentication_Type"] = name
        setup["Is_User_Mapping_Required"] = False
    if name == "Office365":
        setup["Domain"] = ""
    if name == "AD":
        setup["Domain"] = domain_of(setup["User_Name"])


def domain_of(name: str) -> str:
    domain, mark, _ = name.partition("\\")
    return domain if mark else ""
