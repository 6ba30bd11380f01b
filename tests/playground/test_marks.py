"""Slack's mrkdwn and dates as HTML: what is foreign stays text, what is Slack's is read."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some
from markupsafe import escape

from bot.demo.playground.dates import shown_date
from bot.demo.playground.marks import mrkdwn, unescaped
from bot.demo.playground.reader import Reader, zone_named

READER = Reader({"U1": "olga", "C1": "crm-admins", "S1": "approvers"}, "U1")
NOON = 1_700_049_600
"""2023-11-15 12:00 UTC."""


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("*bold* and _slanted_ and ~gone~", "<strong>bold</strong> and <em>slanted</em> and <s>"),
        ("a `*code*` here", "<code>*code*</code>"),
        ("```x &lt; *y*```", '<pre tabindex="0">x &lt; *y*</pre>'),
        ("one\ntwo", "one<br>two"),
        ("&gt; quoted", "<blockquote>quoted</blockquote>"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("<@U1> in <#C1>", '<span class="mention mine">@olga</span> in <span class="mention">#crm'),
        ("<!subteam^S1>", '<span class="mention">@approvers</span>'),
        ("<!here>", '<span class="mention">@here</span>'),
        ("<https://x.example/a?b=1&amp;c=2|there>", 'data-leads="https://x.example/a?b=1&amp;c=2"'),
        ("<https://x.example/|there>", 'href="#"'),
        ("<|x> and <!date^1> and <!date^>", "&lt;|x&gt; and"),
        ("```box```\nafter", "</pre>after"),
        ("<javascript:alert(1)|there>", "there (javascript:alert(1))"),
        (":x: no", '<span class="emoji" role="img" aria-label="x">❌</span> no'),
        (":unheard_of:", ":unheard_of:"),
        ("*<@U1>* `R1`", '<strong><span class="mention mine">@olga</span></strong>'),
    ],
)
def test_it_reads_like_slack(said: str, shown: str) -> None:
    assert shown in mrkdwn(said, READER)


@given(some.text())
def test_no_foreign_text_becomes_a_tag(text: str) -> None:
    """Slack escapes it first; whatever it is, it does not leave its place."""
    told = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    html = str(mrkdwn(told, READER))
    for tag in ("<script", "<img", "<iframe", "onerror=", "<a "):
        assert tag not in html or tag in str(escape(text))


@given(some.text(alphabet="<>@#!|^&;*_~`: \nabc"))
def test_no_marks_break_it(text: str) -> None:
    html = str(mrkdwn(text, READER))
    assert html.count("<strong>") == html.count("</strong>")
    assert html.count("<code>") == html.count("</code>")


def test_only_slacks_three_characters_are_unescaped() -> None:
    assert unescaped("&lt;b&gt; &amp;lt; &quot;") == "<b> &lt; &quot;"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Europe/Copenhagen", "13:00"), ("America/New_York", "07:00"), ("Nowhere/At-All", "12:00")],
)
def test_a_date_is_told_in_the_readers_zone(zone: str, shown: str) -> None:
    reader = READER.in_zone(zone)
    said = f"<!date^{NOON}^{{date_num}} {{time}}|2023-11-15 12:00 UTC>"
    assert f">2023-11-15 {shown}<" in mrkdwn(said, reader)


def test_a_date_that_is_none_says_its_fallback() -> None:
    assert ">once<" in mrkdwn("<!date^99999999999999^{date}|once>", READER)
    assert ">once<" in mrkdwn("<!date^1^{year}|once>", READER)


def test_days_around_today_have_their_words() -> None:
    now = round(datetime.now(UTC).timestamp())
    assert shown_date(now, "{date_short_pretty}", READER) == "today"
    assert shown_date(now - 86_400, "{date_pretty}", READER) == "yesterday"
    assert shown_date(now - 7_200, "{ago}", READER) == "2 hours ago"
    assert shown_date(now + 90_000, "{ago}", READER) == "in 1 day"


def test_an_unknown_zone_is_utc() -> None:
    assert zone_named("../etc/passwd") is UTC
