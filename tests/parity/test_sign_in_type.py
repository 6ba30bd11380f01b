"""How Business Central signs in to Sales follows from where it runs and from the address.

There is no field for it: Office 365 wants an email address as user name, Active Directory one
with its domain, and that is how the type is seen.
"""

import pytest

from connection.checked_setup import check_fields
from connection.errors import WrongFields
from connection.pictures import FormPicture
from connection.revisions import Draft
from connection.setup import ConnectionSetup, Hosting
from handlers.views.form import form_view
from tests.parity.room import OPERATOR, RIGHT
from tests.storage.samples import NOW

EMAIL, DOMAIN = "admin@somedomain.com", "somedomain\\admin"


def _wrong(**typed: str) -> str:
    with pytest.raises(WrongFields) as refused:
        check_fields({**RIGHT, **typed})
    assert set(refused.value.fields) == {"integration_user_name"}
    return refused.value.fields["integration_user_name"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_address_of_dynamics_means_office_365_wherever_business_central_runs(
    scheme: str,
) -> None:
    typed = {"sales_url": f"{scheme}://somedomain.dynamics.com", "hosting": "on-premises"}
    assert "valid email address" in _wrong(integration_user_name=DOMAIN, **typed)
    kept = check_fields({**RIGHT, **typed, "integration_user_name": EMAIL})
    assert kept.integration_user_name == EMAIL


def test_another_address_changes_between_both_types_with_where_business_central_runs() -> None:
    address = "http://somedomain.com"
    _wrong(integration_user_name=DOMAIN, sales_url=address, hosting="online")
    rights = (("on-premises", DOMAIN), ("on-premises", EMAIL), ("online", EMAIL))
    for hosting, right in rights:
        typed = {"sales_url": address, "hosting": hosting}
        kept = check_fields({**RIGHT, **typed, "integration_user_name": right})
        assert (kept.sales_url, kept.integration_user_name) == (address, right)


def test_a_name_without_domain_is_refused_for_active_directory() -> None:
    typed = {"sales_url": "http://somedomain.com", "hosting": "on-premises"}
    assert "must include the domain" in _wrong(integration_user_name="admin", **typed)


def test_a_name_without_at_sign_is_refused_for_office_365() -> None:
    assert "must be a valid email address" in _wrong(integration_user_name="admin")


def test_an_empty_form_begins_as_office_365() -> None:
    empty = ConnectionSetup()
    assert empty.hosting == Hosting.ONLINE
    assert "valid email address" in _wrong(hosting=empty.hosting, integration_user_name="admin")


def test_blanks_around_the_user_name_are_cut_off() -> None:
    kept = check_fields({**RIGHT, "integration_user_name": f"  {EMAIL} "})
    assert kept.integration_user_name == EMAIL


@pytest.mark.parametrize("control", ["authentication type", "domain", "connection string", "sdk"])
def test_the_form_shows_nothing_that_only_an_on_premises_page_shows(control: str) -> None:
    draft = Draft("d", "T1", OPERATOR, "C1", "", "", 0, {}, 0, 0, NOW)
    blocks = form_view(FormPicture(draft, "", {}, {})).to_dict()["blocks"]
    labels = [block["label"]["text"].lower() for block in blocks if block["type"] == "input"]
    assert labels
    assert all(control not in label for label in labels)
