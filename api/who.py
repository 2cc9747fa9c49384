"""Who asks, and whether their role may: bearer token or session cookie, and no other site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from api.problems import Problem
from api.session import COOKIE, read_session
from api.tokens import Role, Tokens, role_of
from governance.audit_event import Actor

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
bearer_scheme = HTTPBearer(auto_error=False, scheme_name="token")
cookie_scheme = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="session")


@dataclass(frozen=True, slots=True)
class Caller:
    """A role, and a reference without a name for the audit log."""

    role: Role
    ref: str

    @property
    def actor(self) -> Actor:
        """The caller as audit events name it."""
        return Actor("vehicle" if self.role == "vehicle" else "person", self.ref)


async def identify(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(bearer_scheme)],
    cookie: Annotated[str | None, Security(cookie_scheme)],
) -> Caller | None:
    """Return who asks, None when nobody says so.

    Raises Problem 401 for a wrong token, 403 for a cookie used from another site.
    """
    tokens: Tokens = request.app.state.service.tokens
    if "authorization" in request.headers:
        role = role_of(bearer.credentials, tokens) if bearer else None
        if role is None:
            raise _unknown()
        return Caller(role, f"{role}:token")
    session = read_session(cookie, tokens) if cookie else None
    if session is None:
        return None
    if request.method not in SAFE_METHODS:
        require_same_site(request)
    return Caller(session.role, f"{session.role}:{session.number}")


class Allow:
    """A dependency that lets the named roles in."""

    def __init__(self, *roles: Role) -> None:
        self.roles = roles

    async def __call__(self, caller: Annotated[Caller | None, Depends(identify)]) -> Caller:
        """Return the caller; raise Problem 401 or 403."""
        if caller is None:
            raise _unknown()
        if caller.role not in self.roles:
            raise Problem(
                403,
                "wrong-role",
                f"the role {caller.role!r} may not do this: it takes {' or '.join(self.roles)}",
            )
        return caller


def require_same_site(request: Request) -> None:
    """Refuse a changing request that a browser sent from another site, or does not vouch for."""
    fetched = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if fetched is not None and fetched != "same-origin":
        raise _other_site()
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise _other_site()
    if fetched is None and origin is None:
        raise _other_site()


def _unknown() -> Problem:
    return Problem(
        401,
        "not-known",
        "no valid token: send `Authorization: Bearer TOKEN` or open a session",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _other_site() -> Problem:
    return Problem(
        403, "other-site", "a session may only be used from the city's own pages, same origin"
    )
