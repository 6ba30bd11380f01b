"""Logs as JSON lines on standard error, with everything masked that looks like a secret."""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from connection.pasted_secrets import secret_in

MASKED = "[masked]"
_SECRET_NAMES = ("secret", "token", "password", "authorization", "access_key", "assertion")


def plain(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Without uvicorn's copy of the message for coloured terminals."""
    event.pop("color_message", None)
    return event


def mask(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """By the key's name, and by the value's shape, line by line."""
    return {key: _masked(key, value) for key, value in event.items()}


def _masked(key: str, value: Any) -> Any:
    if any(name in key.lower() for name in _SECRET_NAMES):
        return MASKED
    if isinstance(value, str) and len(value) >= 8:
        lines = value.split("\n")
        return "\n".join(MASKED if secret_in(line) else line for line in lines)
    return value


def configure_logs(level: int = logging.INFO) -> None:
    """Everything that logs through the standard library comes out as one kind of line."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            plain,
            structlog.processors.format_exc_info,
            mask,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "msal", "slack_sdk", "alembic", "dbos", "azure"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
