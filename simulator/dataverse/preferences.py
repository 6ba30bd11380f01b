"""The Prefer header: what an answer is to hold, and which of it was honoured."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

PAGE_LIMIT = 5000
_PART = re.compile(r'\s*([\w.-]+)\s*(?:=\s*("[^"]*"|[^,]*))?(?:,|$)')


@dataclass(frozen=True)
class Preferences:
    """`page_size` counts for this page only; `annotations` is the pattern that was sent."""

    representation: bool = False
    page_size: int | None = None
    annotations: str = ""
    continues: bool = False

    def annotates(self, name: str) -> bool:
        """Whether an annotation is asked for: names and stars, and `-` before what is not."""
        wanted = False
        for pattern in filter(None, (each.strip() for each in self.annotations.split(","))):
            if fnmatchcase(name, pattern.removeprefix("-")):
                wanted = not pattern.startswith("-")
        return wanted

    def applied(self) -> dict[str, str]:
        """The header `Preference-Applied`, if anything was."""
        parts = []
        if self.representation:
            parts.append("return=representation")
        if self.page_size:
            parts.append(f"odata.maxpagesize={self.page_size}")
        if self.annotations:
            parts.append(f'odata.include-annotations="{self.annotations}"')
        return {"Preference-Applied": ",".join(parts)} if parts else {}


def preferences_of(header: str) -> Preferences:
    given = {name.lower(): value.strip('" ') for name, value in _PART.findall(header)}
    size = given.get("odata.maxpagesize", "")
    return Preferences(
        representation=given.get("return") == "representation",
        page_size=min(max(int(size), 1), PAGE_LIMIT) if re.fullmatch("[0-9]{1,9}", size) else None,
        annotations=given.get("odata.include-annotations", ""),
        continues="odata.continue-on-error" in given,
    )
