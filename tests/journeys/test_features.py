"""The second part of the setup form: the features of the connection."""

from tests.setups import new_name, right_values, save_setup, set_up
from tests.stage import Actor, BotProcess, Json, words_of


def inputs_of(view: Json) -> dict[str, Json]:
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


async def opened(actor: Actor, name: str) -> Json:
    await actor.types(f"/d365 setup {name} features")
    return await actor.sees_form("features")


async def test_the_button_in_the_form_brings_them_and_one_save_keeps_both_parts(
    olga: Actor,
) -> None:
    name = new_name()
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    typed = right_values(olga, name)
    pressed = {"person": "olga", "label": "Features…", "values": typed}
    await olga.stage.post("/_slack/press", pressed)
    features = inputs_of(await olga.sees_form("features"))
    assert {"import_solution", "item_availability", "sales_orders", "users_must_map"} < set(
        features
    )
    assert all(block["hint"]["text"] for block in features.values())
    assert len(features) <= 12
    answer = await olga.submits(users_must_map="yes", web_client_url="https://bc.example.com/")
    assert answer["response_action"] == "clear", answer
    saved = words_of(await olga.sees(f"Setup of {name} saved"))
    assert "Business Central users must map to Sales users" in saved
    await olga.types(f"/d365 status {name}")
    status = words_of(await olga.sees(f"{name}: "))
    assert typed["sales_url"] is not None
    assert typed["sales_url"] in status
    assert "*Business Central users must map to Sales users:* Yes" in status
    assert "*Business Central web client URL:* https://bc.example.com/" in status


async def test_going_back_to_the_first_part_loses_nothing(olga: Actor) -> None:
    name = new_name()
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    typed = right_values(olga, name)
    await olga.stage.post(
        "/_slack/press", {"person": "olga", "label": "Features…", "values": typed}
    )
    await olga.sees_form("features")
    await olga.closes()
    await olga.sees_form("setup")
    assert (await olga.submits(**typed))["response_action"] == "clear"
    saved = words_of(await olga.sees(f"Setup of {name} saved"))
    assert "Changed: Name of the connection" in saved
    assert "Item availability" not in saved


async def test_what_cannot_be_chosen_says_why_and_follows_the_solution(olga: Actor) -> None:
    name = new_name()
    await save_setup(olga, name)
    form = await opened(olga, name)
    assert "odata_url" not in inputs_of(form)
    await olga.stage.post(
        "/_slack/press", {"person": "olga", "block_id": "import_solution", "option": "no"}
    )
    why = await olga.sees_text("*Item availability in Sales* needs the integration solution")
    assert "*Create sales orders automatically* needs sales order integration" in words_of(why)
    assert "item_availability" not in inputs_of(why)
    form = await olga.chooses("import_solution", "yes", "item_availability")
    chosen = inputs_of(form)["item_availability"]["element"]["initial_option"]["value"]
    assert chosen == "yes", "it follows the solution, as in Business Central's guide"
    assert "odata_user_name" in inputs_of(form)
    assert (await olga.submits())["response_action"] == "clear"
    assert "Item availability in Sales" in words_of(await olga.sees(f"Setup of {name} saved"))


async def test_a_wrong_address_is_told_at_its_field_and_nothing_is_lost(olga: Actor) -> None:
    name = new_name()
    await save_setup(olga, name)
    await opened(olga, name)
    answer = await olga.submits(web_client_url="bc.example.com", auto_process_quotes="yes")
    assert set(answer["errors"]) == {"web_client_url"}
    assert "beginning with https://" in answer["errors"]["web_client_url"]
    again = await olga.submits(web_client_url="https://bc.example.com")
    assert again["response_action"] == "clear"
    saved = words_of(await olga.sees(f"Setup of {name} saved"))
    assert "Process sales quotes automatically" in saved


async def test_a_first_part_that_is_not_right_is_told_in_the_second(olga: Actor) -> None:
    name = new_name()
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    wrong = right_values(olga, name, tenant="common")
    await olga.stage.post(
        "/_slack/press", {"person": "olga", "label": "Features…", "values": wrong}
    )
    await olga.sees_form("features")
    answer = await olga.submits(users_must_map="yes")
    assert answer["response_action"] == "update", answer
    told = words_of(await olga.sees_text("Microsoft Entra tenant"))
    assert "Not saved yet" in told
    assert "stands for every tenant" in told
    await olga.closes()
    await olga.sees_form("setup")
    done = await olga.submits(**right_values(olga, name))
    assert done["response_action"] == "clear"
    saved = words_of(await olga.sees(f"Setup of {name} saved"))
    assert "Business Central users must map to Sales users" in saved


async def test_the_user_of_item_availability_is_named_in_no_channel_and_its_key_is_a_secret(
    olga: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    await opened(olga, name)
    await olga.chooses("item_availability", "yes", "odata_user_name")
    await olga.submits(odata_user_name="SALESREADER")
    await olga.types(f"/d365 status {name}")
    status = words_of(await olga.sees(f"{name}: "))
    assert "SALESREADER" not in status
    key = f"`/d365 secret {name} odata_access_key`"
    assert f"*OData web service access key for item availability:* not set; give it with {key}" in (
        status
    )
    done = await bot.run("secret", "set", name, "odata_access_key", stdin="Made+upAccessKey/0123==")
    assert done.returncode == 0, done.stderr
    await opened(olga, name)
    await olga.submits(item_availability="no")
    saved = words_of(await olga.sees(f"Setup of {name} saved"))
    assert "*OData web service access key for item availability* was unlinked" in saved


async def test_what_another_person_saved_meanwhile_stays(olga: Actor, ada: Actor) -> None:
    name = new_name()
    await save_setup(olga, name)
    await opened(olga, name)
    await ada.types(f"/d365 setup {name}")
    await ada.sees_form()
    assert (await ada.submits(bc_company="Hers Ltd."))["response_action"] == "clear"
    answer = await olga.submits(users_must_map="yes")
    assert answer["response_action"] == "push"
    assert "Hers Ltd." in words_of(await olga.sees_form("setup_confirm"))
    assert (await olga.submits())["response_action"] == "clear"
    await olga.types(f"/d365 status {name}")
    status = words_of(await olga.sees(f"{name}: "))
    assert "Hers Ltd." in status
    assert "*Business Central users must map to Sales users:* Yes" in status


async def test_a_viewer_gets_no_form_of_features(vera: Actor, olga: Actor) -> None:
    name = new_name()
    await save_setup(olga, name)
    await vera.types(f"/d365 setup {name} features")
    await vera.sees("Sorry, setup needs the role operator")


async def test_other_words_are_not_taken_and_no_connection_is_called_so(olga: Actor) -> None:
    await olga.types(f"/d365 setup {new_name()} everything")
    await olga.sees("I did not understand")
    await olga.types("/d365 setup")
    await olga.sees_form()
    answer = await olga.submits(**right_values(olga, "features"))
    assert "is a word of the command itself" in answer["errors"]["name"]
    await olga.closes()
