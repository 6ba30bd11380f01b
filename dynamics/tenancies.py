"""Which tenant of which cloud: what a Sales organisation says of itself, and what Entra ID knows.

Dataverse answers who has not signed in with 401, and its challenge names the authority of the
organisation's tenant: SvcClient takes its sign-in from there. Entra ID publishes the id of a
domain's tenant as the issuer of its metadata (entra/v2-protocols-oidc).
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit
from uuid import UUID

from connection.identities import Access
from connection.remote import Tenancy
from dynamics.bodies import object_of, unintelligible
from dynamics.calls import Call, Service
from dynamics.http import Http
from dynamics.odata import text_in
from dynamics.tokens import tenant_of

# another name of a cloud's login -> the one that is set as D365BOT_LOGIN_URL
# (entra/authentication-national-cloud, and msal's own table of aliases)
_SAME_LOGIN = {
    "login.windows.net": "login.microsoftonline.com",
    "login.microsoft.com": "login.microsoftonline.com",
    "sts.windows.net": "login.microsoftonline.com",
    "login.usgovcloudapi.net": "login.microsoftonline.us",
    "login.chinacloudapi.cn": "login.partner.microsoftonline.cn",
}
_GUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_AUTHORITY = re.compile(rf"authorization_uri=\"?https://([A-Za-z0-9.-]+)/({_GUID})/")
_ISSUER = re.compile(rf"https://[A-Za-z0-9.-]+/({_GUID})/v2\.0/?")


def tenancy_in(headers: Mapping[str, str]) -> Tenancy | None:
    """From the challenge of a 401; None without one."""
    found = _AUTHORITY.search(headers.get("www-authenticate", ""))
    return Tenancy(found[2].lower(), _login(found[1])) if found else None


async def tenancy_of(http: Http, login_url: str, access: Access) -> Tenancy:
    """The tenant of `access`, and the login where the bot signs in. Raises `RemoteFault`."""
    login_host = _login(urlsplit(login_url).hostname or "")
    tenant = tenant_of(access)
    if re.fullmatch(_GUID, tenant):
        return Tenancy(str(UUID(tenant)), login_host)
    url = f"{login_url}/{quote(tenant)}/v2.0/.well-known/openid-configuration"
    answer = await http.send(Call(Service.ENTRA, "GET", url, access.correlation))
    found = _ISSUER.fullmatch(text_in(object_of(Service.ENTRA, answer), "issuer"))
    if found is None:
        raise unintelligible(Service.ENTRA, answer)
    return Tenancy(found[1].lower(), login_host)


def _login(host: str) -> str:
    return _SAME_LOGIN.get(host.lower(), host.lower())
