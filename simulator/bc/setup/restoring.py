"""Restore Connection (table 5330, field 59): an upgrade sets it, the next look at it uses it up."""

from simulator.bc.setup.card import Card
from simulator.bc.setup.enabling import set_enabled
from simulator.bc.setup.sales import UnreachableError, connected


def restore(card: Card) -> None:
    """The flag goes whatever happens. Without a connection the setup stays disabled; with one it
    is enabled, and what stands against that is raised."""
    if card.setup["Is_Enabled"] or not card.setup["restore_connection"]:
        return
    card.setup["restore_connection"] = False
    card.commit()
    try:
        connected(card)
    except UnreachableError:
        return
    set_enabled(card, wanted=True)
