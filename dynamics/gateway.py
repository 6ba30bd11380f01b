"""Everything of this room put together: settings in, the ports out."""

from dataclasses import dataclass, field
from pathlib import Path

from dynamics.bc_api import BcApi
from dynamics.bc_changes import SetupPage
from dynamics.business_central import WebServices
from dynamics.dataverse import DataverseSales
from dynamics.dataverse_api import DataverseApi
from dynamics.device_codes import DeviceSignIns
from dynamics.hosts import AllowedHosts
from dynamics.http import Http, Limits
from dynamics.journal import Journal
from dynamics.packages import PackageFolder
from dynamics.reaching import Reach
from dynamics.sales_changes import DataverseChanges
from dynamics.tokens import OpenSecret, Tokens
from dynamics.ways import Ways, trust


@dataclass(frozen=True, slots=True)
class DynamicsSettings:
    """The operator's settings; nothing else is read from anywhere. `proxy` may hold a password."""

    login_url: str = "https://login.microsoftonline.com"
    bc_url: str = "https://api.businesscentral.dynamics.com"
    allowed_hosts: tuple[str, ...] = ()
    ca_file: Path | None = None
    proxy: str = field(default="", repr=False)
    no_proxy: str = ""
    assertion_file: Path | None = None
    identity_endpoint: str = ""
    solution_dir: Path | None = None
    limits: Limits = field(default_factory=Limits)


class Dynamics:
    """`sales`, `business_central`, `sales_changes`, `business_central_changes`, `packages`,
    `sign_ins` and `journal` carry out the ports.

    Raises `NotReady` for wrong settings.
    """

    def __init__(self, settings: DynamicsSettings, open_secret: OpenSecret) -> None:
        hosts = AllowedHosts(settings.allowed_hosts, (settings.login_url, settings.bc_url))
        context = trust(settings.ca_file)

        def open_ways() -> Ways:
            return Ways(hosts, context, settings.proxy, settings.no_proxy)

        self.journal = Journal()
        self._http = Http(hosts, open_ways(), limits=settings.limits, journal=self.journal)
        self._tokens = Tokens(
            self._http,
            settings.login_url,
            open_secret,
            assertion_file=settings.assertion_file,
            identity_endpoint=settings.identity_endpoint,
        )
        reach = Reach(hosts, open_ways, settings.limits)
        self.sales = DataverseSales(self._http, self._tokens, reach, settings.login_url)
        self.business_central = WebServices(
            self._http, self._tokens, settings.bc_url, open_secret, reach
        )
        self.packages = PackageFolder(settings.solution_dir)
        self.sales_changes = DataverseChanges(
            DataverseApi(self._http, self._tokens), open_secret, self.packages.content
        )
        self.business_central_changes = SetupPage(
            BcApi(self._http, self._tokens, settings.bc_url, open_secret), open_secret
        )
        self.sign_ins = DeviceSignIns(self._tokens)

    async def aclose(self) -> None:
        """Closes every connection and forgets every token."""
        await self.sign_ins.aclose()
        self._tokens.close()
        await self._http.aclose()
