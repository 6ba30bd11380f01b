"""An administrator signs in with a device code: asked about in the background, kept in memory."""

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from connection.errors import (
    AdminError,
    NotReady,
    RemoteFault,
    ServerDown,
    SignInFailed,
    Throttled,
    Unauthorised,
    Unintelligible,
)
from connection.identities import Access, Identity
from connection.signing_in import SignedInAs
from dynamics.aadsts import AADSTS
from dynamics.device_codes import DeviceSignIns
from tests.dynamics.microsoft import (
    BC,
    LOGIN,
    NOW,
    SALES,
    TENANT,
    Desk,
    Reply,
    Says,
    discovery,
    the_access,
)

TOKEN = f"{LOGIN}/{TENANT}/oauth2/v2.0/token"
DEVICE = f"{LOGIN}/{TENANT}/oauth2/v2.0/devicecode"
PAGE = "https://login.example.test/device"
USER_CODE, DEVICE_CODE, ISSUED = "ABCD-EFGH", "the~device~code", "the-users-own-token"
ADA = "ada@contoso.example"


def access_for(sign_in: str = "one", **changes: str) -> Access:
    access = the_access(
        identity=Identity.ADMINISTRATOR, credential="device_code", sign_in=sign_in, **changes
    )
    return replace(access, secret=None)


def flow(**other: object) -> Reply:
    body = {
        "user_code": USER_CODE,
        "device_code": DEVICE_CODE,
        "verification_uri": PAGE,
        "expires_in": 900,
        "interval": 5,
        "message": "Open the page and enter the code.",
    }
    return Reply(body={**body, **other})


def refused(error: str, number: int = 0) -> Reply:
    text = f"AADSTS{number}: So it is." if number else "So it is."
    body = {"error": error, "error_description": text}
    return Reply(400, {**body, "error_codes": [number]} if number else body)


PENDING = refused("authorization_pending", 70016)


def jwt(**claims: object) -> str:
    said = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{said}.x"


def signed_in(token: str = ISSUED, **claims: object) -> Reply:
    body: dict[str, object] = {
        "token_type": "Bearer",
        "expires_in": 3599,
        "access_token": token,
        "refresh_token": "the-refresh-token",
    }
    return Reply(body={**body, "id_token": jwt(sub="a", **claims)} if claims else body)


class Followed:
    """Sign-ins whose waiting takes no time: the clock goes on by what was waited."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.slept: list[float] = []
        self.outcomes: asyncio.Queue[SignedInAs | AdminError] = asyncio.Queue()
        self.sign_ins = DeviceSignIns(desk.tokens, now=lambda: desk.now, sleep=self.sleep)
        self.asleep, self.wake = asyncio.Event(), asyncio.Event()
        self.wake.set()
        desk.microsoft.tell(DEVICE, flow())

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.asleep.set()
        await self.wake.wait()
        self.desk.now += timedelta(seconds=seconds)

    async def ended(self, outcome: SignedInAs | AdminError) -> None:
        self.outcomes.put_nowait(outcome)

    async def begin(self, sign_in: str = "one") -> None:
        await self.sign_ins.begin(access_for(sign_in), self.ended)
        self.sign_ins.watch(sign_in)

    async def outcome_of(self, *replies: Says) -> SignedInAs | AdminError:
        self.desk.microsoft.tell(TOKEN, *replies)
        await self.begin()
        return await asyncio.wait_for(self.outcomes.get(), 10)

    async def fault_of(self, *replies: Says) -> RemoteFault:
        outcome = await self.outcome_of(*replies)
        assert isinstance(outcome, RemoteFault)
        return outcome

    def polls(self) -> int:
        return len(self.desk.microsoft.sent_to(TOKEN))


@pytest.fixture
async def followed(desk: Desk) -> AsyncIterator[Followed]:
    followed = Followed(desk)
    yield followed
    await followed.sign_ins.aclose()


async def test_the_code_is_given_with_its_page_and_its_end(followed: Followed) -> None:
    code = await followed.sign_ins.begin(access_for(), followed.ended)
    assert (code.code, code.address) == (USER_CODE, PAGE)
    assert code.ends_at == NOW + timedelta(seconds=900)
    assert followed.sign_ins.code("one") == code
    assert followed.sign_ins.code("another") is None
    (asked,) = followed.desk.microsoft.sent_to(DEVICE)
    assert f"{SALES}/.default".replace(":", "%3A").replace("/", "%2F") in asked.content.decode()


async def test_nobody_is_asked_before_the_sign_in_is_watched(followed: Followed) -> None:
    await followed.sign_ins.begin(access_for(), followed.ended)
    await asyncio.sleep(0)
    assert not followed.slept
    assert not followed.polls()


async def test_after_two_times_pending_the_person_is_signed_in(followed: Followed) -> None:
    outcome = await followed.outcome_of(PENDING, PENDING, signed_in(preferred_username=ADA))
    assert outcome == SignedInAs(ADA, NOW + timedelta(seconds=15 + 3599))
    assert followed.slept == [5.0, 5.0, 5.0]
    token = await followed.desk.tokens.token(access_for(), SALES)
    assert token.value == ISSUED


async def test_pending_is_known_by_its_word_whatever_the_number(followed: Followed) -> None:
    """Microsoft: programs decide on `error`, never on numbers."""
    odd = refused("authorization_pending", 999999)
    outcome = await followed.outcome_of(odd, refused("authorization_pending"), signed_in(name="A"))
    assert isinstance(outcome, SignedInAs)


class Hanging(httpx.AsyncBaseTransport):
    """Microsoft, but a question about a code is not answered."""

    def __init__(self) -> None:
        self.microsoft: httpx.AsyncBaseTransport | None = None
        self.asked: asyncio.Queue[None] = asyncio.Queue()
        self.over = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert self.microsoft is not None
        if b"device_code" in await request.aread() and str(request.url) == TOKEN:
            self.asked.put_nowait(None)
            await self.over.wait()
        return await self.microsoft.handle_async_request(request)


async def test_questions_that_hang_hold_up_no_other_sign_in() -> None:
    hanging = Hanging()
    desk = Desk(transport=hanging)
    hanging.microsoft = desk.microsoft
    followed = Followed(desk)
    for number in range(5):
        await followed.begin(str(number))
        await asyncio.wait_for(hanging.asked.get(), 10)
    token = await asyncio.wait_for(desk.tokens.token(the_access(), SALES), 10)
    assert token.value == "token-1"
    hanging.over.set()
    await followed.sign_ins.aclose()
    await desk.aclose()


async def test_watching_twice_asks_once(followed: Followed) -> None:
    followed.desk.microsoft.tell(TOKEN, signed_in(upn=ADA))
    await followed.begin()
    followed.sign_ins.watch("one")
    followed.sign_ins.watch("unknown")
    await followed.outcomes.get()
    assert followed.polls() == 1


@pytest.mark.parametrize(
    ("reply", "account"),
    [
        (signed_in(preferred_username=ADA), ADA),
        (signed_in(jwt(upn=ADA)), ADA),
        (signed_in(jwt(unique_name=ADA)), ADA),
        (signed_in(), "an unnamed account"),
        (signed_in("no.jwt.at-all"), "an unnamed account"),
        (signed_in(jwt()), "an unnamed account"),
    ],
)
async def test_the_account_is_the_id_tokens_else_the_access_tokens(
    followed: Followed, reply: Reply, account: str
) -> None:
    outcome = await followed.outcome_of(reply)
    assert isinstance(outcome, SignedInAs)
    assert outcome.account == account


@pytest.mark.parametrize("word", [refused("slow_down"), refused("slow_down", 50196)])
async def test_slow_down_makes_every_later_wait_longer(followed: Followed, word: Reply) -> None:
    await followed.outcome_of(word, PENDING, word, signed_in(upn=ADA))
    assert followed.slept == [5.0, 10.0, 10.0, 15.0]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (refused("authorization_declined", 70030), 70030),
        (refused("authorization_declined"), 70030),
        (refused("expired_token", 70019), 70019),
        (refused("expired_token"), 70019),
        (refused("bad_verification_code", 70018), 70018),
        (refused("invalid_grant", 53003), 53003),
        (refused("invalid_grant", 50105), 50105),
        (refused("invalid_client", 7000218), 7000218),
    ],
)
async def test_a_refusal_ends_the_asking_and_is_explained(
    followed: Followed, reply: Reply, code: int
) -> None:
    fault = await followed.fault_of(PENDING, reply)
    assert isinstance(fault, SignInFailed)
    assert (fault.message, fault.hint) == (AADSTS[code].sentence, AADSTS[code].remedy)
    assert followed.polls() == 2
    assert followed.sign_ins.code("one") is None


async def test_a_code_that_nobody_enters_ends_with_its_time(followed: Followed) -> None:
    followed.desk.microsoft.tell(DEVICE, flow(expires_in=12))
    fault = await followed.fault_of(PENDING)
    assert fault.code == "AADSTS70019"
    assert followed.desk.now == NOW + timedelta(seconds=12)


async def test_no_pause_is_longer_than_the_code_lives(followed: Followed) -> None:
    followed.desk.microsoft.tell(DEVICE, flow(expires_in=60, interval=86_400))
    assert (await followed.fault_of(PENDING)).code == "AADSTS70019"
    assert followed.slept == [60.0]


async def test_a_code_of_unsound_length_lives_a_day_at_most(followed: Followed) -> None:
    followed.desk.microsoft.tell(DEVICE, flow(expires_in=10**30))
    code = await followed.sign_ins.begin(access_for(), followed.ended)
    assert code.ends_at == NOW + timedelta(days=1)


async def test_a_token_of_unsound_length_is_renewed_all_the_same(followed: Followed) -> None:
    said = Reply(200, {"access_token": ISSUED, "expires_in": 10**30})
    outcome = await followed.outcome_of(said)
    assert isinstance(outcome, SignedInAs)
    assert outcome.expires_at < NOW + timedelta(days=3)


async def test_a_busy_entra_is_left_alone_as_long_as_it_says(followed: Followed) -> None:
    busy = Reply(429, {}, {"Retry-After": "100"})
    outcome = await followed.outcome_of(busy, signed_in(upn=ADA))
    assert isinstance(outcome, SignedInAs)
    assert followed.slept == [5.0, 100.0, 5.0]


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(503, content=b"<html>"),
        Reply(500, {"error": "server_error"}),
        httpx.ReadError("cut"),
        httpx.ConnectTimeout("late"),
        httpx.ConnectError("refused"),
    ],
)
async def test_what_may_pass_is_asked_again_while_the_code_lives(
    followed: Followed, trouble: Says
) -> None:
    outcome = await followed.outcome_of(trouble, trouble, trouble, trouble, signed_in(upn=ADA))
    assert isinstance(outcome, SignedInAs)


async def test_trouble_that_stays_ends_with_the_code(followed: Followed) -> None:
    fault = await followed.fault_of(Reply(503, content=b"<html>"))
    assert fault.code == "AADSTS70019"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, content=b"<html>sign in</html>"),
        Reply(200, {}),
        Reply(200, []),
        Reply(200, {"access_token": ISSUED, "expires_in": "soon"}),
        Reply(200, {"access_token": ISSUED, "expires_in": 3599, "id_token": "?"}),
        Reply(400, content=b"garbage"),
    ],
)
async def test_garbage_ends_the_asking_by_its_name(followed: Followed, reply: Reply) -> None:
    assert isinstance(await followed.fault_of(reply), Unintelligible)
    with pytest.raises(NotReady):
        await followed.desk.tokens.token(access_for(), SALES)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, content=b"<html>sign in</html>"),
        Reply(200, {}),
        Reply(200, []),
        flow(user_code=None),
        flow(device_code=None),
        flow(verification_uri="http://login.example.test"),
        flow(expires_in=float("inf")),
        flow(interval=float("nan")),
        flow(expires_in="soon"),
    ],
)
async def test_what_is_no_code_is_named(followed: Followed, reply: Reply) -> None:
    followed.desk.microsoft.tell(DEVICE, reply)
    with pytest.raises(Unintelligible):
        await followed.sign_ins.begin(access_for(), followed.ended)
    assert followed.sign_ins.code("one") is None


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refused("unauthorized_client", 700016), SignInFailed),
        (Reply(429, {}, {"Retry-After": "100"}), Throttled),
        (Reply(503, content=b"<html>"), ServerDown),
    ],
)
async def test_a_code_that_is_not_given_says_why(
    followed: Followed, reply: Reply, kind: type[RemoteFault]
) -> None:
    followed.desk.microsoft.tell(DEVICE, reply)
    with pytest.raises(kind):
        await followed.sign_ins.begin(access_for(), followed.ended)


async def test_the_code_is_asked_for_at_the_logins_host_only(followed: Followed) -> None:
    other = "https://login.example.test"
    said = {**discovery(LOGIN), "device_authorization_endpoint": f"{other}/devicecode"}
    followed.desk.microsoft.tell(f"{LOGIN}/{TENANT}/v2.0/.well-known", Reply(body=said))
    with pytest.raises(SignInFailed):
        await followed.sign_ins.begin(access_for(), followed.ended)
    assert not followed.desk.microsoft.sent_to(other)


async def test_a_sign_in_that_is_forgotten_while_it_waits_is_never_heard_of(
    followed: Followed,
) -> None:
    followed.desk.microsoft.tell(TOKEN, signed_in(upn=ADA))
    followed.wake.clear()
    await followed.begin()
    await followed.asleep.wait()
    followed.sign_ins.forget("one")
    followed.wake.set()
    await followed.sign_ins.aclose()
    assert followed.outcomes.empty()
    assert not followed.polls()
    assert followed.sign_ins.code("one") is None


async def test_a_sign_in_that_is_forgotten_while_entra_answers_leaves_no_token(
    followed: Followed,
) -> None:
    def answer(_: httpx.Request) -> Reply:
        followed.sign_ins.forget("one")
        return signed_in(upn=ADA)

    followed.desk.microsoft.tell(TOKEN, answer)
    await followed.begin()
    await asyncio.gather(*tasks_of(followed), return_exceptions=True)
    assert followed.outcomes.empty()
    with pytest.raises(NotReady):
        await followed.desk.tokens.token(access_for(), SALES)


def tasks_of(_: Followed) -> list[asyncio.Task[object]]:
    return [task for task in asyncio.all_tasks() if "_ask_on" in repr(task.get_coro())]


async def test_forgetting_twice_or_what_never_was_is_harmless(followed: Followed) -> None:
    followed.sign_ins.forget("never")
    await followed.sign_ins.begin(access_for(), followed.ended)
    followed.sign_ins.forget("one")
    followed.sign_ins.forget("one")
    followed.sign_ins.watch("one")
    assert not tasks_of(followed)


async def test_an_end_that_cannot_be_noted_is_logged_and_its_token_forgotten(
    desk: Desk, followed: Followed, caplog: pytest.LogCaptureFixture
) -> None:
    noted = asyncio.Event()

    async def ended(_: SignedInAs | AdminError) -> None:
        noted.set()
        raise OSError("the disk is full")

    desk.microsoft.tell(TOKEN, signed_in(upn=ADA))
    await followed.sign_ins.begin(access_for(), ended)
    followed.sign_ins.watch("one")
    await noted.wait()
    await followed.sign_ins.aclose()
    assert "could not be noted" in caplog.text
    assert ISSUED not in caplog.text
    with pytest.raises(NotReady):
        await desk.tokens.token(access_for(), SALES)


async def test_closing_ends_what_waits_and_what_is_being_noted(
    desk: Desk, followed: Followed
) -> None:
    noting, never = asyncio.Event(), asyncio.Event()

    async def ended(_: SignedInAs | AdminError) -> None:
        noting.set()
        await never.wait()

    desk.microsoft.tell(TOKEN, signed_in(upn=ADA))
    await followed.sign_ins.begin(access_for("noted"), ended)
    followed.sign_ins.watch("noted")
    await noting.wait()
    followed.wake.clear()
    followed.asleep.clear()
    await followed.begin("waits")
    await followed.asleep.wait()
    await followed.sign_ins.begin(access_for("never watched"), followed.ended)
    await followed.sign_ins.aclose()
    assert not tasks_of(followed)
    assert followed.outcomes.empty()
    for sign_in in ("noted", "waits", "never watched"):
        with pytest.raises(NotReady):
            await desk.tokens.token(access_for(sign_in), SALES)


@pytest.mark.parametrize(
    "other",
    [
        access_for("two"),
        access_for(""),
        replace(access_for("two"), identity=Identity.BOT),
    ],
)
async def test_the_token_is_for_its_own_sign_in_only(followed: Followed, other: Access) -> None:
    await followed.outcome_of(signed_in(upn=ADA))
    with pytest.raises(NotReady):
        await followed.desk.tokens.token(other, SALES)


@pytest.mark.parametrize("resource", [BC, "https://fabrikam.crm4.dynamics.com"])
async def test_the_token_is_for_its_own_resource_only(followed: Followed, resource: str) -> None:
    await followed.outcome_of(signed_in(upn=ADA))
    with pytest.raises(NotReady):
        await followed.desk.tokens.token(access_for(), resource)


async def test_the_bots_own_access_never_gets_the_persons_token(followed: Followed) -> None:
    desk = followed.desk
    await followed.outcome_of(signed_in(upn=ADA))
    desk.microsoft.tell(TOKEN, Reply(body={"access_token": "the-bots", "expires_in": 3599}))
    desk.microsoft.tell(f"{LOGIN}/{TENANT}/v2.0/.well-known", Reply(body=discovery(LOGIN)))
    bot = the_access(sign_in="one")
    assert (await desk.tokens.token(bot, SALES)).value == "the-bots"
    assert (await desk.tokens.token(access_for(), SALES)).value == ISSUED


async def test_after_its_end_the_way_to_sign_in_again_is_named(followed: Followed) -> None:
    await followed.outcome_of(signed_in(upn=ADA))
    followed.desk.now += timedelta(hours=1)
    with pytest.raises(NotReady) as caught:
        await followed.desk.tokens.token(access_for(), SALES)
    assert "/d365 sign-in" in caught.value.hint


async def test_a_token_that_sales_refuses_is_forgotten(followed: Followed) -> None:
    await followed.outcome_of(signed_in(upn=ADA))
    followed.desk.sales_says("WhoAmI", Reply(401, {}))
    with pytest.raises(Unauthorised):
        await followed.desk.sales.who_am_i(access_for())
    with pytest.raises(NotReady):
        await followed.desk.sales.who_am_i(access_for())


async def test_nothing_of_code_and_token_shows(
    followed: Followed, caplog: pytest.LogCaptureFixture
) -> None:
    """msal, which writes device codes for debugging, is set to warnings as bot/logs.py sets it."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "msal")
    code = await followed.sign_ins.begin(access_for(), followed.ended)
    waiting = repr((code, followed.sign_ins, vars(followed.sign_ins)))
    followed.desk.microsoft.tell(TOKEN, PENDING, Reply(503), signed_in(preferred_username=ADA))
    followed.sign_ins.watch("one")
    outcome = await followed.outcomes.get()
    shown = waiting + repr((outcome, vars(followed.desk.tokens))) + caplog.text
    for secret in (USER_CODE, DEVICE_CODE, ISSUED, "the-refresh-token", "eyJ"):
        assert secret not in shown


async def test_many_sign_ins_are_followed_at_once(followed: Followed) -> None:
    """Each is asked about twice; all of them wait on the event loop, none in a thread."""
    many = [str(number) for number in range(60)]
    followed.wake.clear()
    followed.desk.microsoft.tell(TOKEN, *[PENDING] * len(many), signed_in(upn=ADA))
    for sign_in in many:
        await followed.begin(sign_in)
    await asyncio.sleep(0)
    assert len(followed.slept) == len(many)
    assert not followed.polls()
    followed.wake.set()
    outcomes = [await asyncio.wait_for(followed.outcomes.get(), 10) for _ in many]
    assert all(isinstance(outcome, SignedInAs) for outcome in outcomes)
    assert followed.polls() == 2 * len(many)
