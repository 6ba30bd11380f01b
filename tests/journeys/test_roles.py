"""Roles of groups and private channels, who is let in at all, and the second admin."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.journeys.bots import a_bot
from tests.setups import right_values, save_setup
from tests.stage import Actor, BotProcess, Simulators, Stage, words_of

NAME = "adventure-roles"


@pytest.fixture(scope="module")
async def own_bot(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot of these stories alone, with one connection."""
    folder = tmp_path_factory.mktemp("roles")
    async with a_bot(simulators, stage, folder, key=True) as bot:
        await save_setup(stage.person("olga"), NAME)
        yield bot


@pytest.fixture
async def people(own_bot: BotProcess, stage: Stage) -> AsyncIterator[Stage]:
    """Everybody is who they were, and Slack calls this bot."""
    await stage.listen_to(own_bot)
    before = (await stage.world())["slack"]
    yield stage
    await stage.mend()
    slack = {
        "people": {
            name: {flag: one[flag] for flag in ("guest", "deactivated", "external", "bot")}
            for name, one in before["people"].items()
        },
        "channels": {
            name: {part: one[part] for part in ("members", "bot", "archived", "shared")}
            for name, one in before["channels"].items()
        },
        "usergroups": {
            name: {part: one[part] for part in ("members", "enabled")}
            for name, one in before["usergroups"].items()
        },
    }
    await stage.change({"slack": slack})
    for name in before["people"]:
        await _told(stage, name)


async def _told(stage: Stage, name: str) -> None:
    """The bot has heard that somebody changed."""
    user = {"id": stage.ready["people"][name]}
    ack = await stage.post("/_slack/event", {"event": {"type": "user_change", "user": user}})
    assert ack["status"] == 200, ack


async def _becomes(stage: Stage, name: str, **flags: bool) -> None:
    await stage.change({"slack": {"people": {name: flags}}})
    await _told(stage, name)


async def _heard(stage: Stage, event: dict[str, Any]) -> None:
    ack = await stage.post("/_slack/event", {"event": event})
    assert ack["status"] == 200, ack


async def test_members_of_a_user_group_hold_its_role_until_they_leave(people: Stage) -> None:
    ada, sam = people.person("ada"), people.person("sam", "general")
    group = (await people.world())["slack"]["usergroups"]["crm-approvers"]
    await ada.types(f"/d365 access add {group['id']} viewer")
    await ada.sees("The group @crm-approvers now has the role viewer on all connections")
    await sam.types(f"/d365 status {NAME}")
    await sam.sees("Sorry, status needs the role viewer")
    members = [*group["members"], people.ready["people"]["sam"]]
    await people.change({"slack": {"usergroups": {"crm-approvers": {"members": members}}}})
    await _heard(people, {"type": "subteam_members_changed", "subteam_id": group["id"]})
    await sam.types(f"/d365 status {NAME}")
    await sam.sees(f"{NAME}: not tested")
    await people.change({"slack": {"usergroups": {"crm-approvers": {"enabled": False}}}})
    await _heard(people, {"type": "subteam_updated", "subteam": {"id": group["id"]}})
    await sam.types(f"/d365 status {NAME}")
    await sam.sees("Sorry, status needs the role viewer")
    await ada.types("/d365 access")
    await ada.sees("The group @crm-approvers: viewer on all connections (counts for nobody now")
    await ada.types(f"/d365 access remove {group['id']} viewer")
    await ada.sees("no longer has the role viewer")


async def test_members_of_a_private_channel_hold_its_role(people: Stage) -> None:
    ada, sam = people.person("ada"), people.person("sam", "general")
    await ada.types(f"/d365 access add #crm-admins operator {NAME}")
    await ada.sees(f"The channel #crm-admins now has the role operator on {NAME}")
    await people.change(
        {
            "slack": {
                "channels": {
                    "crm-admins": {
                        "members": [
                            people.ready["people"][name] for name in ("ada", "olga", "vera", "sam")
                        ]
                    }
                }
            }
        }
    )
    channel = people.ready["channels"]["crm-admins"]
    await _heard(people, {"type": "member_joined_channel", "channel": channel})
    await sam.types(f"/d365 setup {NAME}")
    form = await sam.sees_form()
    assert NAME in json.dumps(form)
    await sam.closes()
    await people.change({"slack": {"channels": {"crm-admins": {"shared": "external"}}}})
    await _heard(people, {"type": "channel_shared", "channel": channel})
    await sam.types(f"/d365 setup {NAME}")
    await sam.sees_text("Sorry, setup needs the role")
    await people.change({"slack": {"channels": {"crm-admins": {"shared": ""}}}})
    await _heard(people, {"type": "channel_unshared", "channel": channel})
    await ada.types(f"/d365 access remove #crm-admins operator {NAME}")
    await ada.sees("no longer has the role operator")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("#general viewer", "That channel is public: everybody could join it"),
        ("S0NOBODY1 viewer", "Slack knows no such user group here"),
        ("C0NOWHERE1 viewer", "I am not in that channel"),
        ("@gwen viewer", "A guest cannot hold a role"),
        ("@dora viewer", "A deactivated account cannot hold a role"),
        ("U0NOBODY9 viewer", "Somebody whom Slack does not know here cannot hold a role"),
        ("everybody viewer", "everybody is not a person, a user group or a channel"),
        ("@vera owner", "owner is not a role"),
        ("@vera viewer nowhere", "There is no connection nowhere"),
        ("@vera", "I did not understand access add @vera"),
    ],
)
async def test_who_cannot_hold_a_role_is_told_why(people: Stage, typed: str, said: str) -> None:
    ada = people.person("ada")
    before = words_of(await _access(ada))
    await ada.types(f"/d365 access add {typed}")
    refused = await ada.sees(said)
    assert refused["ephemeral"]
    assert words_of(await _access(ada)) == before


async def _access(ada: Actor) -> dict[str, Any]:
    await ada.types("/d365 access")
    return await ada.sees("Roles")


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        ("guest", "Sorry, guests cannot use this bot"),
        ("external", "Sorry, test needs the role viewer, which you do not have"),
        ("bot", "Sorry, bots cannot use this bot"),
    ],
)
async def test_whoever_is_no_member_any_more_is_refused_whatever_they_hold(
    people: Stage, flag: str, said: str
) -> None:
    vera = people.person("vera")
    await vera.types(f"/d365 status {NAME}")
    await vera.sees(f"{NAME}: not tested")
    await _becomes(people, "vera", **{flag: True})
    if flag == "external":  # who has buttons in shared channels, and no commands of the app
        await vera.presses("Test")
        await vera.sees(said)
    for word in ("status", "help", "list") if flag != "external" else ():
        await vera.types(f"/d365 {word}")
        await vera.sees(said)
    await _becomes(people, "vera", **{flag: False})
    await vera.types(f"/d365 status {NAME}")
    await vera.sees(f"{NAME}: not tested")


async def test_the_operators_own_admin_is_refused_as_a_guest(people: Stage) -> None:
    ada = people.person("ada")
    await _becomes(people, "ada", guest=True)
    await ada.types("/d365 access add @sam admin")
    await ada.sees("Sorry, guests cannot use this bot")
    await _becomes(people, "ada", guest=False)
    await ada.types("/d365 access")
    assert people.ready["people"]["sam"] not in words_of(await ada.sees("Roles"))


async def test_a_guest_gets_no_form_and_saves_none(people: Stage) -> None:
    olga = people.person("olga")
    await olga.types(f"/d365 setup {NAME}")
    await olga.sees_form()
    await _becomes(people, "olga", guest=True)
    changed = right_values(olga, NAME, bc_company="Somebody else's")
    answer = await olga.submits(**changed)
    assert answer["response_action"] == "errors"
    assert "guests cannot use this bot" in json.dumps(answer)
    await olga.closes()
    await olga.types(f"/d365 setup {NAME}")
    await olga.sees_text("guests cannot use this bot")
    await _becomes(people, "olga", guest=False)
    await olga.types(f"/d365 status {NAME}")
    assert "Somebody else's" not in words_of(await olga.sees(f"{NAME}: not tested"))


async def test_who_cannot_be_looked_up_waits_until_slack_tells(people: Stage) -> None:
    vera = people.person("vera")
    await _told(people, "vera")
    await people.fault(site="slack", path="/api/users.info", status=500, times=2)
    await vera.types(f"/d365 status {NAME}")
    await vera.sees(f"{NAME}: not tested")


async def test_a_form_is_not_saved_while_slack_does_not_tell_who_sends_it(people: Stage) -> None:
    olga = people.person("olga")
    await olga.types(f"/d365 setup {NAME}")
    await olga.sees_form()
    await _told(people, "olga")
    await people.fault(site="slack", path="/api/users.info", status=500)
    answer = await olga.submits(**right_values(olga, NAME, bc_company="Another (made up)"))
    assert "Slack does not tell me at the moment who you are" in json.dumps(answer)
    await people.mend()
    answer = await olga.submits(**right_values(olga, NAME, bc_company="Another (made up)"))
    assert answer["response_action"] == "clear"
    await olga.sees(f"Setup of {NAME} saved")


async def test_a_second_admin_gives_the_weighty_roles(people: Stage) -> None:
    ada, paul, sam = people.person("ada"), people.person("paul"), people.person("sam", "general")
    await ada.types("/d365 access add @paul admin")
    await ada.sees("now has the role admin on all connections")
    await ada.types("/d365 access add @sam viewer")
    await ada.sees("now has the role viewer")

    await ada.types("/d365 access add @sam approver")
    asked = await paul.sees("Another admin decides")
    assert not asked["ephemeral"]
    await ada.presses("Approve")
    await ada.sees("You asked for this yourself: another admin decides")
    await sam.types("/d365 access approve 1")
    await sam.sees("Sorry, access needs the role admin")
    alone = people.person("paul", "dm")
    own = await alone.until(_message("Another admin decides"), "the request, in direct messages")
    assert not own["ephemeral"]
    press = {"person": "paul", "label": "Approve", "channel": "dm"}
    await people.post("/_slack/press", press)
    await alone.sees("Number 1 is granted")
    await alone.until(_message("Approved by"), "his own copy, approved")
    done = await ada.until(_message("Approved by"), "the request, approved")
    assert "Approve\n" not in words_of(done)
    await ada.types("/d365 access")
    await ada.sees(f"<@{people.ready['people']['sam']}>: approver on all connections")

    await paul.types(f"/d365 access add @vera approver {NAME}")
    await paul.sees("Another admin decides")
    await paul.types("/d365 access reject 2")
    await paul.sees("You asked for this yourself")
    await ada.types("/d365 access reject 2")
    await ada.sees("Number 2 is refused")
    await ada.types("/d365 access approve 2")
    await ada.sees("No such request waits")

    await paul.types("/d365 access add @vera admin")
    await paul.sees("Another admin decides")
    await ada.types("/d365 access withdraw 3")
    await ada.sees("Somebody else asked for this")
    await paul.types("/d365 access withdraw 3")
    await paul.sees("Number 3 is withdrawn")

    await ada.types("/d365 access remove @paul admin")
    await ada.sees("no longer has the role admin")
    await ada.types("/d365 access add @vera admin")
    await ada.sees("the last one was removed less than a day ago")
    await ada.types("/d365 audit")
    record = words_of(await ada.sees("access:removed"))
    for tag in ("access:asked", "access:granted", "access:rejected", "access:withdrawn"):
        assert tag in record


def _message(text: str) -> Any:
    def found(seen: dict[str, Any]) -> dict[str, Any] | None:
        return next((one for one in seen["messages"] if text in words_of(one)), None)

    return found
