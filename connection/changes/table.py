"""The steps of every plan, in the order in which they are shown and applied.

Version 15 is the reference: its Test Connection, its guide (page 1817) and its page 5330. What goes
to Sales goes before Business Central is enabled, so that it finds it there; what it resets when it
is enabled comes after.
"""

from connection.changes.plan import Act
from connection.changes.step import Step
from connection.changes.steps import (
    availability,
    connection_row,
    requirements,
    roles,
    sales_orders,
    setup_page,
    solution,
    synchronisation,
)

_ENABLE, _DISABLE = frozenset({Act.ENABLE}), frozenset({Act.DISABLE})

STEPS: tuple[Step, ...] = (
    Step("checks", "Checks", _ENABLE, requirements.look, requirements.aim, undo=False),
    Step(
        "solution",
        "Integration solution",
        frozenset({Act.ENABLE, Act.SOLUTION}),
        solution.look,
        solution.aim,
        solution.put,
        undo=False,
        privileges=("prvImportCustomization",),
    ),
    Step(
        "roles",
        "Roles of the integration user",
        frozenset({Act.ENABLE, Act.ROLES}),
        roles.look,
        roles.aim,
        roles.put,
        privileges=("prvAssignRole",),
    ),
    Step(
        "marks",
        "Marks of the integration user",
        frozenset({Act.ENABLE, Act.ROLES}),
        roles.look_at_marks,
        roles.aim_at_marks,
        roles.put_marks,
        privileges=("prvWriteUser",),
    ),
    Step(
        "automatic_orders",
        "Automatic sales orders",
        frozenset({Act.SALES_ORDERS}),
        sales_orders.look_at_automatic,
        sales_orders.aim_at_automatic,
        sales_orders.put_automatic,
        sales_orders.hand_at_automatic,
    ),
    Step(
        "sales_orders",
        "Sales order integration",
        frozenset({Act.ENABLE, Act.SALES_ORDERS}),
        sales_orders.look,
        sales_orders.aim,
        sales_orders.put,
        privileges=("prvWriteOrganization",),
    ),
    Step(
        "setup_page",
        "Connection setup",
        _ENABLE,
        setup_page.look,
        setup_page.aim,
        setup_page.put,
        setup_page.hand,
        undo=False,
    ),
    Step(
        "enabled",
        "Connection",
        frozenset({Act.ENABLE, Act.DISABLE}),
        setup_page.look_at_switch,
        setup_page.aim_at_switch,
        setup_page.put_switch,
        setup_page.hand_at_switch,
    ),
    Step(
        "synchronisation",
        "Synchronisation",
        _ENABLE,
        synchronisation.look,
        synchronisation.aim,
        hand=synchronisation.hand,
        undo=False,
        optional=True,
        follows="enabled",
    ),
    Step(
        "jobs",
        "Jobs",
        _DISABLE,
        synchronisation.look_at_jobs,
        synchronisation.aim_at_jobs,
        hand=synchronisation.hand_at_jobs,
        undo=False,
        optional=True,
        follows="enabled",
    ),
    Step(
        "availability",
        "Item availability",
        frozenset({Act.ENABLE, Act.AVAILABILITY}),
        availability.look,
        availability.aim,
        availability.put,
        availability.hand,
        follows="enabled",
    ),
    Step(
        "connection_row",
        "Addresses in Sales",
        frozenset({Act.ENABLE, Act.WEB_CLIENT_URL, Act.AVAILABILITY}),
        connection_row.look,
        connection_row.aim,
        connection_row.put,
        blank={connection_row.ODATA_KEY: connection_row.NONE},
        follows="enabled",
        privileges=("prvCreatenav_connection", "prvWritenav_connection"),
    ),
    Step(
        "row_removed",
        "Connection row",
        _DISABLE,
        connection_row.look_for_row,
        connection_row.aim_at_removal,
        connection_row.remove,
        undo=False,
        privileges=("prvDeletenav_connection",),
    ),
    Step(
        "features",
        "Features",
        _ENABLE,
        setup_page.look_at_features,
        setup_page.aim_at_features,
        setup_page.put_features,
        setup_page.hand_at_features,
        follows="enabled",
    ),
)

BY_ID = {step.id: step for step in STEPS}
