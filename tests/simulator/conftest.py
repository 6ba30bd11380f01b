"""One simulation for all tests, healthy again before each, and a client that goes through it."""

import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import pytest_asyncio

from simulator.healthy.people import COMPANY
from simulator.simulation import Simulation

BC = "https://api.businesscentral.dynamics.com"
LOGIN = "https://login.microsoftonline.com"


@dataclass
class Visitor:
    """Calls the simulated sites as the bot's app does, through the proxy."""

    simulation: Simulation
    http: httpx.AsyncClient
    control: httpx.AsyncClient
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def ready(self) -> dict[str, Any]:
        return self.simulation.ready

    async def sign_in(self, resource: str, app: str = "bot", **form: str) -> httpx.Response:
        given = self.ready["apps"][app]
        body = {
            "grant_type": "client_credentials",
            "client_id": given["client_id"],
            "client_secret": given["client_secret"],
            "scope": f"{resource}/.default",
        }
        address = f"{LOGIN}/{self.ready['tenant']}/oauth2/v2.0/token"
        return await self.http.post(address, data=body | form)

    async def token(self, resource: str, app: str = "bot", **form: str) -> str:
        answer = await self.sign_in(resource, app, **form)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def sales(
        self, method: str, path: str, *, app: str = "bot", **more: Any
    ) -> httpx.Response:
        """`path` is below the Web API's root, or a whole address."""
        root = f"{self.ready['sales_url']}/api/data/v9.2/"
        address = path if path.startswith("https://") else root + path
        return await self._call(method, address, self.ready["sales_url"], app, more)

    async def bc(self, method: str, path: str, *, app: str = "bot", **more: Any) -> httpx.Response:
        """`path` is below the environment."""
        address = f"{BC}/v2.0/{self.ready['tenant']}/Production/{path}"
        return await self._call(method, address, BC, app, more)

    async def page(self, method: str, service: str, **more: Any) -> httpx.Response:
        return await self.bc(method, f"ODataV4/Company('{COMPANY}')/{service}", **more)

    async def server(self, method: str, path: str, **more: Any) -> httpx.Response:
        """`path` is below the instance of the server on premises."""
        bc = self.ready["bc"]
        good = (bc["on_premises_user"], bc["on_premises_access_key"])
        address = f"{bc['on_premises_url']}/{path}"
        return await self.http.request(method, address, **{"auth": good, **more})

    async def server_page(self, method: str, service: str, **more: Any) -> httpx.Response:
        return await self.server(method, f"ODataV4/Company('{COMPANY}')/{service}", **more)

    async def _call(
        self, method: str, address: str, resource: str, app: str, more: dict[str, Any]
    ) -> httpx.Response:
        key = f"{app} {resource}"
        if key not in self.tokens:
            self.tokens[key] = await self.token(resource, app)
        headers = {"Authorization": f"Bearer {self.tokens[key]}", **more.pop("headers", {})}
        return await self.http.request(method, address, headers=headers, **more)

    async def become(self, scenario: str) -> None:
        answer = await self.control.post("/_world/scenario", json={"name": scenario})
        assert answer.status_code == 200, answer.text

    async def patch(self, patch: dict[str, Any]) -> None:
        answer = await self.control.patch("/_world", json=patch)
        assert answer.status_code == 200, answer.text

    async def patch_sales(self, patch: dict[str, Any]) -> None:
        await self.patch({"sales": {"adventure": patch}})

    async def calls(self, **query: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = (await self.control.get("/_world/calls", params=query)).json()
        return rows

    async def patch_environment(self, patch: dict[str, Any]) -> None:
        await self.patch({"business_central": {"Production": patch}})

    async def patch_company(self, patch: dict[str, Any]) -> None:
        """The company's `pages`."""
        await self.patch_environment({"companies": {COMPANY: {"pages": patch}}})

    def pages(self) -> dict[str, Any]:
        """Holder -> key -> record, of the company."""
        environment = self.simulation.world.facts["business_central"]["Production"]
        found: dict[str, Any] = environment["companies"][COMPANY]["pages"]
        return found

    def row(self, entity_set: str, key: str) -> dict[str, Any]:
        found: dict[str, Any] = self.simulation.world.facts["sales"]["adventure"]["tables"][
            entity_set
        ][key]
        return found


class MsalClient:
    """What msal needs of an HTTP client, carried by httpx through the proxy."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def post(
        self, url: str, params: Any = None, data: Any = None, headers: Any = None, **_: Any
    ) -> httpx.Response:
        decoded = {k: _text(v) for k, v in (data or {}).items() if v is not None}
        return self._http.post(url, params=params, data=decoded, headers=_given(headers))

    def get(self, url: str, params: Any = None, headers: Any = None, **_: Any) -> httpx.Response:
        return self._http.get(url, params=params, headers=_given(headers))

    def close(self) -> None:
        self._http.close()


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _given(headers: Any) -> dict[str, str]:
    return {name: value for name, value in (headers or {}).items() if value is not None}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def simulation() -> AsyncIterator[Simulation]:
    async with Simulation(seed=7) as running:
        yield running


@pytest.fixture(scope="session")
def trust(simulation: Simulation) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=simulation.ready["ca_file"])


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(simulation: Simulation, trust: ssl.SSLContext) -> AsyncIterator[Visitor]:
    simulation.faults.clear()
    simulation.log.clear()
    simulation.world.become("healthy")
    proxy, control_url = simulation.ready["proxy"], simulation.ready["control_url"]
    async with (
        httpx.AsyncClient(proxy=proxy, verify=trust, trust_env=False) as http,
        httpx.AsyncClient(base_url=control_url, verify=trust, trust_env=False) as control,
    ):
        yield Visitor(simulation, http, control)


Number = Callable[[httpx.Response], int]


@pytest.fixture
def aadsts() -> Number:
    """The AADSTS number of a refusal, wherever it says so, if its shape is right."""

    def number(answer: httpx.Response) -> int:
        body = answer.json()
        (code,) = body["error_codes"]
        assert body["error_description"].startswith(f"AADSTS{code}: ")
        for part in ("Trace ID: ", "Correlation ID: ", "Timestamp: "):
            assert part in body["error_description"]
        assert {"error", "timestamp", "trace_id", "correlation_id"} <= body.keys()
        return int(code)

    return number
