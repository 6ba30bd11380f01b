"""Global discovery of the commercial cloud: which organisations a person can reach.

pa/webapi/discover-url-organization-web-api.md: for people only, always a list, text compared with
its case; who is disabled somewhere does not see that organisation. What an app is told is inferred.
"""

import re
from collections.abc import Iterator
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from simulator.dataverse.errors import (
    DataverseError,
    NotSimulatedError,
    bad_query,
    response_of,
    unknown_segment,
)
from simulator.dataverse.naming import GUID
from simulator.dataverse.options import options_of
from simulator.entra.tokens import Caller, Signer, TokenRefusedError
from simulator.healthy.roles import SYSTEM_ADMINISTRATOR
from simulator.hosts import DISCOVERY
from simulator.odata.filters import Both, Comparison, Node
from simulator.unknown import everything_else
from simulator.world import World, organisation_hosts

Row = dict[str, Any]
ROOT = f"https://{DISCOVERY}/api/discovery/v2.0"
_KEY = re.compile(rf"(?P<id>{GUID})|(?P<name>UniqueName|Region)='(?P<value>[^']*)'")


class DiscoverySite:
    def __init__(self, world: World, signer: Signer) -> None:
        self._world, self._signer = world, signer

    def app(self) -> Starlette:
        path = "/api/discovery/v2.0/{resource:path}"
        return Starlette(
            routes=[
                Route(path, self.instances, methods=["GET"]),
                everything_else(),
            ]
        )

    async def instances(self, request: Request) -> Response:
        try:
            return self._answer(request)
        except DataverseError as error:
            return response_of(error)
        except NotSimulatedError as error:
            return PlainTextResponse(f"The simulator does not simulate {error}.\n", 501)

    def _answer(self, request: Request) -> Response:
        rows = list(self._visible(*self._caller(request)))
        matched = re.fullmatch(r"Instances(?:\((.*)\))?", request.path_params["resource"])
        if matched is None:
            raise unknown_segment(request.path_params["resource"])
        options = options_of(request.url.query)
        if matched[1] is not None:
            rows = [row for row in rows if _has_key(row, matched[1])]
        if options.filter is not None:
            rows = [row for row in rows if _matches(row, options.filter)]
        if options.select:
            rows = [{name: _value(row, name) for name in options.select} for row in rows]
        return JSONResponse({"@odata.context": f"{ROOT}/$metadata#Instances", "value": rows})

    def _caller(self, request: Request) -> tuple[str, Caller]:
        """The tenant's key and the person; an app alone is nobody here."""
        said = "there is no bearer token"
        for key, tenant in self._world.facts["tenants"].items():
            try:
                audiences = [f"https://{DISCOVERY}", f"https://{DISCOVERY}/"]
                header = request.headers.get("authorization")
                caller = self._signer.caller(header, audiences, tenant["id"])
            except TokenRefusedError as error:
                said = str(error)
                continue
            if caller.upn is None:
                raise DataverseError(403, "0x80072560", "Global discovery is for users only.")
            return key, caller
        challenge = {"WWW-Authenticate": f"Bearer resource_id=https://{DISCOVERY}/"}
        raise DataverseError(401, "0x80072559", f"The token is refused: {said}.", challenge)

    def _visible(self, tenant: str, caller: Caller) -> Iterator[Row]:
        for organisation in self._world.facts["sales"].values():
            for key, user in organisation["tables"]["systemusers"].items():
                is_caller = user.get("azureactivedirectoryobjectid") == caller.object_id
                if organisation["tenant"] == tenant and is_caller and not user.get("isdisabled"):
                    yield self._instance(organisation, key)

    def _instance(self, organisation: Row, user: str) -> Row:
        host, api = organisation_hosts(organisation)
        held, roles = organisation["user_roles"].get(user, {}), organisation["tables"]["roles"]
        templates = {roles[key].get("_roletemplateid_value") for key in held if key in roles}
        return {
            "ApiUrl": f"https://{api}",
            "DatacenterId": None,
            "DatacenterName": None,
            "EnvironmentId": organisation["environment_id"],
            "FriendlyName": organisation["name"],
            "Id": organisation["id"],
            "IsUserSysAdmin": SYSTEM_ADMINISTRATOR in templates,
            "LastUpdated": "2026-01-15T08:00:00Z",
            "OrganizationType": 0,
            "Purpose": None,
            "Region": "EMEA",
            "SchemaType": "Full",
            "State": 1 if organisation["condition"] == "down" else 0,
            "StatusMessage": 0,
            "TenantId": self._world.facts["tenants"][organisation["tenant"]]["id"],
            "TrialExpirationDate": None,
            "UniqueName": organisation["unique_name"],
            "UrlName": host.partition(".")[0],
            "Version": organisation["version"],
            "Url": f"https://{host}",
        }


def _has_key(row: Row, key: str) -> bool:
    matched = _KEY.fullmatch(key)
    if matched is None:
        raise bad_query(f"'{key}' is no key of an instance.")
    if matched["id"]:
        return bool(row["Id"] == matched["id"].lower())
    return bool(row[matched["name"]] == matched["value"])


def _matches(row: Row, node: Node) -> bool:
    if isinstance(node, Both):
        return _matches(row, node.left) and _matches(row, node.right)
    if not isinstance(node, Comparison) or node.operator not in ("eq", "ne"):
        raise NotSimulatedError("a filter of instances beyond eq, ne and and")
    return bool(_value(row, node.column) == node.literal.value) is (node.operator == "eq")


def _value(row: Row, name: str) -> Any:
    if name not in row:
        raise bad_query(f"Could not find a property named '{name}' on type 'Instance'.")
    return row[name]
