"""Which acts a Home is drawn anew after, and what its view says of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connection.audit import AuditTag
from connection.changes.request import RequestState, StepState
from connection.directory import EVER, Standing
from connection.home import OPEN_FOR, Ending, HomeCard, HomePicture, homes_due
from connection.people import Role
from handlers.views.home import home_view
from tests.handlers.extreme_values import OLGA, request, status

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
FAMILIES = ("setup", "secret:set", "request:made", "apply", "step", "test:finished", "policy")


@pytest.mark.parametrize("tag", [one for one in AuditTag if one.startswith("access:")])
def test_after_a_change_of_roles_every_home_is_drawn_however_old(tag: AuditTag) -> None:
    assert homes_due(tag, NOW) == EVER


@pytest.mark.parametrize("tag", [one for one in AuditTag if one.startswith(FAMILIES)])
def test_after_an_act_the_homes_that_somebody_may_look_at_are_drawn(tag: AuditTag) -> None:
    assert homes_due(tag, NOW) == NOW - OPEN_FOR


def test_what_changes_nothing_draws_no_home() -> None:
    """Whoever is refused again and again makes no work for Slack."""
    assert homes_due(AuditTag.COMMAND_REFUSED, NOW) is None
    assert homes_due(AuditTag.COMMAND_LIMITED, NOW) is None


def _said(card: HomeCard, **other: object) -> str:
    picture = HomePicture(
        True, Standing.MEMBER, frozenset({Role.OPERATOR}), [card], (), 0, True, ()
    )
    view = home_view(replace(picture, **other))  # type: ignore[arg-type]
    return str(view.as_dicts())


def _card(**other: object) -> HomeCard:
    card = HomeCard(status(), (), may_operate=True, waits_for_you=False)
    return replace(card, **other)  # type: ignore[arg-type]


def test_what_is_over_is_not_said_to_end_soon() -> None:
    over = Ending("bot_client_secret", NOW - timedelta(days=1), soon=True, over=True)
    said = _said(_card(endings=(over,)))
    assert "is over since" in said
    assert "ends soon" not in said
    assert "ends soon" in _said(_card(endings=(replace(over, over=False),)))


@pytest.mark.parametrize(
    ("state", "step", "button"),
    [
        (RequestState.STOPPED, StepState.FAILED, "request_resume"),
        (RequestState.APPLYING, StepState.BY_HAND, "request_done"),
        (RequestState.WAITING_FOR_SIGN_IN, StepState.WAITING, "request_sign_in"),
    ],
)
def test_only_who_can_go_on_has_the_button(
    state: RequestState, step: StepState, button: str
) -> None:
    asked = replace(status(), open_request=request(step, state=state))
    assert button in _said(_card(status=asked, waits_for_you=True))
    others = _said(_card(status=asked))
    assert button not in others
    assert "request_show" in others


def test_no_plan_is_approved_where_it_is_not_shown() -> None:
    asked = replace(status(), open_request=request())
    said = _said(_card(status=asked, waits_for_you=True))
    assert "request_show" in said
    assert "request_approve" not in said


def test_words_of_services_are_veiled_and_cannot_mention_anybody() -> None:
    one = replace(status().connection, disable_reason="<!channel> olga@contoso.example broke it")
    said = _said(_card(status=replace(status(), connection=one)))
    assert "&lt;!channel&gt;" in said
    assert "olga@contoso.example" not in said


def test_what_was_applied_alone_waits_for_another_look() -> None:
    alone = replace(request(), state=RequestState.APPLIED, alone=OLGA)
    said = _said(_card(), to_review=[alone])
    assert f"{alone.title}* of {alone.name} was applied without the approvers" in said
