"""A provider that answers whatever a test tells it to: what a broken or hostile one might send."""

from __future__ import annotations

import json
import threading
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID = "stadtwart"
SECRET = "a-secret-of-a-client"
Claims = dict[str, Any]


@dataclass
class DishonestProvider:
    """What it answers next, and what it was asked."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048))
    change: Callable[[Claims], Any] = lambda claims: claims
    sign: Callable[[DishonestProvider, Claims], str] | None = None
    userinfo: Claims = field(default_factory=lambda: {"sub": "someone", "groups": ["tiefbau"]})
    nonce: str = ""
    challenge: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)

    def claims(self) -> Claims:
        """Return what an honest provider would say now."""
        now = int(time.time())
        return {
            "iss": self.issuer,
            "sub": "someone",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": self.nonce,
            "groups": ["tiefbau"],
        }

    def token(self) -> Claims:
        """Answer the token endpoint."""
        claims = self.claims()
        changed = self.change(claims)
        sign = self.sign or signed
        id_token = sign(self, changed if changed is not None else claims)
        return {"access_token": "x", "token_type": "Bearer", "id_token": id_token}

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """Answer one request."""
        if path.endswith("/openid-configuration"):
            names = ("authorization", "token", "userinfo")
            found: Claims = {f"{name}_endpoint": f"{self.issuer}/{name}" for name in names}
            return 200, found | {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks"}
        if path == "/jwks":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        if path == "/userinfo":
            return 200, self.userinfo
        self.asked.append(form)
        basic = "Basic " + b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        proof = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest())
        if authorization != basic:
            return 401, {"error": "invalid_client"}
        if proof.rstrip(b"=").decode() != self.challenge:
            return 400, {"error": "invalid_grant"}
        return 200, self.token()


def signed(provider: DishonestProvider, claims: Claims) -> str:
    """Sign as an honest provider does."""
    return jwt.encode({"alg": "RS256", "kid": provider.key.thumbprint()}, claims, provider.key)


def unsigned(_provider: DishonestProvider, claims: Claims) -> str:
    """Claim that no signature is needed."""
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def signed_by_somebody(_provider: DishonestProvider, claims: Claims) -> str:
    """Sign with a key the provider never published."""
    return jwt.encode({"alg": "RS256"}, claims, RSAKey.generate_key(2048))


def signed_with_our_secret(_provider: DishonestProvider, claims: Claims) -> str:
    """Sign with what city and provider both know."""
    import hmac

    head = f"{_part({'alg': 'HS256'})}.{_part(claims)}"
    seal = hmac.digest(SECRET.encode(), head.encode(), "sha256")
    return f"{head}.{urlsafe_b64encode(seal).rstrip(b'=').decode()}"


def altered_after_signing(provider: DishonestProvider, claims: Claims) -> str:
    """Put another body under a good signature."""
    head, _, seal = signed(provider, claims).split(".")
    return f"{head}.{_part(claims | {'groups': ['rpa']})}.{seal}"


def _part(value: Claims) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@contextmanager
def dishonest_provider() -> Iterator[DishonestProvider]:
    """Serve on a free port until the block ends."""
    provider = DishonestProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(*provider.answer(self.path, {}, ""))

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
            self._send(*provider.answer(self.path, form, self.headers["Authorization"] or ""))

        def _send(self, status: int, body: Claims) -> None:
            sent = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
