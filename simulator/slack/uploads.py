"""Files on their way into the workspace: promised, uploaded, completed."""

import secrets
from dataclasses import dataclass

from simulator.slack.naming import Json
from simulator.slack.refusals import Refusal


@dataclass
class Upload:
    id: str
    name: str
    length: int
    content: bytes | None = None
    completed: bool = False

    def shown(self, title: str) -> Json:
        """As the driver shows it: the content as text, or null if it is none."""
        content = self.content or b""
        try:
            text: str | None = content.decode()
        except UnicodeDecodeError:
            text = None
        return {
            "id": self.id,
            "name": self.name,
            "title": title,
            "size": len(content),
            "content": text,
        }


class Uploads:
    def __init__(self) -> None:
        self._by_key: dict[str, Upload] = {}

    def promise(self, upload: Upload) -> str:
        """The path below the site's address that takes the bytes."""
        key = secrets.token_urlsafe(24)
        self._by_key[key] = upload
        return f"/_hooks/upload/{key}"

    def at(self, key: str) -> Upload | None:
        upload = self._by_key.get(key)
        return None if upload is None or upload.completed else upload

    def uploaded(self, file_id: str) -> Upload:
        """A file whose bytes have arrived and that nobody completed yet."""
        for upload in self._by_key.values():
            if upload.id == file_id and upload.content is not None and not upload.completed:
                return upload
        raise Refusal("file_not_found")
