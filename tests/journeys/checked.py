"""The stage on which every check is made red and its remedy followed: one bot, one connection."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from storage.certificates import X509Certificates
from tests.setups import (
    INTEGRATION,
    PASSWORD,
    give_password,
    give_secret,
    new_name,
    right_values,
)
from tests.stage import Actor, BotProcess, Json, Stage, words_of


@dataclass(frozen=True)
class Checked:
    """Who asks, what is tested, and the healthy world to come back to."""

    bot: BotProcess
    stage: Stage
    olga: Actor
    name: str
    healthy: Json
    setup: Mapping[str, str] = field(default_factory=dict)

    async def report(self) -> str:
        """What everybody reads of a test."""
        await self.olga.types(f"/d365 test {self.name}")
        return words_of(await self.olga.sees(f"Test of {self.name}"))

    async def another(self, setup: Mapping[str, str]) -> "Checked":
        """With a connection of its own, set up with these values, and every secret it needs."""
        one = replace(self, name=new_name(), setup=setup)
        await one.stage.scenario("healthy")
        await one.save(setup)
        credential = setup.get("bot_credential", "client_secret")
        if credential == "client_secret":
            await give_secret(one.olga, one.bot, one.name)
        if setup.get("integration_auth", "password") == "password":
            await give_password(one.olga, one.bot, one.name)
        return one

    async def become(self, scenario: str) -> None:
        """And the integration account keeps the password that the bot was given."""
        await self.stage.scenario(scenario)
        account = (await self.stage.world())["accounts"].get(INTEGRATION)
        if account is not None and scenario != "wrong-password":
            await self.stage.change({"accounts": {INTEGRATION: {"password": PASSWORD}}})

    async def save(self, values: Mapping[str, str]) -> None:
        """Through the form, which comes back where a choice brings other fields."""
        await self.olga.types(f"/d365 setup {self.name}")
        await self.olga.sees_form()
        typed = right_values(self.olga, self.name, **values)
        answer = await self.olga.submits(**typed)
        if answer["response_action"] == "update":
            client_id = self.stage.ready["apps"]["integration"]["client_id"]
            answer = await self.olga.submits(integration_client_id=client_id)
        assert answer["response_action"] == "clear", answer
        await self.olga.sees(f"Setup of {self.name} saved")

    async def correct(self, values: Mapping[str, str]) -> None:
        """The same setup, but for these."""
        await self.save({**self.setup, **values})

    async def restore(self, path: tuple[str, ...]) -> None:
        """What stood there in the healthy world."""
        facts: Any = self.healthy
        for part in path:
            facts = facts[part]
        patch: Any = facts
        for part in reversed(path):
            patch = {part: patch}
        await self.stage.change(patch)

    async def give(self, secret: str, value: str) -> None:
        """Where the bot runs."""
        done = await self.bot.run("secret", "set", self.name, secret, stdin=value)
        assert done.returncode == 0, done.stderr

    async def new_client_secret(self) -> None:
        """An administrator adds one to the bot's app, and gives it to the bot."""
        secret = {"value": "another-secret-of-the-app", "expires": "2999-01-01T00:00:00Z"}
        await self.stage.change({"apps": {"bot": {"secrets": {"main": secret}}}})
        await give_secret(self.olga, self.bot, self.name, secret["value"])

    async def certificate(self, days: int) -> None:
        """The bot's app signs in with one that holds so long."""
        await self._certificate("bot", "bot_certificate", days)

    async def integration_certificate(self, days: int) -> None:
        """What Business Central signs in with."""
        await give_secret(self.olga, self.bot, self.name)
        await self._certificate("integration", "integration_certificate", days)

    async def _certificate(self, app: str, secret: str, days: int) -> None:
        pair, public = await X509Certificates().make(f"for {days} days", days, datetime.now(UTC))
        key = {"pem": public.pem}
        await self.stage.change({"apps": {app: {"certificates": {str(days): key}}}})
        await self.give(secret, pair)
