"""Where a message names a page its name is a link, and every time is the reader's own."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connection.identities import Identity
from connection.names import NamesPicture
from connection.pictures import StatusPicture
from connection.report import CheckResult, Outcome
from connection.revisions import SavedSetup
from connection.users.check import UserCheck
from connection.users.findings import Finding
from connection.users.rule import Rule
from handlers import views
from handlers.views.all_checks import checks_message
from handlers.views.blocks import Message
from handlers.views.links import Links
from handlers.views.names import names_message
from handlers.views.report import report_message
from handlers.views.status import status_message
from handlers.views.users import users_message
from handlers.views.words import slack_day, slack_time
from tests.handlers.test_diffs import ONLINE
from tests.handlers.test_past_views import _report
from tests.handlers.test_views import NOW, OLGA
from tests.storage.samples import a_connection

PLACE = "https://businesscentral.dynamics.com/contoso.example/Production/"
REMEDY = f"In Business Central open Web Services ({PLACE}?company=C&page=810), choose New."
CHECK = CheckResult("web", "Web services", Identity.BOT, Outcome.FAIL, "None.", REMEDY)
LINK = f"<{PLACE}?company=C&amp;page=810|Web Services>"


def said(message: Message) -> Iterator[str]:
    for form in (message, message.in_classic()):
        yield str(form.as_dicts())


def test_what_to_do_in_business_central_is_a_link() -> None:
    report, links = _report(CHECK), Links(ONLINE)
    names = NamesPicture("contoso", (), (CHECK,), ONLINE)
    messages = (report_message(report, links=links), checks_message(report, links))
    for message in (*messages, names_message(names)):
        for text in said(message):
            assert LINK in text
            assert f"({PLACE}" not in text


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example\\@businesscentral.dynamics.com/login",
        "https://evil.example\\.businesscentral.dynamics.com/login",
        "https://somebody:word@businesscentral.dynamics.com/",
        "https://businesscentral.dynamics.com:8443/",
        "https://businesscentral.dynamics.com.evil.example/",
        "https://evil.example/https://businesscentral.dynamics.com/",
        "http://businesscentral.dynamics.com/",
    ],
)
def test_what_a_browser_reads_otherwise_is_no_link(address: str) -> None:
    """A service's own words come through here, too."""
    told = f"Please open Users ({address}) now."
    assert Links(ONLINE).within(told) == told


def test_the_page_of_users_is_a_link() -> None:
    counts, rows = {Finding.NO_EMAIL: 1, Finding.SALES_DISABLED: 1}, {Finding.NO_EMAIL: (1,)}
    check = UserCheck(
        "u1", "T1", "c1", "contoso", 1, OLGA, NOW, NOW, Rule.EMAIL, counts=counts, rows=rows
    )
    for text in said(users_message(check, Links(ONLINE))):
        assert "&amp;page=9800|Users>" in text
        assert "<https://admin.powerplatform.microsoft.com|Power Platform admin center>" in text


def test_the_status_leads_to_both_sides() -> None:
    saved = SavedSetup("c1", 1, ONLINE, OLGA, NOW)
    status = StatusPicture(a_connection(), saved, {}, None)
    for text in said(status_message(status)):
        assert "<https://contoso.crm4.dynamics.com|Sales>" in text
        assert "page=5330|Microsoft Dynamics 365 Connection Setup>" in text
    nowhere = replace(ONLINE, bc_environment="", sales_url="")
    bare = replace(status, saved=replace(saved, setup=nowhere))
    assert "*Open:*" not in next(said(status_message(bare)))


def test_times_are_those_of_the_reader() -> None:
    at = datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert slack_time(at) == "<!date^1795694400^{date_short_pretty} {time}|2026-11-26 12:00 UTC>"
    assert slack_day(at) == "<!date^1795694400^{date_short}|2026-11-26>"


def test_no_view_prints_a_time_by_itself() -> None:
    """Names of files have one, which Slack does not read."""
    for path in Path(next(iter(views.__path__))).glob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            printed = re.search(r"%Y|isoformat|plain_time\(", line)
            allowed = re.search(r"\.(csv|pem|txt)|def plain_time|fallback=|parts = \[", line)
            assert not printed or allowed or path.name == "words.py", f"{path.name}: {line}"
