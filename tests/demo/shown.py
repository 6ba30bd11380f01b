"""Messages and modals as the simulated Slack gives them, for the tests of the screen."""

from typing import Any

from bot.demo.simulated import Message

NAMES = {"U0OLGA": "olga", "C0ADMINS": "crm-admins"}


def message(*blocks: dict[str, Any], to: str = "", edits: int = 0, text: str = "plain") -> Message:
    named = tuple({"block_id": f"b{number}", **block} for number, block in enumerate(blocks))
    return Message("crm-admins", "1.000001", "d365bot", to, text, named, edits)


def section(mrkdwn: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn}}


def context(mrkdwn: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn}]}


def header(text: str) -> dict[str, Any]:
    return {"type": "header", "text": plain(text)}


def actions(*labels: str) -> dict[str, Any]:
    elements = [
        {"type": "button", "text": plain(label), "action_id": label.lower(), "value": "id"}
        for label in labels
    ]
    return {"type": "actions", "elements": elements}


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def text_input(name: str, label: str, **more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "value"}
    return {"type": "input", "block_id": name, "label": plain(label), "element": element, **more}


def select(name: str, label: str, *options: str) -> dict[str, Any]:
    offered = [{"value": one.lower(), "text": plain(one)} for one in options]
    element = {"type": "static_select", "action_id": "value", "options": offered}
    return {"type": "input", "block_id": name, "label": plain(label), "element": element}


def modal(*blocks: dict[str, Any], **held: str) -> dict[str, Any]:
    """`held` is what stands in the fields; a select holds an option."""
    values = {}
    for block in blocks:
        if block["type"] == "input":
            value = held.get(block["block_id"])
            is_text = block["element"]["type"] == "plain_text_input"
            state: dict[str, Any] = (
                {"value": value}
                if is_text
                else {"selected_option": {"value": value} if value else None}
            )
            values[block["block_id"]] = {"value": {"type": block["element"]["type"], **state}}
    return {
        "id": "V1",
        "title": plain("New connection"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "callback_id": "setup",
        "blocks": list(blocks),
        "state": {"values": values},
    }
