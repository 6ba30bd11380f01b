"""Why a message is where it is: one line on top of it."""

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from connection.asks import Audience, Showing
from connection.publicity import Publicity, is_direct

MOVED = (
    "This is shown to the one who asked alone: the channel is shared with another organisation now."
)
"""Stands in place of a message, once its channel is shared: who came later reads what stands."""

_WHY = {
    Publicity.SHARED: "{it} is shared with another organisation.",
    Publicity.UNTOLD: "Slack did not tell me whether {it} is shared with another organisation.",
    Publicity.CLOSED: "I may not ask Slack whether {it} is shared with another organisation.",
    Publicity.UNSEEN: "I am not in {it}.",
}
_ABSENT = frozenset(["not_in_channel", "channel_not_found"])
_WORDS = {
    "user_not_in_channel": "you are not in {it}.",
    "is_archived": "{it} is archived.",
    "is_inactive": "{it} is archived.",
}
_CLOSED = "I may not write in {it}."
_MOST = 1000


class Notes:
    """The bot's own id is asked once, for the hint to invite it. Notes of messages that may be
    edited are remembered; after a restart a shorter one takes their place."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._bot = ""
        self._said: dict[str, str] = {}

    def remember(self, showing: Showing, note: str) -> None:
        """What was said on top of this copy."""
        self._said[showing.id] = note
        if len(self._said) > _MOST:
            del self._said[next(iter(self._said))]

    def again(self, showing: Showing) -> str:
        """On top of the same copy when it is edited in the person's direct messages; '' where
        that is where it was asked."""
        channel = showing.place.channel
        if not channel or is_direct(channel) or not is_direct(showing.posted_in):
            return ""
        return self._said.get(showing.id, f"Shown to you alone, and not in <#{channel}>.")

    async def why(self, showing: Showing, publicity: Publicity, word: str, *, direct: bool) -> str:
        """`word` is Slack's refusal of the channel, '' without one; `direct` where the message
        goes to the person's direct messages. '' where nothing has to be said."""
        channel = showing.place.channel
        if not channel:  # asked for on Home, which says where answers come
            return ""
        known = not is_direct(channel)
        it = f"<#{channel}>" if direct and known else "this channel"
        if not known:
            it = "that conversation"
        absent = publicity is Publicity.UNSEEN or word in _ABSENT
        if publicity is not Publicity.OPEN:
            said = _WHY[publicity]
        elif absent:
            said = _WHY[Publicity.UNSEEN]
        elif word:
            said = _WORDS.get(word, _CLOSED)
        else:
            return ""
        alone = showing.audience is Audience.CHANNEL
        hint = await self._invite() if absent and known else ""
        return f"{'Shown to you alone' if alone else 'Sent here'}: {said.format(it=it)}{hint}"

    async def _invite(self) -> str:
        if not self._bot:
            try:
                told = await self._client.auth_test()
            except SlackApiError:
                return " Invite me there."
            self._bot = str(told.get("user_id") or "")
        return f" Invite me there with /invite <@{self._bot}>." if self._bot else ""
