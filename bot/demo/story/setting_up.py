"""The setup form: filled in wrongly, with a pasted secret, and rightly with a messy address."""

import secrets
import string
from dataclasses import replace
from urllib.parse import urlsplit

from bot.demo.audience import NoAnswer
from bot.demo.form import field_lines, fields_of, form_lines
from bot.demo.paper import folded
from bot.demo.play import Play, typed_values
from bot.demo.right_values import right_values
from bot.demo.simulated import Json

NAME = "adventure-prod"
WRONG = {
    "sales_url": "adventure example sales",
    "tenant": "Adventure Example",
    "bot_client_id": "D365 Connection Bot",
}


def browser_address(sales_url: str) -> str:
    """A page of Sales, as the address bar of a browser may show it."""
    organisation, _, cloud = urlsplit(sales_url).netloc.partition(".")
    page = "main.aspx?appid=3f2b9a04-5c1d-4e8f-9a7b-0c6d5e4f3a21&pagetype=dashboard"
    return f"https://{organisation.title()}.{cloud}/{page}"


def open_the_form(play: Play) -> None:
    """The name that was typed stands in the form."""
    view = play.opens_form("olga", f"/d365 setup {NAME}")
    named = typed_values(view)["name"]
    play.script.expect(f"the form opens with the name {NAME} in it", named == NAME, named)
    play.expect_silence()


def fill_it_in_wrongly(play: Play) -> None:
    """Errors at the fields, and nothing that was typed is lost."""
    values = right_values(play.stage) | WRONG
    view, errors = _submit(play, values)
    play.script.narrate("olga fills in the form, three fields wrongly, and presses Save")
    play.script.seen(form_lines(view, play.names, errors, hints=False))
    labels = ", ".join(field.label for field in fields_of(view) if field.name in WRONG)
    right = set(errors) == set(WRONG)
    play.script.expect(f"errors stand at exactly these fields: {labels}", right, errors)
    kept = typed_values(view)
    lost = {name: kept.get(name) for name, value in values.items() if kept.get(name) != value}
    play.script.expect("everything that was typed is still there", not lost, lost)
    play.expect_silence()


def paste_a_secret(play: Play) -> None:
    """A secret in a field that people can read."""
    view, errors = _submit(play, right_values(play.stage) | {"bot_client_id": play.pasted})
    play.script.narrate(
        "olga mends the fields but pastes a client secret where the client ID belongs"
    )
    (field,) = (one for one in fields_of(view) if one.name == "bot_client_id")
    hidden = replace(field, value="•" * len(play.pasted))
    play.script.seen(field_lines(hidden, errors.get(field.name, ""), hints=False))
    right = set(errors) == {"bot_client_id"} and "Rotate" in errors["bot_client_id"]
    play.script.expect("it is refused at that field, with the advice to rotate it", right, errors)
    play.expect_silence()


def fill_it_in_rightly(play: Play) -> None:
    """The address is corrected as Business Central would, after a question."""
    values = right_values(play.stage)
    values["sales_url"] = browser_address(values["sales_url"])
    play.script.narrate("olga fills in everything rightly, with the address from her browser:")
    play.script.show(["", *folded(values["sales_url"], "  ", "")])
    view, errors = _submit(play, values)
    play.script.seen(form_lines(view, play.names, errors))
    shown = "\n".join(form_lines(view, play.names))
    corrected = play.stage.ready.sales_url
    play.script.expect("the corrected address is shown and asked about", corrected in shown, shown)
    play.script.narrate("olga keeps the suggestion and presses Save")
    after = play.stage.slack.submit("olga", {})
    play.script.expect("the form closes", not after["views"], after["errors"])
    saved = play.answered("olga", alone=False)
    play.contains(
        saved,
        "the channel reads who saved it, and what comes next",
        f"Setup of {NAME} saved",
        "@olga saved revision 1",
        f"d365bot secret set {NAME} bot_client_secret",
    )


def made_up_secret() -> str:
    """In the shape of a client secret of Microsoft Entra; nobody's."""
    letters = string.ascii_letters + string.digits
    tail = "".join(secrets.choice(letters) for _ in range(34))
    return f"{''.join(secrets.choice(letters) for _ in range(3))}8Q~{tail}"


def _submit(play: Play, values: dict[str, str]) -> tuple[Json, dict[str, str]]:
    """The modal that stands afterwards, and the errors at its fields."""
    answer = play.stage.slack.submit("olga", values)
    if not answer["views"]:
        raise NoAnswer("The form closed, though something was wrong or to be asked.")
    return answer["views"][-1], dict(answer["errors"])
