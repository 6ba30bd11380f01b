"""Which hosts may be called."""

import ipaddress
from string import ascii_lowercase

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.errors import HostNotAllowed, NotReady
from dynamics.hosts import CLOUDS, LOGINS, AllowedHosts

LABEL = st.text(ascii_lowercase + "0123456789", min_size=1, max_size=12)
MICROSOFT = AllowedHosts()


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("https://contoso.crm4.dynamics.com", "*.dynamics.com"),
        ("https://CONTOSO.CRM4.Dynamics.COM./main.aspx", "*.dynamics.com"),
        ("https://contoso.crm.microsoftdynamics.us", "*.microsoftdynamics.us"),
        ("https://contoso.crm.appsplatform.us", "*.appsplatform.us"),
        ("https://contoso.crm.dynamics.cn", "*.dynamics.cn"),
        ("https://api.businesscentral.dynamics.com/v2.0", "*.dynamics.com"),
        *((f"https://{login}", login) for login in LOGINS),
    ],
)
def test_microsofts_clouds_may_be_called(address: str, rule: str) -> None:
    assert str(MICROSOFT.permit(address).rule) == rule


@pytest.mark.parametrize(
    "address",
    [
        "https://evil-dynamics.com",
        "https://dynamics.com.evil.test",
        "https://x.dynamics.com@evil.test",
        "https://evil.test@x.dynamics.com",
        "https://x.dynamics.com:443@evil.test",
        "https://evil.test\\@x.dynamics.com",
        "https://evil.test#.dynamics.com",
        "https://evil.test/.dynamics.com",
        "https://evil.test?.dynamics.com",
        "https://evil.test%2f.dynamics.com",
        "https://evil.test%00.dynamics.com",
        "https://x.dynamics.com.evil.test.",
        "https://dynamics.com",
        "https://.dynamics.com",
        "https://..dynamics.com",
        "https://x.login.microsoftonline.com",
        "https://xn--dynamics-com.evil.test",
        "https://x.dynаmics.com",  # with a Cyrillic а
        "https://x.dynamics.com\n.evil.test",
        "http://contoso.crm4.dynamics.com",
        "ftp://contoso.crm4.dynamics.com",
        "file:///etc/passwd",
        "contoso.crm4.dynamics.com",
        "//contoso.crm4.dynamics.com",
        "https://",
        "",
        "https://[::1]",
        "https://127.0.0.1",
        "https://169.254.169.254",
        "https://2130706433",
        "https://x.dynamics.com:99999",
    ],
)
def test_any_other_host_is_refused(address: str) -> None:
    with pytest.raises(HostNotAllowed):
        MICROSOFT.permit(address)


@given(LABEL, st.sampled_from(CLOUDS), st.lists(LABEL, max_size=2))
def test_a_cloud_covers_whole_labels_only(label: str, cloud: str, above: list[str]) -> None:
    inside = ".".join([*above, label, cloud])
    assert MICROSOFT.permit(f"https://{inside}").url.host == inside
    for outside in (f"{label}{cloud}", f"{label}-{cloud}", f"{cloud}.{label}", f"{cloud}{label}"):
        with pytest.raises(HostNotAllowed):
            MICROSOFT.permit(f"https://{outside}")


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_is_called_is_always_what_was_permitted(before: str, after: str) -> None:
    address = f"https://{before}.dynamics.com{after}"
    try:
        permit = MICROSOFT.permit(address)
    except HostNotAllowed:
        return
    assert permit.url.host.endswith(".dynamics.com")
    assert not permit.url.userinfo
    assert httpx.URL(str(permit.url)).host == permit.url.host


@pytest.mark.parametrize(
    ("entry", "covered", "uncovered"),
    [
        ("crm.example.test", "https://crm.example.test:8443/Org", "https://x.crm.example.test"),
        (".example.test", "https://a.b.example.test", "https://example.test"),
        ("*.example.test", "http://a.example.test", "https://aexample.test"),
        ("crm.example.test:8443", "https://crm.example.test:8443", "https://crm.example.test"),
        (".example.test:8443", "https://a.example.test:8443", "https://a.example.test:443"),
        ("CRM.Example.Test.", "https://crm.example.test", "https://crm.example.test.evil.test"),
        ("crm.bücher.test", "https://crm.xn--bcher-kva.test", "https://crm.bucher.test"),
        ("10.0.0.5", "http://10.0.0.5/Org", "https://10.0.0.6"),
        ("10.0.0.0/8", "https://10.9.8.7", "https://11.0.0.1"),
        ("[::1]", "https://[::1]:7048", "https://[::2]"),
        ("[::1]:7048", "https://[::1]:7048", "https://[::1]:7049"),
        ("10.0.0.5:7048", "https://10.0.0.5:7048", "https://10.0.0.5"),
    ],
)
def test_operator_allows_hosts_suffixes_ports_and_addresses(
    entry: str, covered: str, uncovered: str
) -> None:
    hosts = AllowedHosts((entry,))
    assert hosts.permit(covered).rule.explicit
    with pytest.raises(HostNotAllowed):
        hosts.permit(uncovered)


def test_http_is_for_hosts_that_the_operator_listed() -> None:
    hosts = AllowedHosts(("crm.example.test",))
    assert hosts.permit("http://crm.example.test").url.scheme == "http"
    with pytest.raises(HostNotAllowed, match="https only"):
        hosts.permit("http://contoso.crm4.dynamics.com")


def test_configured_services_may_be_called() -> None:
    hosts = AllowedHosts((), ("https://login.example.test:8443/", "https://bc.example.test"))
    assert hosts.permit("https://login.example.test:8443/t").rule.explicit
    assert hosts.permit("https://bc.example.test/v2.0").rule.explicit
    with pytest.raises(HostNotAllowed):
        hosts.permit("https://login.example.test/t")


def test_a_cloud_listed_as_service_gets_no_more_rights() -> None:
    hosts = AllowedHosts((), ("https://api.businesscentral.dynamics.com",))
    assert not hosts.permit("https://api.businesscentral.dynamics.com").rule.explicit


@pytest.mark.parametrize("entry", ["https://crm.example.test", "a b", "x@y", "crm:", "a/b", "[::1"])
def test_an_entry_that_is_no_host_is_named(entry: str) -> None:
    with pytest.raises(NotReady) as caught:
        AllowedHosts((entry,))
    assert entry in caught.value.message


@given(st.ip_addresses())
def test_addresses_are_refused_unless_listed(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    written = f"[{address}]" if address.version == 6 else str(address)
    with pytest.raises(HostNotAllowed):
        MICROSOFT.permit(f"https://{written}")
    assert AllowedHosts((str(address),)).permit(f"https://{written}").rule.explicit
