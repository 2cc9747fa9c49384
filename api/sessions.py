"""The session: who is logged in and in which role, logging out; the demo's login by token."""

from __future__ import annotations

import logging
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from api import person_session
from api.break_glass import is_live
from api.fields import Sent, Shown
from api.problems import Problem, answers
from api.provider import ProviderAwayError
from api.service import Service, TheService
from api.session import COOKIE, open_session
from api.tokens import DEVICES, Role, role_of
from api.who import Caller, identify, require_same_site, require_token_taken
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event

logger = logging.getLogger(__name__)
router = APIRouter(tags=["session"])
Anybody = Annotated[Caller | None, Depends(identify)]


class Login(Sent):
    """The token of a role, as the operator handed it out."""

    token: Annotated[str, Field(max_length=200)]


class Switch(Sent):
    """Another of the person's own roles."""

    role: Role


class WhoAmI(Shown):
    """The role of this session, null when nobody is logged in; and how people log in here."""

    role: Role | None
    roles: list[Role]
    name: str | None = None
    is_demo: bool = False
    signed_in_by: Literal["token", "provider", "break-glass"] | None = None
    provider: bool  # people log in through the city's identity provider
    role_tokens: bool  # role tokens are taken: the city is simulated, or the operator allows it
    break_glass_live: bool  # somebody is inside by the emergency door


class LoggedOut(Shown):
    """Where the identity provider ends its own session; null where there is nothing to end."""

    logout_url: str | None


@router.post("/session", responses=answers(401, 403, 413, 422, 503))
async def begin(login: Login, request: Request, response: Response, service: TheService) -> WhoAmI:
    """Open a demo session with a role's token and set its cookie."""
    if "origin" in request.headers or "sec-fetch-site" in request.headers:
        require_same_site(request)
    role = role_of(login.token, service.tokens)
    if role is None:
        raise Problem(401, "not-known", "this token is not known: ask the operator for a new one")
    await require_token_taken(service, role)
    lasts_s = service.settings.session_hours * 3600
    session, cookie = open_session(role, service.tokens, lasts_s=lasts_s)
    ref = f"{role}:{session.number}"
    async with service.transaction() as connection:
        opened = event(
            "session.opened",
            actor=Actor("vehicle" if role in DEVICES else "person", ref),
            subject=Subject("session", session.number),
            data={"role": role},
        )
        await outbox.record(connection, opened)
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=lasts_s,
        httponly=True,
        samesite="strict",
        secure=person_session.is_https(request, service.settings),
    )
    return await _who_am_i(service, Caller(role, ref, session=session.number, roles=(role,)))


@router.get("/session", responses=answers(401, 503))
async def look(service: TheService, caller: Anybody) -> WhoAmI:
    """Say who is logged in, and how one logs in here."""
    return await _who_am_i(service, caller)


@router.put("/session/role", responses=answers(401, 403, 409, 413, 422, 503))
async def switch(wanted: Switch, service: TheService, caller: Anybody) -> WhoAmI:
    """Act in another of one's own roles."""
    if caller is None or caller.person_id is None:
        raise Problem(409, "one-role", "only somebody who logged in as themselves changes roles")
    if wanted.role not in caller.roles:
        own = " or ".join(caller.roles)
        raise Problem(403, "wrong-role", f"{wanted.role!r} is none of your roles: {own}")
    values = {"role": wanted.role, "number": caller.session}
    async with service.transaction() as connection:
        await connection.execute(query("person_session_role"), values)
        changed = event(
            "session.role_changed",
            actor=caller.actor,
            subject=Subject("session", str(caller.session)),
            data={"role_before": caller.role, "role_after": wanted.role},
        )
        await outbox.record(connection, changed)
    return await _who_am_i(service, caller, role=wanted.role)


@router.delete("/session", responses=answers(401, 403, 503))
async def end(
    request: Request, response: Response, service: TheService, caller: Anybody
) -> LoggedOut:
    """End the session: here at once, at the provider by the address returned."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    cookie = request.cookies.get(COOKIE, "")
    if caller is None or caller.session is None or caller.person_id is None:
        return LoggedOut(logout_url=None)
    async with service.transaction() as connection:
        await person_session.end(connection, cookie=cookie, why="signed out")
        ended = event(
            "session.ended",
            actor=caller.actor,
            subject=Subject("session", caller.session),
            data={"by": "themselves"},
        )
        await outbox.record(connection, ended)
    return LoggedOut(logout_url=await _logout_address(service, caller))


async def _logout_address(service: Service, caller: Caller) -> str | None:
    if caller.signed_in_by != "provider" or service.provider is None:
        return None
    try:
        return await service.provider.logout_address()
    except ProviderAwayError as error:
        logger.warning("logout without the provider reason=%s", error)
        return None


async def _who_am_i(service: Service, caller: Caller | None, *, role: Role | None = None) -> WhoAmI:
    return WhoAmI(
        role=role or (caller.role if caller else None),
        roles=list(caller.roles) if caller else [],
        name=caller.name if caller else None,
        is_demo=bool(caller and caller.is_demo),
        signed_in_by=caller.signed_in_by if caller else None,
        provider=service.provider is not None,
        role_tokens=await service.takes_role_tokens(),
        break_glass_live=await is_live(service),
    )
