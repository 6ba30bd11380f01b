"""Ids and secrets, drawn from a seed or at random."""

import base64
import random
import string
import uuid

SECRET_LETTERS = string.ascii_letters + string.digits + "._~-"


class Draw:
    """The same seed draws the same ids in the same order; no seed draws from the system."""

    def __init__(self, seed: int | None = None) -> None:
        self.random = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311

    def guid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def text(self, length: int, letters: str = string.ascii_letters + string.digits) -> str:
        return "".join(self.random.choice(letters) for _ in range(length))

    def client_secret(self) -> str:
        """Forty characters: three, a digit, `Q~`, thirty-four (the shape that Entra ID gives)."""
        start = self.text(3) + self.random.choice(string.digits)
        return f"{start}Q~{self.text(34, SECRET_LETTERS)}"

    def access_key(self) -> str:
        """Forty-four characters of Base64, as the user card of Business Central gives them."""
        return base64.b64encode(self.random.getrandbits(256).to_bytes(32, "big")).decode()
