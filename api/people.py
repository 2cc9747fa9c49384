"""Who has logged in and who is inside now: the admin ends sessions, the auditor reads along."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from psycopg.rows import dict_row

from api import person_session
from api.fields import Shown
from api.problems import Problem, answers
from api.service import TheService
from api.tokens import Role
from api.who import Allow, Caller
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Subject, event

router = APIRouter(tags=["people"], prefix="/people")
Reader = Annotated[Caller, Depends(Allow("admin", "auditor"))]
Admin = Annotated[Caller, Depends(Allow("admin"))]
Number = Annotated[str, Path(pattern=r"^[0-9a-f]{8}$")]


class Person(Shown):
    """Somebody who logged in; the name is what the provider says and stays out of the log."""

    person_id: UUID
    kind: Literal["provider", "break-glass"]
    display_name: str | None
    created_at: datetime
    last_login_at: datetime | None
    disabled_at: datetime | None
    roles: list[Role]


class People(Shown):
    """Everybody, the last login first."""

    items: list[Person]


class OpenSession(Shown):
    """A session that is open now."""

    number: str
    person_id: UUID
    display_name: str | None
    kind: Literal["provider", "break-glass"]
    role: Role
    roles: list[Role]
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime


class OpenSessions(Shown):
    """The open sessions, newest first."""

    items: list[OpenSession]


@router.get("", responses=answers(401, 403, 503))
async def list_people(service: TheService, _caller: Reader) -> People:
    """List everybody who ever logged in as themselves."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        rows = await (await cursor.execute(query("people"))).fetchall()
    return People(items=[Person(**row) for row in rows])


@router.get("/sessions", responses=answers(401, 403, 503))
async def list_sessions(service: TheService, _caller: Reader) -> OpenSessions:
    """List who is inside now."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        rows = await (await cursor.execute(query("person_sessions"))).fetchall()
    return OpenSessions(items=[OpenSession(**row) for row in rows])


@router.delete("/sessions/{number}", status_code=204, responses=answers(401, 403, 404, 422, 503))
async def end_session(number: Number, service: TheService, caller: Admin) -> None:
    """End somebody's session at once."""
    async with service.transaction() as connection:
        if await person_session.end(connection, number=number, why="ended by an admin") is None:
            raise Problem(404, "no-session", f"there is no open session {number}")
        ended = event(
            "session.ended",
            actor=caller.actor,
            subject=Subject("session", number),
            data={"by": "admin"},
        )
        await outbox.record(connection, ended)
