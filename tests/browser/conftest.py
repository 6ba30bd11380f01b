"""The demo as a person starts it, and Debian's chromium before it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.person import Person, Picturing
from tests.demo.starting import environment

WIDE, NARROW = (1280, 800), (400, 800)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Debian's; `.ci/run` installs it. Nothing is skipped without it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail("no chromium is installed; on Debian: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        # The sandbox of chromium does not run as root, as which containers do.
        quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        browser = await playwright.chromium.launch(executable_path=chromium, args=quiet)
        yield browser
        await browser.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the person who starts the demo; empty before."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def demo_folder(home: Path, address: str) -> Path:
    """What the demo of this module keeps, as long as it runs."""
    (found,) = (home / "tmp").glob("d365bot-demo-*")
    return found


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    """Where the page of a demo of this module's own is."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", "0"],
        env=environment(home),
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
            break
    else:
        _, wrong = process.communicate()
        pytest.fail(f"the demo did not start: {said}{wrong}")
    yield found[0]
    process.terminate()
    _, wrong = process.communicate(timeout=60)
    assert "Traceback" not in wrong, wrong
    assert list((home / "tmp").glob("d365bot-demo-*")) == [], "the demo left its folder behind"


@pytest.fixture(scope="session")
def picturing(tmp_path_factory: pytest.TempPathFactory) -> Picturing:
    """Screenshots go into PICTURES where that is set (`make pictures`), else away."""
    folder = os.environ.get("PICTURES")
    return Picturing(Path(folder) if folder else tmp_path_factory.mktemp("pictures"))


@pytest.fixture
async def olga(browser: Browser, address: str, picturing: Picturing) -> AsyncIterator[Person]:
    """An operator before a window of the usual size."""
    context = await browser.new_context(
        viewport={"width": WIDE[0], "height": WIDE[1]}, timezone_id="Europe/Copenhagen"
    )
    person = Person(await context.new_page(), address, picturing)
    await person.opens("olga")
    yield person
    assert person.errors == []
    await context.close()
