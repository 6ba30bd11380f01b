"""All benchmarks: one row each. To add one, write its module and its row."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bench.ack import ack
from bench.answer import answer
from bench.apply import apply
from bench.audit import audit
from bench.crowd import crowd
from bench.figure import Figure
from bench.memory import memory
from bench.paging import paging
from bench.seal import sealing
from bench.start import start
from bench.users import users


@dataclass(frozen=True, slots=True)
class Benchmark:
    """`run` measures ours and the reference, in turns."""

    name: str
    about: str
    run: Callable[[], Awaitable[Sequence[Figure]]]


BENCHMARKS: tuple[Benchmark, ...] = (
    Benchmark("ack", "request to ack(), beside one bare group-committed insert", ack),
    Benchmark("answer", "command sent to message received, beside a bare Bolt app", answer),
    Benchmark("apply", "a step of enabling, beside the same calls by a bare script", apply),
    Benchmark("audit", "audit rows a second, beside the same commits without chain", audit),
    Benchmark("crowd", "200 commands a second from 100 people, and a flood, beside bare", crowd),
    Benchmark("paging", "100,000 Sales users in pages, beside a bare script and the SDK", paging),
    Benchmark("seal", "secrets sealed, opened, wrapped anew, beside Fernet; a rotation", sealing),
    Benchmark("start", "process start to /readyz, beside a bare Bolt app's first ack", start),
    Benchmark(
        "users", "10,000 and 100,000 users a side mapped, beside a script and the SDK", users
    ),
    Benchmark(
        "memory", "after the start and after 10,000 commands, beside a bare Bolt app", memory
    ),
)
