"""Every button: which command it equals. A button carries an opaque id and decides nothing."""

from dataclasses import dataclass

from connection.asks import About
from connection.setup import SECRET_FIELDS
from connection.setup_fields import SecretKind
from handlers.command import Command
from handlers.commands import BY_WORD, FEATURES
from handlers.ids import FEATURES_FORM, GIVE, MAKE, MAKE_LONG, SHOW


@dataclass(frozen=True, slots=True)
class Button:
    """A row of `BUTTONS`: the equal command, what the button's value is the id of, and the words
    that are typed behind the connection."""

    action_id: str
    command: Command
    about: About
    rest: str = ""


def _secrets() -> tuple[Button, ...]:
    """One row a secret and a thing to do with it."""
    secret = BY_WORD["secret"]
    giving = [
        Button(f"{GIVE}{about.name}", secret, About.CONNECTION, about.name)
        for about in SECRET_FIELDS
    ]
    certificates = [
        Button(f"{act}{about.name}", secret, About.CONNECTION, f"{about.name} {words}")
        for about in SECRET_FIELDS
        if about.secret is SecretKind.CERTIFICATE
        for act, words in ((MAKE, "make"), (MAKE_LONG, "make 365"), (SHOW, "show"))
    ]
    deciding = [
        Button(f"secret_{word}", secret, About.HANDOVER, word)
        for word in ("confirm", "encrypt", "once", "discard", "use")
    ]
    return (*giving, *certificates, *deciding)


def _requests() -> tuple[Button, ...]:
    """About one request for a change: deciding, and going on with it."""
    deciding = [
        Button(f"request_{word}", BY_WORD[word], About.REQUEST)
        for word in ("approve", "reject", "withdraw")
    ]
    going_on = [
        Button(f"request_{word.replace('-', '_')}", BY_WORD["request"], About.REQUEST, word)
        for word in (
            "why",
            "defaults",
            "done",
            "resume",
            "undo",
            "leave",
            "sign-in",
            "alone-yes",
            "reviewed",
        )
    ]
    showing = Button("request_show", BY_WORD["request"], About.REQUEST)
    return (showing, *deciding, *going_on)


BUTTONS: tuple[Button, ...] = (
    Button("open_form", BY_WORD["setup"], About.DRAFT),
    Button("set_up", BY_WORD["setup"], About.NAME),
    Button("setup", BY_WORD["setup"], About.CONNECTION),
    Button(FEATURES_FORM, BY_WORD["setup"], About.CONNECTION, FEATURES),
    Button("status", BY_WORD["status"], About.CONNECTION),
    Button("enable", BY_WORD["enable"], About.CONNECTION),
    Button("disable", BY_WORD["disable"], About.CONNECTION),
    Button("names", BY_WORD["status"], About.CONNECTION, "names"),
    Button("test", BY_WORD["test"], About.CONNECTION),
    Button("explain", BY_WORD["test"], About.REPORT, "explain"),
    Button("all_checks", BY_WORD["test"], About.REPORT, "all"),
    Button("history", BY_WORD["history"], About.CONNECTION),
    Button("users", BY_WORD["users"], About.CONNECTION),
    Button("secret", BY_WORD["secret"], About.CONNECTION),
    Button("encryption_on", BY_WORD["encryption"], About.NAME, "on"),
    Button("sign_in", BY_WORD["sign-in"], About.CONNECTION),
    *(
        Button(f"sign_in_{word}", BY_WORD["sign-in"], About.SIGN_IN, word)
        for word in ("cancel", "yes", "no", "out")
    ),
    *(
        Button(f"access_{word}", BY_WORD["access"], About.ACCESS_REQUEST, word)
        for word in ("approve", "reject", "withdraw")
    ),
    *_requests(),
    *_secrets(),
)

BY_ACTION = {button.action_id: button for button in BUTTONS}
