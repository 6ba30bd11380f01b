"""Rules that spoil answers: which calls they catch, how often, and what comes instead."""

import asyncio
import itertools
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SITES = ("*", "entra", "dataverse", "bc", "slack")
ANSWERS = ("status", "body", "json", "html", "garbage", "size", "cut")


class BadRuleError(ValueError):
    """The rule says something that no rule can say."""


@dataclass
class Fault:
    """One rule. In `path`, `*` stands for any text; the query string is not part of the path."""

    id: int
    site: str = "*"
    method: str = "*"
    path: str = "*"
    times: int | None = None
    skip: int = 0
    status: int | None = None
    body: str | None = None
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: bool | str = False
    html: bool | str = False
    garbage: bool = False
    size: int | None = None

    def catches(self, site: str, method: str, path: str) -> bool:
        pattern = ".*".join(re.escape(part) for part in self.path.split("*"))
        return (
            self.times != 0
            and self.site in ("*", site)
            and self.method.upper() in ("*", method)
            and re.fullmatch(pattern, path) is not None
        )

    @property
    def answers(self) -> bool:
        """Whether the rule takes the answer's place; a mere delay does not."""
        return any(getattr(self, name) not in (None, False) for name in ANSWERS) or bool(
            self.headers
        )


# field -> the types it may have
FIELDS: dict[str, tuple[type, ...]] = {
    "site": (str,),
    "method": (str,),
    "path": (str,),
    "times": (int,),
    "skip": (int,),
    "status": (int,),
    "body": (str,),
    "json": (object,),
    "headers": (dict,),
    "delay": (int, float),
    "cut": (bool, str),
    "html": (bool, str),
    "garbage": (bool,),
    "size": (int,),
}
# field -> the least and the most it may be
BOUNDS: dict[str, tuple[float, float]] = {
    "times": (0, math.inf),
    "skip": (0, math.inf),
    "status": (200, 599),
    "delay": (0, 86_400),
    "size": (0, 1 << 28),
}
BODIES = ("body", "json", "html", "garbage", "size")
WITHOUT_BODY = (204, 304)
OWN_HEADERS = ("content-length", "transfer-encoding")
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(r"[\t -~\x80-\xff]*")


class Faults:
    def __init__(self) -> None:
        self.rules: list[Fault] = []
        self.cleared = asyncio.Event()
        self._ids = itertools.count(1)

    def add(self, rule: Mapping[str, Any]) -> Fault:
        for name, value in rule.items():
            if name not in FIELDS:
                raise BadRuleError(f"a rule has no {name!r}; it has {', '.join(FIELDS)}")
            if not _is_of(FIELDS[name], value) or not _is_within(name, value):
                raise BadRuleError(f"{name!r} cannot be {value!r}")
        if rule.get("site", "*") not in SITES:
            raise BadRuleError(f"a rule's site is one of {', '.join(SITES)}")
        fault = Fault(next(self._ids), **rule)
        if fault.cut not in (True, False, "body"):
            raise BadRuleError("cut is true (before the answer) or 'body' (in the middle of it)")
        if not (fault.answers or fault.delay):
            raise BadRuleError(f"a rule needs delay or one of {', '.join(ANSWERS)}")
        _refuse_what_nobody_can_send(fault)
        self.rules.append(fault)
        return fault

    def take(self, site: str, method: str, path: str) -> Fault | None:
        """The first rule that catches this call, counted down."""
        for rule in self.rules:
            if not rule.catches(site, method, path):
                continue
            if rule.skip > 0:
                rule.skip -= 1
                continue
            if rule.times is not None:
                rule.times -= 1
            return rule
        return None

    def shown(self) -> list[dict[str, Any]]:
        return [dict(vars(rule)) for rule in self.rules]

    def clear(self) -> None:
        """Forget the rules; a call that is being held up goes on."""
        self.rules.clear()
        self.cleared.set()
        self.cleared = asyncio.Event()


def _is_of(kinds: tuple[type, ...], value: object) -> bool:
    """A truth value is no number."""
    return isinstance(value, kinds) and (
        bool in kinds or object in kinds or type(value) is not bool
    )


def _is_within(name: str, value: Any) -> bool:
    least, most = BOUNDS.get(name, (None, None))
    return least is None or most is None or least <= value <= most


def _refuse_what_nobody_can_send(fault: Fault) -> None:
    """Headers and text that HTTP cannot carry (RFC 9110, 5.5 and 6.4.1)."""
    for name, value in fault.headers.items():
        sendable = isinstance(value, str) and HEADER_VALUE.fullmatch(value)
        if not sendable or not HEADER_NAME.fullmatch(name) or name.lower() in OWN_HEADERS:
            raise BadRuleError(f"a header of an answer cannot be {name!r}: {value!r}")
    if fault.status in WITHOUT_BODY and any(getattr(fault, name) for name in BODIES):
        raise BadRuleError(f"an answer with {fault.status} has no body")
    try:
        for text in (fault.body, fault.html, json.dumps(fault.json, allow_nan=False)):
            str(text).encode()
        json.dumps(fault.json, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadRuleError(f"the answer of a rule cannot be sent: {error}") from error
