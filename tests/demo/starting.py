"""Starts the demo as a person does, in a home that is empty."""

import os
import subprocess
import sys
from pathlib import Path

SECONDS = 240


def environment(home: Path) -> dict[str, str]:
    """An empty home, a temporary folder to look into, and settings that must not matter."""
    temporary = home / "tmp"
    temporary.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "D365BOT_ADMINS": "U0SOMEBODY",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "PYTHONUTF8": "1",
    }


def demo(home: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "demo", *words],
        env=environment(home),
        cwd=home,
        input=typed,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
