"""One event of the audit log with its proof: what an auditor downloads and checks at home."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import psycopg
from fastapi import APIRouter, Depends, Response
from fastapi.concurrency import run_in_threadpool

from api.governance_work import address_of, rows
from api.problems import Problem, answers
from api.service import Service, TheService
from api.who import Caller, identify
from gis.postgis.audit.errors import AuditError
from gis.postgis.audit.place import Place
from gis.postgis.audit.prove import prove
from gis.postgis.data_folder import data_folder

router = APIRouter(tags=["audit"])
Anybody = Annotated[Caller | None, Depends(identify)]
PUBLIC = frozenset({"guideline", "rule", "record", "model", "log", "report"})  # subjects
READERS = frozenset({"auditor", "road", "parks", "panel", "admin"})


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event's stored bytes, and where it stands in the log."""

    event_id: UUID
    body: bytes
    recorded_at: datetime
    origin: str | None  # None: it still waits for its place
    index: int | None

    @property
    def content(self) -> dict[str, Any]:
        """The event as data."""
        loaded: dict[str, Any] = json.loads(self.body)
        return loaded


@router.get(
    "/audit/events/{event_id}", response_class=Response, responses=answers(401, 403, 404, 422, 503)
)
async def show_event(event_id: UUID, service: TheService, caller: Anybody) -> Response:
    """Give one event's bytes as they are hashed."""
    found = await event_for(service, event_id, caller)
    return Response(found.body, media_type="application/json", headers=_named(f"{event_id}.json"))


@router.get(
    "/audit/proofs/{event_id}",
    response_class=Response,
    responses=answers(401, 403, 404, 409, 422, 503),
)
async def show_proof(event_id: UUID, service: TheService, caller: Anybody) -> Response:
    """Give the proof that an event stands in the signed log (C2SP tlog-proof)."""
    await event_for(service, event_id, caller)
    text = await run_in_threadpool(_prove, address_of(service), event_id)
    return Response(
        text, media_type="text/plain; charset=utf-8", headers=_named(f"{event_id}.tlog-proof")
    )


async def event_for(service: Service, event_id: UUID, caller: Caller | None) -> LoggedEvent:
    """Return an event; those about guideline, register, models and reports are for anybody.

    Raises Problem 404, or 401 and 403 for somebody who may not see it.
    """
    found = await rows(service, "audit_event_one", event_id=event_id)
    if not found:
        raise Problem(404, "no-event", f"there is no event {event_id}")
    row = found[0]
    event = LoggedEvent(event_id, bytes(row["body"]), row["recorded_at"], row["origin"], row["seq"])
    if event.content["subject"]["kind"] not in PUBLIC:
        if caller is None:
            raise Problem(401, "not-known", "this event is for people who are signed in")
        if caller.role not in READERS:
            raise Problem(403, "wrong-role", f"the role {caller.role!r} does not read the log")
    return event


def _prove(conninfo: str, event_id: UUID) -> str:
    folder = data_folder(os.environ) / "audit"
    try:
        with psycopg.connect(conninfo, connect_timeout=5) as connection:
            return prove(connection, Place(folder / "keys", folder / "public"), event_id)[0]
    except AuditError as error:
        raise Problem(409, "not-logged-yet", str(error)) from error


def _named(file: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{file}"'}
