"""`d365bot certificate`: made and shown where the bot runs."""

from bot.giving import at_the_command_line, workspace_of
from bot.settings import read_settings
from bot.wiring import service_alone
from connection.making_certificates import days_of


async def new_certificate(workspace: str, name: str, field: str, days: str) -> tuple[str, str]:
    """The public half in PEM form, and what comes next."""
    lasting = days_of(days)
    async with service_alone(read_settings()) as service:
        team = await workspace_of(service, workspace)
        made = await service.make_certificate(team, name, field, lasting, at_the_command_line())
    upload = (
        f"Upload this to the app {made.facts.ref.origin.login} in Entra: App registrations, "
        f"Certificates & secrets. Its thumbprint is {made.certificate.sha1}; it is valid until "
        f"{made.certificate.expires_at:%Y-%m-%d}."
    )
    if made.in_use:
        return made.certificate.pem, f"{upload} Then /d365 test {name}"
    return made.certificate.pem, (
        f"{upload} The old one is used until /d365 secret {name} use has tried the new one."
    )


async def shown_certificate(workspace: str, name: str, field: str) -> str:
    """The public half of the newest one, in PEM form."""
    async with service_alone(read_settings()) as service:
        team = await workspace_of(service, workspace)
        return (await service.certificate(team, name, field)).public_part
