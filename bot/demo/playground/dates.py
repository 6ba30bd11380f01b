"""Slack's dates: `{date_short_pretty} at {time}` in the reader's time zone.

The tokens: docs.slack.dev/messaging/formatting-message-text#date-formatting.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.demo.playground.reader import Reader

_TOKEN = re.compile(r"\{([a-z_]+)\}")
_STEPS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def shown_date(epoch: int, form: str, reader: Reader) -> str:
    """Raises `ValueError` for a time that no calendar has, or a token that Slack does not know."""
    try:
        when = reader.at(epoch)
    except (OverflowError, OSError) as error:
        raise ValueError("no such time") from error
    return _TOKEN.sub(lambda found: _token(found[1], when, reader), form)


def _token(name: str, when: datetime, reader: Reader) -> str:
    pretty = name.endswith("_pretty")
    plain = name.removesuffix("_pretty")
    if plain == "ago":
        return _ago(reader.today() - when)
    if plain not in _FORMS:
        raise ValueError(f"Slack knows no {name}")
    return (_near_day(when, reader) if pretty else "") or _FORMS[plain](when)


def _near_day(when: datetime, reader: Reader) -> str:
    """Slack's own words for the days around today."""
    days = (when.date() - reader.today().date()).days
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days, "")


def _date(when: datetime) -> str:
    return f"{when:%B} {when.day}, {when.year}"


def _date_short(when: datetime) -> str:
    return f"{when:%b} {when.day}, {when.year}"


def _date_long(when: datetime) -> str:
    return f"{when:%A}, {_date(when)}"


_FORMS: Mapping[str, Callable[[datetime], str]] = {
    "date": _date,
    "date_short": _date_short,
    "date_long": _date_long,
    "date_num": lambda when: f"{when:%Y-%m-%d}",
    "date_slash": lambda when: f"{when:%m/%d/%Y}",
    "day_divider": _date_long,
    "time": lambda when: f"{when:%H:%M}",
    "time_secs": lambda when: f"{when:%H:%M:%S}",
}


def _ago(passed: timedelta) -> str:
    seconds = round(passed.total_seconds())
    for size, word in _STEPS:
        count = abs(seconds) // size
        if count:
            said = f"{count} {word}{'' if count == 1 else 's'}"
            return f"{said} ago" if seconds > 0 else f"in {said}"
    return "now"
