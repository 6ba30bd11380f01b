"""What a refusal of Slack means: its word, its status, and whether trying again can mend it."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

_LONGEST_PAUSE = 3600.0

NOT_HERE = frozenset(
    "channel_not_found not_in_channel user_not_in_channel is_archived is_inactive "
    "restricted_action restricted_action_thread_only_channel "
    "restricted_action_read_only_channel restricted_action_non_threadable_channel "
    "messages_tab_disabled user_not_found cannot_dm_bot no_permission access_denied "
    "ekm_access_denied team_access_not_granted method_not_supported_for_channel_type "
    "channel_type_not_supported".split()
)
"""The bot or the person is not in the channel: there may be another way to the person."""

GONE = frozenset(["message_not_found", "cant_update_message", "edit_window_closed"])
"""The message cannot be edited any more."""

NO_THREAD = frozenset(
    "message_not_found thread_not_found cannot_reply_to_message invalid_thread_ts "
    "restricted_action_non_threadable_channel restricted_action_thread_locked".split()
)
"""Nothing can be said below the message."""

VIEW_GONE = frozenset(["not_found", "view_not_found"])
"""Its person closed the view."""

_HOPELESS = (
    NOT_HERE
    | GONE
    | frozenset(
        "invalid_arguments invalid_arg_name invalid_array_arg invalid_charset invalid_form_data "
        "invalid_post_type missing_post_type invalid_blocks invalid_blocks_format "
        "invalid_attachments invalid_metadata_format msg_too_long msg_blocks_too_long no_text "
        "too_many_attachments markdown_text_conflict invalid_channel invalid_ts user_disabled "
        "user_not_visible users_not_found users_list_not_supplied not_enough_users "
        "unknown_method not_enabled method_deprecated deprecated_endpoint".split()
    )
)


def word_of(error: SlackApiError) -> str:
    """Such as `channel_not_found`; '' where Slack's answer was no JSON."""
    data: Any = getattr(error.response, "data", error.response)
    return str(data.get("error") or "") if isinstance(data, Mapping) else ""


def pause_after(error: SlackApiError) -> float | None:
    """For how many seconds Slack wants no calls of this workspace; None if it did not say so."""
    answer = error.response
    status = getattr(answer, "status_code", None) or getattr(answer, "status", 0)
    if status != 429 and word_of(error) not in ("ratelimited", "rate_limited"):
        return None
    headers: Mapping[str, str] = getattr(answer, "headers", None) or {}
    told = str(headers.get("Retry-After") or headers.get("retry-after") or "")
    return min(_LONGEST_PAUSE, max(1.0, float(told))) if told.isdecimal() else 1.0


def is_hopeless(error: SlackApiError) -> bool:
    """Trying again changes nothing. Outages, limits, tokens and unknown words may pass."""
    return word_of(error) in _HOPELESS


def refuses_blocks(error: SlackApiError) -> bool:
    """The same words may go through as plain text."""
    return word_of(error).startswith(("invalid_blocks", "msg_too_long", "msg_blocks"))
