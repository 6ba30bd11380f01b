"""Checks of the bot's own app in Slack, through which everything is asked and answered."""

from connection.checks.looking import Found, Look, failed, passed, untested, warned
from connection.errors import DirectoryAway

NOTHING_WITHOUT = frozenset({"chat:write", "commands"})
CLOCK_WARNING, CLOCK_LIMIT = 60, 300
"""Seconds. Five minutes from Slack's time on, a request counts as replayed and is refused
(docs.slack.dev/authentication/verifying-requests-from-slack)."""


async def slack_app(look: Look) -> Found:
    """Slack takes the bot's token, and it has every scope that the bot's calls and events need."""
    try:
        standing = await look.own_app.standing(look.workspace)
    except DirectoryAway as away:
        return untested(away.message)
    look.findings.slack = standing
    if standing is None:
        return untested("Slack is not asked at the command line.")
    if standing.refused:
        return failed(
            f"Slack does not take the bot's token ({standing.refused}).",
            "Whoever runs this bot installs the app again at api.slack.com/apps, and sets "
            "SLACK_BOT_TOKEN to the token that stands there.",
        )
    missing = standing.missing_scopes
    if not missing:
        return passed("Slack takes the bot's token, which has every scope of the manifest.")
    amiss = failed if NOTHING_WITHOUT & set(missing) else warned
    noun = "scope" if len(missing) == 1 else "scopes"
    return amiss(
        f"The bot's app in Slack lacks the {noun} {', '.join(missing)}.",
        "Whoever runs this bot updates the app at api.slack.com/apps from what d365bot manifest "
        "prints, and installs it again.",
    )


async def slack_clock(look: Look) -> Found:
    """The time that Slack answers with, against the bot's clock."""
    standing = look.findings.slack
    if standing is None or standing.clock_ahead is None:
        return untested("Slack did not say what time it is there.")
    apart = round(abs(standing.clock_ahead))
    said = f"{apart} {'second' if apart == 1 else 'seconds'}"
    if apart < CLOCK_WARNING:
        return passed(f"The bot's clock and Slack's are {said} apart.")
    amiss = failed if apart >= CLOCK_LIMIT else warned
    where = "behind" if standing.clock_ahead > 0 else "ahead of"
    return amiss(
        f"The bot's clock is {said} {where} Slack's.",
        "Set the clock of the bot's machine, best by NTP: from five minutes on, what Slack sends "
        "counts as replayed and is refused.",
    )
