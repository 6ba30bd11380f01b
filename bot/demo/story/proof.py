"""What is proved at the end: the record is unbroken, and the secrets are nowhere to be read."""

import base64
import json
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote

from bot.demo.play import Play


def verify_the_record(play: Play) -> None:
    """The chain holds, from the first row to the head."""
    verified = play.stage.command_line("audit", "verify")
    play.script.shell("d365bot audit verify", verified.stdout + verified.stderr)
    play.script.expect("the record is unbroken", verified.returncode == 0, verified.stderr)


def look_for_secrets(play: Play) -> None:
    """Everything that the bot wrote, and everything that people saw."""
    exported = play.stage.command_line("audit", "export", "--format", "jsonl")
    rows = exported.stdout.count("\n")
    play.script.shell("d365bot audit export --format jsonl", f"({rows} rows)")
    play.script.expect("the record can be exported", exported.returncode == 0, exported.stderr)
    texts = {
        "the audit export": exported.stdout.encode(),
        "somebody's messages or forms": _everything_seen(play),
        "this transcript": "\n".join(play.script.printed).encode(),
        **_written(play),
    }
    for whose, secret in (
        ("the client secret", play.stage.ready.bot_client_secret),
        ("the pasted secret", play.pasted),
    ):
        places = [name for name, text in texts.items() if any(f in text for f in _forms(secret))]
        sentence = f"{whose} is nowhere: data, keys, logs, messages, export, transcript"
        play.script.expect(sentence, not places, places)


def _written(play: Play) -> dict[str, bytes]:
    folders = play.stage.folders
    files = (one for folder in (folders.data, folders.keys, folders.logs) for one in _files(folder))
    return {str(one.relative_to(folders.root)): one.read_bytes() for one in files}


def _files(folder: Path) -> list[Path]:
    return [one for one in sorted(folder.rglob("*")) if one.is_file()]


def _everything_seen(play: Play) -> bytes:
    seen = (play.stage.slack.sees(person) for person in play.stage.world.people())
    return json.dumps([asdict(one) for one in seen], ensure_ascii=False).encode()


def _forms(secret: str) -> set[bytes]:
    """As it is, and as it would stand in an address, a header or a dump."""
    raw = secret.encode()
    return {raw, quote(secret, safe="").encode(), base64.b64encode(raw), raw.hex().encode()}
