"""A person before a browser window: what they press and type, and what they wait to see."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

SECONDS = 30_000
"""In milliseconds, as Playwright counts."""

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True, slots=True)
class Picturing:
    """Where screenshots go."""

    folder: Path

    async def take(self, page: Page, name: str) -> None:
        """What is in the window now."""
        await page.screenshot(path=self.folder / f"{name}.png", animations="disabled")


@dataclass(slots=True)
class Person:
    """`errors` are what the page complained about."""

    page: Page
    address: str
    picturing: Picturing
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(SECONDS)
        self.page.on("request", lambda request: self._ask(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self._hear(message.type, message.text))

    def _ask(self, url: str) -> None:
        """Nothing comes from elsewhere."""
        if not url.startswith((self.address, self.address.replace("http", "ws", 1), "data:")):
            self.errors.append(f"the page asked for {url}")

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error":
            self.errors.append(text)

    async def opens(self, who: str, place: str = "") -> None:
        """The page as this person."""
        await self.page.goto(f"{self.address}?as={who}" + (f"&in={place}" if place else ""))
        await expect(self.page.locator(".bar h2")).not_to_be_empty()

    async def second_window(self, label: str) -> "Person":
        """Follows a link that opens one."""
        async with self.page.context.expect_page() as opening:
            await self.page.get_by_role("link", name=label).click()
        person = Person(await opening.value, self.address, self.picturing)
        await expect(person.page.locator(".bar h2")).not_to_be_empty()
        return person

    async def says(self, line: str) -> None:
        """Types it into the box, and sends it."""
        await self.page.locator("#composer").fill(line)
        await self.page.locator("#composer").press("Enter")

    async def sends_what_the_guide_types(self, label: str) -> None:
        """Presses the guide's button, reads the command, sends it."""
        await self.page.locator(".guide").get_by_role("button", name=label).click()
        await expect(self.page.locator("#composer")).to_have_value(re.compile(r"^/d365 "))
        await self.page.locator("#composer").press("Enter")

    async def presses(self, label: str, *, within: str = "body") -> None:
        """The last button of this name: of the newest message, where several have it."""
        await self.page.locator(within).get_by_role("button", name=label, exact=True).last.click()

    async def fills_in_what_fits(self) -> None:
        """The setup form, and waits until it stands there."""
        address = self.page.get_by_label("Dynamics 365 Sales URL")
        await address.fill("")
        await self.presses("Fill in what fits the simulated world")
        await expect(address).not_to_be_empty()

    async def sees(self, text: str | re.Pattern[str], *, within: str = "body") -> Locator:
        """Waits for it."""
        found = self.page.locator(within).get_by_text(text).last
        await expect(found).to_be_visible(timeout=SECONDS)
        return found

    async def reads_title(self, text: str | re.Pattern[str]) -> Locator:
        """Waits for a message, or a part of Home, with this title."""
        found = self.page.get_by_role("heading", level=3, name=text).last
        await expect(found).to_be_visible(timeout=SECONDS)
        return found

    async def looks_at(self, view: str) -> None:
        """In a narrow window one of three parts is shown; in a wide one all are."""
        button = self.page.locator(".views").get_by_role("button", name=view, exact=True)
        if await button.is_visible():
            await button.click()

    async def goes_to(self, place: str) -> None:
        """By the list of places."""
        await self.looks_at("Places")
        await self.page.get_by_role("button", name=re.compile(f"^{re.escape(place)}")).click()

    async def takes_picture(self, name: str) -> None:
        """Of the window, once nothing moves."""
        await self.page.mouse.move(0, 0)
        await self.picturing.take(self.page, name)

    async def amiss(self) -> list[str]:
        """What axe finds wrong with the page as it stands."""
        options = {"runOnly": {"type": "tag", "values": TAGS}}
        results = await Axe().run(self.page, options=options)
        return [
            f"{one['id']}: {one['help']}: {json.dumps([n['html'][:160] for n in one['nodes'][:3]])}"
            for one in results.response["violations"]
        ]
