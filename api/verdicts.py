"""A person decides on a damage, or takes the decision back; nothing is ever deleted."""

from __future__ import annotations

from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from pydantic import Field, model_validator

from api.damages import DamageId, no_such_damage
from api.fields import Id, Reason, Sent, Shown
from api.problems import Problem, answers
from api.service import TheService
from api.states import State, Verdict, may_be_decided, needs_reason
from api.who import Allow, Caller
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Subject, event

router = APIRouter(tags=["damages"])
Road = Annotated[Caller, Depends(Allow("road"))]


class NewVerdict(Sent):
    """What a person decided, and what their screen showed as the current verdict."""

    verdict: Verdict
    reason: Reason | None = None
    seen_verdict_id: Id | None = None
    seconds_spent: Annotated[int, Field(ge=0, le=86_400)]

    @model_validator(mode="after")
    def _reason_where_needed(self) -> Self:
        if needs_reason(self.verdict) and self.reason is None:
            raise ValueError(f"the verdict {self.verdict!r} needs a reason")
        return self


class Undo(Sent):
    """The verdict to take back: it must be the current one."""

    verdict_id: Id


class Decided(Shown):
    """The new entry, and where the damage stands after it."""

    verdict_id: int
    state: State


@router.post(
    "/damages/{damage_id}/verdicts",
    status_code=201,
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
async def decide(
    damage_id: DamageId, given: NewVerdict, service: TheService, caller: Road
) -> Decided:
    """Give a verdict; refused when another one came in between."""
    async with service.transaction() as connection:
        before = await _lock(connection, damage_id)
        _require_same(before, damage_id, given.seen_verdict_id)
        entry = {
            "verdict": given.verdict,
            "reason": given.reason,
            "seconds_spent": given.seconds_spent,
            "undoes_verdict_id": None,
        }
        return await _write(connection, caller, before, entry, kind="verdict.given")


@router.post(
    "/damages/{damage_id}/verdicts/undo",
    status_code=201,
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
async def undo(damage_id: DamageId, wanted: Undo, service: TheService, caller: Road) -> Decided:
    """Take the current verdict back: what stood before it stands again."""
    async with service.transaction() as connection:
        before = await _lock(connection, damage_id)
        _require_same(before, damage_id, wanted.verdict_id)
        entry = {
            "verdict": "undone",
            "reason": None,
            "seconds_spent": None,
            "undoes_verdict_id": wanted.verdict_id,
        }
        return await _write(connection, caller, before, entry, kind="verdict.undone")


async def _lock(connection: AsyncConnection[Any], damage_id: int) -> dict[str, Any]:
    cursor = connection.cursor(row_factory=dict_row)
    await cursor.execute(query("damages_lock"), {"damage_ids": [damage_id]})
    row = await cursor.fetchone()
    if row is None:
        raise no_such_damage(damage_id)
    if not may_be_decided(State(row["state"])):
        detail = f"damage {damage_id} is {row['state']}: cancel its work order first"
        raise Problem(409, "settled", detail)
    return row


def _require_same(before: dict[str, Any], damage_id: int, seen: int | None) -> None:
    current = before["current_verdict_id"]
    if current != seen:
        raise Problem(
            409,
            "other-verdict",
            f"the current verdict on damage {damage_id} is {current}, not {seen}: load it again",
        )


async def _write(
    connection: AsyncConnection[Any],
    caller: Caller,
    before: dict[str, Any],
    entry: dict[str, Any],
    *,
    kind: str,
) -> Decided:
    """Store the entry and its event; the database's trigger moves the damage."""
    values = entry | {
        "damage_id": before["damage_id"],
        "decided_by": caller.ref,
        "previous_verdict_id": before["current_verdict_id"],
    }
    cursor = connection.cursor(row_factory=dict_row)
    stored = await (await cursor.execute(query("verdict_give"), values)).fetchone()
    after = await (await cursor.execute(query("damage_state"), values)).fetchone()
    if stored is None or after is None:
        raise RuntimeError(f"damage {before['damage_id']} vanished under its lock")
    happened = event(
        kind,
        actor=caller.actor,
        subject=Subject("damage", str(before["damage_id"])),
        model=before["model_sha256"],
        data={
            "verdict_id": stored["verdict_id"],
            "verdict": entry["verdict"],
            "state_before": before["state"],
            "state_after": after["state"],
            "previous_verdict_id": before["current_verdict_id"],
            "seconds_spent": entry["seconds_spent"],
        },
    )
    await outbox.record(connection, happened)
    return Decided(verdict_id=stored["verdict_id"], state=State(after["state"]))
