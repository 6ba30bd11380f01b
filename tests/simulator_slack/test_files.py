"""A file travels in three steps: a place to upload to, the bytes, a message with the file."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from tests.simulator_slack.playing import BOT_TOKEN, House

Call = Callable[[House], Awaitable[object]]


async def _place(house: House, length: int = 5, name: str = "log.txt") -> dict[str, Any]:
    return await house.api("files.getUploadURLExternal", filename=name, length=length)


async def _uploaded(house: House, content: bytes = b"hello") -> str:
    place = await _place(house, len(content))
    sent = await house.http.post(place["upload_url"], content=content)
    assert (sent.status_code, sent.text) == (200, f"OK - {len(content)}")
    return str(place["file_id"])


async def _complete(house: House, *ids: str, **more: Any) -> dict[str, Any]:
    files = [{"id": each, "title": "The log"} for each in ids]
    return await house.api("files.completeUploadExternal", files=files, **more)


async def test_slacks_own_client_uploads_into_a_direct_message(house: House) -> None:
    opened = await house.web.conversations_open(users=house.user("vera"))
    done = await house.web.files_upload_v2(
        channel=opened["channel"]["id"],
        filename="report.csv",
        title="The report",
        content="name;state\nÅse;on\n",
        initial_comment="Here it is",
    )
    (message,) = (await house.sees("vera", channel="dm"))["messages"]
    assert (message["from"], message["text"]) == ("d365bot", "Here it is")
    (file,) = message["files"]
    assert file == {
        "id": done["file"]["id"],
        "name": "report.csv",
        "title": "The report",
        "size": len("name;state\nÅse;on\n".encode()),
        "content": "name;state\nÅse;on\n",
    }
    assert (await house.sees("olga"))["messages"] == []


async def test_slacks_own_client_uploads_several_files_into_one_message(house: House) -> None:
    await house.web.files_upload_v2(
        channel=house.channel("general"),
        file_uploads=[
            {"filename": "a.txt", "content": "a", "title": "A"},
            {"filename": "b.bin", "file": b"\xff\x00", "title": "B"},
        ],
    )
    (message,) = (await house.sees("olga"))["messages"]
    files = [(each["title"], each["size"], each["content"]) for each in message["files"]]
    assert files == [("A", 1, "a"), ("B", 2, None)]


@pytest.mark.parametrize("content", ["hello", "--\r\n\r\n--x\r\n\x00", "\r\n"])
async def test_bytes_arrive_in_a_form_as_they_are(house: House, content: str) -> None:
    place = await _place(house, len(content))
    parts = {"f": ("a", content.encode())}
    await house.http.post(place["upload_url"], data={"other": "x"}, files=parts)
    await _complete(house, place["file_id"], channel_id=house.channel("general"))
    (message,) = (await house.sees("olga"))["messages"]
    assert message["files"][0]["content"] == content


@pytest.mark.parametrize("content", [b"", b"hell", b"hello!"])
async def test_bytes_of_another_length_are_refused(house: House, content: bytes) -> None:
    place = await _place(house)
    assert (await house.http.post(place["upload_url"], content=content)).status_code == 400
    done = await _complete(house, place["file_id"], channel_id=house.channel("general"))
    assert done["error"] == "file_not_found"


async def test_file_is_completed_once_and_its_place_is_gone(house: House) -> None:
    place = await _place(house)
    await house.http.post(place["upload_url"], content=b"hello")
    first = await _complete(house, place["file_id"], channel_id=house.channel("general"))
    assert first["files"] == [{"id": place["file_id"], "title": "The log"}]
    again = await _complete(house, place["file_id"], channel_id=house.channel("general"))
    assert again["error"] == "file_not_found"
    assert (await house.http.post(place["upload_url"], content=b"hello")).status_code == 404
    assert len((await house.sees("olga"))["messages"]) == 1


async def test_unknown_place_takes_nothing(house: House) -> None:
    assert (await house.http.post("/_hooks/upload/nothing", content=b"x")).status_code == 404


async def test_file_without_a_channel_is_seen_by_nobody(house: House) -> None:
    assert (await _complete(house, await _uploaded(house)))["ok"]
    assert (await house.sees("olga"))["messages"] == []


async def test_channels_may_be_several_and_people(house: House) -> None:
    channels = f"{house.channel('general')}, {house.user('vera')}"
    await _complete(house, await _uploaded(house), channels=channels)
    names = [each["channel_name"] for each in (await house.sees("vera"))["messages"]]
    assert names == ["general", "dm-vera"]


async def test_files_may_be_json_text_in_a_form_and_need_no_title(house: House) -> None:
    form = {
        "token": BOT_TOKEN,
        "files": json.dumps([{"id": await _uploaded(house)}]),
        "channel_id": house.channel("general"),
    }
    done = (await house.http.post("/api/files.completeUploadExternal", data=form)).json()
    assert done["files"][0]["title"] == "log.txt"


async def test_file_answers_in_a_thread(house: House) -> None:
    channel = house.channel("general")
    posted = await house.web.chat_postMessage(channel=channel, text="Start")
    await _complete(house, await _uploaded(house), channel_id=channel, thread_ts=posted["ts"])
    assert (await house.sees("olga"))["messages"][-1]["thread_ts"] == posted["ts"]
    several = f"{channel},{house.channel('crm-admins')}"
    refused = await _complete(
        house, await _uploaded(house), channels=several, thread_ts=posted["ts"]
    )
    assert refused["error"] == "invalid_arguments"


async def test_blocks_stand_where_there_is_no_comment(house: House) -> None:
    channel, blocks = house.channel("general"), [{"type": "divider", "block_id": "d"}]
    await _complete(house, await _uploaded(house), channel_id=channel, blocks=blocks)
    more = {"channel_id": channel, "blocks": blocks, "initial_comment": "Look"}
    await _complete(house, await _uploaded(house), **more)
    first, second = (await house.sees("olga"))["messages"]
    assert (first["blocks"], second["blocks"], second["text"]) == (blocks, [], "Look")


# what is tried -> the error word
REFUSED: dict[str, tuple[Call, str]] = {
    "a file of no bytes": (
        lambda h: h.web.files_getUploadURLExternal(filename="a", length=0),
        "invalid_arguments",
    ),
    "a length that is no number": (
        lambda h: h.api_or_raise("files.getUploadURLExternal", filename="a", length="long"),
        "invalid_arguments",
    ),
    "no length": (
        lambda h: h.api_or_raise("files.getUploadURLExternal", filename="a"),
        "invalid_arguments",
    ),
    "no name": (
        lambda h: h.api_or_raise("files.getUploadURLExternal", length=1),
        "invalid_arguments",
    ),
    "no files": (lambda h: h.api_or_raise("files.completeUploadExternal"), "invalid_arguments"),
    "an empty list": (lambda h: h.web.files_completeUploadExternal(files=[]), "invalid_arguments"),
    "files that are none": (
        lambda h: h.api_or_raise("files.completeUploadExternal", files="{"),
        "invalid_arguments",
    ),
    "an unknown file": (
        lambda h: h.web.files_completeUploadExternal(files=[{"id": "F0"}]),
        "file_not_found",
    ),
}


@pytest.mark.parametrize("tried", REFUSED)
async def test_slack_refuses_a_file(house: House, tried: str) -> None:
    call, error = REFUSED[tried]
    with pytest.raises(SlackApiError) as refused:
        await call(house)
    assert refused.value.response["error"] == error


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ({"channel_id": "C0NOWHERE"}, "channel_not_found"),
        ({"channel_id": "general"}, "channel_not_found"),
        ({"channel_id": "{vera}"}, "channel_not_found"),
        ({"channel_id": "{random}"}, "not_in_channel"),
        ({"channels": "C0NOWHERE"}, "invalid_channel"),
        ({"channels": "{general},{dora}"}, "invalid_channel"),
    ],
)
async def test_file_for_no_channel_of_the_bot_is_refused_and_can_be_completed_later(
    house: House, where: dict[str, str], error: str
) -> None:
    names = {name: house.channel(name) for name in ("general", "random")}
    names |= {name: house.user(name) for name in ("vera", "dora")}
    file_id = await _uploaded(house)
    given = {key: value.format(**names) for key, value in where.items()}
    assert (await _complete(house, file_id, **given))["error"] == error
    assert (await house.sees("olga"))["messages"] == []
    assert (await _complete(house, file_id, channel_id=names["general"]))["ok"]


async def test_workspace_may_forbid_files(house: House) -> None:
    house.site.patch({"file_uploads": False})
    assert (await _place(house))["error"] == "file_uploads_disabled"
    house.site.patch({"file_uploads": True})
    assert (await _place(house))["ok"]


async def test_upload_is_recorded_with_its_bytes(house: House) -> None:
    await _uploaded(house)
    site, method, path, status, body = house.calls[-1]
    assert (site, method, status, body) == ("slack", "POST", httpx.codes.OK, b"hello")
    assert path.startswith("/_hooks/upload/")
