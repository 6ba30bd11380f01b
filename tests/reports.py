"""Reading a report as it stands in Slack."""

import re

from connection.report import Topic

_LINE = re.compile(rf"(?:{'|'.join(topic for topic in Topic if topic)}): (.+)")


def passed_in(report: str) -> list[str]:
    """The titles of what passed, which a line for each topic names."""
    lines = report.splitlines()
    first = next((n for n, line in enumerate(lines) if line.endswith(" passed*")), len(lines))
    found: list[str] = []
    for line in lines[first + 1 :]:
        named = _LINE.fullmatch(line)
        if named is None:
            break
        found += named[1].split(", ")
    return found
