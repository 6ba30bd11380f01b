"""A certificate that the bot makes: its public half as a file, and a renewal beside the old one."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from storage.certificates import X509Certificates
from tests.reports import passed_in
from tests.setups import new_name, save_setup
from tests.stage import Actor, BotProcess, Stage, words_of


@pytest.fixture(autouse=True)
async def own_certificates(stage: Stage) -> AsyncIterator[None]:
    """What Entra was told in a story is forgotten after it."""
    yield
    await stage.scenario("healthy")


async def file_of(olga: Actor) -> str:
    """The newest file in her direct messages with the bot."""
    seen = await olga.stage.seen("olga", "dm")
    files = [file for message in seen["messages"] for file in message["files"]]
    return str(files[-1]["content"])


async def uploads(stage: Stage, key: str, pem: str) -> None:
    """As an administrator does in Entra."""
    await stage.change({"apps": {"bot": {"certificates": {key: {"pem": pem}}}}})


async def test_the_bot_makes_a_certificate_and_signs_in_with_it(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = new_name()
    await save_setup(olga, name, bot_credential="certificate")
    await olga.types(f"/d365 secret {name} bot_certificate make 90")
    message = await olga.sees(f"Certificate for {name}")
    assert message["ephemeral"]
    pem = await file_of(olga)
    assert "PRIVATE" not in pem
    certificate = x509.load_pem_x509_certificate(pem.encode())
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 3072
    days = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert days.days == 90
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert ExtendedKeyUsageOID.CLIENT_AUTH in usage
    await olga.types(f"/d365 test {name}")
    unknown = await olga.sees("failed", final=lambda m: "Test of" in m["text"])
    assert "not of a certificate that the app has in Entra ID" in words_of(unknown)
    await uploads(stage, "first", pem)
    await olga.types(f"/d365 test {name}")
    passed = await olga.sees("every check passed")
    assert "Sign-in" in passed_in(words_of(passed))
    await olga.types(f"/d365 test {name} all")
    await olga.sees("with its certificate")
    shown = await bot.run("certificate", "show", name)
    assert shown.stdout == pem


async def test_a_renewed_certificate_is_used_only_once_it_works(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = new_name()
    await save_setup(olga, name, bot_credential="certificate")
    first = await bot.run("certificate", "new", name, "--days", "20")
    assert first.returncode == 0, first.stderr
    assert "PRIVATE" not in first.stdout
    await uploads(stage, "first", first.stdout)
    await olga.types(f"/d365 test {name}")
    warned = words_of(await olga.sees("it works, with warnings"))
    assert "both are valid meanwhile" in warned
    await olga.types(f"/d365 secret {name}")
    await olga.sees(f"Secrets of {name}")
    await olga.presses("Renew for 1 year")
    await olga.sees(f"Certificate for {name}")
    second = await file_of(olga)
    assert second != first.stdout
    await olga.types(f"/d365 test {name}")
    await olga.sees("it works, with warnings")
    await olga.types(f"/d365 secret {name} use")
    await olga.sees("not of a certificate that the app has in Entra ID")
    await olga.types(f"/d365 test {name}")
    await olga.sees("it works, with warnings")
    await uploads(stage, "second", second)
    await olga.types(f"/d365 secret {name}")
    assert "A new certificate waits" in words_of(await olga.sees(f"Secrets of {name}"))
    await olga.presses("Use it")
    await olga.sees("signs in with the new certificate")
    await stage.change({"apps": {"bot": {"certificates": {"first": None}}}})
    await olga.types(f"/d365 test {name}")
    await olga.sees("every check passed")


@pytest.mark.parametrize("days", ["0", "731", "-1", "1.5"])
async def test_a_validity_that_cannot_be_is_told(olga: Actor, days: str) -> None:
    name = new_name()
    await save_setup(olga, name, bot_credential="certificate")
    await olga.types(f"/d365 secret {name} bot_certificate make {days}")
    await olga.sees("is not a number of days from 1 to 730")


async def test_without_files_the_public_half_comes_as_text(olga: Actor, stage: Stage) -> None:
    name = new_name()
    await save_setup(olga, name, bot_credential="certificate")
    await stage.fault(
        site="slack", path="/api/files.*", json={"ok": False, "error": "missing_scope"}
    )
    await olga.types(f"/d365 secret {name} bot_certificate make")
    message = words_of(await olga.sees("Save this as d365bot-"))
    await stage.mend()
    assert "BEGIN CERTIFICATE" in message
    assert "PRIVATE" not in message
    await olga.types(f"/d365 secret {name} bot_certificate show")
    await olga.sees(f"Certificate for {name}")


async def test_a_certificate_of_ones_own_is_taken_with_its_key_and_checked(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    pair, public = await X509Certificates().make("own", 60, datetime.now(UTC))
    other, _ = await X509Certificates().make("other", 60, datetime.now(UTC))
    name = new_name()
    await save_setup(olga, name, bot_credential="certificate")
    mixed = other[: other.index("-----BEGIN CERTIFICATE")] + public.pem
    for wrong, told in (
        (public.pem, "One private key and its certificate are needed"),
        (mixed, "does not belong to the first certificate"),
        (pair.replace("MII", "AAA"), "cannot be read"),
    ):
        refused = await bot.run("secret", "set", name, "bot_certificate", stdin=wrong)
        assert refused.returncode == 1
        assert told in refused.stderr
    done = await bot.run("secret", "set", name, "bot_certificate", stdin=pair)
    assert f"ends on {public.expires_at:%Y-%m-%d}" in done.stdout, done.stderr
    await uploads(stage, "own", public.pem)
    await olga.types(f"/d365 test {name}")
    await olga.sees("every check passed")
