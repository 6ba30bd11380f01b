"""`d365bot keys rotate`: a newer encryption key for all secrets, told in sentences."""

from collections.abc import Sequence

from bot.clock import SystemClock
from bot.giving import at_the_command_line
from bot.key_vault import wrapping_of_new_keys
from bot.settings import Settings, read_settings
from bot.wiring import open_database
from connection.ports import Reading
from storage.rewrapping import Stuck
from storage.rotating import Rotated, Rotation

MOST_NAMED = 20


async def rotate_key(*, new_key: bool, force: bool) -> tuple[str, str]:
    """What was done, and what could not be done: '' if all was. Raises `NotReady`."""
    settings = read_settings()
    with open_database(settings) as database:
        rotation = Rotation(
            database.ledger,
            database.keys,
            wrapping_of_new_keys(settings),
            at_the_command_line(),
            SystemClock().now,
        )
        rotated = await rotation.run(new_key=new_key, force=force)
        stuck = list(rotated.progress.stuck.values())
        named = await database.ledger.read(lambda reading: _named(reading, stuck[:MOST_NAMED]))
    return _done(settings, rotated), _failed(stuck, named)


def _done(settings: Settings, rotated: Rotated) -> str:
    newest, count = rotated.progress.newest, sum(rotated.progress.moved.values())
    said = []
    if rotated.created:
        said.append(
            f"Encryption key {newest} was created in {settings.d365bot_key_dir}. Back it up apart "
            "from the database."
        )
    if rotated.progress.stuck:
        said.append(f"{_secrets(count)} wrapped anew with key {newest}.")
    else:
        said.append(
            f"{_secrets(count)} wrapped anew; no secret is sealed with another key than {newest}."
        )
    if rotated.unused:
        said.append(_kept(rotated.unused))
    return "\n".join(said)


def _secrets(count: int) -> str:
    return "1 secret was" if count == 1 else f"{count} secrets were"


def _kept(unused: Sequence[int]) -> str:
    numbers = ", ".join(map(str, unused))
    one = len(unused) == 1
    return (
        f"{'Key' if one else 'Keys'} {numbers} {'seals' if one else 'seal'} nothing any more. "
        f"Keep {'it' if one else 'them'} as long as you keep backups of the database from before: "
        f"their secrets open with {'it' if one else 'them'} only."
    )


def _named(reading: Reading, stuck: Sequence[Stuck]) -> list[str]:
    said = []
    for one in stuck:
        connection = reading.connection(one.ref.connection_id)
        name = connection.name if connection else one.ref.connection_id
        said.append(
            f"  {name}: {one.ref.field}, id {one.ref.id}, key {one.key_number}. {one.why.message}"
        )
    return said


def _failed(stuck: Sequence[Stuck], named: Sequence[str]) -> str:
    if not stuck:
        return ""
    many = "1 secret does" if len(stuck) == 1 else f"{len(stuck)} secrets do"
    said = [f"{many} not open, and nothing was changed there:", *named]
    if len(stuck) > len(named):
        said.append(f"  … and {len(stuck) - len(named)} more.")
    said += sorted({one.why.hint for one in stuck if one.why.hint})
    said.append(
        "Then run d365bot keys rotate again. Until then it makes another key with --new-key only."
    )
    return "\n".join(said)
