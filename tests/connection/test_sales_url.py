"""The Sales URL rule of Business Central, version 15: its own cases first, then the rule."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.errors import Mistake
from connection.sales_url import (
    call_address,
    host_of,
    parse_sales_url,
    proposed_sales_url,
)


@pytest.mark.parametrize(
    ("entered", "kept_after_yes"),
    [
        ("test.dynamics.com", "https://test.dynamics.com"),
        ("http://test1.com", "http://test1.com"),
        ("http://test2.com:555/myOrg", "http://test2.com:555/myOrg"),
        ("http://test3.com/myOrg", "http://test3.com"),
        ("company.crm4.dynamics.com", "https://company.crm4.dynamics.com"),
        ("https://x.crm.dynamics.com/", "https://x.crm.dynamics.com"),
        ("https://x.crm.dynamics.com/main.aspx?appid=1&a=b#c", "https://x.crm.dynamics.com"),
        ("https://h:443", "https://h"),
        ("http://h:80/x", "http://h"),
        ("TEST", "https://test"),
        ("  https://contoso.crm4.dynamics.com  ", "https://contoso.crm4.dynamics.com"),
    ],
)
def test_the_cases_of_business_central_hold(entered: str, kept_after_yes: str) -> None:
    assert (proposed_sales_url(entered) or entered.strip()) == kept_after_yes


def test_case_alone_is_never_asked_about() -> None:
    assert proposed_sales_url("https://CamelCaseUrl.crm4.dynamics.com") == ""


@pytest.mark.parametrize("entered", ["https://h:8443/Org/", "https://h:8443/Org?x=1"])
def test_another_port_is_never_touched(entered: str) -> None:
    assert proposed_sales_url(entered) == ""
    assert call_address(entered) == "https://h:8443/Org"


@pytest.mark.parametrize(
    ("entered", "scheme"),
    [("ftp://x.dynamics.com", "ftp"), ("host.com:8080/x", "host.com"), ("mailto:a@b.de", "mailto")],
)
def test_other_schemes_are_named_in_the_refusal(entered: str, scheme: str) -> None:
    with pytest.raises(Mistake, match=f"{scheme} is not a valid URI scheme"):
        parse_sales_url(entered)


@pytest.mark.parametrize(
    "entered",
    [
        "https://",
        "http:///path",
        "not a url",
        "https://a b.com",
        "https://x:99999",
        "//",
        "https://-x.com",
        "?",
    ],
)
def test_what_is_no_address_is_refused_with_what_to_do(entered: str) -> None:
    with pytest.raises(Mistake, match="not a valid URL") as refused:
        parse_sales_url(entered)
    assert "address bar" in refused.value.hint


_LABELS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
_HOSTS = st.lists(_LABELS, min_size=2, max_size=4).map(".".join)
_PATHS = st.text(string.ascii_letters + "/?&=#.%-", max_size=30).map(lambda text: f"/{text}")


@given(_HOSTS, st.sampled_from(["", "https://", "HTTP://"]), st.one_of(st.just(""), _PATHS))
def test_a_proposal_is_never_asked_about_again(host: str, scheme: str, path: str) -> None:
    entered = f"{scheme}{host}{path}"
    proposal = proposed_sales_url(entered) or entered
    assert proposed_sales_url(proposal) == ""
    assert call_address(proposal) == call_address(entered)


@given(_HOSTS, st.integers(1, 65535), _PATHS)
def test_a_host_keeps_its_port_unless_it_is_the_default(host: str, port: int, path: str) -> None:
    kept = f"https://{host}:{port}{path}"
    assert host_of(kept) == (host if port == 443 else f"{host}:{port}")


@given(st.text(max_size=60))
def test_any_text_is_parsed_or_refused_as_a_mistake(text: str) -> None:
    try:
        parsed = parse_sales_url(text)
    except Mistake:
        return
    assert parsed.scheme in ("http", "https")
    assert parsed.host
