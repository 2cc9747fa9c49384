"""Objections of citizens: a case number and a secret, no account, no name asked for.

What a citizen writes stays out of the log and is forgotten some weeks after the answer.
"""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request
from psycopg.rows import dict_row
from pydantic import Field, StringConstraints

from api.fields import LARGEST_ID, NO_CONTROL, LongText, Sent, Shown
from api.problems import Problem, answers
from api.service import Service, TheService
from api.who import Allow, Caller, require_same_site
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event

router = APIRouter(tags=["objections"], prefix="/objections")
Reader = Annotated[Caller, Depends(Allow("road", "parks", "auditor", "admin"))]
Answerer = Annotated[Caller, Depends(Allow("road", "parks", "admin"))]
ObjectionId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
About = Literal["damage", "tree", "picture", "decision", "other"]
Outcome = Literal["upheld", "partly upheld", "rejected", "not for the city"]
DAYS_TO_ANSWER = 30
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
Contact = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=NO_CONTROL, strip_whitespace=True),
]


class NewObjection(Sent):
    """What a citizen objects to; `website` is a trap no person sees and only programs fill in."""

    about_kind: About
    text: LongText
    contact: Contact | None = None
    website: Annotated[str, Field(max_length=0)] = ""


class Received(Shown):
    """The case; the secret is shown once and kept by the city only as a hash."""

    case_number: str
    secret: str
    due_on: date


class CaseKey(Sent):
    """Case number and secret, as the citizen noted them."""

    case_number: Annotated[str, StringConstraints(max_length=20, strip_whitespace=True)]
    secret: Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)]


class Case(Shown):
    """How a case stands, for whoever holds its secret."""

    case_number: str
    about_kind: About
    received_at: datetime
    due_on: date
    outcome: Outcome | None
    answer: str | None
    answered_at: datetime | None
    erased_at: datetime | None


class Objection(Case):
    """A case as the department sees it."""

    objection_id: int
    text: str | None
    contact: str | None
    answered_by: str | None
    overdue: bool


class Objections(Shown):
    """The newest five hundred, unanswered ones first."""

    items: list[Objection]


class Answer(Sent):
    """What a person of the city answers."""

    outcome: Outcome
    answer: LongText


@router.post("", status_code=201, responses=answers(403, 413, 422, 429, 503))
async def create(wanted: NewObjection, request: Request, service: TheService) -> Received:
    """Take an objection from anybody."""
    if "origin" in request.headers or "sec-fetch-site" in request.headers:
        require_same_site(request)
    return await receive(service, wanted, address=address_of(request))


@router.post("/status", responses=answers(404, 413, 422, 429, 503))
async def status(key: CaseKey, request: Request, service: TheService) -> Case:
    """Tell whoever holds the secret how the case stands; a POST keeps it out of addresses."""
    return await look_up(service, key, address=address_of(request))


@router.get("", responses=answers(401, 403, 503))
async def list_all(service: TheService, _caller: Reader) -> Objections:
    """List cases for those who answer them."""
    return Objections(items=await find(service))


@router.post("/{objection_id}/answer", responses=answers(401, 403, 404, 409, 413, 422, 503))
async def reply(
    objection_id: ObjectionId, given: Answer, service: TheService, caller: Answerer
) -> Objection:
    """Answer a case, once."""
    return await give_answer(service, caller, objection_id, given)


async def receive(service: Service, wanted: NewObjection, *, address: str) -> Received:
    """Store an objection with its event, unless too many come."""
    service.limits.objections.require(address)
    service.limits.all_objections.require("everybody")
    today = datetime.now(UTC).date()
    received = Received(
        case_number=f"E-{today.year}-{_random_letters(6)}",
        secret="-".join(_random_letters(4) for _ in range(5)),
        due_on=today + timedelta(days=DAYS_TO_ANSWER),
    )
    values = wanted.model_dump(exclude={"website"}) | {
        "case_number": received.case_number,
        "secret_sha256": _digest(received.secret),
        "due_on": received.due_on,
    }
    async with service.transaction() as connection:
        await connection.execute(query("objection_receive"), values)
        happened = event(
            "objection.received",
            actor=Actor("machine", "objection-form"),
            subject=Subject("objection", received.case_number),
            data={"about": wanted.about_kind, "due_on": received.due_on.isoformat()},
        )
        await outbox.record(connection, happened)
    return received


async def look_up(service: Service, key: CaseKey, *, address: str) -> Case:
    """Find a case by number and secret; a wrong secret looks like no case."""
    service.limits.cases.require(address)
    values = {"case_number": key.case_number.upper(), "secret_sha256": _digest(key.secret)}
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        row = await (await cursor.execute(query("objection_status"), values)).fetchone()
    if row is None:
        raise Problem(404, "no-case", "no case has this number and this secret: check both")
    return Case(**row)


async def give_answer(
    service: Service, caller: Caller, objection_id: int, given: Answer
) -> Objection:
    """Store the answer with its event."""
    values: dict[str, Any] = given.model_dump() | {
        "objection_id": objection_id,
        "answered_by": caller.ref,
    }
    async with service.transaction() as connection:
        row = await (await connection.execute(query("objection_answer"), values)).fetchone()
        if row is None:
            raise await _why_not(service, objection_id)
        answered = event(
            "objection.answered",
            actor=caller.actor,
            subject=Subject("objection", row[0]),
            data={"outcome": given.outcome},
        )
        await outbox.record(connection, answered)
    return (await find(service, objection_id))[0]


async def find(service: Service, objection_id: int | None = None) -> list[Objection]:
    """Read cases as the department sees them."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("objections"), {"objection_id": objection_id})
        return [Objection(**row) for row in await cursor.fetchall()]


def address_of(request: Request) -> str:
    """Return where a request comes from, to count by; it is never stored."""
    return request.client.host if request.client else "unknown"


async def _why_not(service: Service, objection_id: int) -> Problem:
    if await find(service, objection_id):
        return Problem(409, "answered", f"objection {objection_id} is answered already")
    return Problem(404, "no-objection", f"there is no objection {objection_id}")


def _random_letters(number: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(number))


def _digest(secret: str) -> bytes:
    """Hash the secret as people retype it; 100 random bits need no salt."""
    return sha256("".join(secret.upper().split()).replace("-", "").encode()).digest()
