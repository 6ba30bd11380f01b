"""How the simulated Slack says no: to the bot in Slack's error words, to a test in plain ones."""


class Refusal(Exception):
    """An answer `{"ok": false, "error": word}` of the Web API."""

    def __init__(self, error: str, messages: list[str] | None = None, status: int = 200) -> None:
        super().__init__(error, *(messages or []))
        self.error = error
        self.messages = messages or []
        self.status = status
        self.retry_after: int | None = None
        self.more: dict[str, object] = {}

    def body(self) -> dict[str, object]:
        answer: dict[str, object] = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            answer["response_metadata"] = {"messages": self.messages}
        return answer


class Mistake(Exception):
    """The driver was asked for something that a person at a real Slack client could not do."""


def missing(field: str, error: str = "invalid_arguments") -> Refusal:
    return Refusal(error, [f"[ERROR] missing required field: {field}"])


def rate_limited(seconds: int) -> Refusal:
    refusal = Refusal("ratelimited", status=429)
    refusal.retry_after = seconds
    return refusal
