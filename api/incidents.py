"""The incident register: what went wrong, what was stopped, what was done, and how it ended.

A stop is more than a note: while it stands, `is_stopped` holds the detector's merging and the
watering's planning in the database. Only an admin who logged in a short while ago resumes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import psycopg
from fastapi import APIRouter, Depends, Path, Request
from psycopg.rows import dict_row

from api.fields import LARGEST_ID, LongText, Sent, Shown, Title
from api.problems import Problem, answers
from api.service import Service, TheService
from api.tokens import Role
from api.who import Allow, Caller, recent_login
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Subject, event

router = APIRouter(tags=["incidents"], prefix="/incidents")
PEOPLE: tuple[Role, ...] = ("road", "parks", "auditor", "panel", "admin")
Anyone = Annotated[Caller, Depends(Allow(*PEOPLE))]
IncidentId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
System = Literal["detector", "watering", "masking", "log", "page", "other"]
Severity = Literal["minor", "serious", "critical"]
EntryKind = Literal["stop", "measure", "resume", "closing"]
SPEAKERS: dict[EntryKind, tuple[Role, ...]] = {
    "stop": ("road", "parks", "admin", "auditor"),  # anybody with duties pulls the brake
    "measure": ("road", "parks", "admin"),
    "resume": ("admin",),
    "closing": ("admin", "auditor"),
}


class NewIncident(Sent):
    """What went wrong with which part."""

    system: System
    severity: Severity
    title: Title
    text: LongText


class NewEntry(Sent):
    """What happens next."""

    kind: EntryKind
    text: LongText


class Entry(Shown):
    """One step of an incident."""

    kind: EntryKind
    text: str
    written_by: str
    written_role: str
    written_at: datetime


class Incident(Shown):
    """An incident; `stops` while it holds its system still."""

    incident_id: int
    system: System
    severity: Severity
    title: str
    text: str
    reported_by: str
    reported_role: str
    reported_at: datetime
    stops: bool
    closed_at: datetime | None
    entries: list[Entry]


class Incidents(Shown):
    """The newest five hundred, open ones first."""

    items: list[Incident]


@router.post("", status_code=201, responses=answers(401, 403, 413, 422, 503))
async def create(wanted: NewIncident, service: TheService, caller: Anyone) -> Incident:
    """Report an incident."""
    return await report(service, caller, wanted)


@router.get("", responses=answers(401, 403, 503))
async def list_all(service: TheService, _caller: Anyone) -> Incidents:
    """List incidents."""
    return Incidents(items=await find(service))


@router.post(
    "/{incident_id}/entries",
    status_code=201,
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
async def say(
    incident_id: IncidentId,
    wanted: NewEntry,
    request: Request,
    service: TheService,
    caller: Anyone,
) -> Incident:
    """Stop a system, note a measure, resume, or close."""
    return await add_entry(service, caller, incident_id, wanted, request)


async def report(service: Service, caller: Caller, wanted: NewIncident) -> Incident:
    """Store an incident with its event."""
    values = wanted.model_dump() | {"reported_by": caller.ref, "reported_role": caller.role}
    async with service.transaction() as connection:
        row = await (await connection.execute(query("incident_report"), values)).fetchone()
        if row is None:
            raise RuntimeError("a stored incident has no number")
        reported = event(
            "incident.reported",
            actor=caller.actor,
            subject=Subject("incident", str(row[0])),
            data={"system": wanted.system, "severity": wanted.severity},
        )
        await outbox.record(connection, reported)
    return await one_incident(service, row[0])


async def add_entry(
    service: Service, caller: Caller, incident_id: int, wanted: NewEntry, request: Request
) -> Incident:
    """Store the next step with its event; the database refuses what is out of order."""
    if caller.role not in SPEAKERS[wanted.kind]:
        detail = f"{wanted.kind!r} is for {' or '.join(SPEAKERS[wanted.kind])}"
        raise Problem(403, "wrong-role", detail)
    if wanted.kind == "resume":
        await recent_login(request, caller)
    incident = await one_incident(service, incident_id)
    values: dict[str, Any] = wanted.model_dump() | {
        "incident_id": incident_id,
        "written_by": caller.ref,
        "written_role": caller.role,
    }
    async with service.transaction() as connection:
        try:
            row = await (await connection.execute(query("incident_say"), values)).fetchone()
        except psycopg.DatabaseError as error:
            if error.sqlstate != "SW007":
                raise
            raise _out_of_order(incident, wanted.kind) from error
        said = event(
            "incident.entry",
            actor=caller.actor,
            subject=Subject("incident", str(incident_id)),
            data={
                "kind": wanted.kind,
                "system": incident.system,
                "entry_id": row[0] if row else 0,
            },
        )
        await outbox.record(connection, said)
    service.merge_wanted.set()  # what waited for a resumed detector need not wait longer
    return await one_incident(service, incident_id)


async def find(service: Service, incident_id: int | None = None) -> list[Incident]:
    """Read incidents with their steps."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("incidents"), {"incident_id": incident_id})
        return [Incident(**row) for row in await cursor.fetchall()]


async def one_incident(service: Service, incident_id: int) -> Incident:
    """Read one; raise Problem 404."""
    found = await find(service, incident_id)
    if not found:
        raise Problem(404, "no-incident", f"there is no incident {incident_id}")
    return found[0]


def _out_of_order(incident: Incident, kind: EntryKind) -> Problem:
    stands = "closed" if incident.closed_at else "stopped" if incident.stops else "open"
    detail = f"incident {incident.incident_id} is {stands}: {kind!r} makes no sense now"
    return Problem(409, "out-of-order", detail)
