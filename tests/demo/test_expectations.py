"""What the tour notices: an answer that reaches the wrong person, and one that never comes."""

from typing import Any

import httpx
import pytest

from bot.demo import audience
from bot.demo.audience import Audience, NoAnswer
from bot.demo.simulated import SimulatedSlack
from bot.demo.transcript import Transcript


def slack_in_which_people_see(seen: dict[str, list[str]]) -> SimulatedSlack:
    """Everybody's messages by their text."""

    def answer(request: httpx.Request) -> httpx.Response:
        texts = seen[request.url.params["person"]]
        messages: list[dict[str, Any]] = [
            {
                "channel_name": "crm-admins",
                "ts": text,
                "from": "d365bot",
                "to": None,
                "text": text,
                "blocks": [],
                "edits": 0,
            }
            for text in texts
        ]
        body = {"event": 1, "messages": messages, "views": [], "view_errors": {}}
        return httpx.Response(200, json=body)

    http = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://slack.example")
    return SimulatedSlack(http)


def test_a_message_is_new_to_everybody_who_sees_it_and_only_once() -> None:
    watching = Audience(
        slack_in_which_people_see({"olga": ["for olga"], "sam": ["strayed"]}), ["olga", "sam"]
    )
    new = watching.take_note()
    assert {who: [one.text for one in told] for who, told in new.items()} == {
        "olga": ["for olga"],
        "sam": ["strayed"],
    }
    assert watching.take_note() == {"olga": [], "sam": []}


def test_an_answer_that_does_not_come_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patched because nobody wants to wait for the time that people are patient."""
    monkeypatch.setattr(audience, "ANSWER_SECONDS", 0.0)
    watching = Audience(slack_in_which_people_see({"olga": []}), ["olga"])
    with pytest.raises(NoAnswer, match="olga waited 0 seconds for an answer"):
        watching.next_message("olga", lambda _: None)


def test_an_unmet_expectation_is_counted_and_shows_what_was_seen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = Transcript()
    script.expect("the sky is blue", True)
    script.expect("the grass is green", False, "brown grass")
    assert (script.met, script.unmet) == (1, 1)
    printed = capsys.readouterr().out
    assert "✓ the sky is blue" in printed
    assert "✗ NOT AS EXPECTED: the grass is green" in printed
    assert "seen instead: brown grass" in printed
