"""Logging in: a role's token becomes a session cookie that scripts cannot read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.problems import Problem, answers
from api.service import TheService
from api.session import COOKIE, open_session
from api.tokens import Role, role_of
from api.who import Caller, identify, require_same_site
from gis.postgis import outbox
from governance.audit_event import Actor, Subject, event

router = APIRouter(tags=["session"])


class Login(BaseModel):
    """The token of a role, as the operator handed it out."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(max_length=200)]


class WhoAmI(BaseModel):
    """The role of this session; null when nobody is logged in."""

    role: Role | None


@router.post("/session", responses=answers(401, 403, 413, 422, 503))
async def begin(login: Login, request: Request, response: Response, service: TheService) -> WhoAmI:
    """Open a session and set its cookie."""
    if "origin" in request.headers or "sec-fetch-site" in request.headers:
        require_same_site(request)
    role = role_of(login.token, service.tokens)
    if role is None:
        raise Problem(401, "not-known", "this token is not known: ask the operator for a new one")
    lasts_s = service.settings.session_hours * 3600
    session, cookie = open_session(role, service.tokens, lasts_s=lasts_s)
    actor = Actor("vehicle" if role == "vehicle" else "person", f"{role}:{session.number}")
    async with service.transaction() as connection:
        opened = event(
            "session.opened",
            actor=actor,
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
        secure=request.url.scheme == "https",
    )
    return WhoAmI(role=role)


@router.get("/session", responses=answers(401))
async def look(caller: Annotated[Caller | None, Depends(identify)]) -> WhoAmI:
    """Say who is logged in."""
    return WhoAmI(role=caller.role if caller else None)


@router.delete("/session", status_code=204, responses=answers(401, 403))
async def end(response: Response, _caller: Annotated[Caller | None, Depends(identify)]) -> None:
    """Forget the session in this browser."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
