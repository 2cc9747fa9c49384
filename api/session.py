"""The demo's session cookie: role, session and end, signed with a key made from the role's token.

Nothing of it is kept on the server: a new token for a role ends all of its sessions. Sessions of
people are another thing and live in the database (api/person_session.py).
"""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass

from api.tokens import ROLES, Role, Tokens

COOKIE = "stadtwart_session"


@dataclass(frozen=True, slots=True)
class Session:
    """Who is logged in: a role, and a number that tells two screens of a role apart."""

    role: Role
    number: str


def open_session(role: Role, tokens: Tokens, *, lasts_s: int) -> tuple[Session, str]:
    """Begin a session; return it and the cookie's value."""
    session = Session(role, secrets.token_hex(4))
    claim = f"{role}.{session.number}.{int(time.time()) + lasts_s}"
    return session, f"{claim}.{_seal(claim, tokens[role])}"


def read_session(cookie: str, tokens: Tokens) -> Session | None:
    """Return the session a cookie proves, None when it is forged, broken or over."""
    claim, _, seal = cookie.rpartition(".")
    parts = claim.split(".")
    if len(parts) != 3 or not cookie.isascii() or parts[0] not in ROLES or not parts[2].isdigit():
        return None
    role: Role = parts[0]
    if role not in tokens or not hmac.compare_digest(seal, _seal(claim, tokens[role])):
        return None
    return Session(role, parts[1]) if int(parts[2]) > time.time() else None


def _seal(claim: str, token: str) -> str:
    return hmac.new(b"session:" + token.encode(), claim.encode(), "sha256").hexdigest()
