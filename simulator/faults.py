"""Rules that spoil answers: which calls they catch, how often, and what comes instead."""

import asyncio
import itertools
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


class Faults:
    def __init__(self) -> None:
        self.rules: list[Fault] = []
        self.cleared = asyncio.Event()
        self._ids = itertools.count(1)

    def add(self, rule: Mapping[str, Any]) -> Fault:
        for name, value in rule.items():
            if name not in FIELDS:
                raise BadRuleError(f"a rule has no {name!r}; it has {', '.join(FIELDS)}")
            if not isinstance(value, FIELDS[name]):
                raise BadRuleError(f"{name!r} cannot be {value!r}")
        if rule.get("site", "*") not in SITES:
            raise BadRuleError(f"a rule's site is one of {', '.join(SITES)}")
        fault = Fault(next(self._ids), **rule)
        if fault.cut not in (True, False, "body"):
            raise BadRuleError("cut is true (before the answer) or 'body' (in the middle of it)")
        if not (fault.answers or fault.delay):
            raise BadRuleError(f"a rule needs delay or one of {', '.join(ANSWERS)}")
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
