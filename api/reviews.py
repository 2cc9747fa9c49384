"""The second look: some decided damages come before another person, without the first verdict."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

import psycopg
from fastapi import APIRouter, Depends, Path, Query
from psycopg.rows import dict_row
from pydantic import AwareDatetime, Field, model_validator

from api.damages import Damage, shown
from api.fields import LARGEST_ID, Reason, Sent, Shown
from api.problems import Problem, answers
from api.service import TheService
from api.states import Verdict, needs_reason
from api.who import Allow, Caller
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Subject, event

router = APIRouter(tags=["reviews"], prefix="/reviews")
Road = Annotated[Caller, Depends(Allow("road"))]
Reader = Annotated[Caller, Depends(Allow("road", "auditor", "panel", "admin"))]
ReviewId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Moment = Annotated[AwareDatetime, Query()]
UNSEEN = {  # what would tell the first verdict
    "state": "waiting",
    "current_verdict_id": None,
    "work_order_id": None,
    "suppressed": 0,
}


class BlindDamage(Damage):
    """A decided damage as if nobody had decided on it."""

    review_id: int


class OpenReviews(Shown):
    """Damages that wait for this person's second look, the oldest draw first."""

    items: list[BlindDamage]


class SecondVerdict(Sent):
    """What the second person sees in the damage."""

    verdict: Verdict
    reason: Reason | None = None
    seconds_spent: Annotated[int, Field(ge=0, le=86_400)]

    @model_validator(mode="after")
    def _reason_where_needed(self) -> Self:
        if needs_reason(self.verdict) and self.reason is None:
            raise ValueError(f"the verdict {self.verdict!r} needs a reason")
        return self


class Answered(Shown):
    """Whether the two agree; the damage itself stays as the first person left it."""

    review_id: int
    damage_id: int
    agrees: bool


class Note(Shown):
    """An approval that came faster than anybody can look."""

    noted_at: datetime
    kind: str  # "quick": shown under a second; "in a row": under a second after the last
    subject_kind: str
    subject_id: str
    actor_ref: str
    seconds: float


class Figures(Shown):
    """Second looks and quick approvals; the agreement with its 95 % interval (Wilson)."""

    drawn: int
    answered: int
    agreed: int
    open: int
    agreement_share: float | None
    agreement_low: float | None
    agreement_high: float | None
    approvals: int
    quick: int
    quick_share: float | None
    notes: list[Note]


@router.get("", responses=answers(401, 403, 503))
async def list_open(service: TheService, caller: Road) -> OpenReviews:
    """List what waits for this person's second look."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("reviews_open"), {"caller": caller.ref})
        rows = await cursor.fetchall()
    return OpenReviews(items=[BlindDamage(**shown(row | UNSEEN)) for row in rows])


@router.post("/{review_id}", status_code=201, responses=answers(401, 403, 404, 409, 413, 422, 503))
async def give(
    review_id: ReviewId, given: SecondVerdict, service: TheService, caller: Road
) -> Answered:
    """Give a second verdict; the database refuses the person who gave the first."""
    values = given.model_dump() | {"review_id": review_id, "decided_by": caller.ref}
    async with service.transaction() as connection:
        row = await _store(connection, values)
        answered = event(
            "review.answered",
            actor=caller.actor,
            subject=Subject("review", str(review_id)),
            model=row["model_sha256"],
            data={
                "verdict": given.verdict,
                "agrees": row["agrees"],
                "seconds_spent": given.seconds_spent,
            },
        )
        await outbox.record(connection, answered)
    return Answered(review_id=review_id, damage_id=row["damage_id"], agrees=row["agrees"])


@router.get("/figures", responses=answers(401, 403, 422, 503))
async def figures(
    service: TheService,
    _caller: Reader,
    since: Annotated[AwareDatetime, Query(alias="from")],
    upto: Annotated[AwareDatetime, Query(alias="to")],
) -> Figures:
    """Count second looks and quick approvals from one moment up to another."""
    values = {"since": since, "upto": upto}
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        counted = await (await cursor.execute(query("review_figures"), values)).fetchone() or {}
        notes = await (await cursor.execute(query("approval_notes"), values)).fetchall()
    return Figures(**counted, notes=[Note(**note) for note in notes])


async def _store(
    connection: psycopg.AsyncConnection[Any], values: dict[str, Any]
) -> dict[str, Any]:
    cursor = connection.cursor(row_factory=dict_row)
    review_id = values["review_id"]
    try:
        row = await (await cursor.execute(query("review_give"), values)).fetchone()
    except psycopg.errors.UniqueViolation as error:
        raise Problem(409, "answered", f"review {review_id} is answered already") from error
    except psycopg.DatabaseError as error:
        if error.sqlstate != "SW005":
            raise
        detail = f"review {review_id} is of your own verdict: another person must look"
        raise Problem(409, "own-verdict", detail) from error
    if row is None:
        raise Problem(404, "no-review", f"there is no review {review_id}")
    return row
