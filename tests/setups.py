"""Setting a connection up as an operator would, for stories that begin after it."""

from itertools import count

from tests.stage import Actor, BotProcess

INTEGRATION = "integration@adventure-example.onmicrosoft.com"
PASSWORD = "Made-up-Passw0rd"

_numbers = count(1)


def new_name() -> str:
    """A connection of its own for each story."""
    return f"adventure-{next(_numbers)}"


def right_values(actor: Actor, name: str, **other: str) -> dict[str, str | None]:
    """What the simulated world needs in the form."""
    ready = actor.stage.ready
    values: dict[str, str | None] = {
        "name": name,
        "hosting": "online",
        "sales_url": ready["sales_url"],
        "tenant": ready["tenant"],
        "integration_auth": "password",
        "bot_client_id": ready["apps"]["bot"]["client_id"],
        "bot_credential": "client_secret",
        "admin_client_id": ready["apps"]["admin"]["client_id"],
        "integration_user_name": INTEGRATION,
        "bc_environment": ready["bc"]["environment"],
        "bc_company": ready["bc"]["company"],
    }
    return {**values, **other}


async def set_up(actor: Actor, bot: BotProcess, name: str = "", **other: str) -> str:
    """A saved connection with its secret; its name."""
    name = name or new_name()
    await save_setup(actor, name, **other)
    await give_secret(actor, bot, name)
    return name


async def save_setup(actor: Actor, name: str, **other: str) -> None:
    """Through the form."""
    await actor.types(f"/d365 setup {name}")
    await actor.sees_form()
    answer = await actor.submits(**right_values(actor, name, **other))
    assert answer["response_action"] == "clear", answer
    await actor.sees(f"Setup of {name} saved")


async def give_secret(actor: Actor, bot: BotProcess, name: str, secret: str = "") -> None:
    """Through the command line."""
    secret = secret or actor.stage.ready["apps"]["bot"]["client_secret"]
    done = await bot.run("secret", "set", name, "bot_client_secret", stdin=secret)
    assert done.returncode == 0, done.stderr


async def give_password(actor: Actor, bot: BotProcess, name: str, password: str = PASSWORD) -> None:
    """Of the integration user, who has `PASSWORD` in the world from now on."""
    await actor.stage.change({"accounts": {INTEGRATION: {"password": PASSWORD}}})
    done = await bot.run("secret", "set", name, "integration_password", stdin=password)
    assert done.returncode == 0, done.stderr
