"""The one server on the company's own premises, which serves what an environment serves."""

import base64
from typing import Any

from simulator.healthy.business_central import ENVIRONMENT
from simulator.identifiers import Draw

SERVER = "server"
USER = "SYNC"


def on_premises(draw: Draw) -> dict[str, Any]:
    return {
        SERVER: {
            "host": "bc.adventure-example.com",
            "port": 7048,
            "instance": "BC150",
            "environment": ENVIRONMENT,
            "users": {USER: {"access_key": _access_key(draw), "enabled": True}},
        }
    }


def _access_key(draw: Draw) -> str:
    """Forty-four characters of Base64, as the user card of Business Central gives them."""
    return base64.b64encode(draw.random.getrandbits(256).to_bytes(32, "big")).decode()
