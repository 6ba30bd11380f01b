"""What people type, and who sees the answer."""

import json

import pytest

from tests.setups import new_name, save_setup, set_up
from tests.stage import Actor, BotProcess, words_of


async def test_help_shows_every_command_and_the_roles_of_the_reader(vera: Actor) -> None:
    await vera.types("/d365 help")
    shown = words_of(await vera.sees("Your roles: viewer"))
    for word in ("help", "setup", "list", "status", "test", "audit", "access"):
        assert f"/d365 {word}" in shown
    assert "needs the role operator" in shown


async def test_no_word_at_all_is_help(sam: Actor) -> None:
    await sam.types("/d365")
    shown = await sam.sees("Your roles: none yet")
    assert shown["ephemeral"]


@pytest.mark.parametrize(
    ("typed", "meant"), [("tset", "test"), ("sttus", "status"), ("HLEP", "help")]
)
async def test_an_unknown_word_gets_the_nearest_one(vera: Actor, typed: str, meant: str) -> None:
    await vera.types(f"/d365 {typed} something")
    shown = await vera.sees(f"Did you mean /d365 {meant}?")
    assert shown["ephemeral"]


async def test_an_unknown_connection_gets_the_nearest_one(olga: Actor, vera: Actor) -> None:
    name = new_name()
    await save_setup(olga, name)
    await vera.types(f"/d365 status {name}x")
    assert (await vera.sees(f"There is no connection {name}x"))["ephemeral"]


async def test_a_stranger_is_not_told_which_connections_there_are(sam: Actor, olga: Actor) -> None:
    name = new_name()
    await save_setup(olga, name)
    await sam.types(f"/d365 status {name}x")
    refused = words_of(await sam.sees("Sorry, status needs the role viewer"))
    assert f"{name}." not in refused
    assert f"{name}," not in refused


async def test_a_viewer_who_may_not_set_up_is_refused_alone_and_politely(
    vera: Actor, olga: Actor
) -> None:
    await vera.types("/d365 setup")
    refused = await vera.sees("Sorry, setup needs the role operator")
    assert refused["ephemeral"]
    assert "ask" in words_of(refused).lower()
    seen = await olga.stage.seen("olga", olga.channel)
    assert all("Sorry, setup" not in words_of(one) for one in seen["messages"])
    assert not (await vera.stage.seen("vera", vera.channel))["views"]


async def test_a_stranger_is_refused_and_the_refusal_is_audited(
    sam: Actor, ada: Actor, olga: Actor
) -> None:
    await save_setup(olga, new_name())
    await sam.types("/d365 test")
    await sam.sees("Sorry, test needs the role viewer")
    await ada.types("/d365 audit")
    shown = words_of(await ada.sees("Audit"))
    assert "command:refused" in shown


async def test_status_and_list_show_what_is_set_up(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    await olga.types(f"/d365 status {name}")
    status = await olga.sees(f"{name}: not tested")
    assert not status["ephemeral"]
    assert "fingerprint ends" in words_of(status)
    assert "integration@" not in words_of(status)
    await olga.types("/d365 list")
    listed = await olga.sees("connection")
    assert listed["ephemeral"]
    assert name in words_of(listed)


async def test_audit_of_a_connection_tells_who_changed_what(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    await olga.types(f"/d365 audit {name}")
    shown = words_of(await olga.sees(f"Audit of {name}"))
    for tag in ("connection:created", "setup:saved", "secret:set"):
        assert tag in shown
    assert "Head of the chain" in shown


async def test_a_role_can_be_given_for_one_connection_and_taken_back(
    ada: Actor, olga: Actor, stage: object
) -> None:
    name, other = new_name(), new_name()
    await save_setup(olga, name)
    await save_setup(olga, other)
    await ada.types(f"/d365 access add @sam viewer {name}")
    await ada.sees(f"now has the role viewer on {name}")
    sam = ada.stage.person("sam", "general")
    await sam.types(f"/d365 status {name}")
    await sam.sees(f"{name}: ")
    await sam.types(f"/d365 status {other}")
    hidden = words_of(await sam.sees(f"There is no connection {other}."))
    assert name in hidden
    await ada.types(f"/d365 access remove @sam viewer {name}")
    await ada.sees("no longer has the role viewer")
    await sam.types(f"/d365 status {name}")
    await sam.sees("Sorry, status needs the role viewer")


@pytest.mark.parametrize(
    "words", ["add", "add @vera", "add vera viewer", "add @vera king", "add @vera viewer nowhere x"]
)
async def test_a_mistyped_access_is_told_what_to_type(ada: Actor, words: str) -> None:
    await ada.types(f"/d365 access {words}")
    said = words_of(await ada.sees(""))
    assert "access" in said or "Roles:" in said or "@mention" in said


async def test_a_pasted_secret_in_a_command_is_refused_and_stored_nowhere(
    olga: Actor, bot: BotProcess
) -> None:
    secret = "zZz8Q~" + "pQ4_" * 8 + "k2"
    await olga.types(f"/d365 test {secret}")
    refused = await olga.sees("Rotate it now")
    assert refused["ephemeral"]
    stored = b"".join(path.read_bytes() for path in bot.folder.rglob("*") if path.is_file())
    assert secret.encode() not in stored


async def test_answers_reach_a_channel_that_the_bot_is_not_in(olga: Actor, bot: BotProcess) -> None:
    name = await set_up(olga, bot)
    outside = olga.stage.person("olga", "random")
    await outside.types("/d365 list")
    assert name in words_of(await outside.sees("connection"))
    await outside.types(f"/d365 test {name}")
    await outside.sees(f"Test of {name}: every check passed")


async def test_the_edit_button_opens_the_form_of_its_connection(
    olga: Actor, bot: BotProcess
) -> None:
    name = new_name()
    await save_setup(olga, name)
    await olga.types(f"/d365 status {name}")
    await olga.sees(f"{name}: ")
    await olga.presses("Edit the setup")
    form = await olga.sees_form()
    assert form["title"]["text"] == f"Setup {name}"[:24]
    await olga.closes()


async def test_a_button_of_a_connection_that_is_gone_says_so(olga: Actor, bot: BotProcess) -> None:
    name = new_name()
    await save_setup(olga, name)
    await olga.stage.post(
        "/_slack/raw",
        {
            "form": {
                "payload": json.dumps(
                    {
                        "type": "block_actions",
                        "team": {"id": olga.stage.ready["team_id"]},
                        "user": {"id": olga.stage.ready["people"]["olga"]},
                        "channel": {"id": olga.stage.ready["channels"]["crm-admins"]},
                        "trigger_id": f"gone-{name}",
                        "actions": [{"action_id": "test", "value": "no such id", "type": "button"}],
                    }
                )
            }
        },
    )
    assert "is gone" in words_of(await olga.sees("is gone"))


@pytest.mark.parametrize(
    "typed", ["setup " + "x" * 41, "setup help", "setup Two Words", "list all of it"]
)
async def test_words_that_a_command_does_not_take_are_refused_at_once(
    olga: Actor, typed: str
) -> None:
    answer = await olga.types(f"/d365 {typed}")
    assert answer["status"] == 200
    assert answer["body"]
    assert not (await olga.stage.seen("olga", olga.channel))["views"]


async def test_the_record_of_a_connection_follows_it_through_a_new_name(
    olga: Actor, bot: BotProcess
) -> None:
    name, other = new_name(), new_name()
    await save_setup(olga, name)
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    assert (await olga.submits(name=other))["response_action"] == "clear"
    await save_setup(olga, name)
    await olga.types(f"/d365 audit {other}")
    history = words_of(await olga.sees(f"Audit of {other}"))
    assert "`connection:created`" in history
    assert f"name {name} → {other}" in history
    await olga.types(f"/d365 audit {name}")
    assert other not in words_of(await olga.sees(f"Audit of {name}"))
