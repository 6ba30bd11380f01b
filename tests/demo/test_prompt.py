"""The prompt, driven by a pipe as by a person who types."""

from pathlib import Path

from tests.demo.starting import demo

KEEP = ""
SETUP = (
    "/d365 setup adventure-prod",
    KEEP,  # the name
    KEEP,  # online
    "https://Adventure-Example.crm4.dynamics.com/main.aspx?pagetype=dashboard",
    "adventure-example.onmicrosoft.com",
    KEEP,  # by user name and password
    "integration@adventure-example.onmicrosoft.com",
    KEEP,  # by client secret
    "not-a-client-id",
    KEEP,  # no app for people
    "values",
    "Production",
    "Adventure Example Ltd.",
)


def test_a_newcomer_sets_up_gives_the_secret_tests_and_quits(tmp_path: Path) -> None:
    mended = ("00000000-1111-2222-3333-444444444444", "1")
    lines = (*SETUP, *mended, "secret", "/d365 test", "as vera", "1", "look", "quit")
    done = demo(tmp_path, "--terminal", typed="\n".join(lines) + "\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    for part in (
        "1. Type  /d365 setup adventure-prod",
        "Not saved: one field needs another look.",
        "✗ A client ID is a GUID",
        "Suggested: https://adventure-example.crm4.dynamics.com\n",
        "Setup of adventure-prod saved",
        "$ d365bot keys new",
        "$ d365bot secret set adventure-prod bot_client_secret",
        "✗ Sign-in failed: Entra ID knows no app with this client id",
        "vera presses [1] Test again",
        "Everything was stopped, and nothing was left behind.",
    ):
        assert part in done.stdout, part
    as_they_came = as_vera_looked = 2
    assert done.stdout.count("✗ Sign-in failed") == as_they_came + as_vera_looked
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_the_end_of_input_ends_the_demo_even_in_a_form(tmp_path: Path) -> None:
    typed = "people\nas nobody\nscenario nonsense\nwhat\n9\nin nowhere\n/d365 setup mine\n"
    done = demo(tmp_path, "--terminal", typed=typed)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    for part in (
        "vera    Vera Viewer",
        "nobody here is called 'nobody'",
        "no scenario 'nonsense'",
        "I do not know 'what'",
        "There is no button [9]",
        "olga is in crm-admins, general, random",
        "[mine]",
    ):
        assert part in done.stdout, part
