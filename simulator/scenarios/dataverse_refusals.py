"""Refusals of Dataverse that no fact of the world brings: one row a code.

Codes: compose-http-requests-handle-errors.md, the error reference and pa/api-limits.md; the README
says which statuses third parties observed. A code that only a change can meet spoils changes only.
"""

from simulator.scenarios.scenario import Rule, Scenario, sales

API = "/api/data/*"
CHANGES = ("POST", "PATCH", "PUT", "DELETE")
LONG_WAIT = 30
REFERENCE = "6d1f7a3e-0b52-4c5d-9a1e-3f2b8c4d5e6f"


def _error(status: int, code: str, message: str) -> Rule:
    return {
        "site": "dataverse",
        "status": status,
        "json": {"error": {"code": code, "message": message}},
        "headers": {"x-ms-service-request-id": REFERENCE},
    }


def _read(status: int, code: str, message: str, what: str = "*") -> tuple[Rule, ...]:
    return (_error(status, code, message) | {"method": "GET", "path": API + what},)


def _change(status: int, code: str, message: str, what: str = "*") -> tuple[Rule, ...]:
    rule = _error(status, code, message) | {"path": API + what}
    return tuple(rule | {"method": method} for method in CHANGES)


def _limit(code: str, message: str) -> tuple[Rule, ...]:
    rule = _error(429, code, message) | {"path": API}
    return (rule | {"headers": {**rule["headers"], "Retry-After": str(LONG_WAIT)}},)


def limited_once(what: str) -> tuple[Rule, ...]:
    """One call finds a limit passed, and may come again after a second."""
    rule = _read(429, "0x80072322", "Number of requests exceeded the limit of 6000.", what)[0]
    return (rule | {"times": 1, "headers": {**rule["headers"], "Retry-After": "1"}},)


DATAVERSE_SCENARIOS: tuple[Scenario, ...] = (
    Scenario("throttled", "Dataverse answers 429.", sales({"condition": "throttled"})),
    Scenario(
        "throttled-by-time",
        "The calls of five minutes ran too long together.",
        faults=_limit(
            "0x80072321",
            "Combined execution time of incoming requests exceeded limit of 1,200,000 "
            "milliseconds over time window of 300 seconds.",
        ),
    ),
    Scenario(
        "throttled-at-once",
        "Too many calls run at once.",
        faults=_limit("0x80072326", "Number of concurrent requests exceeded the limit of 52."),
    ),
    Scenario("dataverse-down", "Dataverse answers 503 with HTML.", sales({"condition": "down"})),
    Scenario(
        "administration-mode",
        "Only administrators and customizers may use the Sales organisation.",
        sales({"condition": "administration"}),
    ),
    Scenario(
        "record-not-shared",
        "The bot may read users, but not these.",
        faults=_read(403, "0x80048306", "The record is not shared with you.", "systemusers*"),
    ),
    Scenario(
        "caller-disabled",
        "The bot's user is disabled, told by the other code for it.",
        faults=_read(403, "0x8004d24b", "The user is disabled in this organization.", "WhoAmI*"),
    ),
    Scenario(
        "identity-refused",
        "Dataverse and Entra ID do not agree about the bot's token.",
        faults=_read(401, "0x80072559", "Error from Azure Active Directory.", "WhoAmI*"),
    ),
    Scenario(
        "key-unknown",
        "No record has the key that is asked for.",
        faults=_read(
            404,
            "0x80060891",
            "A record with the specified key values does not exist in transactioncurrency entity",
            "transactioncurrencies*",
        ),
    ),
    Scenario(
        "table-missing",
        "The organisation lacks the table of users.",
        faults=_read(
            404,
            "0x8006088a",
            "Resource not found for the segment 'systemusers'.",
            "systemusers*",
        ),
    ),
    Scenario(
        "column-missing",
        "The organisation lacks a column that the bot asks for.",
        faults=_read(
            400,
            "0x0",
            "Could not find a property named 'issopintegrationenabled' on type "
            "'Microsoft.Dynamics.CRM.organization'.",
            "organizations*",
        ),
    ),
    Scenario(
        "address-unknown",
        "No resource is at the address.",
        faults=_read(
            404, "", "No HTTP resource was found that matches the request URI.", "RetrieveVersion*"
        ),
    ),
    Scenario(
        "method-not-allowed",
        "The address does not take the method.",
        faults=_read(405, "0x80040800", "The method is not supported.", "RetrieveVersion*"),
    ),
    Scenario(
        "request-too-large",
        "The request is larger than Dataverse accepts.",
        faults=_read(413, "0x80040800", "The request is too large.", "RetrieveVersion*"),
    ),
    Scenario(
        "read-plug-in-error",
        "A plug-in refuses that users are read.",
        faults=_read(400, "0x80040265", "Users are read at night only.", "systemusers*"),
    ),
    Scenario(
        "plug-in-error",
        "A plug-in refuses every change.",
        faults=_change(400, "0x80040265", "Records are changed at night only."),
    ),
    Scenario(
        "row-changed",
        "Somebody else changes each record first.",
        faults=_change(
            412,
            "0x80060882",
            "The version of the existing record doesn't match the RowVersion property provided.",
        ),
    ),
    Scenario(
        "duplicate-entity-key",
        "A record with that alternate key exists.",
        faults=_change(412, "0x80060892", "Entity Key violated. A record exists already."),
    ),
    Scenario(
        "duplicate-record",
        "A record with that key exists.",
        faults=_change(412, "0x80040237", "Cannot insert duplicate key."),
    ),
    Scenario(
        "duplicate-detected",
        "Duplicate detection finds such a record.",
        faults=_change(412, "0x80040333", "A record was not created, as a duplicate was found."),
    ),
    Scenario(
        "access-mode-refused",
        "Only a System Administrator may change an access mode.",
        faults=_change(403, "0x80048d2f", "Changing the access mode needs a System Administrator."),
    ),
    Scenario(
        "role-not-inheritable",
        "A group team may not have the role.",
        faults=_change(400, "0x80048350", "The role cannot be assigned to the group team."),
    ),
    Scenario(
        "payload-refused",
        "Dataverse does not understand what is sent.",
        faults=_change(400, "0x80048d19", "Error identified in Payload provided by the user."),
    ),
    Scenario(
        "text-too-long",
        "A text is longer than its column.",
        faults=_change(400, "0x80044331", "A validation error occurred: the length is exceeded."),
    ),
    Scenario(
        "solution-refused",
        "No solution can be imported.",
        faults=_change(400, "0x80048033", "The import of the solution failed.", "*Solution*"),
    ),
)
