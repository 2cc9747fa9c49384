"""The AI register: what people published, its exports, and publication by a person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import Field

from api.fields import LARGEST_ID, Reason, Sent, Shown
from api.governance_work import person_of, rows, work
from api.problems import Problem, answers
from api.service import Service, TheService
from api.who import Allow, Caller, recent_login
from gis.postgis.governance import exports, register

router = APIRouter(tags=["governance"])
RecordId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Insider = Annotated[Caller, Depends(Allow("auditor", "panel", "admin"))]
Publisher = Annotated[Caller, Depends(Allow("panel", "admin"))]
Writer = Annotated[Caller, Depends(Allow("admin"))]


class PublicRecord(Shown):
    """A published record; `record` fits governance/schemas/register_record.schema.json."""

    record_id: str
    version: int
    sha256: str
    published_at: datetime
    simulated: bool
    record: dict[str, Any]


class PublicRegister(Shown):
    """Everything that is published."""

    items: list[PublicRecord]


class Draft(Shown):
    """The newest version of a record, and what it lacks before it may be published."""

    record_id: str
    version: int
    public_version: int | None
    name_de: str
    name_en: str
    status: str
    gaps: list[str]


class Drafts(Shown):
    """Every record's newest version."""

    items: list[Draft]


class Step(Shown):
    """One step in a record's history."""

    at: datetime
    version: int
    kind: str  # written, published, withdrawn
    sha256: str
    reason: str | None
    event_id: str


class History(Shown):
    """A record's history, newest first."""

    items: list[Step]


class Publication(Sent):
    """Which version to publish."""

    version: Annotated[int, Field(ge=1, le=LARGEST_ID)]


class Withdrawal(Sent):
    """Why a record leaves the public register."""

    reason: Reason


class Written(Shown):
    """The record's newest version; unchanged where nothing new was said."""

    record_id: str
    version: int | None


@router.get("/register", responses=answers(503))
async def list_public(service: TheService) -> PublicRegister:
    """List what is published; anybody may read it."""
    return PublicRegister(items=[_public(row) for row in await public_records(service)])


@router.get("/register/drafts", responses=answers(401, 403, 503))
async def list_drafts(service: TheService, _caller: Insider) -> Drafts:
    """List the newest versions, published or not, with what they lack."""
    return Drafts(items=[_draft(row) for row in await drafts(service)])


@router.get(
    "/register/exports/algoritmeregister.json", response_class=Response, responses=answers(503)
)
async def export_dutch(service: TheService) -> Response:
    """Give the public register in the Dutch publication standard 1.0."""
    return Response(await work(service, exports.register_json), media_type="application/json")


@router.get("/register/exports/atrs.csv", response_class=Response, responses=answers(503))
async def export_british(service: TheService) -> Response:
    """Give the public register in the British ATRS 3.0, one attribute a row."""
    return Response(await work(service, exports.atrs), media_type="text/csv; charset=utf-8")


@router.get("/register/{record_id}", responses=answers(404, 422, 503))
async def show_record(record_id: RecordId, service: TheService) -> PublicRecord:
    """Show one published record."""
    found = await public_records(service, record_id)
    if not found:
        raise not_public(record_id)
    return _public(found[0])


@router.get("/register/{record_id}/history", responses=answers(401, 403, 422, 503))
async def show_history(record_id: RecordId, service: TheService, _caller: Insider) -> History:
    """Show what happened to a record."""
    steps = await rows(service, "register_history", record_id=record_id)
    return History(items=[_step(row) for row in steps])


@router.put("/register/{record_id}", responses=answers(401, 403, 409, 413, 422, 503))
async def write_record(
    record_id: RecordId, record: dict[str, Any], service: TheService, caller: Writer
) -> Written:
    """Write the next version of a record; it waits for its publication."""
    if record.get("record_id") != record_id:
        raise Problem(
            422, "invalid", f"the record says {record.get('record_id')!r}, not {record_id!r}"
        )
    version = await work(service, lambda at: register.write(at, record, actor=caller.actor))
    return Written(record_id=record_id, version=version)


@router.post(
    "/register/{record_id}/publication",
    status_code=204,
    responses=answers(401, 403, 409, 413, 422, 503),
    dependencies=[Depends(recent_login)],
)
async def publish(
    record_id: RecordId, wanted: Publication, service: TheService, caller: Publisher
) -> Response:
    """Publish a version; refused while an aspect is empty or the guideline stops it."""
    person = person_of(caller)
    await work(service, lambda at: register.publish(at, record_id, wanted.version, person=person))
    return Response(status_code=204)


@router.post(
    "/register/{record_id}/withdrawal",
    status_code=204,
    responses=answers(401, 403, 404, 413, 422, 503),
    dependencies=[Depends(recent_login)],
)
async def withdraw(
    record_id: RecordId, wanted: Withdrawal, service: TheService, caller: Publisher
) -> Response:
    """Take a record out of the public register; its history stays."""
    found = await public_records(service, record_id)
    if not found:
        raise not_public(record_id)
    version, person = found[0]["version"], person_of(caller)
    await work(
        service,
        lambda at: register.withdraw(at, record_id, version, person=person, reason=wanted.reason),
    )
    return Response(status_code=204)


async def public_records(service: Service, record_id: str | None = None) -> list[dict[str, Any]]:
    """Return published records."""
    return await rows(service, "register_public", record_id=record_id)


async def drafts(service: Service, record_id: str | None = None) -> list[dict[str, Any]]:
    """Return the newest version of each record with its gaps."""
    return await rows(service, "register_drafts", record_id=record_id)


def not_public(record_id: str) -> Problem:
    """Say that a record is not in the public register."""
    return Problem(404, "not-public", f"no record {record_id!r} is published")


def _public(row: dict[str, Any]) -> PublicRecord:
    return PublicRecord(
        record_id=row["record_id"],
        version=row["version"],
        sha256=row["sha256"],
        published_at=row["published_at"],
        simulated=row["is_simulated"],
        record=row["body"],
    )


def _draft(row: dict[str, Any]) -> Draft:
    return Draft(
        record_id=row["record_id"],
        version=row["version"],
        public_version=row["public_version"],
        name_de=row["body"]["name"]["de"],
        name_en=row["body"]["name"]["en"],
        status=row["body"]["status"],
        gaps=row["gaps"],
    )


def _step(row: dict[str, Any]) -> Step:
    kept = {name: row[name] for name in ("at", "version", "kind", "sha256", "reason")}
    return Step(**kept, event_id=str(row["event_id"]))
