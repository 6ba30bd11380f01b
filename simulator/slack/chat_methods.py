"""The Web API methods `chat.*`. Rules: docs.slack.dev/reference/methods, one page a method."""

from collections.abc import Collection

from simulator.slack.arguments import Arguments
from simulator.slack.content import UPDATED_TEXT_MOST, Content, read_content
from simulator.slack.messages import Message
from simulator.slack.naming import Json
from simulator.slack.people import Channel
from simulator.slack.refusals import Refusal
from simulator.slack.scopes import PUBLIC_POSTING
from simulator.slack.state import State


def message_json(state: State, message: Message) -> Json:
    identity = state.workspace.identity
    own = message.author == identity.bot_user_id
    body: Json = {
        "type": "message",
        "user": message.author,
        "ts": message.ts,
        "text": message.text,
        "team": identity.team_id,
    }
    if own:
        body |= {"bot_id": identity.bot_id, "app_id": identity.app_id}
    if message.blocks:
        body["blocks"] = message.blocks
    if message.attachments:
        body["attachments"] = message.attachments
    if message.files:
        body["files"] = [_without_content(file) for file in message.files]
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
    if message.metadata:
        body["metadata"] = message.metadata
    if message.edits:
        body["edited"] = {"user": message.author, "ts": message.ts}
    return body


def _without_content(file: Json) -> Json:
    return {name: value for name, value in file.items() if name != "content"}


# who may write in a channel -> the refusal of everything
RESTRICTED = {
    "nobody": "restricted_action",
    "read_only": "restricted_action_read_only_channel",
}


def where_to_post(state: State, wanted: str, scopes: Collection[str]) -> Channel:
    person = state.workspace.known(wanted) if wanted.startswith(("U", "W")) else None
    if person is not None and not person.deactivated and not person.bot:
        return state.workspace.direct(person)
    channel = state.workspace.for_bot(wanted)
    if not channel.bot and not (channel.kind == "public" and PUBLIC_POSTING in scopes):
        raise Refusal("not_in_channel")
    if channel.archived:
        raise Refusal("is_archived")
    if channel.posting in RESTRICTED:
        raise Refusal(RESTRICTED[channel.posting])
    return channel


def post_message(state: State, arguments: Arguments) -> Json:
    channel = where_to_post(state, arguments.needed("channel"), arguments.grant.scopes)
    content = read_content(arguments.values, newer=state.newer_blocks)
    message = state.messages.post(
        channel,
        state.workspace.identity.bot_user_id,
        content,
        thread_ts=thread_in(state, channel, arguments),
    )
    body = message_json(state, message)
    return {"channel": channel.id, "ts": message.ts, "message": body}


def post_ephemeral(state: State, arguments: Arguments) -> Json:
    channel = where_to_post(state, arguments.needed("channel"), arguments.grant.scopes)
    user_id = arguments.needed("user")
    if user_id not in channel.members:
        raise Refusal("user_not_in_channel")
    message = state.messages.post(
        channel,
        state.workspace.identity.bot_user_id,
        read_content(arguments.values, newer=state.newer_blocks),
        to=user_id,
        thread_ts=thread_in(state, channel, arguments),
    )
    return {"message_ts": message.ts}


def update(state: State, arguments: Arguments) -> Json:
    message = _own_message(state, arguments, "cant_update_message")
    if state.workspace.for_bot(message.channel.id).archived:
        raise Refusal("is_inactive")
    content: Content = read_content(arguments.values, UPDATED_TEXT_MOST, newer=state.newer_blocks)
    state.messages.change(message, content)
    return {
        "channel": message.channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message_json(state, message),
    }


def delete(state: State, arguments: Arguments) -> Json:
    message = _own_message(state, arguments, "cant_delete_message")
    state.messages.remove(message)
    return {"channel": message.channel.id, "ts": message.ts}


def permalink(state: State, arguments: Arguments) -> Json:
    channel = state.workspace.for_bot(arguments.needed("channel"))
    message = state.messages.find(channel.id, arguments.needed("message_ts"))
    if message is None or message.ephemeral:
        raise Refusal("message_not_found")
    host = f"https://{state.workspace.identity.domain}.slack.com"
    link = f"{host}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def thread_in(state: State, channel: Channel, arguments: Arguments) -> str | None:
    thread_ts = arguments.text("thread_ts")
    if channel.posting == "thread_only" and not thread_ts:
        raise Refusal("restricted_action_thread_only_channel")
    if channel.posting == "no_threads" and thread_ts:
        raise Refusal("restricted_action_non_threadable_channel")
    parent = state.messages.find(channel.id, thread_ts) if thread_ts else None
    if parent is not None and parent.ephemeral:
        raise Refusal("cannot_reply_to_message")
    return thread_ts


def _own_message(state: State, arguments: Arguments, not_ours: str) -> Message:
    """Named by channel id, never by channel name; an ephemeral one cannot be named at all."""
    wanted, ts = arguments.needed("channel"), arguments.needed("ts")
    channel = state.workspace.for_bot(wanted)
    if channel.id != wanted:
        raise Refusal("channel_not_found")
    message = state.messages.find(channel.id, ts)
    if message is None or message.ephemeral:
        raise Refusal("message_not_found")
    if message.author != state.workspace.identity.bot_user_id:
        raise Refusal(not_ours)
    return message
