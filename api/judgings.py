"""Alarms of the second detector: a person says "really visible" or "false alarm".

A withheld picture is shown to nobody but the person who answers. Really visible: it is deleted with
a receipt. False alarm: it is shown again, and that can be taken back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import psycopg
from fastapi import APIRouter, Depends, Path, Query, Response
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from pydantic import AwareDatetime, Field

from api.ai_label import Label
from api.fields import LARGEST_ID, Sent, Sha256, Shown
from api.judging_label import judging_label
from api.pictures import JPEG
from api.problems import Problem, answers
from api.service import Service, TheService
from api.who import Allow, Caller
from gis.postgis import outbox
from gis.postgis.queries import query
from gis.postgis.retention.rules import digest_of
from governance.audit_event import Subject, event, event_id
from governance.report.judging import MissRate, miss_rate

router = APIRouter(tags=["second detector"], prefix="/judgings")
Road = Annotated[Caller, Depends(Allow("road"))]
Reader = Annotated[Caller, Depends(Allow("road", "auditor", "panel", "admin"))]
JudgingId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Moment = Annotated[AwareDatetime | None, Query()]
Said = Literal["really visible", "false alarm", "taken back"]


class Seen(Shown):
    """What the second detector takes it for, and where in the picture."""

    kind: Literal["face", "plate"]
    score: float
    box: list[int]  # x1 y1 x2 y2 in pixels of the picture


class Alarm(Shown):
    """A picture that was withheld, and what a person said of it."""

    judging_id: int
    picture_sha256: Sha256 | None  # gone with the picture
    mask_model_sha256: Sha256
    judged_at: datetime
    ai_label: Label | None  # gone with what was seen
    seen: list[Seen] | None  # gone with the picture
    width_px: int | None
    height_px: int | None
    is_withheld: bool
    is_kept: bool
    answer: Said | None
    answered_at: datetime | None
    answered_by: str | None


class Alarms(Shown):
    """Alarms: open ones first, a hundred at most; and whether a second detector is there."""

    standing: Literal["installed", "missing", "wrong checksum"]
    share: float
    items: list[Alarm]


class Word(Sent):
    """What a person says of an alarm, and how long they looked."""

    answer: Said
    seconds_spent: Annotated[int, Field(ge=0, le=86_400)] | None = None


class Answered(Shown):
    """What became of the picture; the receipt's id and digest where it was deleted."""

    judging_id: int
    answer: Said
    erasure_id: UUID | None = None
    digest: Sha256 | None = None


class Rate(Shown):
    """How often the truck's masking missed something that the second detector saw."""

    mask_model_sha256: Sha256
    drawn: int
    judged: int
    not_readable: int
    alarms: int
    open: int
    false_alarms: int
    confirmed: int
    rate: float | None  # confirmed of judged; null where nothing was judged: unknown, not zero
    low: float | None
    high: float | None


class Rates(Shown):
    """The miss rate by the truck's masking model; empty where nothing was drawn."""

    standing: Literal["installed", "missing", "wrong checksum"]
    items: list[Rate]


@router.get("", responses=answers(401, 403, 503))
async def list_alarms(service: TheService, _caller: Reader) -> Alarms:
    """List alarms, those that wait for a person first."""
    return await find(service)


@router.get("/figures", responses=answers(422, 503))
async def figures(service: TheService, since: Moment = None, upto: Moment = None) -> Rates:
    """Publish what the sample says, by the truck's masking model; anybody may read it."""
    return Rates(
        standing=service.second_detector.standing().value,
        items=[Rate(**one) for one in await rates(service, since=since, upto=upto)],
    )


@router.get(
    "/{judging_id}/picture",
    response_class=Response,
    responses=answers(401, 403, 404, 422, 503) | {200: {"description": "the JPEG", **JPEG}},
)
async def show_withheld(judging_id: JudgingId, service: TheService, caller: Road) -> Response:
    """Show an alarm's picture to whoever answers it; that somebody looked is recorded."""
    sha256 = (await one(service, judging_id)).picture_sha256
    if sha256 is None:
        raise gone(judging_id)
    opened = event("picture.opened", actor=caller.actor, subject=Subject("picture", sha256))
    values = {"judging_id": judging_id} | outbox.parameters(opened)
    async with service.pool.connection() as connection:
        row = await (await connection.execute(query("judging_picture"), values)).fetchone()
    if row is None:
        raise gone(judging_id)
    return Response(row[0], media_type="image/jpeg", headers={"Cache-Control": "no-store"})


@router.post("/{judging_id}", status_code=201, responses=answers(401, 403, 404, 409, 413, 422, 503))
async def say(judging_id: JudgingId, given: Word, service: TheService, caller: Road) -> Answered:
    """Answer an alarm; what the answer does and its events are one transaction."""
    return await give(service, caller, judging_id, given)


async def give(service: Service, caller: Caller, judging_id: int, given: Word) -> Answered:
    """Store a person's word; the database shows the picture again, withholds or deletes it."""
    alarm = await one(service, judging_id)
    if (sha256 := alarm.picture_sha256) is None:
        raise Problem(409, "out-of-turn", f"the picture of alarm {judging_id} is deleted")
    values = given.model_dump() | {"judging_id": judging_id, "decided_by": caller.ref}
    answered = Answered(judging_id=judging_id, answer=given.answer)
    async with service.transaction() as connection:
        try:
            row = await (await connection.execute(query("judging_answer"), values)).fetchone()
        except psycopg.DatabaseError as error:
            if error.sqlstate != "SW431":
                raise
            detail = f"alarm {judging_id} stands at {alarm.answer or 'open'}: load it again"
            raise Problem(409, "out-of-turn", detail) from error
        happened = event(
            "picture.alarm_answered",
            actor=caller.actor,
            subject=Subject("picture", sha256),
            data={
                "answer": given.answer,
                "answer_id": row[0] if row else 0,
                "seconds_spent": given.seconds_spent,
            },
        )
        await outbox.record(connection, happened)
        if given.answer == "really visible":
            answered = await _receipt(connection, caller, sha256, answered)
    return answered


async def find(service: Service, judging_id: int | None = None) -> Alarms:
    """Read alarms, and whether a second detector is there."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        rows = await (
            await cursor.execute(query("judgings"), {"judging_id": judging_id})
        ).fetchall()
    return Alarms(
        standing=service.second_detector.standing().value,
        share=service.settings.judge_share,
        items=[_alarm(row | {"ai_label": judging_label(row)}) for row in rows],
    )


def _alarm(row: dict[str, Any]) -> Alarm:
    return Alarm(**{name: row[name] for name in Alarm.model_fields})


async def one(service: Service, judging_id: int) -> Alarm:
    """Read one; raise Problem 404."""
    found = (await find(service, judging_id)).items
    if not found:
        raise Problem(404, "no-alarm", f"there is no alarm {judging_id}")
    return found[0]


async def rates(
    service: Service,
    *,
    since: datetime | None = None,
    upto: datetime | None = None,
    mask_model_sha256: str | None = None,
) -> list[MissRate]:
    """Read the figures by the truck's model, of one model where it is named."""
    values = {"since": since or "-infinity", "upto": upto or "infinity"}
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        rows = await (await cursor.execute(query("judging_figures"), values)).fetchall()
    return [miss_rate(row) for row in rows if mask_model_sha256 in (None, row["mask_model_sha256"])]


async def _receipt(
    connection: AsyncConnection[Any], caller: Caller, sha256: str, answered: Answered
) -> Answered:
    """Write the receipt of the deletion, as an erasure on request does."""
    erasure_id, digest = event_id(), digest_of([sha256])
    erased = event(
        "erasure.done",
        actor=caller.actor,
        subject=Subject("erasure", str(erasure_id)),
        data={"by": "picture", "pictures": 1, "sightings": 0, "keys": 0, "digest": digest},
    )
    await outbox.record(connection, erased)
    return answered.model_copy(update={"erasure_id": erasure_id, "digest": digest})


def gone(judging_id: int) -> Problem:
    """Return what a deleted picture answers."""
    return Problem(404, "no-picture", f"the picture of alarm {judging_id} is deleted")
