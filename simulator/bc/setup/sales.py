"""The Sales organisation as Business Central reaches it with its connection string."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from simulator.bc.errors import dialog
from simulator.bc.setup.card import Card
from simulator.bc.setup.strings import CLIENT_ID, CLIENT_SECRET, PASSWORD, template, values_of
from simulator.entra.credentials import prove
from simulator.entra.errors import EntraError
from simulator.entra.grants import refuse_account, refuse_told
from simulator.world import World

Row = dict[str, Any]
SOLUTION = "MicrosoftDynamicsNavIntegration"
SOLUTION_TABLES = ("nav_accountstatistics", "nav_connection")
ON_PREMISES_ONLY = ("AD", "IFD")


class UnreachableError(Exception):
    """Why no connection came about; what .NET would say inside of BC's own message."""


@dataclass(frozen=True)
class Sales:
    """`user` is the key of the row that the connection runs as; nobody's for AD and IFD.

    `company` is the name that the newest versions give to their row of nav_connection.
    """

    world: World
    organisation: Row
    user: str | None
    company: str | None

    def rows(self, entity_set: str) -> dict[str, Row]:
        rows: dict[str, Row] = self.organisation["tables"].setdefault(entity_set, {})
        return rows

    def first(self, entity_set: str) -> Row | None:
        return next(iter(self.rows(entity_set).values()), None)

    def roles_of(self, user: str) -> list[Row]:
        rows, held = self.rows("roles"), self.organisation["user_roles"].get(user, {})
        return [rows[key] for key, given in held.items() if given and key in rows]

    @property
    def has_solution(self) -> bool:
        """Both tables of the solution can be read; rows are not needed."""
        installed = any(row["uniquename"] == SOLUTION for row in self.rows("solutions").values())
        return installed and all(self.may(f"prvRead{table}") for table in SOLUTION_TABLES)

    def may(self, privilege: str) -> bool:
        """By the user's own roles and those of its teams; all may who is known to nobody."""
        if self.user is None:
            return True
        facts = self.organisation
        held = dict(facts["user_roles"].get(self.user, {}))
        for team, members in facts.get("team_members", {}).items():
            if members.get(self.user):
                held |= facts["team_roles"].get(team, {})
        rows = self.rows("roles")
        names = {rows[key]["name"] for key, given in held.items() if given and key in rows}
        granted = [facts["privileges"].get(name, {}) for name in names]
        return any(each.get(privilege) or each.get("*") for each in granted)

    def require(self, privilege: str) -> None:
        if not self.may(privilege):
            raise dialog(f"The integration user is missing {privilege} privilege.")

    def change(self, row: Row, **values: Any) -> None:
        """Written at once: nothing that Business Central rolls back reaches this."""
        if any(row.get(name) != value for name, value in values.items()):
            row |= values
            row["modifiedon"] = self._now()
            row["versionnumber"] = self.world.next_version()

    def _now(self) -> str:
        return datetime.fromtimestamp(self.world.clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def connection_key(self) -> str | None:
        """The first row of nav_connection, in the newest versions the company's own."""
        rows = self.rows("nav_connections").items()
        named = ((key, row.get("nav_name")) for key, row in rows)
        return next((key for key, name in named if self.company in (None, name)), None)

    def connection_row(self) -> Row | None:
        key = self.connection_key()
        return None if key is None else self.rows("nav_connections")[key]

    def change_connection(self, **values: Any) -> None:
        """The row is made if there is none; of the two roles the Integration Administrator may
        (privileges of admin-setting-up-integration-with-dynamics-sales.md)."""
        row = self.connection_row()
        self.require("prvCreatenav_connection" if row is None else "prvWritenav_connection")
        if row is None:
            row = {"nav_connectionid": self.world.draw.guid(), "statecode": 0, "statuscode": 1}
            row |= {"createdon": self._now()}
            row |= {"nav_name": self.company} if self.company else {}
            self.rows("nav_connections")[self.company or "connection"] = row
        self.change(row, **values)


def connected(card: Card) -> Sales:
    """A connection by the record's string; a blank one is made anew and kept.

    Raises `UnreachableError` unless the organisation answers and the sign-in is good.
    """
    setup = card.setup
    if not setup["Connection_String"]:
        setup["Connection_String"] = template(setup, card.profile)
    values = values_of(setup["Connection_String"])
    world = card.session.world
    organisation = world.organisation_at(_host_of(values.get("url", "")))
    if organisation is None:
        raise UnreachableError("The organisation cannot be found.")
    if organisation["condition"] != "running":
        raise UnreachableError(f"The organisation is not available: {organisation['condition']}.")
    company = card.name if card.profile.major >= 26 else None
    sales = Sales(world, organisation, _signed_in(card, organisation, values), company)
    if not sales.rows("systemusers"):
        raise UnreachableError("The organisation shows no user.")
    return sales


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError as error:
        raise UnreachableError("The URL cannot be read.") from error


def _signed_in(card: Card, organisation: Row, values: dict[str, str]) -> str | None:
    kind = values.get("authtype", "AD")
    if kind in ON_PREMISES_ONLY:
        if organisation["host"].lower().endswith(".dynamics.com"):
            raise UnreachableError(f"{kind} is for an organisation on premises only.")
        return None
    if kind in ("ClientSecret", "Certificate"):
        return _as_app(card, organisation, values)
    return _as_account(card, organisation, values)


def _as_account(card: Card, organisation: Row, values: dict[str, str]) -> str:
    """As the account of the string, with the stored password in the placeholder's place."""
    name = values.get("username", "")
    password = values.get("password", "").replace(PASSWORD, card.setup["Password"], 1)
    accounts = card.session.world.facts["accounts"]
    account = next((row for upn, row in accounts.items() if upn.lower() == name.lower()), None)
    if account is None or account["tenant"] != organisation["tenant"]:
        raise UnreachableError("The user name or password is wrong.")
    try:
        refuse_account(name, account, password)
    except EntraError as error:
        raise UnreachableError(f"AADSTS{error.refusal.number}: {error.text}") from error
    column = "azureactivedirectoryobjectid"
    return _user_with(organisation, column, account["object_id"])


def _as_app(card: Card, organisation: Row, values: dict[str, str]) -> str:
    """As the app of the string, page 7200's in the placeholders' places: by a secret that Entra
    takes, or by the certificate that Business Central itself holds."""
    held = card.dataverse
    client_id = values.get("clientid", "").replace(CLIENT_ID, held.get("Client_Id", ""))
    secret = values.get("clientsecret", "").replace(CLIENT_SECRET, held.get("Client_Secret", ""))
    found = card.session.world.app_of(client_id, organisation["tenant"])
    if found is None:
        raise UnreachableError("The application is not known.")
    try:
        refuse_told(found[1], client_id)
        if values.get("authtype") == "ClientSecret":
            prove(found[1], {"client_secret": secret}, [])
    except EntraError as error:
        raise UnreachableError(f"AADSTS{error.refusal.number}: {error.text}") from error
    return _user_with(organisation, "applicationid", client_id)


def _user_with(organisation: Row, column: str, wanted: str) -> str:
    for key, row in organisation["tables"]["systemusers"].items():
        if str(row.get(column) or "").lower() == wanted.lower():
            return str(key)
    raise UnreachableError("The user is not a member of the organization.")
