"""Draws the README's pictures: a request to enable and a test report, photographed by Chromium.

`python docs/pictures/draw.py` with Debian's chromium; it starts the simulators and the bot.
"""

import asyncio
import html
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.conftest import give_roles
from tests.journeys.changing import Sides, put_package
from tests.setups import give_secret, save_setup
from tests.simulator.packing import INTEGRATION
from tests.stage import BotProcess, Simulators, Stage

PICTURES, HEIGHTS = ("enable-request.png", "test-report.png"), (490, 720)
SIGNS = {
    ":white_check_mark:": "✅", ":x:": "❌", ":warning:": "⚠️", ":heavy_minus_sign:": "➖",
    ":white_circle:": "⚪", ":hourglass_flowing_sand:": "⏳",
}  # fmt: skip
STYLE = """
body{margin:0;background:#fff;font:15px/1.46 'DejaVu Sans',sans-serif;color:#1d1c1d}
.bar{background:#3f0e40;color:#fff;padding:10px 20px;font-weight:bold}
.message{display:flex;padding:14px 20px;gap:12px}.face{width:36px;height:36px;border-radius:6px;
background:#0b556a;color:#fff;text-align:center;line-height:36px;font-weight:bold;flex:none}
.who{font-weight:bold}.time,.context{color:#616061;font-size:12px}.app{background:#e8e8e8;
border-radius:3px;font-size:10px;padding:1px 4px;margin:0 6px;color:#616061}
h2{font-size:18px;margin:4px 0}p{margin:6px 0}hr{border:0;border-top:1px solid #ddd}
code{background:#f8f8f8;border:1px solid #ddd;border-radius:3px;padding:0 3px;color:#c01343;
font-size:12px}
.button{display:inline-block;border:1px solid #bbb;border-radius:4px;padding:5px 12px;
font-weight:bold;font-size:13px;margin-top:6px}.mention{background:#e8f5fa;color:#1264a3}
"""


def words(text: str, people: dict[str, str]) -> str:
    """Slack's mrkdwn as HTML."""
    text = re.sub(r"<@([A-Z0-9]+)>", lambda m: f"\0@{people.get(m[1], m[1])}\1", text)
    text = re.sub(r"<!date[^|]*\|([^>]*)>", r"\1", text)
    text = html.escape(html.unescape(text))
    for name, sign in SIGNS.items():
        text = text.replace(name, sign)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = re.sub(r"(?<!\w)\*([^*\n]+)\*(?!\w)", r"<b>\1</b>", text)
    text = re.sub(r"(?<!\w)_([^_\n]+)_(?!\w)", r"<i>\1</i>", text)
    text = text.replace("\0", '<span class="mention">').replace("\1", "</span>")
    return text.replace("\n", "<br>")


def block(one: dict[str, Any], people: dict[str, str]) -> str:
    """One block as HTML."""
    if one["type"] == "header":
        return f"<h2>{html.escape(one['text']['text'])}</h2>"
    if one["type"] == "section":
        return f"<p>{words(one['text']['text'], people)}</p>"
    if one["type"] == "context":
        return f'<p class="context">{words(one["elements"][0]["text"], people)}</p>'
    if one["type"] == "divider":
        return "<hr>"
    labels = [html.escape(element["text"]["text"]) for element in one["elements"]]
    return " ".join(f'<span class="button">{label}</span>' for label in labels)


def page(message: dict[str, Any], people: dict[str, str]) -> str:
    """The channel with one message."""
    body = "".join(block(one, people) for one in message["blocks"])
    return (
        f"<meta charset=utf-8><style>{STYLE}</style><div class=bar># {message['channel_name']}"
        "</div>"
        f"<div class=message><div class=face>D</div><div><span class=who>d365</span>"
        f"<span class=app>APP</span>{body}</div></div>"
    )


async def messages(folder: Path) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """A request to enable, and a test in which one check fails."""
    simulators = await Simulators(folder).up()
    put_package(folder / "packages")
    settings = {"PYTHONPATH": str(ROOT), "D365BOT_SOLUTION_DIR": str(folder / "packages")}
    bot = BotProcess(folder / "bot", simulators.ready, settings=settings)
    await bot.start()
    stage = Stage(simulators.ready)
    await stage.listen_to(bot)
    await give_roles(stage)
    await bot.run("keys", "new")
    olga = stage.person("olga")
    await save_setup(olga, "adventure-prod")
    await give_secret(olga, bot, "adventure-prod")
    sides = Sides(stage)
    gone = {"solutions": {INTEGRATION: None}, "nav_connections": None}
    await sides.change_sales({"tables": gone})
    await sides.without_roles()
    await olga.types("/d365 enable adventure-prod the new quarter begins on Monday")
    card = await olga.sees("waits for approval")
    await stage.scenario("role-missing")
    await olga.types("/d365 test adventure-prod")
    report = await olga.sees("Test of adventure-prod")
    await stage.aclose()
    await bot.stop()
    await simulators.stop()
    people = {user: name for name, user in simulators.ready["people"].items()}
    for message in (card, report):
        message.setdefault("channel_name", olga.channel)
    return [card, report], people


def main() -> None:
    """Write docs/pictures/*.png."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drawn, people = asyncio.run(messages(folder))
        for picture, message, height in zip(PICTURES, drawn, HEIGHTS, strict=True):
            (folder / "page.html").write_text(page(message, people))
            photograph(folder, (folder / "page.html").as_uri(), picture, height)


def photograph(folder: Path, address: str, picture: str, height: int) -> None:
    """By Chromium, without its own traffic."""
    quiet = "gpu quic background-networking component-update sync".split()
    subprocess.run(
        [
            *("/usr/bin/chromium", "--headless", "--no-sandbox", "--no-first-run"),
            *(f"--disable-{part}" for part in quiet),
            *(
                "--hide-scrollbars",
                f"--window-size=900,{height}",
                "--force-device-scale-factor=1.5",
            ),
            f"--user-data-dir={folder / 'profile'}",
            f"--screenshot={Path(__file__).parent / picture}",
            address,
        ],
        check=True,
        capture_output=True,
    )


if __name__ == "__main__":
    main()
