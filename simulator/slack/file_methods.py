"""The Web API methods `files.*`: a place for a file's bytes, and the file in its channels.

Rules: docs.slack.dev/reference/methods/files.getUploadURLExternal and
files.completeUploadExternal. That a file without bytes is refused, and how, is inferred.
"""

from simulator.slack.arguments import Arguments
from simulator.slack.chat_methods import thread_in, where_to_post
from simulator.slack.content import Content, read_content
from simulator.slack.naming import Json
from simulator.slack.people import Channel
from simulator.slack.refusals import Refusal, missing
from simulator.slack.state import State
from simulator.slack.uploads import Upload

CHANNELS_MOST = 100


def upload_url(state: State, arguments: Arguments) -> Json:
    if not state.file_uploads:
        raise Refusal("file_uploads_disabled")
    name = arguments.needed("filename")
    if arguments.values.get("length") in (None, ""):
        raise missing("length")
    length = arguments.number("length", 0)
    if length < 1:
        messages = ["[ERROR] must be greater than 0 [json-pointer:/length]"]
        raise Refusal("invalid_arguments", messages)
    upload = Upload(state.fresh_id("F"), name, length)
    return {"upload_url": state.app.base_url + state.uploads.promise(upload), "file_id": upload.id}


def complete_upload(state: State, arguments: Arguments) -> Json:
    """One message with all files in each channel; without a channel the files stay private."""
    files = [(state.uploads.uploaded(file_id), title) for file_id, title in _asked(arguments)]
    channels, content = _channels(state, arguments), _content(arguments)
    if len(channels) > 1 and arguments.text("thread_ts"):
        raise Refusal("invalid_arguments", ["[ERROR] a thread is in one channel"])
    threads = [thread_in(state, channel, arguments) for channel in channels]
    titled = [(upload, title or upload.name) for upload, title in files]
    for channel, thread_ts in zip(channels, threads, strict=True):
        state.messages.post(
            channel,
            state.workspace.identity.bot_user_id,
            content,
            thread_ts=thread_ts,
            files=[upload.shown(title) for upload, title in titled],
        )
    for upload, _ in files:
        upload.completed = True
    return {"files": [{"id": upload.id, "title": title} for upload, title in titled]}


def _asked(arguments: Arguments) -> list[tuple[str, str | None]]:
    """`files`: a list of `{id, title}`, once each."""
    asked = arguments.structure("files")
    if asked in (None, ""):
        raise missing("files")
    found: dict[str, str | None] = {}
    for each in asked if isinstance(asked, list) else [asked]:
        if not isinstance(each, dict) or not isinstance(each.get("id"), str):
            raise Refusal("invalid_arguments", ["[ERROR] must provide an object with an id"])
        title = each.get("title")
        found[each["id"]] = title if isinstance(title, str) else None
    if not found:
        raise Refusal("invalid_arguments", ["[ERROR] no less than 1 items [json-pointer:/files]"])
    return list(found.items())


def _channels(state: State, arguments: Arguments) -> list[Channel]:
    """`channel_id` names a channel, `channels` several, or people; none of them by its name."""
    named: dict[str, Channel] = {}
    wanted = arguments.text("channel_id")
    if wanted is not None:
        named[wanted] = _channel(state, arguments, wanted, "channel_not_found")
    for each in (arguments.text("channels") or "").split(","):
        if each.strip():
            channel = _channel(state, arguments, each.strip(), "invalid_channel", people=True)
            named[channel.id] = channel
    if len(named) > CHANNELS_MOST:
        raise Refusal("channels_limit_exceeded")
    return list(named.values())


def _channel(
    state: State, arguments: Arguments, wanted: str, unknown: str, *, people: bool = False
) -> Channel:
    is_person = wanted.startswith(("U", "W"))
    try:
        channel = where_to_post(state, wanted, arguments.grant.scopes)
    except Refusal as no:
        raise Refusal(unknown if no.error == "channel_not_found" else no.error) from no
    if is_person and not people:
        raise Refusal(unknown)
    if not is_person and channel.id != wanted:
        raise Refusal(unknown)
    return channel


def _content(arguments: Arguments) -> Content:
    """`blocks` count only where there is no comment."""
    comment = arguments.text("initial_comment")
    if comment is not None:
        return read_content({"text": comment})
    if arguments.values.get("blocks"):
        return read_content({"blocks": arguments.values["blocks"]})
    return Content("", None, None)
