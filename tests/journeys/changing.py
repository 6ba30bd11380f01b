"""What stories of changes share: a connection that is ready, and what both sides are."""

import base64
from dataclasses import dataclass
from pathlib import Path

from tests.setups import give_password, set_up
from tests.simulator.packing import package
from tests.stage import BEGINNING, Actor, BotProcess, Json, Stage, words_of

NAV = ("prvCreatenav_connection", "prvWritenav_connection", "prvDeletenav_connection")
BOT_ROLE = "Connection Bot"
INTEGRATION_ROLES = ("bc-integration-administrator", "bc-integration-user")

_ASKED: dict[str, str] = {}
"""When a number was last given: bots of different stories begin at R1, in one Slack."""


@dataclass(frozen=True)
class Sides:
    """Both sides in the simulated world, as they are now."""

    stage: Stage

    async def page(self) -> Json:
        """Page 5330."""
        company = (await self._company())["pages"]["crm_connection_setup"]
        found: Json = company["setup"]
        return found

    async def jobs(self) -> Json:
        """Job queue entries by key."""
        found: Json = (await self._company())["pages"]["job_queue_entries"]
        return found

    async def mappings(self) -> Json:
        """Integration table mappings by name."""
        found: Json = (await self._company())["pages"]["integration_table_mappings"]
        return found

    async def sales(self) -> Json:
        """The organisation."""
        world = await self.stage.world()
        found: Json = world["sales"]["adventure"]
        return found

    async def sales_orders(self) -> bool:
        """`issopintegrationenabled`."""
        rows = (await self.sales())["tables"]["organizations"]
        return rows["adventure"]["issopintegrationenabled"] is True

    async def roles(self) -> set[str]:
        """What the integration user holds."""
        held: Json = (await self.sales())["user_roles"]["integration"]
        return {name for name, given in held.items() if given}

    async def nav_rows(self) -> list[Json]:
        """`nav_connections`."""
        return list((await self.sales())["tables"].get("nav_connections", {}).values())

    async def solution(self) -> str:
        """The installed version, or ''."""
        rows = (await self.sales())["tables"]["solutions"].values()
        names = (one for one in rows if one["uniquename"] == "MicrosoftDynamicsNavIntegration")
        return next((str(one["version"]) for one in names), "")

    async def _company(self) -> Json:
        world = await self.stage.world()
        companies = world["business_central"]["Production"]["companies"]
        found: Json = companies[self.stage.ready["bc"]["company"]]
        return found

    async def change_sales(self, patch: Json) -> None:
        """Facts of the organisation."""
        await self.stage.change({"sales": {"adventure": patch}})

    async def change_company(self, pages: Json) -> None:
        """Facts of the company's pages."""
        company = {self.stage.ready["bc"]["company"]: {"pages": pages}}
        await self.stage.change({"business_central": {"Production": {"companies": company}}})

    async def stand(self) -> None:
        """The bot's own user in Sales may all that a plan needs."""
        await self.change_sales({"privileges": {BOT_ROLE: dict.fromkeys(NAV, True)}})

    async def without_roles(self) -> None:
        """Somebody took the solution's roles from the integration user."""
        taken = dict.fromkeys(INTEGRATION_ROLES, None)
        await self.change_sales({"user_roles": {"integration": taken}})


async def ready_to_enable(olga: Actor, bot: BotProcess, **other: str) -> str:
    """Set up with all its secrets, and a bot that may change both sides; its name."""
    name = await set_up(olga, bot, **other)
    await give_password(olga, bot, name)
    await Sides(olga.stage).stand()
    return name


async def card_says(actor: Actor, number: str, text: str) -> str:
    """The card of a request, however old, holds the text now; all its words."""

    def found(seen: Json) -> Json | None:
        cards = [one for one in seen["messages"] if words_of(one).startswith(f"{number} ")]
        return next((one for one in reversed(cards) if text in words_of(one)), None)

    oldest = _ASKED.get(number, BEGINNING)
    return words_of(await actor.until(found, f"{number} with {text!r}", oldest=oldest))


async def asked(olga: Actor, typed: str) -> str:
    """What was asked for waits for approval; its number, such as R3."""
    await olga.types(typed)
    card = await olga.sees(": waits for approval")
    number = words_of(card).split(" ", 1)[0]
    _ASKED[number] = olga.marked
    return number


async def enabled(olga: Actor, paul: Actor, name: str) -> str:
    """A connection that was enabled; the request's number."""
    number = await asked(olga, f"/d365 enable {name}")
    await paul.types(f"/d365 approve {number}")
    await card_says(olga, number, ": done")
    return number


def put_package(folder: Path, version: str = "9.2.0.0") -> None:
    """A solution package for the bot to import."""
    folder.mkdir(exist_ok=True)
    (folder / "solution.zip").write_bytes(base64.b64decode(package(version=version)))
