"""Canaries by every way in are found nowhere: files, logs, messages, metrics, record, engine."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from storage.certificates import X509Certificates
from tests.door.test_canary import _process_facts, _spellings
from tests.journeys.bots import a_bot
from tests.journeys.secret_form import PUBLIC, Browser, link_in
from tests.setups import INTEGRATION, new_name, right_values
from tests.stage import Actor, BotProcess, Simulators, Stage, free_port

CANARY = "canary-Whistling/By+The=Door~8&x"
PEOPLE = ("ada", "olga", "vera", "paul")


@pytest.fixture(scope="module")
async def watched_bot(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[BotProcess, int]]:
    """A bot with every way in, and with metrics; its process is its own from the start."""
    metrics = free_port()
    settings = {
        "D365BOT_PUBLIC_URL": PUBLIC,
        "D365BOT_SECRETS_IN_SLACK": "true",
        "D365BOT_METRICS_PORT": str(metrics),
        "D365BOT_ALLOWED_HOSTS": "bc.adventure-example.com:7048",
    }
    folder = tmp_path_factory.mktemp("watched")
    async with a_bot(simulators, stage, folder, key=True, fresh=True, **settings) as bot:
        yield bot, metrics


@pytest.fixture
async def typist(watched_bot: tuple[BotProcess, int], stage: Stage) -> Actor:
    """Olga, in a healthy world."""
    await stage.listen_to(watched_bot[0])
    await stage.scenario("healthy")
    return stage.person("olga")


async def everything(stage: Stage, bot: BotProcess, metrics: int) -> dict[str, bytes]:
    """All that can be read of a bot: place → bytes."""
    found = {
        str(path.relative_to(bot.folder)): path.read_bytes()
        for path in bot.folder.rglob("*")
        if path.is_file()
    }
    assert any(name.endswith("engine.sqlite") for name in found)
    assert any(name.endswith("bot.log") for name in found)
    for person in PEOPLE:
        for channel in ("crm-admins", "dm"):
            seen = await stage.seen(person, channel)
            found[f"{person} in {channel}"] = str(seen).encode()
    for site in ("entra", "dataverse", "bc", "slack"):
        found[f"calls of {site}"] = str(await stage.calls(site)).encode()
    for kind in ("jsonl", "csv"):
        found[kind] = (await bot.run("audit", "export", "--format", kind)).stdout.encode()
    found["connections"] = (await bot.run("connections", "--json")).stdout.encode()
    async with httpx.AsyncClient(trust_env=False) as client:
        found["metrics"] = (await client.get(f"http://127.0.0.1:{metrics}/metrics")).content
        found["ready"] = (await client.get(f"{bot.address}/readyz")).content
    assert b"d365bot_slack_request_seconds" in found["metrics"]
    assert bot.process is not None
    found["process"] = _process_facts(bot.process.pid)
    return found


async def expect_nowhere(stage: Stage, watched: tuple[BotProcess, int], *secrets: str) -> None:
    places = await everything(stage, *watched)
    found = [
        (name, spelling[:6])
        for name, text in places.items()
        for secret in secrets
        for spelling in _spellings(secret)
        if spelling in text
    ]
    assert found == []


async def looks_everywhere(actor: Actor, name: str) -> None:
    """What touches a secret most."""
    await actor.types(f"/d365 test {name}")
    await actor.sees(f"Test of {name}", final=lambda m: "Test of" in m["text"])
    for words in ("status", "secret", "audit"):
        await actor.types(f"/d365 {words} {name}")
        await actor.sees(name)


@pytest.mark.parametrize("decision", ["Confirm", "Discard", ""])
async def test_by_the_form(
    typist: Actor, watched_bot: tuple[BotProcess, int], stage: Stage, decision: str
) -> None:
    name = new_name()
    await typist.types(f"/d365 setup {name}")
    await typist.sees_form()
    await typist.submits(**right_values(typist, name))
    await typist.closes()
    await typist.types(f"/d365 secret {name} bot_client_secret")
    link = link_in(await typist.sees("open the form"))
    browser = Browser(watched_bot[0])
    echoed = await browser.gives(link, CANARY, expires="1999-01-01")
    assert CANARY not in echoed.text
    await stage.fault(site="slack", path="/api/chat.postEphemeral", times=1, status=500, body="no")
    assert CANARY not in (await browser.gives(link, CANARY)).text
    await typist.sees("was given; its fingerprint ends")
    if decision:
        await typist.presses(decision)
        await typist.sees("is set" if decision == "Confirm" else "Discarded")
    await looks_everywhere(typist, name)
    await expect_nowhere(stage, watched_bot, CANARY)
    token = link.rpartition("/")[2].encode()
    places = await everything(stage, *watched_bot)
    seen_by_others = {name: text for name, text in places.items() if not name.startswith("olga")}
    assert [name for name, text in seen_by_others.items() if token in text] == []


async def test_typed_into_a_modal(
    typist: Actor, watched_bot: tuple[BotProcess, int], stage: Stage
) -> None:
    name = new_name()
    await typist.types(f"/d365 setup {name}")
    await typist.sees_form()
    await typist.submits(**right_values(typist, name))
    await typist.sees_form("secrets")
    await typist.submits(bot_client_secret=CANARY, integration_password=f"{CANARY}2")
    await looks_everywhere(typist, name)
    await expect_nowhere(stage, watched_bot, CANARY)


@pytest.mark.parametrize("field", ["integration_password", "bot_client_secret"])
async def test_at_the_command_line(
    typist: Actor, watched_bot: tuple[BotProcess, int], stage: Stage, field: str
) -> None:
    name = new_name()
    await typist.types(f"/d365 setup {name}")
    await typist.sees_form()
    await typist.submits(**right_values(typist, name))
    await typist.closes()
    given = await watched_bot[0].run("secret", "set", name, field, stdin=CANARY)
    assert given.returncode == 0, given.stderr
    assert CANARY not in given.stdout + given.stderr
    echo = {"error": "invalid_client", "error_description": f"AADSTS1: you sent {CANARY}"}
    await stage.fault(site="entra", path="/*token", times=2, status=401, json=echo)
    await looks_everywhere(typist, name)
    await stage.mend()
    await expect_nowhere(stage, watched_bot, CANARY)


async def test_pasted_into_a_form_that_is_drawn_anew(
    typist: Actor, watched_bot: tuple[BotProcess, int], stage: Stage
) -> None:
    secret = "qRs8Q~" + "vW6." * 8 + "t3"
    await typist.types(f"/d365 setup {new_name()}")
    await typist.sees_form()
    await typist.chooses("hosting", "on-premises", "bc_url", integration_user_name=secret)
    await typist.closes()
    await expect_nowhere(stage, watched_bot, secret)
    exported = await watched_bot[0].run("audit", "export", "--format", "jsonl")
    refused = [json.loads(line) for line in exported.stdout.splitlines() if "refused" in line]
    assert refused[-1]["tag"] == "secret:refused", exported.stdout[-400:]
    assert refused[-1]["details"] == {"where": "form"}


@pytest.mark.parametrize(
    "words", ["secret {0} integration_password {1}", "encryption {1}", "sign-in {0} {1}"]
)
async def test_typed_behind_a_command(
    typist: Actor, watched_bot: tuple[BotProcess, int], stage: Stage, words: str
) -> None:
    name = new_name()
    await typist.types(f"/d365 setup {name}")
    await typist.sees_form()
    await typist.submits(**right_values(typist, name))
    await typist.closes()
    await typist.types("/d365 " + words.format(name, "Sommer2026!Regen"))
    await typist.sees("I take only words that I know")
    await expect_nowhere(stage, watched_bot, "Sommer2026!Regen")


async def test_a_certificates_private_key(
    typist: Actor, watched_bot: tuple[BotProcess, int], stage: Stage
) -> None:
    pair, public = await X509Certificates().make("canary", 60, datetime.now(UTC))
    name = new_name()
    await typist.types(f"/d365 setup {name}")
    await typist.sees_form()
    await typist.submits(**right_values(typist, name, bot_credential="certificate"))
    await typist.closes()
    given = await watched_bot[0].run("secret", "set", name, "bot_certificate", stdin=pair)
    assert given.returncode == 0, given.stderr
    await stage.change({"apps": {"bot": {"certificates": {"canary": {"pem": public.pem}}}}})
    await looks_everywhere(typist, name)
    line = pair.splitlines()[3]
    places = await everything(stage, *watched_bot)
    body = base64.b64decode("".join(pair.split("-----")[2].split()))
    for needle in (line.encode(), body[200:232], body[200:232].hex().encode()):
        assert [name for name, text in places.items() if needle in text] == []


async def test_an_administrators_code_and_token(
    typist: Actor, watched_bot: tuple[BotProcess, int], stage: Stage
) -> None:
    name = new_name()
    await stage.change({"tenants": {"adventure": {"device_interval": 1}}})
    await typist.types(f"/d365 setup {name}")
    await typist.sees_form()
    await typist.submits(**right_values(typist, name))
    await typist.closes()
    await typist.types(f"/d365 sign-in {name}")
    message = await typist.sees("enter the code")
    code = str(message["text"]).split("enter the code ")[1].rstrip(".")
    await stage.enters_code(code, INTEGRATION)
    await typist.sees("Signed in for")
    places = await everything(stage, *watched_bot)
    written = {
        name: text for name, text in places.items() if " in " not in name and "calls" not in name
    }
    assert [name for name, text in written.items() if code.encode() in text] == []
    assert [name for name, text in written.items() if b"eyJ" in text] == [], "no token"


def test_the_canaries_spellings_are_looked_for(tmp_path: Path) -> None:
    assert len(set(_spellings(CANARY))) >= 6
    assert all(spelling for spelling in _spellings(CANARY))
