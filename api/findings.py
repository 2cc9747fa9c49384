"""Findings: panel or auditor ask, the responsible role must answer in time, and it all stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

import psycopg
from fastapi import APIRouter, Depends, Path
from psycopg.rows import dict_row
from pydantic import Field

from api.fields import LARGEST_ID, LongText, Sent, ShortText, Shown, Title
from api.problems import Problem, answers
from api.service import Service, TheService
from api.tokens import Role
from api.who import Allow, Caller
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Subject, event

router = APIRouter(tags=["findings"], prefix="/findings")
READERS: tuple[Role, ...] = ("road", "parks", "auditor", "panel", "admin")
Filer = Annotated[Caller, Depends(Allow("panel", "auditor"))]
Reader = Annotated[Caller, Depends(Allow(*READERS))]
FindingId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
About = Literal["guideline", "register", "model", "damage", "order", "watering", "log", "other"]
Responsible = Literal["road", "parks", "admin"]
EntryKind = Literal["answer", "question", "closing", "reopening"]
STANDARD_DAYS = 14  # to answer, unless the finding says otherwise


class NewFinding(Sent):
    """What somebody found, about what, and who must answer until when."""

    about_kind: About
    about_id: ShortText | None = None
    title: Title
    text: LongText
    responsible_role: Responsible
    days: Annotated[int, Field(ge=3, le=90)] = STANDARD_DAYS


class NewEntry(Sent):
    """The next word: the responsible role answers, panel and auditor ask, close and reopen."""

    kind: EntryKind
    text: LongText


class Entry(Shown):
    """One word of the dialogue."""

    kind: EntryKind
    text: str
    written_by: str
    written_role: str
    written_at: datetime


class Finding(Shown):
    """A finding and how it stands."""

    finding_id: int
    about_kind: About
    about_id: str | None
    title: str
    text: str
    responsible_role: Responsible
    due_on: date
    filed_by: str
    filed_role: str
    filed_at: datetime
    state: Literal["open", "answered", "closed"]
    overdue: bool
    answered_at: datetime | None
    closed_at: datetime | None
    entries: list[Entry]


class Findings(Shown):
    """The newest five hundred, what waits for an answer first."""

    items: list[Finding]


@router.post("", status_code=201, responses=answers(401, 403, 413, 422, 503))
async def create(wanted: NewFinding, service: TheService, caller: Filer) -> Finding:
    """File a finding."""
    return await file_finding(service, caller, wanted)


@router.get("", responses=answers(401, 403, 503))
async def list_all(service: TheService, _caller: Reader) -> Findings:
    """List findings."""
    return Findings(items=await find(service))


@router.get("/{finding_id}", responses=answers(401, 403, 404, 422, 503))
async def one(finding_id: FindingId, service: TheService, _caller: Reader) -> Finding:
    """Show one finding with its dialogue."""
    return await one_finding(service, finding_id)


@router.post(
    "/{finding_id}/entries",
    status_code=201,
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
async def say(
    finding_id: FindingId, wanted: NewEntry, service: TheService, caller: Reader
) -> Finding:
    """Answer, ask again, close or reopen."""
    return await add_entry(service, caller, finding_id, wanted)


async def file_finding(service: Service, caller: Caller, wanted: NewFinding) -> Finding:
    """Store a finding with its event."""
    due_on = datetime.now(UTC).date() + timedelta(days=wanted.days)
    values = wanted.model_dump() | {
        "due_on": due_on,
        "filed_by": caller.ref,
        "filed_role": caller.role,
    }
    async with service.transaction() as connection:
        row = await (await connection.execute(query("finding_file"), values)).fetchone()
        if row is None:
            raise RuntimeError("a stored finding has no number")
        filed = event(
            "finding.filed",
            actor=caller.actor,
            subject=Subject("finding", str(row[0])),
            data={
                "about": wanted.about_kind,
                "responsible": wanted.responsible_role,
                "due_on": due_on.isoformat(),
            },
        )
        await outbox.record(connection, filed)
    return await one_finding(service, row[0])


async def add_entry(service: Service, caller: Caller, finding_id: int, wanted: NewEntry) -> Finding:
    """Store the next word with its event; the database refuses what is out of turn."""
    finding = await one_finding(service, finding_id)
    if caller.role not in (speakers := who_may(finding, wanted.kind)):
        detail = f"{wanted.kind!r} on finding {finding_id} is for {' or '.join(speakers)}"
        raise Problem(403, "wrong-role", detail)
    values: dict[str, Any] = wanted.model_dump() | {
        "finding_id": finding_id,
        "written_by": caller.ref,
        "written_role": caller.role,
    }
    async with service.transaction() as connection:
        try:
            row = await (await connection.execute(query("finding_say"), values)).fetchone()
        except psycopg.DatabaseError as error:
            if error.sqlstate != "SW007":
                raise
            detail = f"finding {finding_id} is {finding.state}: {wanted.kind!r} makes no sense now"
            raise Problem(409, "out-of-turn", detail) from error
        said = event(
            "finding.entry",
            actor=caller.actor,
            subject=Subject("finding", str(finding_id)),
            data={"kind": wanted.kind, "entry_id": row[0] if row else 0},
        )
        await outbox.record(connection, said)
    return await one_finding(service, finding_id)


def who_may(finding: Finding, kind: EntryKind) -> tuple[str, ...]:
    """Say which roles may speak this kind of word: nobody answers or closes for the other side."""
    return (finding.responsible_role,) if kind == "answer" else ("panel", "auditor")


async def find(service: Service, finding_id: int | None = None) -> list[Finding]:
    """Read findings with their dialogues."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("findings"), {"finding_id": finding_id})
        return [Finding(**row) for row in await cursor.fetchall()]


async def one_finding(service: Service, finding_id: int) -> Finding:
    """Read one; raise Problem 404."""
    found = await find(service, finding_id)
    if not found:
        raise Problem(404, "no-finding", f"there is no finding {finding_id}")
    return found[0]
