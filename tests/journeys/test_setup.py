"""Setting a connection up in the form."""

import asyncio

from tests.setups import give_secret, new_name, right_values, save_setup, set_up
from tests.stage import Actor, BotProcess, words_of


async def test_the_form_opens_and_shows_every_field_with_its_help(olga: Actor) -> None:
    await olga.types(f"/d365 setup {new_name()}")
    form = await olga.sees_form()
    inputs = [block for block in form["blocks"] if block["type"] == "input"]
    assert {block["block_id"] for block in inputs} == set(right_values(olga, "x"))
    assert all(block["hint"]["text"] for block in inputs)
    assert len(inputs) <= 12
    await olga.closes()


async def test_wrong_fields_are_told_at_the_fields_and_nothing_typed_is_lost(olga: Actor) -> None:
    name = new_name()
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    typed = right_values(olga, name, tenant="common", bot_client_id="mine", sales_url="ftp://x.y")
    answer = await olga.submits(**typed)
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {"tenant", "bot_client_id", "sales_url"}
    again = await olga.submits(
        tenant=olga.stage.ready["tenant"],
        bot_client_id=olga.stage.ready["apps"]["bot"]["client_id"],
        sales_url=olga.stage.ready["sales_url"],
    )
    assert again["response_action"] == "clear", again
    saved = await olga.sees(f"Setup of {name} saved")
    assert not saved["ephemeral"]
    assert f"d365bot secret set {name} bot_client_secret" in words_of(saved)


async def test_a_url_to_correct_is_shown_and_confirmed(olga: Actor) -> None:
    name = new_name()
    host = olga.stage.ready["sales_url"].removeprefix("https://")
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    answer = await olga.submits(**right_values(olga, name, sales_url=f"{host}/main.aspx?appid=1"))
    assert answer["response_action"] == "push"
    asked = await olga.sees_form("setup_confirm")
    assert f"https://{host}" in words_of(asked)
    assert f"{host}/main.aspx" in words_of(asked)
    assert (await olga.submits())["response_action"] == "clear"
    await olga.types(f"/d365 status {name}")
    status = await olga.sees(f"{name}: ")
    assert f"https://{host}\n" in words_of(status)


async def test_the_entered_url_is_kept_on_no(olga: Actor) -> None:
    name = new_name()
    entered = olga.stage.ready["sales_url"] + "/main.aspx"
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    await olga.submits(**right_values(olga, name, sales_url=entered))
    await olga.sees_form("setup_confirm")
    await olga.submits(sales_url="entered")
    await olga.types(f"/d365 status {name}")
    assert entered in words_of(await olga.sees(f"{name}: "))


async def test_going_back_from_the_question_keeps_the_form_as_typed(olga: Actor) -> None:
    name = new_name()
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    url = olga.stage.ready["sales_url"] + "/x"
    await olga.submits(**right_values(olga, name, sales_url=url))
    await olga.sees_form("setup_confirm")
    await olga.closes()
    await olga.sees_form("setup")
    answer = await olga.submits(sales_url=olga.stage.ready["sales_url"])
    assert answer["response_action"] == "clear"


async def test_two_people_who_edit_at_once_are_asked_and_lose_nothing(
    olga: Actor, ada: Actor
) -> None:
    name = new_name()
    await save_setup(olga, name)
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    await ada.types(f"/d365 setup {name}")
    await ada.sees_form()
    first = await ada.submits(bc_company="Another Example Ltd.", bc_environment="Sandbox")
    assert first["response_action"] == "clear"
    second = await olga.submits(bc_company="Third Example Ltd.", tenant="third.example.com")
    assert second["response_action"] == "push"
    asked = words_of(await olga.sees_form("setup_confirm"))
    assert "Another Example Ltd." in asked
    assert "Sandbox" in asked
    done = await olga.submits(keep_bc_company="mine")
    assert done["response_action"] == "clear"
    await olga.types(f"/d365 status {name}")
    status = words_of(await olga.sees(f"{name}: "))
    assert "Third Example Ltd." in status
    assert "third.example.com" in status
    assert "Sandbox" in status


async def test_going_back_from_another_persons_edit_and_saving_again_asks_again(
    olga: Actor, ada: Actor
) -> None:
    name = new_name()
    await save_setup(olga, name)
    for actor in (olga, ada):
        await actor.types(f"/d365 setup {name}")
        await actor.sees_form()
    assert (await ada.submits(bc_company="Hers Ltd."))["response_action"] == "clear"
    assert (await olga.submits(bc_company="Mine Ltd."))["response_action"] == "push"
    await olga.closes()
    again = await olga.submits(bc_environment="Sandbox")
    assert again["response_action"] == "push", "closing a question is no answer to it"
    assert (await olga.submits(keep_bc_company="theirs"))["response_action"] == "clear"
    await olga.types(f"/d365 status {name}")
    status = words_of(await olga.sees(f"{name}: "))
    assert "Hers Ltd." in status
    assert "Sandbox" in status


async def test_a_secret_that_was_set_meanwhile_survives_an_open_form(
    olga: Actor, bot: BotProcess
) -> None:
    name = new_name()
    await save_setup(olga, name)
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    await give_secret(olga, bot, name)
    answer = await olga.submits(bc_environment="Sandbox")
    assert answer["response_action"] == "clear"
    await olga.types(f"/d365 status {name}")
    assert "fingerprint ends" in words_of(await olga.sees(f"{name}: "))


async def test_changing_the_tenant_unlinks_the_secret_and_says_so(
    olga: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    await olga.submits(tenant="other.example.com")
    saved = words_of(await olga.sees(f"Setup of {name} saved"))
    assert "was unlinked" in saved
    await olga.types(f"/d365 test {name}")
    report = await olga.sees("failed", final=lambda message: "Test of" in message["text"])
    assert f"d365bot secret set {name}" in words_of(report) or "secret set" in words_of(report)


async def test_the_same_form_sent_twice_saves_once(olga: Actor) -> None:
    name = new_name()
    await olga.types(f"/d365 setup {name}")
    form = await olga.sees_form()
    typed = right_values(olga, name)
    person = {"person": "olga", "values": typed, "view_id": form["id"]}
    both = await asyncio.gather(
        olga.stage.post("/_slack/submit", person),
        olga.stage.post("/_slack/submit", person),
        return_exceptions=True,
    )
    assert any(isinstance(one, dict) and one["response_action"] == "clear" for one in both)
    await olga.sees(f"Setup of {name} saved")
    await olga.types(f"/d365 status {name}")
    assert "revision 1" in words_of(await olga.sees(f"{name}: "))


async def test_a_name_that_is_taken_is_told_at_the_name(olga: Actor) -> None:
    name = new_name()
    await save_setup(olga, name)
    await olga.types(f"/d365 setup {new_name()}")
    await olga.sees_form()
    answer = await olga.submits(**right_values(olga, name))
    assert set(answer["errors"]) == {"name"}
    await olga.closes()


async def test_a_secret_in_a_field_is_refused_at_the_field(olga: Actor, bot: BotProcess) -> None:
    name, secret = new_name(), "aBc8Q~" + "xY7." * 8 + "q9"
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    answer = await olga.submits(**right_values(olga, name, bc_company=secret))
    assert set(answer["errors"]) == {"bc_company"}
    assert "Rotate it" in answer["errors"]["bc_company"]
    await olga.closes()
    stored = b"".join(path.read_bytes() for path in bot.data.rglob("*") if path.is_file())
    assert secret.encode() not in stored
