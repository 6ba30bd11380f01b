"""Who may do what in the demo, given by the admin as in a real workspace."""

from bot.demo.stage import Stage

CHANNEL = "crm-admins"
ROLES = (("olga", "operator"), ("vera", "viewer"), ("paul", "approver"))


def give_roles(stage: Stage) -> None:
    """One after the other; each is answered before the next is typed."""
    for person, role in ROLES:
        before = stage.slack.sees("ada")
        stage.slack.command("ada", CHANNEL, f"/d365 access add @{person} {role}")
        after = before
        while len(after.messages) == len(before.messages):
            after = stage.slack.sees("ada", after=after.event)
