"""`/d365 sync [connection]`: mappings, directions and jobs, beside Business Central's defaults."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from connection.asks import Answer, Ask, Tone
from connection.checks.published_pages import (
    JOB_QUEUE_ENTRIES,
    TABLE_MAPPINGS,
    found_among,
    name_of,
)
from connection.identities import Access
from connection.ports import Ports
from connection.showing import answer
from connection.sync.comparing import Comparison, Row, compare
from connection.sync.defaults import OTHER_JOBS, REFERENCE, Direction
from connection.users.subject import Subject, subject_of

_WAYS: Mapping[str, str] = {
    Direction.BOTH: "both ways",
    Direction.TO_SALES: "to Sales",
    Direction.FROM_SALES: "from Sales",
}
_COUPLED = {True: "coupled records only", False: "all records"}
OWN_SHOWN = 20
_HINT = (
    "Nothing was changed. In Business Central, Use Default Synchronization Setup on the page "
    "Microsoft Dynamics 365 Connection Setup deletes the mappings with the default names and their "
    "jobs, and makes them anew; mappings with other names stay."
)


async def show_sync(ports: Ports, ask: Ask) -> None:
    """Reads only. Raises `NotReady` and `RemoteFault`."""
    subject = await ports.ledger.read(lambda reading: subject_of(reading, ask))
    access = replace(subject.bc_access, correlation=str(uuid.uuid4()))
    side = ports.business_central
    services = found_among(await side.services(access))
    mappings = await side.table_mappings(access, name_of(services, TABLE_MAPPINGS))
    jobs = await side.synchronisation_jobs(access, name_of(services, JOB_QUEUE_ENTRIES))
    compared = compare(await _version(ports, access, subject), mappings, jobs)
    said = "\n".join(_lines(subject.connection.name, compared))
    await answer(ports, ask, Answer(Tone.TOLD, said, _HINT))


async def _version(ports: Ports, access: Access, subject: Subject) -> int:
    """The major version; on-premises and unknown ones count as the reference."""
    wanted = subject.saved.setup.bc_company
    for company in await ports.business_central.companies(access):
        major = company.version.partition(".")[0]
        if company.name == wanted and major.isascii() and major.isdigit():
            return int(major)
    return REFERENCE


def _lines(name: str, found: Comparison) -> Sequence[str]:
    defaults = [row for row in found.rows if row.default is not None]
    own = [row for row in found.rows if row.default is None]
    usual = len(defaults) - found.deviating
    title = (
        f"*Synchronisation of {name}*: {usual} of {len(defaults)} mappings are as version "
        f"{found.version} of Business Central sets them by default."
    )
    lines = [
        title,
        *(f"\N{BULLET} {_line(row)}" for row in defaults),
    ]
    if own:
        more = f" and {len(own) - OWN_SHOWN} more" if len(own) > OWN_SHOWN else ""
        names = ", ".join(f"{row.name} ({_job(row)})" for row in own[:OWN_SHOWN])
        lines.append(f"*Mappings of your own*: {names}{more}.")
    others = [f"{OTHER_JOBS[one]} {_states(all_)}" for one, all_ in found.others.items() if all_]
    if others:
        lines.append(f"*Other jobs*: {'; '.join(others)}.")
    if found.unnamed:
        lines.append(
            f"*Jobs of mappings*: {_states(found.unnamed)}. Their descriptions do not say of which."
        )
    return lines


def _line(row: Row) -> str:
    """A default mapping; what is otherwise is told with what the default is."""
    if row.default is None:
        return row.name
    if row.mapping is None:
        return f"*{row.name}* is missing; by default {_way(row.default.direction)}"
    parts = [_way(row.mapping.direction), _job(row)]
    usual = {
        "direction": _way(row.default.direction),
        "coupled": _COUPLED[row.default.coupled],
        "job": "with a job" if row.default.job else "without a job",
    }
    if "coupled" in row.differs:
        parts.insert(1, _COUPLED[row.mapping.only_coupled])
    otherwise = [usual[what] for what in row.differs]
    said = f"{row.name}: {', '.join(parts)}"
    return f"{said}; *by default {' and '.join(otherwise)}*" if otherwise else said


def _way(direction: str) -> str:
    return _WAYS.get(direction, direction or "in no direction")


def _job(row: Row) -> str:
    if row.jobs is None:
        return "job not told"
    return f"job {_states(row.jobs)}" if row.jobs else "no job"


def _states(states: Sequence[str]) -> str:
    """`ready`, or `2 on hold, 1 error`."""
    number = Counter(state.lower() or "without a status" for state in states)
    if number.total() == 1:
        return next(iter(number))
    return ", ".join(f"{count} {state}" for state, count in number.items())
