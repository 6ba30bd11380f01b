"""The made-up people and companies of the healthy world."""

DOMAIN = "adventure-example.onmicrosoft.com"
INTEGRATION = f"integration@{DOMAIN}"
COMPANY = "Adventure Example Ltd."
SECOND_COMPANY = "Adventure Example Trade ApS"

PEOPLE = {
    "ada": "Ada Admin",
    "olga": "Olga Operator",
    "paul": "Paul Approver",
    "vera": "Vera Viewer",
}
"""Short name -> full name, as in Slack. Each has an account, a Sales user and a BC user."""

ADMINISTRATOR = "ada"
NORTH = "vera"
"""Works in the business unit below the root."""


def address(person: str) -> str:
    first, last = PEOPLE[person].lower().split()
    return f"{first}.{last}@{DOMAIN}"
