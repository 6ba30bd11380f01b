"""The audit record at the command line: export and verification."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.places import require_database
from bot.settings import read_settings
from connection.audit import ChainHead
from connection.errors import Mistake
from storage.exporting import export
from storage.head_file import HeadFile, parse_head
from storage.verifying import verify


def export_lines(kind: str, since: object) -> Iterator[str]:
    """JSON lines, or CSV with a header line."""
    settings = read_settings()
    require_database(settings)
    start = since.replace(tzinfo=UTC) if isinstance(since, datetime) else None
    yield from export(settings.database_url, kind, start)


def verify_chain(head: str) -> str:
    """The sentence that says that it holds, and what could not be seen. Raises `ChainBroken`."""
    settings = read_settings()
    remembered = HeadFile(settings.d365bot_key_dir).text()
    found = verify(settings.database_url, settings.d365bot_key_dir, _head(head))
    holds = f"The record is unbroken: {found.n} rows. Head: {found}"
    if remembered or head:
        return holds
    return (
        f"{holds}\naudit.head is missing: rows cut off at the end would not be noticed; compare "
        "with --head."
    )


def _head(text: str) -> ChainHead | None:
    if not text:
        return None
    try:
        return parse_head(text)
    except ValueError as error:
        raise Mistake(f"{text[:80]} is not a head.", "Give it as /d365 audit shows it.") from error
