"""The views each person has before them: a stack of at most three modals, and the Home tab.

Rules: docs.slack.dev/surfaces/modals, docs.slack.dev/reference/views.
"""

import copy
import secrets
from dataclasses import dataclass, field

from simulator.slack.blockkit import faults_in_view, too_large
from simulator.slack.naming import Json, with_ids, worked
from simulator.slack.news import News
from simulator.slack.refusals import Refusal
from simulator.slack.values import state_values
from simulator.slack.workspace import Identity

STACK_MOST = 3


@dataclass
class View:
    id: str
    user_id: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    typed: dict[tuple[str, str], object] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        blocks = self.content["blocks"]
        return blocks if isinstance(blocks, list) else []


def checked_view(view: object, kind: str) -> Json:
    """The view as Slack would store it, or the refusal Slack would give."""
    messages = faults_in_view(view)
    if not messages and isinstance(view, dict) and view["type"] != kind:
        messages = [f"[ERROR] must be of type {kind} [json-pointer:/view/type]"]
    if messages or not isinstance(view, dict):
        raise Refusal("invalid_arguments", messages)
    if too_large(view):
        raise Refusal("view_too_large")
    content: Json = copy.deepcopy(view)
    content["blocks"] = with_ids(content["blocks"]) if isinstance(content["blocks"], list) else []
    return content


class Desk:
    """Everybody's open modals and Home tabs."""

    def __init__(self, identity: Identity, news: News) -> None:
        self._identity = identity
        self._news = news
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def stack(self, user_id: str) -> list[View]:
        return self.stacks.setdefault(user_id, [])

    def open(self, user_id: str, content: Json) -> View:
        self._refuse_known_external_id(content, None)
        view = self._new(user_id, content)
        self.stacks[user_id] = [view]
        return view

    def push(self, user_id: str, content: Json) -> View:
        stack = self.stack(user_id)
        if not stack:
            raise Refusal("not_found")
        if len(stack) >= STACK_MOST:
            raise Refusal("push_limit_reached")
        self._refuse_known_external_id(content, None)
        view = self._new(user_id, content)
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        return view

    def update(self, view: View, content: Json, expected_hash: str | None = None) -> View:
        """Typed values survive where block id, action id and type stay the same."""
        if expected_hash and expected_hash != view.hash:
            raise Refusal("hash_conflict")
        self._refuse_known_external_id(content, view)
        before = _elements(view.content)
        view.content = content
        kept = {key for key, kind in _elements(content).items() if before.get(key) == kind}
        view.typed = {key: value for key, value in view.typed.items() if key in kept}
        view.errors = {}
        view.hash = self._fresh_hash()
        self._news.note()
        return view

    def publish(self, user_id: str, content: Json, expected_hash: str | None = None) -> View:
        known = self.homes.get(user_id)
        if known is not None:
            return self.update(known, content, expected_hash)
        self.homes[user_id] = view = self._new(user_id, content)
        return view

    def close(self, view: View) -> list[View]:
        """Take the view away, or by `clear_on_close` the stack; answers what went, top first."""
        stack = self.stack(view.user_id)
        gone = list(stack) if view.content.get("clear_on_close") else [view]
        self.stacks[view.user_id] = [other for other in stack if other not in gone]
        self._news.note()
        return gone[::-1]

    def close_one(self, view: View) -> None:
        """After a submission: this view goes, the one below comes back."""
        self.stack(view.user_id).remove(view)
        self._news.note()

    def clear(self, user_id: str) -> None:
        self.stacks[user_id] = []
        self._news.note()

    def show_errors(self, view: View, errors: dict[str, str]) -> None:
        view.errors = errors
        self._news.note()

    def knows(self, view_id: str) -> bool:
        stacked = [view for stack in self.stacks.values() for view in stack]
        return any(view.id == view_id for view in (*stacked, *self.homes.values()))

    def find(self, view_id: str | None, external_id: str | None = None) -> View:
        stacked = [view for stack in self.stacks.values() for view in stack]
        for view in [*stacked, *self.homes.values()]:
            named = external_id is not None and view.content.get("external_id") == external_id
            if view.id == view_id or named:
                return view
        raise Refusal("not_found")

    def as_json(self, view: View) -> Json:
        content = view.content
        optional = {key: content.get(key) for key in ("title", "submit", "close")}
        return {
            "id": view.id,
            "team_id": self._identity.team_id,
            "type": content["type"],
            **optional,
            "blocks": view.blocks,
            "private_metadata": content.get("private_metadata") or "",
            "callback_id": content.get("callback_id") or "",
            "external_id": content.get("external_id") or "",
            "state": {"values": state_values(view.blocks, view.typed)},
            "hash": view.hash,
            "clear_on_close": bool(content.get("clear_on_close")),
            "notify_on_close": bool(content.get("notify_on_close")),
            "previous_view_id": view.previous_id,
            "root_view_id": view.root_id,
            "app_id": self._identity.app_id,
            "app_installed_team_id": self._identity.team_id,
            "bot_id": self._identity.bot_id,
        }

    def _new(self, user_id: str, content: Json) -> View:
        view_id = f"V{secrets.token_hex(5).upper()}"
        self._news.note()
        return View(view_id, user_id, content, self._fresh_hash(), root_id=view_id)

    def _fresh_hash(self) -> str:
        return f"{self._news.event}.{secrets.token_hex(4)}"

    def _refuse_known_external_id(self, content: Json, own: View | None) -> None:
        external_id = content.get("external_id")
        stacked = [view for stack in self.stacks.values() for view in stack]
        if external_id and any(
            view is not own and view.content.get("external_id") == external_id for view in stacked
        ):
            raise Refusal("duplicate_external_id")


def _elements(content: Json) -> dict[tuple[str, str], object]:
    blocks = content["blocks"]
    pairs = worked(blocks) if isinstance(blocks, list) else ()
    return {(str(b["block_id"]), str(e["action_id"])): e["type"] for b, e in pairs}
