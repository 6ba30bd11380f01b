"""Page 5330 as a web service opens, changes and shows it (15.17, OnOpenPage and the controls)."""

from typing import Any

from simulator.bc.access import Session
from simulator.bc.setup.card import Card
from simulator.bc.setup.controls import change
from simulator.bc.setup.enabling import load_from_dataverse
from simulator.bc.setup.refreshing import refresh
from simulator.bc.setup.tables import counted
from simulator.bc.setup.user_mapping import recompute, register
from simulator.bc.setup.web_addresses import is_available

Row = dict[str, Any]


def opened(session: Session, name: str, company: Row) -> None:
    """Opening makes the record and contacts Sales while the connection is enabled."""
    card = Card(session, name, company, session.profile)
    _open(card)
    card.commit()


def _open(card: Card) -> None:
    card.complete()
    setup = card.setup
    if card.profile.has_dataverse_page and not setup["Is_Enabled"]:
        load_from_dataverse(card)
    if setup["SDKVersion"] == 0:
        setup["SDKVersion"] = card.profile.latest_proxy
    if setup["Is_Enabled"]:
        register(card)
    refresh(card)
    recompute(card)


def changed(session: Session, name: str, company: Row, changes: Row) -> None:
    """One transaction, control by control in the order given."""
    card = Card(session, name, company, session.profile)
    _open(card)
    for control, value in changes.items():
        change(card, control, value)
    card.commit()


def shown(session: Session, company: Row, row: Row) -> Row:
    """The record with what the page itself computes; a password is a star."""
    available = is_available(session.environment)
    return row | {
        "Password": "*" if row["Password"] else "",
        "ScheduledSynchJobsActive": counted(row, company["pages"].get("job_queue_entries", {})),
        "ItemAvailabilityWebServEnabled": available,
        "NAVODataURL": row["NAVODataURL"] if available else "",
    }
