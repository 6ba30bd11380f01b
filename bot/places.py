"""Where the bot keeps things and where it listens, looked at before anything starts.

What cannot be used is told in a sentence that names the setting.
"""

import errno
import os
import socket
from contextlib import ExitStack
from pathlib import Path

from bot.settings import Settings
from connection.errors import NotReady
from storage.address import database_file, is_file, place
from storage.key_files import refuse_open_folder
from storage.keys import EncryptionKeys
from storage.migrating import is_current
from storage.only_one import OnlyBot
from workflows.lock import ProcessLock

_Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]


def make_folders(settings: Settings) -> None:
    """Those of data, keys and database, for their owner only."""
    database = "D365BOT_DATABASE_URL" if settings.d365bot_database_url else "D365BOT_DATA_DIR"
    _make("D365BOT_DATA_DIR", settings.d365bot_data_dir)
    _make("D365BOT_KEY_DIR", settings.d365bot_key_dir)
    if is_file(settings.database_url):
        _make(database, database_file(settings.database_url).parent)
    refuse_open_folder(settings.d365bot_key_dir)


def _make(setting: str, folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        why = "it is not a folder" if isinstance(error, FileExistsError) else str(error.strerror)
        raise _unusable(setting, folder, why) from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise _unusable(setting, folder, "nothing can be written there")


def _unusable(setting: str, folder: Path, why: str) -> NotReady:
    return NotReady(
        f"The folder {folder} of {setting} cannot be used: {why[:1].lower()}{why[1:]}.",
        f"Set {setting} to a folder that the user who runs d365bot may write to.",
    )


def refuse_wrong_keys(settings: Settings) -> None:
    """Every key file is a key that only its owner reads, not only the newest one."""
    keys = settings.d365bot_encryption_keys.get_secret_value()
    EncryptionKeys(settings.d365bot_key_dir, keys).check()


def require_database(settings: Settings) -> None:
    """For the command line: only `serve` and `migrate` create one."""
    url = settings.database_url
    if is_file(url) and not database_file(url).exists():
        raise NotReady(
            f"There is no database at {place(url)}.",
            "Run d365bot migrate, or set D365BOT_DATA_DIR or D365BOT_DATABASE_URL to where it is.",
        )
    if not is_current(url):
        other = "or is damaged" if is_file(url) else "or was not migrated yet"
        raise NotReady(
            f"The database at {place(url)} belongs to another version of d365bot, {other}.",
            "Run d365bot migrate.",
        )


def lock_database(settings: Settings) -> ProcessLock | OnlyBot:
    """Two bots with different data folders would share one inbox."""
    if not is_file(settings.database_url):
        return OnlyBot(settings.database_url).take()
    path = database_file(settings.database_url).resolve()
    return ProcessLock(
        path.with_name(f"{path.name}.lock"),
        f"Another d365bot is running on the database {path}.",
        "Stop it first, or give this one another D365BOT_DATA_DIR or D365BOT_DATABASE_URL.",
    ).take()


def listening_sockets(host: str, port: int) -> list[socket.socket]:
    """Bound to every address of the host; nobody is let in before the bot is ready."""
    bound: list[socket.socket] = []
    refused: list[OSError] = []
    for family, address in _addresses(host, port):
        try:
            bound.append(_bound(family, address))
        except OSError as error:
            refused.append(error)
    serious = [error for error in refused if error.errno not in _NO_SUCH_ADDRESS]
    if serious or not bound:
        for one in bound:
            one.close()
        first = (serious or refused)[0]
        raise _cannot_listen(first, host, port) from first
    return bound


_NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""localhost has an address of IPv6 on many machines that do not speak it."""


def _addresses(host: str, port: int) -> list[tuple[int, _Address]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise NotReady(
            f"D365BOT_HOST {host} is not a host that this machine knows.",
            "Set it to an address of this machine, such as 127.0.0.1.",
        ) from error
    return list(dict.fromkeys((int(family), address) for family, *_, address in found))


def _bound(family: int, address: _Address) -> socket.socket:
    with ExitStack() as unless_bound:
        listening = unless_bound.enter_context(socket.socket(family, socket.SOCK_STREAM))
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind(address)
        unless_bound.pop_all()
    return listening


def _cannot_listen(error: OSError, host: str, port: int) -> NotReady:
    if error.errno == errno.EADDRINUSE:
        return NotReady(
            f"Port {port} on {host} is taken.",
            "Stop what listens there, or choose another D365BOT_PORT.",
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return NotReady(
            f"D365BOT_HOST {host} is not an address of this machine.",
            "Set it to one, such as 127.0.0.1.",
        )
    if error.errno == errno.EACCES:
        return NotReady(
            f"Port {port} on {host} may not be used by this user.",
            "Choose a D365BOT_PORT from 1024 on.",
        )
    return NotReady(
        f"Nothing can listen on port {port} of {host}: {error.strerror}.",
        "Correct D365BOT_HOST and D365BOT_PORT.",
    )
