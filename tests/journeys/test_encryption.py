"""Encryption is asked for, as Business Central does, when the first secret arrives."""

import stat
from collections.abc import AsyncIterator

import pytest

from tests.conftest import folder_text
from tests.journeys.bots import a_bot
from tests.journeys.secret_form import PUBLIC, Browser, link_in
from tests.reports import passed_in
from tests.setups import new_name, save_setup
from tests.stage import Actor, BotProcess, Simulators, Stage, words_of


@pytest.fixture
async def bare_bot(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot without any encryption key."""
    folder = tmp_path_factory.mktemp("bare")
    async with a_bot(simulators, stage, folder, key=False, D365BOT_PUBLIC_URL=PUBLIC) as bot:
        yield bot


@pytest.fixture
def olga(bare_bot: BotProcess, stage: Stage) -> Actor:
    """Olga Operator."""
    return stage.person("olga")


async def gives(olga: Actor, bot: BotProcess, name: str, secret: str) -> str:
    """By a link; what she is asked then."""
    await save_setup(olga, name)
    await olga.types(f"/d365 secret {name} bot_client_secret")
    link = link_in(await olga.sees("open the form"))
    assert (await Browser(bot).gives(link, secret)).status_code == 200
    return words_of(await olga.sees("Turn it on now?"))


def right_secret(olga: Actor) -> str:
    return str(olga.stage.ready["apps"]["bot"]["client_secret"])


async def test_yes_makes_the_key_and_keeps_the_secret(olga: Actor, bare_bot: BotProcess) -> None:
    name = new_name()
    asked = await gives(olga, bare_bot, name, right_secret(olga))
    assert "Data encryption is off" in asked
    assert not list((bare_bot.folder / "keys").glob("encryption-*"))
    await olga.presses("Yes, turn it on and keep it")
    await olga.sees(f"{name} is set")
    key = bare_bot.folder / "keys/encryption-1.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    await olga.types(f"/d365 test {name}")
    await olga.sees("every check passed")
    await olga.types("/d365 audit")
    assert "encryption:key:created" in words_of(await olga.sees("Audit"))


async def test_no_keeps_the_settings_and_uses_the_secret_for_one_test_only(
    olga: Actor, bare_bot: BotProcess
) -> None:
    name = new_name()
    secret = right_secret(olga)
    await gives(olga, bare_bot, name, secret)
    await olga.presses("No, use it for one test")
    report = await olga.sees("every check passed")
    assert "Sign-in" in passed_in(words_of(report))
    await olga.types(f"/d365 test {name}")
    again = await olga.sees("failed", final=lambda m: "Test of" in m["text"])
    assert "does not hold the client secret" in words_of(again)
    await olga.types(f"/d365 status {name}")
    assert "revision 1" in words_of(await olga.sees(f"{name}: "))
    assert not list((bare_bot.folder / "keys").glob("encryption-*"))
    assert secret.encode() not in folder_text(bare_bot.folder)


async def test_after_a_restart_the_secret_has_to_be_given_again(
    olga: Actor, bare_bot: BotProcess
) -> None:
    name = new_name()
    await gives(olga, bare_bot, name, right_secret(olga))
    assert await bare_bot.stop() == 0
    await bare_bot.start()
    await olga.presses("Yes, turn it on and keep it")
    await olga.sees("Give the secret again")
    await olga.types(f"/d365 secret {name} once")
    await olga.sees(f"Give the secret again with /d365 secret {name}")


async def test_it_can_be_turned_on_later_and_what_was_given_kept_then(
    olga: Actor, bare_bot: BotProcess
) -> None:
    name = new_name()
    await gives(olga, bare_bot, name, right_secret(olga))
    await olga.types(f"/d365 secret {name} confirm")
    await olga.sees("Encryption is off, so the secret cannot be kept")
    await olga.types("/d365 encryption")
    shown = words_of(await olga.sees("Encryption of secrets is off"))
    assert "Data Encryption Management" in shown
    await olga.presses("Turn encryption on")
    await olga.sees("Encryption is on: key 1 was made")
    await olga.types("/d365 encryption on")
    await olga.sees("Encryption was on already")
    await olga.types(f"/d365 secret {name} confirm")
    await olga.sees(f"{name} is set")
    await olga.types("/d365 encryption")
    assert "Key 1 seals 1 secret" in words_of(await olga.sees("Encryption of the bot's secrets"))


async def test_help_tells_business_centrals_own_encryption_apart(olga: Actor) -> None:
    await olga.types("/d365 help encryption")
    shown = words_of(await olga.sees("Your roles"))
    assert "Business Central's own, on its page Data Encryption Management, is another" in shown


async def test_without_encryption_no_certificate_is_made_and_the_way_is_told(
    olga: Actor, bare_bot: BotProcess
) -> None:
    name = new_name()
    await save_setup(olga, name, bot_credential="certificate")
    await olga.types(f"/d365 secret {name} bot_certificate make")
    await olga.sees("Encryption is off, so the bot cannot keep a private key")
    shown = await bare_bot.run("certificate", "new", name)
    assert shown.returncode == 1
    assert "BEGIN" not in shown.stdout


async def test_from_standard_input_nothing_is_stored_without_a_key(
    olga: Actor, bare_bot: BotProcess
) -> None:
    name = new_name()
    await save_setup(olga, name)
    done = await bare_bot.run("secret", "set", name, "bot_client_secret", stdin="x-secret-x")
    assert done.returncode == 1
    assert "d365bot keys new" in done.stderr
