"""Why an import failed, from its log: the XML in `data` of a row in `importjobs`.

Shape: ImportJob.Data in "work with solutions" of the developer guide. What failed has a `result`
with its code and text, and what is missing stands below it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from connection.errors import PrivilegeMissing
from dynamics.masking import masked_answer
from dynamics.meanings import Meaning
from dynamics.refusals import LONGEST, code_text
from dynamics.safe_xml import parsed
from dynamics.sales_refusals import SALES_CODES, privilege_in

LONGEST_LOG = 8_000_000
"""Characters; a longer one is not read."""
MOST_NAMED = 5
_LACKING = "0x8004801d"
_WHOLE = "solutionManifest"
_BEGINS, _ENDS = "<MissingDependencies>", "</MissingDependencies>"
_CANNOT = SALES_CODES["0x80048033"]
_KINDS = {
    "entity": "table",
    "optionSet": "choice",
    "securityrole": "security role",
    "workflow": "process",
    "SolutionPluginAssembly": "plug-in assembly",
    "SdkMessageProcessingStep": "plug-in step",
    "webResource": "web resource",
}
"""Elements of the log, in the words of the maker portal."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What happened, and what to do about it."""

    why: str
    hint: str


def explained(log: str) -> Explained | None:
    """By what is missing, else by the first part that failed, else by the whole. None where the
    log names no failure, or is no log."""
    if len(log) > LONGEST_LOG:
        return None
    try:
        root = parsed(log)
    except ValueError:
        return None
    failed = [
        (parent, result)
        for parent in root.iter()
        for result in parent.findall("result")
        if result.get("result", "").lower() == "failure"
    ]
    if not failed:
        return None
    return _explanation(*min(failed, key=lambda each: _says_little(*each)))


def told(code: object, text: str, what: str = "") -> Explained:
    """Of a code and the service's own text; `what` is the part that failed."""
    lacking = _lacking_in(text)
    if lacking:
        return _names(lacking)
    known = SALES_CODES.get(code_text(code), _CANNOT)
    where = f" ({what})" if what else ""
    sentence, hint = _filled(known, text)
    said = _clipped(text)
    sentence = f"{sentence.removesuffix('.')}{where}"
    return Explained(f"{sentence}: {said}" if said else f"{sentence}.", hint)


def _explanation(parent: ET.Element, result: ET.Element) -> Explained:
    lacking = list(_lacking(result))
    if lacking:
        return _names(lacking)
    return told(result.get("errorcode", ""), result.get("errortext", ""), _named(parent))


def _says_little(parent: ET.Element, result: ET.Element) -> int:
    if result.find(".//Required") is not None:
        return 0
    return 2 if parent.tag == _WHOLE else 1


def _names(lacking: Sequence[str]) -> Explained:
    named = ", ".join(lacking[:MOST_NAMED])
    more = len(lacking) - MOST_NAMED
    known = SALES_CODES[_LACKING]
    rest = f", and {more} more" if more > 0 else ""
    return Explained(f"{known.sentence}: {named}{rest}.", known.hint)


def _lacking_in(text: str) -> Sequence[str]:
    """The operation's own words have the same XML at their end."""
    begins, ends = text.find(_BEGINS), text.rfind(_ENDS)
    if not 0 <= begins < ends or len(text) > LONGEST_LOG:
        return ()
    try:
        return list(_lacking(parsed(text[begins : ends + len(_ENDS)])))
    except ValueError:
        return ()


def _lacking(result: ET.Element) -> Iterator[str]:
    """Each once, with the solution that brings it."""
    seen = set[str]()
    for required in result.iter("Required"):
        name = required.get("displayName") or required.get("schemaName") or required.get("id")
        by = required.get("solution", "")
        text = _clipped(f"{name or 'something'} of {by}" if by else name or "something")
        if text not in seen:
            seen.add(text)
            yield text


def _named(parent: ET.Element) -> str:
    kind = _KINDS.get(parent.tag)
    name = _clipped(parent.get("LocalizedName") or parent.get("id") or "")
    return f"{kind} {name}" if kind and name else ""


def _filled(known: Meaning, text: str) -> tuple[str, str]:
    if known.kind is not PrivilegeMissing:
        return known.sentence, known.hint
    name = privilege_in(text)
    what = f"the privilege {name}" if name else "a privilege"
    return known.sentence.format(privilege=what), known.hint.format(privilege=what)


def _clipped(text: str) -> str:
    said = " ".join(masked_answer(text).split())
    return (
        said if len(said) <= LONGEST else said[: LONGEST - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
    )
