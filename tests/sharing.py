"""How the tests are shared out among processes, and what comes first.

Stories wait more than they compute: for the second that Slack asks for, for a bot that ends. So
there are more processes than cores. A file stays together, for the sake of its bot; but its
stories on one kind of database do not wait for those on the other.
"""

import os
from collections import Counter

import pytest
from xdist.remote import Producer
from xdist.scheduler.loadfile import LoadFileScheduling

KINDS = ("sqlite", "postgresql")
"""What the id of a story begins its brackets with."""

ENOUGH = 8


class FilesByDatabase(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """As `--dist loadfile`, but for the two halves of a file, and in the order of collection."""

    def __init__(self, config: pytest.Config, log: Producer | None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)


def together(nodeid: str) -> str:
    """What runs in one process: a file, or those of its stories that are on one database."""
    file, _, test = nodeid.partition("::")
    case = test.partition("[")[2]
    return next((f"{file} {kind}" for kind in KINDS if case.startswith(kind)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """For `make test`."""
    return FilesByDatabase(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_xdist_auto_num_workers() -> int:
    """Twice the cores, where these are few."""
    cores = os.cpu_count() or 1
    return max(cores, min(2 * cores, ENOUGH))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long comes first, so that no process is left with it at the end."""
    if not hasattr(config, "workerinput"):
        return
    units = {item: together(item.nodeid) for item in items}
    sizes = Counter(units.values())
    ranks: dict[str, int] = {}
    for item, unit in units.items():
        ranks[unit] = min(_rank(item), ranks.get(unit, _rank(item)))
    items.sort(key=lambda item: (ranks[units[item]], -sizes[units[item]], units[item]))


def _rank(item: pytest.Item) -> int:
    if item.get_closest_marker("kill"):
        return 0
    return 1 if "simulation" in getattr(item, "fixturenames", ()) else 2
