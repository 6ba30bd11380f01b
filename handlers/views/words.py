"""Times, durations and outcomes in words; never meaning by colour or emoji alone."""

from datetime import datetime

from connection.connection import Health
from connection.report import Outcome

OUTCOME_WORDS: dict[Outcome, tuple[str, str]] = {
    Outcome.PASS: (":white_check_mark:", "passed"),
    Outcome.WARN: (":warning:", "warning"),
    Outcome.FAIL: (":x:", "failed"),
    Outcome.SKIPPED: (":heavy_minus_sign:", "skipped"),
    Outcome.UNTESTED: (":heavy_minus_sign:", "not tested"),
    Outcome.WAITING: (":white_circle:", "waiting"),
    Outcome.RUNNING: (":hourglass_flowing_sand:", "running"),
}

HEALTH_WORDS: dict[Health, str] = {
    Health.UNTESTED: "not tested since the setup was changed",
    Health.HEALTHY: "every check passed",
    Health.PARTLY: "nothing failed, not everything was tested",
    Health.WARNING: "works, with warnings",
    Health.FAILING: "the last test failed",
}


DAY_FORMAT = "{date_short}"
DATE_FORMAT = "{date_short_pretty} {time}"


def slack_time(at: datetime) -> str:
    """In the reader's own time zone, with UTC as the fallback."""
    return f"<!date^{int(at.timestamp())}^{DATE_FORMAT}|{plain_time(at)}>"


def slack_day(at: datetime) -> str:
    """Like `slack_time`, without the hour."""
    return f"<!date^{int(at.timestamp())}^{DAY_FORMAT}|{at:%Y-%m-%d}>"


def plain_time(at: datetime) -> str:
    """For files, and where Slack cannot tell the reader's time zone."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def duration(ms: int) -> str:
    """Milliseconds below a second, else seconds; number and unit stay on one line."""
    return f"{ms}\N{NO-BREAK SPACE}ms" if ms < 1000 else f"{ms / 1000:.1f}\N{NO-BREAK SPACE}s"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 check`, `2 checks`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
