"""What a message says: text, blocks and attachments, refused where Slack refuses them.

Rules: errors of chat.postMessage and chat.update.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.json_bodies import read_json
from simulator.slack.blockkit import faults_in_blocks
from simulator.slack.naming import Json
from simulator.slack.refusals import Refusal

TEXT_MOST = 40_000
UPDATED_TEXT_MOST = 4_000
ATTACHMENTS_MOST = 100
MARKDOWN_MOST = 12_000


@dataclass(frozen=True)
class Content:
    """None stands for "not given", which chat.update tells from "empty"."""

    text: str | None
    blocks: list[Json] | None
    attachments: list[Json] | None
    metadata: Json | None = None


def read_content(
    source: Mapping[str, object], text_most: int = TEXT_MOST, *, newer: bool = True
) -> Content:
    text = _text(source)
    if text is not None and len(text) > text_most:
        raise Refusal("msg_too_long")
    blocks = _list(source.get("blocks"), "invalid_blocks_format")
    attachments = _list(source.get("attachments"), "invalid_attachments")
    _refuse(faults_in_blocks(blocks or [], "message", newer=newer))
    if attachments and len(attachments) > ATTACHMENTS_MOST:
        raise Refusal("too_many_attachments")
    for number, attachment in enumerate(attachments or []):
        inner = attachment.get("blocks") if isinstance(attachment, dict) else None
        pointer = f"/attachments/{number}/blocks"
        _refuse(faults_in_blocks(inner or [], "message", pointer, newer=newer))
    if not (text or blocks or attachments):
        raise Refusal("no_text")
    return Content(text, blocks, attachments, _metadata(source.get("metadata")))


def _metadata(given: object) -> Json | None:
    """An event type and its payload; an empty object takes away what was there."""
    if given in (None, ""):
        return None
    metadata = parsed(given)
    if not isinstance(metadata, dict):
        raise Refusal("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if metadata and not (isinstance(kind, str) and kind and isinstance(payload, dict)):
        raise Refusal("invalid_metadata_schema")
    return metadata


def _text(source: Mapping[str, object]) -> str | None:
    """`text`, or `markdown_text`, which stands alone and is shorter."""
    for name in ("text", "markdown_text"):
        given = source.get(name)
        if given is not None and not isinstance(given, str):
            pointer = f"[json-pointer:/{name}]"
            raise Refusal("invalid_arguments", [f"[ERROR] must provide a string {pointer}"])
    text, markdown = source.get("text"), source.get("markdown_text")
    if not isinstance(markdown, str):
        return text if isinstance(text, str) else None
    if text or source.get("blocks"):
        raise Refusal("markdown_text_conflict")
    if len(markdown) > MARKDOWN_MOST:
        raise Refusal("msg_too_long")
    return markdown


def parsed(value: object) -> object:
    """A form carries structures as JSON text; a JSON body may do either."""
    if not isinstance(value, str):
        return value
    try:
        return read_json(value)
    except ValueError:
        return value


def _list(value: object, error: str) -> list[Json] | None:
    if value is None or value == "":
        return None
    found = parsed(value)
    if not isinstance(found, list):
        raise Refusal(error)
    return found


def _refuse(messages: list[str]) -> None:
    if messages:
        raise Refusal("invalid_blocks", messages)
