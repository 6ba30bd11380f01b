"""A stand-in of Azure Key Vault and Entra ID on loopback, by TLS, which really wraps keys.

After "Wrap Key" and "Unwrap Key" of Key Vault's REST reference: without a token it answers 401 with
a challenge; a key is named with its version or without; values are base64 without padding.
"""

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

HOST = "demo-vault.vault.azure.net"
KEY = f"https://{HOST}/keys/d365bot"
TENANT = "7b9f1c1e-3a52-4f4e-8d55-0f6c9a2d1e11"
ENTRA = "login.microsoftonline.com"
TOKEN = "vault-token-of-the-bot"
CLIENT_SECRET = "entra-secret-of-the-bot"

_OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


@dataclass
class StandIn:
    """One RSA key with versions, the newest last. `refusals` is method and word → status."""

    versions: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)
    readable: bool = False
    garbage: object = None
    calls: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def add_version(self) -> str:
        """As a rotation of the RSA key does."""
        version = f"{len(self.versions) + 1:032x}"
        self.versions[version] = rsa.generate_private_key(65537, 2048)
        return version

    def answer(self, method: str, path: str, headers: Any, body: dict[str, str]) -> "Answer":
        """For Key Vault."""
        parts = urlsplit(path)
        _, _, name, version, *word = [*parts.path.split("/"), ""]
        act = word[0] or "getkey"
        self.calls.append(act)
        assert parse_qs(parts.query)["api-version"]
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return Answer(401, {}, {"WWW-Authenticate": _CHALLENGE})
        status = self.refusals.get(act, 403 if act == "getkey" and not self.readable else 0)
        version = version or list(self.versions)[-1]
        if status == 0 and (name != "d365bot" or version not in self.versions):
            status = 404
        if status == -1:
            self.released.wait()
        if status:
            return Answer(status, {"error": {"code": "Refused", "message": "no, says the vault"}})
        if self.garbage is not None:
            return Answer(200, self.garbage)
        return self._carried_out(act, version, body)

    def _carried_out(self, act: str, version: str, body: dict[str, str]) -> "Answer":
        key = self.versions[version]
        kid = f"{KEY}/{version}"
        if act == "getkey":
            numbers = key.public_key().public_numbers()
            web_key = {"kid": kid, "kty": "RSA", "key_ops": ["wrapKey", "unwrapKey"]}
            web_key |= {"n": _text(numbers.n.to_bytes(256, "big")), "e": "AQAB"}
            return Answer(200, {"key": web_key, "attributes": {"enabled": True}})
        assert body["alg"] == "RSA-OAEP-256"
        given = base64.urlsafe_b64decode(body["value"] + "==")
        try:
            made = (
                key.public_key().encrypt(given, _OAEP)
                if act == "wrapkey"
                else key.decrypt(given, _OAEP)
            )
        except ValueError:
            return Answer(400, {"error": {"code": "BadParameter", "message": "no"}})
        return Answer(200, {"kid": kid, "value": _text(made)})


@dataclass
class Answer:
    status: int
    body: object
    headers: dict[str, str] = field(default_factory=dict)


_CHALLENGE = f'Bearer authorization="https://{ENTRA}/{TENANT}", resource="https://vault.azure.net"'


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _entra(path: str) -> Answer:
    """Discovery, and a token for whoever asks."""
    base = f"https://{ENTRA}/{TENANT}"
    if path.startswith("/common/discovery"):
        names = {"preferred_network": ENTRA, "preferred_cache": ENTRA, "aliases": [ENTRA]}
        where = f"{base}/v2.0/.well-known/openid-configuration"
        return Answer(200, {"tenant_discovery_endpoint": where, "metadata": [names]})
    if path.endswith("openid-configuration"):
        return Answer(
            200,
            {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
            },
        )
    return Answer(200, {"token_type": "Bearer", "expires_in": 3599, "access_token": TOKEN})


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, stand_in: StandIn, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.stand_in = stand_in
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is none."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        vault = self.headers["Host"].startswith(HOST)
        self._serve(json.loads(text) if text and vault else {})

    def _serve(self, body: dict[str, str]) -> None:
        if self.headers["Host"].startswith(ENTRA):
            answer = _entra(self.path)
        else:
            answer = self.server.stand_in.answer(self.command, self.path, self.headers, body)
        html = isinstance(answer.body, str)
        content = str(answer.body).encode() if html else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "text/html" if html else "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """Nobody reads it."""


@contextmanager
def standing_in(context: ssl.SSLContext) -> Iterator[tuple[StandIn, int]]:
    """With one version of the key; and its port."""
    stand_in = StandIn()
    stand_in.add_version()
    server = _Server(stand_in, context)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield stand_in, server.server_address[1]
    finally:
        stand_in.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
