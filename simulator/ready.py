"""The ready file: everything a bot needs to run against this simulation."""

import json
import os
from pathlib import Path
from typing import Any

from simulator.entra.managed_identity import PATH as IDENTITY_PATH
from simulator.healthy.business_central import ENVIRONMENT
from simulator.healthy.identity import TENANT
from simulator.healthy.on_premises import SERVER, USER
from simulator.healthy.people import COMPANY
from simulator.slack_part import SlackIdentity
from simulator.world import World


def ready_facts(
    world: World, slack: SlackIdentity, *, proxy: str, plain: str, ca_file: Path
) -> dict[str, Any]:
    facts = world.facts
    return {
        "proxy": proxy,
        "ca_file": str(ca_file),
        "slack_api_url": f"{plain}/api/",
        "signing_secret": slack.signing_secret,
        "bot_token": slack.bot_token,
        "app_token": slack.app_token,
        "slack_client_id": slack.client_id,
        "slack_client_secret": slack.client_secret,
        "slack_authorize_url": f"{plain}/oauth/v2/authorize",
        "team_id": slack.team_id,
        "people": {name: person.id for name, person in slack.people.items()},
        "channels": {name: channel.id for name, channel in slack.channels.items()},
        "control_url": plain,
        "tenant": facts["tenants"][TENANT]["id"],
        "apps": {name: _app(app) for name, app in facts["apps"].items()},
        "sales_url": f"https://{facts['sales']['adventure']['host']}",
        "bc": {"environment": ENVIRONMENT, "company": COMPANY, **_on_premises(facts)},
        "managed_identity": {
            "endpoint": f"{plain}{IDENTITY_PATH}",
            "header": facts["managed_identity"]["header"],
        },
    }


def _on_premises(facts: dict[str, Any]) -> dict[str, Any]:
    server = facts["on_premises"][SERVER]
    return {
        "on_premises_url": f"https://{server['host']}:{server['port']}/{server['instance']}",
        "on_premises_user": USER,
        "on_premises_access_key": server["users"][USER]["access_key"],
    }


def _app(app: dict[str, Any]) -> dict[str, Any]:
    secret = next((each["value"] for each in app["secrets"].values()), None)
    return {"client_id": app["client_id"], "client_secret": secret}


def write_ready_file(path: Path, facts: dict[str, Any]) -> None:
    """Readers see the whole file or none."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.touch(mode=0o600)
    new.write_text(json.dumps(facts, indent=2) + "\n")
    new.replace(path)
