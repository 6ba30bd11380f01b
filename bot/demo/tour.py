"""`d365bot demo --tour`: the main story as people see it; exit 0 only if all was as expected."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from bot.demo.audience import Audience, NoAnswer
from bot.demo.play import Play
from bot.demo.simulated import CannotDo
from bot.demo.stage import Stage, StageFailed, open_stage
from bot.demo.story import (
    administrator,
    enabling,
    looking,
    proof,
    refusing,
    roles,
    secret,
    setting_up,
    testing,
)
from bot.demo.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the story."""

    title: str
    introduction: str
    acts: tuple[Callable[[Play], None], ...]


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "Ada gives Olga, Vera and Paul their roles",
        "Whoever runs the bot has named Ada as an admin. Nobody else may do anything yet.",
        (roles.give_roles,),
    ),
    Chapter(
        "Olga looks around",
        "Help shows every command, and which of them need a role that she lacks.",
        (roles.ask_for_help,),
    ),
    Chapter(
        "Olga sets up the connection",
        "A form in Slack, which she fills in wrongly, then worse, then rightly.",
        (
            setting_up.open_the_form,
            setting_up.fill_it_in_wrongly,
            setting_up.paste_a_secret,
            setting_up.fill_it_in_rightly,
        ),
    ),
    Chapter(
        "The bot gets its client secret",
        "Secrets do not pass through Slack. Whoever runs the bot gives them where it runs, or by "
        "a form in the browser where the bot has an https address.",
        (secret.turn_encryption_on, secret.give_the_secret),
    ),
    Chapter(
        "Olga tests the connection, and the channel watches",
        "One message for everybody in the channel, edited in place while the test runs.",
        (testing.test_while_it_is_healthy,),
    ),
    Chapter(
        "Vera and Olga look things up",
        "The status is for the channel; list, record and help are for the one who asks.",
        (looking.look_around,),
    ),
    Chapter(
        "Ada signs in as an administrator",
        "For acts that need one. Code and token are in the bot's memory only.",
        (administrator.sign_in_and_out,),
    ),
    Chapter(
        "Olga asks to enable, and Paul approves",
        "A plan of what changes on both sides, decided by somebody else, applied by the bot.",
        (
            enabling.lose_the_solution,
            enabling.let_her_approve,
            enabling.ask_to_enable,
            enabling.approve_own_request,
            enabling.approve,
            enabling.look_at_both_sides,
        ),
    ),
    Chapter(
        "Olga asks to disable",
        "The same way; Sales stays as it is.",
        (enabling.disable,),
    ),
    Chapter(
        "Things break, and Vera finds out why",
        "A viewer may test. A test only reads.",
        (testing.break_and_test,),
    ),
    Chapter(
        "What is not allowed, and what is not understood",
        "Whoever is refused is told alone, with what to do instead.",
        (refusing.refuse,),
    ),
    Chapter(
        "The record, and the secrets",
        "Every act so far is in a chained record, and no secret stands where it can be read.",
        (proof.verify_the_record, proof.look_for_secrets),
    ),
)


def play_tour() -> int:
    """Exit code 0 if every expectation held, else 1."""
    script, began = Transcript(), time.monotonic()
    script.show(
        [
            "A tour of d365bot. Slack, Entra ID, Dynamics 365 Sales and Business Central are",
            "simulated; the bot is real. A line with ✓ says what was expected, and that it held.",
        ]
    )
    try:
        with open_stage() as stage:
            _play(stage, script)
    except StageFailed as failure:
        script.expect("the simulators and the bot run", held=False, seen=failure)
    seconds = time.monotonic() - began
    said = f"{script.met} expectations held" + (f", {script.unmet} did not" if script.unmet else "")
    script.show(["", f"{said}. It took {seconds:.0f} seconds. Nothing was left behind."])
    return 1 if script.unmet else 0


def _play(stage: Stage, script: Transcript) -> None:
    audience = Audience(stage.slack, stage.world.people())
    pasted = setting_up.made_up_secret()
    play = Play(stage, script, audience, stage.world.channels(), pasted)
    try:
        for chapter in CHAPTERS:
            script.heading(chapter.title, chapter.introduction)
            for act in chapter.acts:
                act(play)
    except (NoAnswer, CannotDo, httpx.HTTPError) as failure:
        script.expect("the story goes on", held=False, seen=failure)
    if script.unmet:
        script.show(
            ["", "The bot's log ends with:", *(f"  {one}" for one in stage.bot.last_lines())]
        )
