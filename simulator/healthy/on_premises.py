"""The one server on the company's own premises, which serves what an environment serves."""

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
            "tenant": "",
            "odata_enabled": True,
            "api_enabled": True,
            "users": {USER: {"access_key": draw.access_key(), "enabled": True}},
        }
    }
