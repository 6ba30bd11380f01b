"""What is sent under a watched correlation id is noted, and nothing else."""

import base64
import html
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote, quote_plus, urlencode

import httpx
import pytest

from connection.errors import RemoteFault
from dynamics.calls import Call, Service, Token
from dynamics.hosts import AllowedHosts
from dynamics.http import Http
from dynamics.journal import MOST, Journal

URL = "https://contoso.crm4.dynamics.com/api/data/v9.2/WhoAmI?access_token=not-a-real-one"


def _http(journal: Journal, *answers: httpx.Response | Exception) -> Http:
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, Exception):
            raise found
        return found

    async def no_wait(_: float) -> None:
        return None

    transport = httpx.MockTransport(answer)
    return Http(AllowedHosts((), ()), transport, sleep=no_wait, journal=journal)


def _call(correlation: str = "c1", body: bytes = b"") -> Call:
    return Call(Service.SALES, "GET", URL, correlation=correlation, body=body)


async def test_request_and_answer_are_noted_in_order_masked() -> None:
    journal = Journal()
    headers = {"REQ_ID": "r1", "Retry-After": "1"}
    busy = httpx.Response(429, headers=headers, json={"error": {"message": "slow down"}})
    http = _http(journal, busy, httpx.Response(200, json={"UserId": "1", "password": "no"}))
    journal.watch("c1")
    await http.send(_call(body=b"client_secret=never"))
    first, second = journal.taken("c1")
    assert (first.status, first.reference) == (429, "r1")
    assert (second.service, second.method, second.status) == ("Sales", "GET", 200)
    assert second.url == URL.replace("not-a-real-one", "***")
    assert second.answer == '{"UserId": "1", "password": "***"}'
    assert "never" not in repr((first, second))
    assert journal.taken("c1") == ()


async def test_where_no_answer_came_it_says_why() -> None:
    journal = Journal()
    http = _http(journal, httpx.ConnectError("refused"))
    journal.watch("c1")
    with pytest.raises(RemoteFault):
        await http.send(_call())
    noted = journal.taken("c1")
    assert [one.status for one in noted] == [0, 0]
    assert noted[0].answer


async def test_what_nobody_watches_is_not_kept() -> None:
    journal = Journal()
    http = _http(journal, httpx.Response(200, json={}))
    await http.send(_call("other"))
    await http.send(_call(""))
    assert journal.taken("other") == ()
    assert journal._noted == {}


async def test_a_long_story_is_cut() -> None:
    journal = Journal()
    http = _http(journal, httpx.Response(200, json={}))
    journal.watch("c1")
    for _ in range(MOST + 5):
        await http.send(_call())
    assert len(journal.taken("c1")) == MOST


ECHOED = 'canary-Singing/In+The=Mine~7&x"<'


@pytest.mark.parametrize(
    "spell",
    [
        str,
        quote,
        quote_plus,
        html.escape,
        lambda secret: base64.b64encode(secret.encode()).decode(),
        lambda secret: secret.encode().hex(),
    ],
)
@pytest.mark.parametrize("shape", ["text", "json", "html"])
async def test_a_secret_that_the_service_sends_back_is_masked(
    spell: Callable[[str], str], shape: str
) -> None:
    """In an error description, or anywhere else."""
    said = f"You sent {spell(ECHOED)} and more"
    answers = {
        "text": httpx.Response(400, text=said),
        "json": httpx.Response(400, json={"error_description": said}),
        "html": httpx.Response(400, html=f"<html><b>{said}</b></html>"),
    }
    journal = Journal()
    http = _http(journal, answers[shape])
    journal.watch("c1")
    form = urlencode({"grant_type": "client_credentials", "client_secret": ECHOED}).encode()
    with pytest.raises(RemoteFault):
        await http.send(Call(Service.ENTRA, "POST", URL, correlation="c1", body=form))
    noted = journal.taken("c1")[0].answer
    assert "You sent ***" in noted
    assert "and more" in noted
    assert "Singing" not in noted


@pytest.mark.parametrize("scheme", ["Bearer", "Basic"])
async def test_a_token_or_key_that_is_sent_back_is_masked(scheme: str) -> None:
    pair = base64.b64encode(b"reader:made-up-key-4711").decode()
    value = pair if scheme == "Basic" else "t0ken-x"
    token = Token(value, datetime(2100, 1, 1, tzinfo=UTC), scheme)
    journal = Journal()
    echo = f"header {value}; key made-up-key-4711" if scheme == "Basic" else f"header {value}"
    http = _http(journal, httpx.Response(200, text=echo))
    journal.watch("c1")
    await http.send(Call(Service.SALES, "GET", URL, correlation="c1", token=token))
    noted = journal.taken("c1")[0].answer
    assert value not in noted
    assert "made-up-key-4711" not in noted


async def test_of_very_many_the_last_are_noted() -> None:
    """The last one is what a check came to grief over."""
    journal = Journal()
    bodies = [httpx.Response(200, json={"page": number}) for number in range(MOST + 5)]
    http = _http(journal, *bodies)
    journal.watch("c1")
    for _ in bodies:
        await http.send(_call())
    noted = journal.taken("c1")
    assert [one.answer for one in noted] == [f'{{"page": {n}}}' for n in range(5, MOST + 5)]
