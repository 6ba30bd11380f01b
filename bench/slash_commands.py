"""Slash commands as Slack sends them: form encoded, signed, each with a trigger id of its own."""

import hashlib
import hmac
import itertools
import time
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

SIGNING_SECRET = "signing-secret-of-the-bench"
BOT_TOKEN = "xoxb-bench"
TEAM = "T0BENCH"
ADMIN = "U0ADMIN"
CROWD = tuple(f"U0CROWD{number:03}" for number in range(100))
"""Admins too. The bot limits what one person may send, and a bench sends more."""

_next_one = itertools.cycle(CROWD)


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """`channel` is unique, so the answer to it can be recognised."""

    channel: str
    body: bytes
    headers: dict[str, str]


def slash_command(text: str = "list", user: str = "") -> SlashCommand:
    """`/d365 text`, typed by this admin, or by one of the crowd after the other."""
    one = uuid.uuid4().hex.upper()
    channel = f"C{one[:16]}"
    form = {
        "token": "verification-token",
        "team_id": TEAM,
        "team_domain": "bench",
        "channel_id": channel,
        "channel_name": "crm-admins",
        "user_id": user or next(_next_one),
        "user_name": "ada",
        "command": "/d365",
        "text": text,
        "api_app_id": "A0BENCH",
        "is_enterprise_install": "false",
        "response_url": f"https://hooks.slack.com/commands/{TEAM}/{one}",
        "trigger_id": f"{one[:12]}.{one[12:]}",
    }
    body = urlencode(form).encode()
    return SlashCommand(channel, body, _signed(body))


def _signed(body: bytes) -> dict[str, str]:
    now = str(int(time.time()))
    mac = hmac.new(SIGNING_SECRET.encode(), f"v0:{now}:".encode() + body, hashlib.sha256)
    return {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": now,
        "x-slack-signature": f"v0={mac.hexdigest()}",
    }
