"""The command line. Every error is a sentence and what to do; exit 1, or 2 for wrong usage."""

import asyncio
import functools
import sys
from collections.abc import Callable
from typing import ParamSpec

import click

from connection.errors import AdminError, Mistake

P = ParamSpec("P")


def told(act: Callable[P, None]) -> Callable[P, None]:
    """Errors for people go to standard error without a traceback."""

    @functools.wraps(act)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            act(*args, **kwargs)
        except AdminError as error:
            click.echo(error.message, err=True)
            if error.hint:
                click.echo(error.hint, err=True)
            sys.exit(1)

    return wrapped


class _NamesFields(click.Command):
    """Its help ends with what FIELD can be."""

    def format_epilog(
        self,
        ctx: click.Context,  # noqa: ARG002 - click hands it over
        formatter: click.HelpFormatter,
    ) -> None:
        """Read from the setup's own table."""
        from connection.setup import SECRET_FIELDS

        secrets = [(one.name, one.label) for one in SECRET_FIELDS]
        with formatter.section("Fields"):
            formatter.write_dl(secrets)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="d365bot", prog_name="d365bot")
def main() -> None:
    """Administers the connection between Business Central and Dynamics 365 Sales from Slack."""


@main.command()
@told
def serve() -> None:
    """Run the bot."""
    from bot.serving import serve_forever

    serve_forever()


@main.command()
@told
def migrate() -> None:
    """Create or upgrade the database, and audit.key.

    On PostgreSQL with D365BOT_MIGRATION_DATABASE_URL, and then the role of D365BOT_DATABASE_URL is
    given what it needs.
    """
    from bot.migrating import migrate_all, one_role_for_all
    from bot.places import make_folders
    from bot.settings import read_settings
    from bot.wiring import open_database

    settings = read_settings()
    make_folders(settings)
    migrate_all(settings)
    with open_database(settings):
        click.echo("The database is up to date.")
    if warning := one_role_for_all(settings):
        click.echo(warning, err=True)


@main.command()
@click.option("--url", default=None, help="The public https address that leads to the bot.")
@told
def manifest(url: str | None) -> None:
    """Print the manifest to create the Slack app from.

    Without an address the app uses Socket Mode: nothing has to reach the bot from outside.
    """
    from bot.manifest import manifest as content
    from bot.manifest import public_address

    click.echo(content("" if url is None else public_address(url)), nl=False)
    if url is None:
        click.echo(
            "For Socket Mode: make an App-Level Token with the scope connections:write and set it "
            "as SLACK_APP_TOKEN. For HTTP give the bot's address with --url.",
            err=True,
        )


@main.command()
@click.option("--tour", is_flag=True, help="Play the main story, print it, and end.")
@click.option("--terminal", is_flag=True, help="A prompt in this terminal in place of the page.")
@click.option("--port", type=click.IntRange(0, 65535), help="Of the page; 8365 if it is free.")
def demo(*, tour: bool, terminal: bool, port: int | None) -> None:
    """Try the bot in a browser, with everything around it simulated.

    Slack, Entra ID, Sales and Business Central run on this machine; nothing leaves it.
    """
    from bot.demo import run

    sys.exit(run(tour=tour, terminal=terminal, port=port))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@told
def connections(*, as_json: bool) -> None:
    """Show what is configured, without secrets."""
    from bot.listing import connection_lines

    for line in asyncio.run(connection_lines(as_json=as_json)):
        click.echo(line)


@main.command("test")
@click.option("--workspace", default="", help="The Slack team id, if there are several.")
@click.option("--all", "everything", is_flag=True, help="Show what passed, too.")
@click.option("--json", "in_json", is_flag=True, help="One JSON object, with every check.")
@click.argument("connection", default="")
@told
def test_connection(workspace: str, connection: str, *, everything: bool, in_json: bool) -> None:
    """Test a connection: reads only. Exit 1 if a check failed.

    Without a name the default connection. The report is kept, as of a test in Slack.
    """
    from bot.checking import as_json, as_lines, tested

    report = asyncio.run(tested(workspace, connection))
    lines = [as_json(report)] if in_json else as_lines(report, everything=everything)
    for line in lines:
        click.echo(line)
    sys.exit(1 if report.outcome is report.outcome.FAIL else 0)


@main.group()
def keys() -> None:
    """Encryption keys."""


@keys.command("new")
@told
def keys_new() -> None:
    """Create the next encryption key.

    It is a file in D365BOT_KEY_DIR. With the first one secrets can be stored; d365bot migrate
    has to be run before.
    """
    from bot.giving import new_key

    click.echo(asyncio.run(new_key()))


@keys.command("rotate")
@click.option("--new-key", is_flag=True, help="Make a key even if the newest has not all secrets.")
@click.option("--force", is_flag=True, help="Use a key of the settings no bot was started with.")
@told
def keys_rotate(*, new_key: bool, force: bool) -> None:
    """Seal all secrets with a newer key, while the bot runs.

    A key is made if the newest one seals every secret already; else the secrets that it does not
    seal yet are moved to it, such as after keys new or after a rotation that was cut off. With
    D365BOT_ENCRYPTION_KEYS they are moved to the first key there. If a secret does not open, it is
    named and left as it is, and the exit code is 1.
    """
    from bot.rotating import rotate_key

    done, failed = asyncio.run(rotate_key(new_key=new_key, force=force))
    click.echo(done)
    if failed:
        click.echo(failed, err=True)
        sys.exit(1)


@main.group()
def secret() -> None:
    """Secrets of a connection."""


@secret.command("set", cls=_NamesFields)
@click.option("--workspace", default="", help="The Slack team id, if there are several.")
@click.option("--expires", default="", help="The day on which it ends, such as 2027-03-01.")
@click.argument("connection")
@click.argument("field")
@told
def secret_set(workspace: str, expires: str, connection: str, field: str) -> None:
    """Give the bot a secret of a connection.

    It is asked for without echo, or read from standard input; it is never an argument. A
    certificate is read from standard input, with its private key, both in PEM form. Without an
    encryption key you are asked whether to make one; from standard input nothing is stored then.
    """
    from bot.giving import encryption_is_off, new_key, place_of, refuse_typed, set_secret

    if sys.stdin.isatty():
        refuse_typed(connection, field)
        click.echo(asyncio.run(place_of(workspace, connection, field)), err=True)
        if encryption_is_off():
            _ask_for_key()
            click.echo(asyncio.run(new_key()), err=True)
        value = click.prompt(f"{field} of {connection}", hide_input=True, err=True)
    else:
        value = sys.stdin.read().rstrip("\r\n")
    click.echo(asyncio.run(set_secret(workspace, connection, field, value, expires)))


def _ask_for_key() -> None:
    """As Business Central does, before the secret is typed."""
    question = (
        "Data encryption is off, so no secret is stored. It is recommended to turn it on: a key is "
        "made in D365BOT_KEY_DIR.\nTurn it on now?"
    )
    if not click.confirm(question, default=True, err=True):
        raise Mistake(
            "Nothing was stored, and the settings stay as they are.",
            "d365bot keys new turns encryption on later.",
        )


@main.group()
def certificate() -> None:
    """Certificates that the bot makes for Entra."""


@certificate.command("new")
@click.option("--workspace", default="", help="The Slack team id, if there are several.")
@click.option("--field", default="bot_certificate", show_default=True)
@click.option("--days", default="180", show_default=True, help="How long it is valid.")
@click.argument("connection")
@told
def certificate_new(workspace: str, field: str, days: str, connection: str) -> None:
    """Make a certificate and print its public half, to be uploaded in Entra.

    The private key stays sealed with the bot. Where a certificate is in use already, that one is
    used until the new one was tried with /d365 secret CONNECTION use.
    """
    from bot.certificates import new_certificate

    pem, said = asyncio.run(new_certificate(workspace, connection, field, days))
    click.echo(pem, nl=False)
    click.echo(said, err=True)


@certificate.command("show")
@click.option("--workspace", default="", help="The Slack team id, if there are several.")
@click.option("--field", default="bot_certificate", show_default=True)
@click.argument("connection")
@told
def certificate_show(workspace: str, field: str, connection: str) -> None:
    """Print the public half of the newest certificate."""
    from bot.certificates import shown_certificate

    click.echo(asyncio.run(shown_certificate(workspace, connection, field)), nl=False)


@main.group()
def audit() -> None:
    """The record of every act."""


@audit.command("export")
@click.option("--format", "kind", type=click.Choice(["jsonl", "csv"]), default="jsonl")
@click.option("--since", type=click.DateTime(), default=None, help="UTC; from this time on.")
@told
def audit_export(kind: str, since: object) -> None:
    """Print the record."""
    from bot.recording import export_lines

    for line in export_lines(kind, since):
        click.echo(line, nl=False)


@audit.command("verify")
@click.option("--head", default="", help="N:HASH that was kept elsewhere.")
@told
def audit_verify(head: str) -> None:
    """Verify that the record is whole; if not, exit with 1."""
    from bot.recording import verify_chain

    click.echo(verify_chain(head))


if __name__ == "__main__":
    main()
