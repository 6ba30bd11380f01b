"""Slack's mrkdwn as a person at a terminal reads it."""

import pytest

from bot.demo.mrkdwn import readable
from tests.demo.shown import NAMES


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("*bold* and _italic_", "bold and italic"),
        ("2 * 3 * 4 and a_b_c", "2 * 3 * 4 and a_b_c"),
        ("run `d365bot secret set *x* _y_`", "run `d365bot secret set *x* _y_`"),
        ("now\n```- was off\n+ will be on```", "now\n- was off\n+ will be on"),
        ("<@U0OLGA> in <#C0ADMINS>", "@olga in #crm-admins"),
        ("<@U0NOBODY|nobody>", "@nobody"),
        ("<!channel>", "@channel"),
        ("<https://example.com|the page>", "the page (https://example.com)"),
        ("<https://example.com>", "https://example.com"),
        ("<!date^1700000000^{date} {time}|2023-11-14 22:13 UTC>", "2023-11-14 22:13 UTC"),
        (":white_check_mark: *DNS* passed", "✓ DNS passed"),
        (":unknown_sign: at 10:20:30", ":unknown_sign: at 10:20:30"),
        ("&lt;@U0OLGA&gt; &amp; co", "<@U0OLGA> & co"),
    ],
)
def test_marks_are_read_and_names_stand_in_place_of_ids(written: str, read: str) -> None:
    assert readable(written, NAMES) == read
