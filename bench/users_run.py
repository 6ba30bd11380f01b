"""`python -m bench.users_run WAY READY FOLDER`: one way to know all users of both sides, once.

In a process of its own, so that the most memory it ever had is its own. Prints a line of JSON.
"""

import asyncio
import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import httpx
import uvloop

from bench.simulated import BC, Simulated

SALES_COLUMNS = (
    "systemuserid,fullname,internalemailaddress,domainname,isdisabled,islicensed,accessmode,"
    "applicationid"
)
BC_COLUMNS = "User_Security_ID,User_Name,Full_Name,State,License_Type,Authentication_Email"
PREFER = "odata.maxpagesize=5000"
"""What ours asks for."""

Found = dict[str, float]


async def ours(one: Simulated, folder: Path) -> Found:
    """The use case itself, with the bot's own wiring and database."""
    from bench.users_bot import check_users

    return await check_users(one, folder)


async def bare(one: Simulated, _folder: Path) -> Found:
    """What a script of thirty lines does: both sides at once, nothing checked, nothing made."""
    tokens = await one.token(), await one.token(BC)
    began = time.perf_counter()
    async with _client(one) as http:
        counts = await asyncio.gather(
            _pages(http, _sales_address(one), tokens[0]), _pages(http, _bc_address(one), tokens[1])
        )
    return _took(began, counts)


async def official(one: Simulated, _folder: Path) -> Found:
    """Microsoft's own client for Dataverse on one side, the same download on the other."""
    from azure.core.credentials import AccessToken
    from PowerPlatform.Dataverse.client import DataverseClient

    tokens = await one.token(), await one.token(BC)

    class Credential:
        def get_token(self, *_: str, **__: object) -> AccessToken:
            return AccessToken(tokens[0], int(time.time()) + 3_000)

    def read() -> int:
        client = DataverseClient(one.ready["sales_url"], Credential())
        return len(client.records.list("systemuser", select=SALES_COLUMNS.split(",")))

    surroundings = {"HTTPS_PROXY": one.ready["proxy"], "REQUESTS_CA_BUNDLE": one.ready["ca_file"]}
    with patch.dict(os.environ, surroundings):
        began = time.perf_counter()
        async with _client(one) as http:
            counts = await asyncio.gather(
                asyncio.to_thread(read), _pages(http, _bc_address(one), tokens[1])
            )
        return _took(began, counts)


WAYS: dict[str, Callable[[Simulated, Path], Coroutine[Any, Any, Found]]] = {
    "ours": ours,
    "bare": bare,
    "official": official,
}


def _client(one: Simulated) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        proxy=one.ready["proxy"], verify=one.trust(), trust_env=False, timeout=60
    )


async def _pages(http: httpx.AsyncClient, address: str, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}", "Prefer": PREFER}
    count = 0
    while address:
        body = json.loads((await http.get(address, headers=headers)).content)
        count += len(body["value"])
        address = body.get("@odata.nextLink", "")
    return count


def _sales_address(one: Simulated) -> str:
    return f"{one.ready['sales_url']}/api/data/v9.2/systemusers?$select={SALES_COLUMNS}"


def _bc_address(one: Simulated) -> str:
    bc = one.ready["bc"]
    company = quote(f"'{bc['company']}'", safe="'")
    base = f"{BC}/v2.0/{one.ready['tenant']}/{bc['environment']}"
    return f"{base}/ODataV4/Company({company})/Users?$select={BC_COLUMNS}"


def _took(began: float, counts: Any) -> Found:
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "users": float(sum(counts)), "megabytes": most_megabytes()}


def most_megabytes() -> float:
    """The most that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def main() -> None:
    """Prints what was found."""
    way, ready, folder = sys.argv[1:]
    one = Simulated(json.loads(Path(ready).read_text()), 0)
    gc.collect()
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(WAYS[way](one, Path(folder)))))


if __name__ == "__main__":
    main()
