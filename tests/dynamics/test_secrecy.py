"""Secrets and tokens show nowhere: not in a fault, its causes, the frames behind them, or a log."""

import base64
import json
import logging
import traceback
from urllib.parse import urlencode

import httpx
import pytest

from connection.errors import RemoteFault
from dynamics.calls import Call, Service, Token
from dynamics.gateway import DynamicsSettings
from dynamics.hosts import AllowedHosts
from dynamics.http import Http
from dynamics.journal import Journal
from dynamics.masking import LONGEST_REFERENCE
from tests.dynamics.microsoft import LOGIN, NOW, SALES, SECRET, TENANT, Desk, Reply, the_access

ISSUED = "token-1"


def everything_in(error: BaseException) -> str:
    """What the most talkative logger could write: messages, causes, and every frame's locals."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(told.format()) + repr(error)


def lost(request: httpx.Request) -> Reply:
    raise httpx.ReadError("cut", request=request)


@pytest.mark.parametrize(
    "said", [Reply(401, {"error": "invalid_client"}), Reply(500), Reply(200, {}), lost]
)
async def test_a_failed_sign_in_shows_no_secret(
    desk: Desk, said: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk.microsoft.tell(f"{LOGIN}/{TENANT}/oauth2/v2.0/token", said)
    with pytest.raises(RemoteFault) as caught:
        await desk.sales.sign_in(the_access())
    assert SECRET not in everything_in(caught.value)
    assert SECRET not in caplog.text


@pytest.mark.parametrize("said", [Reply(403, {}), Reply(200, content=b"<html>"), lost])
async def test_a_failed_call_shows_no_token(
    desk: Desk, said: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk.sales_says("WhoAmI", said)
    with pytest.raises(RemoteFault) as caught:
        await desk.sales.who_am_i(the_access())
    assert desk.microsoft.calls[-1].headers["authorization"] == f"Bearer {ISSUED}"
    assert ISSUED not in everything_in(caught.value)
    assert ISSUED not in caplog.text


ECHO = "canary-Singing/In&The=Mine"
LOCKS = [
    (Call(Service.SALES, "GET", f"{SALES}/x", token=Token(ECHO, NOW)), "a token"),
    (
        Call(
            Service.BUSINESS_CENTRAL,
            "GET",
            f"{SALES}/x",
            token=Token(base64.b64encode(f"SYNC:{ECHO}".encode()).decode(), NOW, "Basic"),
        ),
        "a key",
    ),
    (
        Call(Service.ENTRA, "POST", f"{SALES}/x", body=urlencode({"client_secret": ECHO}).encode()),
        "a secret",
    ),
]


@pytest.mark.parametrize("call", [lock[0] for lock in LOCKS], ids=[lock[1] for lock in LOCKS])
@pytest.mark.parametrize("status", [400, 403, 404, 418, 500])
async def test_a_service_that_sends_a_secret_back_is_not_quoted_with_it(
    call: Call, status: int
) -> None:
    """Its words go to whoever asked, its id to a channel, and both are kept for good."""
    said = json.dumps(
        {
            "error": {"code": "odd", "message": f"You sent {ECHO} to us."},
            "trace_id": ECHO,
            "message": ECHO,
        }
    )
    spelled = said.replace("&", "\\u0026").replace("/", "\\/")
    headers = {"REQ_ID": f"{ECHO} {'x' * 500}"}
    transport = httpx.MockTransport(
        lambda _: httpx.Response(status, headers=headers, content=spelled)
    )
    with pytest.raises(RemoteFault) as caught:
        await _patient(transport).send(call)
    fault = caught.value
    assert "Singing" not in f"{fault.message} {fault.hint} {fault.reference} {fault!r}"
    assert len(fault.reference) <= LONGEST_REFERENCE


def _patient(transport: httpx.MockTransport) -> Http:
    async def no_wait(_: float) -> None:
        return None

    return Http(AllowedHosts((), ()), transport, sleep=no_wait, journal=Journal())


async def test_what_was_asked_for_is_left_as_it_came() -> None:
    said = {"access_token": ECHO, "n": 1.10}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=said))
    answer = await _patient(transport).send(LOCKS[2][0])
    assert json.loads(answer.text) == said


def test_the_values_that_carry_secrets_mask_them() -> None:
    token = Token(ISSUED, NOW)
    call = Call(Service.SALES, "POST", SALES, token=token, body=SECRET.encode())
    settings = DynamicsSettings(proxy="http://user:hidden@proxy.test:3128")
    shown = repr((token, call, call.all_headers(token), settings))
    assert ISSUED not in shown
    assert SECRET not in shown
    assert "hidden" not in shown
