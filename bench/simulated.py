"""The simulators as a process of their own, so that their CPU can be told apart."""

import asyncio
import json
import os
import ssl
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PATIENCE = 120.0
BC = "https://api.businesscentral.dynamics.com"


@dataclass(frozen=True, slots=True)
class Simulated:
    """`ready` is the ready file."""

    ready: dict[str, Any]
    process: int

    def cpu_seconds(self) -> float:
        """User and system time so far (proc(5): fields 14 and 15 of stat, in clock ticks)."""
        told = Path(f"/proc/{self.process}/stat").read_text().rpartition(") ")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    def trust(self) -> ssl.SSLContext:
        """The simulators' own authority."""
        return ssl.create_default_context(cafile=self.ready["ca_file"])

    async def control(self, path: str, said: dict[str, object]) -> None:
        """POST to the control address."""
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as http:
            answer = await http.post(self.ready["control_url"] + path, json=said)
            answer.raise_for_status()

    async def token(self, resource: str = "") -> str:
        """For Sales, or for another resource, by the bot's client secret."""
        app = self.ready["apps"]["bot"]
        form = {
            "grant_type": "client_credentials",
            "client_id": app["client_id"],
            "client_secret": app["client_secret"],
            "scope": f"{resource or self.ready['sales_url']}/.default",
        }
        login = f"https://login.microsoftonline.com/{self.ready['tenant']}/oauth2/v2.0/token"
        async with httpx.AsyncClient(
            proxy=self.ready["proxy"], verify=self.trust(), trust_env=False
        ) as http:
            answer = await http.post(login, data=form)
            return str(answer.raise_for_status().json()["access_token"])


@asynccontextmanager
async def simulated(within: Path) -> AsyncGenerator[Simulated, None]:
    """Started and listening, stopped at the end."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", "--ready-file", str(within / "ready.json")),
        stdout=subprocess.PIPE,
        env={**kept, "HOME": str(within)},
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
        yield Simulated(json.loads(line), process.pid)
    finally:
        process.terminate()
        await process.wait()
