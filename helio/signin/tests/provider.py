"""A small OpenID Connect provider on this machine, for whoever a test says is signed in there."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "helio", "a secret of the client"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """What it would say in the next ID token is in ``claims``; ``key`` signs it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.claims: dict[str, Any] = {}
        self.key: Any = KEY
        self.algorithm = "RS256"
        self.codes: dict[str, str] = {}

    def approve(self, address: str) -> str:
        """Address that the browser is sent back to, once the person signed in at the provider."""
        asked = parse_qs(urlsplit(address).query)
        code = secrets.token_hex(8)
        self.codes[code] = asked["code_challenge"][0]
        return f"{asked['redirect_uri'][0]}?code={code}&state={asked['state'][0]}"

    def token(self, code: str, verifier: str) -> dict[str, Any] | None:
        """The answer to the code, which is bound to its verifier (RFC 7636) and good once."""
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if self.codes.pop(code, None) != challenge:
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60, "sub": "1"}
        said = {**claims, **self.claims}
        signed = jwt.encode(said, self.key, algorithm=self.algorithm, headers={"kid": "one"})
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}

    @property
    def documents(self) -> dict[str, Any]:
        """What it publishes, by path."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
            "/keys": {"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}]},
        }


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, answering on a port of its own for the length of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    server.provider = provider  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(self.server.provider.documents.get(self.path))  # type: ignore[attr-defined]

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        known = sent.get("client_id") == [CLIENT] and sent.get("client_secret") == [SECRET]
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        verifier = sent.get("code_verifier", [""])[0]
        self._answer(provider.token(sent["code"][0], verifier) if known else None)

    def _answer(self, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(400 if body is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing: a test prints enough."""
