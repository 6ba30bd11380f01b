"""Text from people and machines is shown as text: it calls nobody and leads nowhere."""

import csv
import io
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.access_words import circle_name
from connection.asks import Answer, Tone
from connection.people import Circle
from connection.spreadsheets import csv_lines
from handlers.views.answers import answer_message
from handlers.views.blocks import clip_mrkdwn, escape
from storage.exporting import COLUMNS, _csv_line
from tests.door.proof import LINK, PING, pings
from tests.setups import new_name, right_values, save_setup
from tests.stage import Actor, BotProcess, Stage, words_of

NASTY = (
    "<!channel> <!here> <!everyone>",
    "<@U012AB3CD> <!subteam^S012AB3CD|@all>",
    "<https://evil.example|Sales> <mailto:a@b.c|x>",
    "<!date^0^{date}|never>",
    "*bold* _i_ ~s~ `code` ```\nblock\n```",
    "\u202egnp.exe \u200b\u200d\ufeff",
    "line\nline\r\nline\u2028line",
    "&lt;!channel&gt; &amp;",
    ":rotating_light: " * 30,
    "x" * 3500,
    "\x1b[31mred\x1b[0m \x07\x08",
    '"}, {"event": "forged", "level": "info"}',
    '=HYPERLINK("https://evil.example","x")',
)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
async def test_what_is_typed_into_the_form_calls_nobody(
    text: str, olga: Actor, bot: BotProcess
) -> None:
    name = new_name()
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    typed = text[:100]  # Slack's inputs take no more
    answer = await olga.submits(**right_values(olga, name, bc_company=typed, bc_environment=typed))
    if answer["response_action"] == "errors":
        assert set(answer["errors"]) <= {"bc_company", "bc_environment"}
        assert "<!channel>" not in json.dumps(answer)
        await olga.closes()
        return
    saved = await olga.sees(f"Setup of {name} saved")
    await olga.types(f"/d365 status {name}")
    status = await olga.sees(f"{name}: ")
    await olga.types(f"/d365 audit {name}")
    record = await olga.sees("setup:saved")
    for message in (saved, status, record):
        assert pings(_without(olga, message)) == []


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
async def test_what_a_service_says_calls_nobody(
    text: str, olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = new_name()
    await save_setup(olga, name)
    done = await bot.run(
        "secret", "set", name, "bot_client_secret",
        stdin=stage.ready["apps"]["bot"]["client_secret"],
    )  # fmt: skip
    assert done.returncode == 0
    body = json.dumps({"error": {"code": text, "message": text}})
    await stage.fault(site="dataverse", path="/api/*", status=400, body=body)
    await olga.types(f"/d365 test {name}")
    report = await olga.sees("Test of", final=lambda message: "Testing" not in message["text"])
    assert pings(_without(olga, report)) == []
    await stage.mend()
    assert all(json.loads(line) for line in bot.log.read_text().splitlines() if line)


async def test_names_of_groups_and_channels_and_people_call_nobody(
    ada: Actor, bot: BotProcess, stage: Stage
) -> None:
    await stage.change({"slack": {"people": {"sam": {"real_name": "<!channel> *Sam*"}}}})
    await ada.types("/d365 access add S0GROUP0001 viewer")
    shown = await ada.sees("now has the role viewer")
    assert not PING.search(words_of(shown))
    await ada.types("/d365 access remove S0GROUP0001 viewer")
    await ada.sees("no longer has")
    await stage.change({"slack": {"people": {"sam": {"real_name": "Sam Stranger"}}}})


def _without(actor: Actor, message: dict[str, Any]) -> dict[str, Any]:
    """But for the mention of the one who did it, and what leads to both sides of the setup."""
    mention = f"<@{actor.stage.ready['people'][actor.name]}>"
    words = words_of(message).replace(mention, "").replace("<https://adventure", "")
    return {"text": _TO_BUSINESS_CENTRAL.sub("", words)}


_TO_BUSINESS_CENTRAL = re.compile(
    r"<https://businesscentral\.dynamics\.com(?:/[A-Za-z0-9%._~-]+)+/\?company=[A-Za-z0-9%._~-]*"
    r"&amp;page=\d+\|Microsoft Dynamics 365 Connection Setup>"
)
"""Whatever was typed is quoted in it."""


texts = st.text(
    st.sampled_from("<>!@#|^&*`~_\n\r\u202e\u200bhttps:/channelUSC0 ") | st.characters(),
    max_size=60,
)


@given(texts, texts, st.sampled_from([Tone.TOLD, Tone.REFUSED, Tone.BROKEN]))
def test_no_foreign_text_of_an_answer_calls_anybody(message: str, hint: str, tone: Tone) -> None:
    shown = answer_message(Answer(tone, message or "x", hint))
    for text in (shown.text, json.dumps(shown.as_dicts())):
        assert not PING.search(text)
        assert not LINK.search(text)


@given(texts)
def test_a_clipped_text_is_no_mention_either(text: str) -> None:
    for most in range(1, 12):
        assert not PING.search(clip_mrkdwn(escape(text), most))


@given(texts)
def test_the_name_of_a_group_is_a_plain_word(name: str) -> None:
    assert not PING.search(circle_name(Circle("S1"), name))
    assert "<" not in circle_name(Circle("C1"), name)


@given(st.lists(st.text(max_size=20), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_no_cell_is_a_formula_and_every_cell_can_be_read_back(cells: list[str]) -> None:
    line = _csv_line(cells)
    read: list[Any] = next(csv.reader(io.StringIO(line, newline=""), strict=True), [])
    assert len(read) == len(cells)
    for cell, original in zip(read, cells, strict=True):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff20"))
        assert original.replace("'", "") == cell.replace("'", "")


@pytest.mark.parametrize("apart", [",", ";", "\t"])
@pytest.mark.parametrize(
    "cell",
    [
        "x;=cmd();y",
        'x;"=cmd();y',
        'x; ""@cmd();y',
        "x\t-cmd()\ty",
        "x\n=cmd(),y",
        'x"\r\n;+cmd();y',
        " =cmd()",
        '"=cmd()',
        "\ufeff=cmd()",
        "x;\uff1dcmd();y",
    ],
)
def test_no_cell_is_a_formula_whatever_parts_the_cells(cell: str, apart: str) -> None:
    """Excel takes the separator of the country, which is a semicolon in much of Europe."""
    line = csv_lines([("1", cell, "z")])
    for row in csv.reader(io.StringIO(line, newline=""), delimiter=apart):
        for read in row:
            assert not read.lstrip(' \t\r\n"\ufeff').startswith(("=", "+", "-", "@", "\uff1d")), row


@pytest.mark.parametrize(
    "cell", ["a; b", "Ada-Lovelace", "ada@x.example; bob@x.example", "x=1", "O'x"]
)
def test_what_is_no_formula_is_written_as_it_is(cell: str) -> None:
    assert next(csv.reader(io.StringIO(csv_lines([("1", cell)])))) == ["1", cell]
