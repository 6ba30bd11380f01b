"""A plan reads like a diff, without colour, by side; and links lead where the setup says."""

import pytest

from connection.changes.pictures import RequestPicture
from connection.changes.plan import Act, Plan, PlannedStep
from connection.changes.request import StepRun, StepState
from connection.checks.published_pages import page_address, page_in_bc
from connection.setup import ConnectionSetup
from handlers.views.blocks import Message, escape
from handlers.views.links import Links
from handlers.views.requests import request_message
from tests.handlers.test_drawn_requests import _labels, _request

ONLINE = ConnectionSetup(
    name="contoso",
    tenant="contoso.example",
    bc_environment="Production",
    bc_company="CRONUS & Co (1)",
    sales_url="https://contoso.crm4.dynamics.com",
)
ON_PREMISES = ConnectionSetup(
    name="contoso",
    hosting="on-premises",
    bc_company="CRONUS",
    web_client_url="https://bc.contoso.example/BC150/?tenant=one&page=9",
    sales_url="https://sales.contoso.example",
)
SALES = PlannedStep("solution", {"Version": "none"}, {"Version": "9.2.0.1"})
SAME = PlannedStep("marks", {"Marks": "set"}, {"Marks": "set"})
BC = PlannedStep("enabled", {"Enabled": "no"}, {"Enabled": "yes"}, by_hand="it is <so>")


def card(*steps: PlannedStep, setup: ConnectionSetup | None = ONLINE) -> Message:
    request = _request(plan=Plan(Act.ENABLE, 3, steps))
    return request_message(RequestPicture(request, (), (), None, setup))


def said(message: Message) -> str:
    return "\n".join(str(block) for block in message.as_dicts()).replace("\\n", "\n")


def test_each_value_has_a_line_before_and_one_after_below_its_side() -> None:
    text = said(card(BC, SALES))
    assert "```- Version was none\n+ Version will be 9.2.0.1```" in text
    assert text.index("*In Sales*") < text.index("9.2.0.1") < text.index("*In Business Central*")


def test_what_stays_is_folded_and_in_classic_blocks_named() -> None:
    message = card(SALES, SAME)
    (folded,) = [one for one in message.as_dicts() if one["type"] == "container"]
    assert "Stays as it is: 1 step" in str(folded["title"])
    line = "Stays as it is: Marks of the integration user."
    assert line in said(message.in_classic())
    assert line in message.text


def test_what_is_done_by_hand_says_so_in_words_with_a_link() -> None:
    text = said(card(BC))
    page = "https://businesscentral.dynamics.com/contoso.example/Production/"
    asked = "?company=CRONUS%20%26%20Co%20%281%29&amp;page=5330"
    link = f"<{page}{asked}|Microsoft Dynamics 365 Connection Setup>"
    assert f"*by hand* on {link}, because it is &lt;so&gt;" in text
    assert "<http" not in said(card(BC, setup=None))


def test_a_value_that_nobody_can_read_has_no_line_before() -> None:
    step = PlannedStep("setup_page", {}, {"Password": "the one"}, again=("Password",))
    assert "```+ Password will be the one```" in said(card(step))


def test_long_values_that_differ_at_their_end_are_told_apart() -> None:
    address = "https://contoso.example/" + "x" * 300
    step = PlannedStep("connection_row", {"URL": f"{address}/old"}, {"URL": f"{address}/new"})
    text = said(card(step))
    assert "- URL was …xxx" in text
    assert "x/old\n+ URL will be …xxx" in text
    assert "x/new```" in text
    assert "stands in full: `/d365 request R42 why`" in text


def test_no_value_leaves_its_box() -> None:
    step = PlannedStep("solution", {"Version": "```*x*"}, {"Version": "<!channel>\n- Version was"})
    text = said(card(step))
    assert text.count("```") == 2
    assert "+ Version will be &lt;!channel&gt; - Version was" in text


def test_more_steps_than_a_screen_are_folded_and_none_is_lost() -> None:
    values = {f"Key {n}": "no" for n in range(4)}
    steps = [PlannedStep("solution", values, dict.fromkeys(values, f"v{n}")) for n in range(30)]
    message = card(*steps)
    assert all(f"Key 3 will be v{n}" in said(message) for n in range(30))
    classic = said(message.in_classic())
    assert "more steps that change something" in classic
    assert "stands in full: `/d365 request R42 why`" in classic


@pytest.mark.parametrize(
    ("steps", "label"),
    [
        (["solution"], "What Sales said"),
        (["enabled", "jobs"], "What Business Central said"),
        (["solution", "enabled"], "What both sides said"),
    ],
)
def test_the_button_names_who_said_it(steps: list[str], label: str) -> None:
    runs = tuple(StepRun(one, StepState.FAILED, words="No.") for one in steps)
    plan = Plan(Act.ENABLE, 3, tuple(PlannedStep(one, {}, {}) for one in steps))
    assert label in _labels(_request(plan=plan, steps=runs))


def test_on_premises_the_web_client_url_leads_to_the_page() -> None:
    page = "https://bc.contoso.example/BC150/?tenant=one&company=CRONUS&page=5330"
    assert page_address(ON_PREMISES, 5330) == page
    text = escape(f"{page_in_bc(ON_PREMISES, 5330, 'Setup')} and wait.")
    link = f"<{escape(page)}|Setup>"
    assert Links(ON_PREMISES).within(text) == f"In Business Central open {link} and wait."
    assert Links(ONLINE).within(text) == text


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/?page=5330",
        "https://businesscentral.dynamics.com.evil.example/",
        "https://businesscentral.dynamics.com@evil.example/",
        "http://businesscentral.dynamics.com/",
        "https://[broken",
    ],
)
def test_a_text_links_to_no_other_host(address: str) -> None:
    text = f"Open X, or open the page ({address}) now."
    assert Links(ONLINE).within(text) == text
    assert Links().within(text) == text


def test_portals_are_links_in_the_public_cloud_alone() -> None:
    text = "In the Power Platform admin center open Users."
    assert "<https://admin.powerplatform.microsoft.com|Power" in Links(ONLINE).within(text)
    assert Links(ON_PREMISES).within(text) == text
