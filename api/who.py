"""Who asks, and whether their role may: a device's token, a person's session, and no other site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from api import person_session
from api.problems import Problem
from api.service import Service
from api.session import COOKIE, read_session
from api.tokens import DEVICES, Role, role_of
from governance.audit_event import Actor

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
bearer_scheme = HTTPBearer(auto_error=False, scheme_name="token")
cookie_scheme = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="session")


@dataclass(frozen=True, slots=True)
class Caller:
    """A role, and a reference without a name for decisions and the audit log."""

    role: Role
    ref: str
    person_id: UUID | None = None  # never shown, never logged
    session: str | None = None  # its number
    roles: tuple[Role, ...] = ()  # all that this person may act in
    name: str | None = None
    signed_in_by: Literal["token", "provider", "break-glass"] = "token"
    authenticated_at: datetime | None = None  # when a password was last asked for

    @property
    def reference(self) -> str:
        """The erasable reference of the person, or what stands for a role token."""
        return self.ref

    @property
    def is_demo(self) -> bool:
        """Whether somebody came with a role's token, so that nobody in particular decides."""
        return self.signed_in_by == "token" and self.role not in DEVICES

    @property
    def actor(self) -> Actor:
        """The caller as audit events name it."""
        return Actor("vehicle" if self.role in DEVICES else "person", self.ref)


async def identify(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(bearer_scheme)],
    cookie: Annotated[str | None, Security(cookie_scheme)],
) -> Caller | None:
    """Return who asks, None when nobody says so.

    Raises Problem 401 for a wrong token, 403 for a cookie used from another site.
    """
    service: Service = request.app.state.service
    if "authorization" in request.headers:
        role = role_of(bearer.credentials, service.tokens) if bearer else None
        if role is None:
            raise _unknown()
        await require_token_taken(service, role)
        return Caller(role, f"{role}:token", roles=(role,))
    caller = await _by_cookie(service, cookie) if cookie else None
    if caller is not None and request.method not in SAFE_METHODS:
        require_same_site(request)
    return caller


class Allow:
    """A dependency that lets the named roles in; OpenAPI shows them as `x-roles`."""

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


async def recent_login(
    request: Request, caller: Annotated[Caller | None, Depends(identify)]
) -> Caller:
    """Let only those pass whose password was asked for a short while ago: for approvals.

    Role tokens of the demo pass: there is no person to ask.
    """
    if caller is None:
        raise _unknown()
    service: Service = request.app.state.service
    minutes = service.settings.step_up_minutes
    asked_at = caller.authenticated_at
    if asked_at is not None and asked_at < datetime.now(UTC) - timedelta(minutes=minutes):
        raise Problem(
            403,
            "login-again",
            f"an approval needs a login of the last {minutes} minutes: log in again, then repeat",
        )
    return caller


async def require_token_taken(service: Service, role: Role) -> None:
    """Refuse the role tokens of people in a real city: there somebody in particular decides."""
    if role not in DEVICES and not await service.takes_role_tokens():
        raise Problem(
            401,
            "role-token-refused",
            "this city is not simulated, so people log in as themselves: use the login page, or "
            "have the operator set API_ALLOW_ROLE_TOKENS=true",
            headers={"WWW-Authenticate": "Bearer"},
        )


def require_same_site(request: Request) -> None:
    """Refuse a changing request that a browser sent from another site, or does not vouch for.

    `Origin: null` with `Sec-Fetch-Site: same-origin` is our own form under a strict referrer
    policy; a sandboxed frame would say `cross-site`.
    """
    fetched = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if fetched is not None and fetched != "same-origin":
        raise _other_site()
    if origin == "null" and fetched == "same-origin":
        return
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise _other_site()
    if fetched is None and origin is None:
        raise _other_site()


async def _by_cookie(service: Service, cookie: str) -> Caller | None:
    if not person_session.is_persons(cookie):
        demo = read_session(cookie, service.tokens)
        if demo is None or not (demo.role in DEVICES or await service.takes_role_tokens()):
            return None
        return Caller(demo.role, f"{demo.role}:{demo.number}", None, demo.number, (demo.role,))
    async with service.pool.connection() as connection:
        found = await person_session.read(connection, cookie, service.settings)
    if found is None:
        return None
    return Caller(
        role=found.role,
        ref=found.reference,
        person_id=found.person_id,
        session=found.number,
        roles=tuple(found.roles),
        name=found.display_name,
        signed_in_by=found.kind,
        authenticated_at=found.authenticated_at,
    )


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
