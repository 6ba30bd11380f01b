"""Secrets and tokens show nowhere: not in a fault, its causes, the frames behind them, or a log."""

import logging
import traceback

import httpx
import pytest

from connection.errors import RemoteFault
from dynamics.calls import Call, Service, Token
from dynamics.gateway import DynamicsSettings
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


def test_the_values_that_carry_secrets_mask_them() -> None:
    token = Token(ISSUED, NOW)
    call = Call(Service.SALES, "POST", SALES, token=token, body=SECRET.encode())
    settings = DynamicsSettings(proxy="http://user:hidden@proxy.test:3128")
    shown = repr((token, call, call.all_headers(token), settings))
    assert ISSUED not in shown
    assert SECRET not in shown
    assert "hidden" not in shown
