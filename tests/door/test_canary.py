"""A canary secret is found nowhere: files, logs, messages, record, exports, process arguments."""

import base64
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.setups import new_name, save_setup
from tests.stage import Actor, BotProcess, Simulators, Stage

CANARY = "canary-Singing/In+The=Mine~7&x"


def _spellings(secret: str) -> list[bytes]:
    raw = secret.encode()
    return [
        raw,
        quote(secret).encode(),
        quote(secret, safe="").encode(),
        base64.b64encode(raw).rstrip(b"="),
        base64.urlsafe_b64encode(raw).rstrip(b"="),
        raw.hex().encode(),
        raw[::-1],
        secret.encode("utf-16-le"),
    ]


def _found(folder: Path) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file()
        for spelling in _spellings(CANARY)
        if spelling in path.read_bytes()
    ]


def _process_facts(pid: int) -> bytes:
    return b"".join(Path(f"/proc/{pid}/{part}").read_bytes() for part in ("cmdline", "environ"))


@pytest.mark.parametrize("scenario", ["healthy", "tenant-unknown", "throttled"])
async def test_a_canary_secret_is_found_nowhere(
    olga: Actor, bot: BotProcess, stage: Stage, simulators: Simulators, scenario: str
) -> None:
    name = new_name()
    await save_setup(olga, name)
    given = await bot.run("secret", "set", name, "bot_client_secret", stdin=CANARY + "\n")
    assert given.returncode == 0, given.stderr
    await stage.scenario(scenario)
    await stage.fault(site="entra", path="/*token", times=1, body=f"echo {CANARY}", status=500)
    for _ in range(2):
        await olga.types(f"/d365 test {name}")
        await olga.sees("failed", final=lambda message: "Test of" in message["text"])
    await olga.types(f"/d365 status {name}")
    await olga.sees(f"{name}: ")
    exported = await bot.run("audit", "export", "--format", "jsonl")
    as_csv = await bot.run("audit", "export", "--format", "csv")
    listed = await bot.run("connections", "--json")
    said = [given.stdout, given.stderr, exported.stdout, as_csv.stdout, listed.stdout]
    said += [str(await stage.seen(person, "crm-admins")) for person in ("ada", "olga", "vera")]
    said.append(str(await stage.calls("entra")))
    for spelling in _spellings(CANARY):
        assert all(spelling.decode("latin-1") not in text for text in said)
    assert _found(bot.folder) == []
    assert bot.process is not None
    assert CANARY.encode() not in _process_facts(bot.process.pid)


async def test_a_secret_is_never_an_argument_of_the_command_line(bot: BotProcess) -> None:
    shown = await bot.run("secret", "set", "--help")
    assert "CONNECTION FIELD" in shown.stdout
    refused = await bot.run("secret", "set", "x", "bot_client_secret", CANARY)
    assert refused.returncode == 2
