"""The port `Packages`: the solution packages in the folder that the operator names."""

import asyncio
import logging
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from connection.changes.remote import SolutionPackage
from connection.errors import NotReady
from dynamics.package_manifest import BadPackage, described, numbers

log = logging.getLogger(__name__)

LARGEST = 95 * 1024 * 1024
"""Bytes; Dataverse takes no larger one (import-update-export-solutions)."""
MOST_NAMED = 5
_LONGEST_NAME = 80
_WHAT_TO_DO = (
    "Business Central's installation media have the packages in the folder CrmCustomization. Put "
    "the managed one for this version of Dataverse there."
)


@dataclass(frozen=True, slots=True)
class _Unfit:
    """A file, and why it is not taken."""

    file: str
    why: str


class PackageFolder:
    """Carries out the port; see there for what each method answers."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    async def choose(self, unique_name: str, organisation_version: str) -> SolutionPackage:
        return await asyncio.to_thread(self._choose, unique_name, organisation_version)

    def content(self, package: SolutionPackage) -> bytes:
        """Its bytes, if it is still the one that was chosen; else `NotReady`."""
        try:
            with self._opened(package.file) as file:
                content = file.read(LARGEST + 1)
                file.seek(0)
                found = described(package.file, file)
        except (BadPackage, OSError) as error:
            raise _changed(package) from error
        if not _same(found, package) or len(content) > LARGEST:
            raise _changed(package)
        return content

    def _choose(self, unique_name: str, organisation_version: str) -> SolutionPackage:
        here = numbers(organisation_version)[:2]
        fitting, unfit = list[SolutionPackage](), list[_Unfit]()
        for file in self._files():
            try:
                with self._opened(file) as opened:
                    package = described(file, opened)
            except BadPackage as bad:
                log.warning("%s is no solution package: %s", _shown(file), bad)
                unfit.append(_Unfit(file, str(bad)))
                continue
            except OSError as error:
                unfit.append(_Unfit(file, f"cannot be read ({type(error).__name__})"))
                continue
            why = _why_not(package, unique_name, here)
            if why:
                unfit.append(_Unfit(file, why))
            else:
                fitting.append(package)
        if not fitting:
            raise _none_fits(unique_name, organisation_version, unfit)
        return max(fitting, key=lambda one: (one.made_for, numbers(one.version), one.file))

    def _files(self) -> Iterator[str]:
        if self._folder is None:
            raise NotReady(
                "The bot has no solution package to import: D365BOT_SOLUTION_DIR is not set.",
                f"Set it to a folder where the bot runs, and restart the bot. {_WHAT_TO_DO}",
            )
        try:
            names = sorted(one.name for one in self._folder.iterdir())
        except OSError as error:
            raise NotReady(
                f"The folder D365BOT_SOLUTION_DIR cannot be read ({type(error).__name__}).",
                "Make it a folder that the user who runs d365bot can read.",
            ) from error
        yield from (name for name in names if name.lower().endswith(".zip"))

    def _opened(self, name: str) -> BinaryIO:
        """A regular file of that name in the folder itself, wherever a link of it leads."""
        if self._folder is None or name in ("", ".", "..") or re.search(r"[/\\\0:]", name):
            raise BadPackage("is not in the folder")
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder.resolve()):
            raise BadPackage("leads out of the folder")
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise BadPackage("is no file")
        if about.st_size > LARGEST:
            raise BadPackage("is larger than the 95 MB that Dataverse takes")
        return path.open("rb")


def _why_not(package: SolutionPackage, unique_name: str, here: tuple[int, ...]) -> str:
    """'' for one that fits."""
    if package.unique_name.lower() != unique_name.lower():
        return f"is another solution, {package.unique_name}"
    if not package.managed:
        return "is not managed"
    if package.made_for > here:
        return f"is made for Dataverse {_dotted(package.made_for)}"
    return ""


def _none_fits(unique_name: str, version: str, unfit: list[_Unfit]) -> NotReady:
    found = [f"{_shown(one.file)} {one.why}" for one in unfit[:MOST_NAMED]]
    if len(unfit) > MOST_NAMED:
        found.append(f"and {len(unfit) - MOST_NAMED} more do not fit")
    instead = "; ".join(found) if found else "it has no zip file"
    return NotReady(
        f"The folder D365BOT_SOLUTION_DIR has no package of {unique_name} for Dataverse "
        f"{_dotted(numbers(version)[:2])}: {instead}.",
        _WHAT_TO_DO,
    )


def _same(found: SolutionPackage, chosen: SolutionPackage) -> bool:
    """To the last byte, where it was chosen by its digest."""
    return found == (chosen if chosen.digest else replace(chosen, digest=found.digest))


def _changed(package: SolutionPackage) -> NotReady:
    return NotReady(
        f"The package {_shown(package.file)} is not the one that was chosen any more.",
        "Look who changed the folder D365BOT_SOLUTION_DIR, and plan again.",
    )


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _shown(file: str) -> str:
    """A file's name may be any text."""
    plain = "".join(one if one.isprintable() else "?" for one in file)
    return plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - 1] + "…"
