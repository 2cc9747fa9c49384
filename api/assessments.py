"""When each street was last looked at well enough. By the day: no vehicle, no time, no track."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from psycopg import AsyncCursor
from psycopg.rows import dict_row

from api.fields import Shown
from api.problems import answers
from api.service import TheService
from api.who import Allow, Caller
from contracts.coverage import Cause
from gis.postgis.queries import query

router = APIRouter(tags=["map"])
Reader = Annotated[Caller, Depends(Allow("road", "auditor"))]
Age = Literal["recent", "older", "old", "partly", "unassessable", "never"]
AGES: tuple[Age, ...] = ("recent", "older", "old", "partly", "unassessable", "never")


class Missed(Shown):
    """Metres that were driven without being able to assess them."""

    cause: Cause
    driven_m: float


class Assessment(Shown):
    """One street segment: half of its length or more on one day counts as looked at.

    `looked_on` is that day; for `partly` the last day on which less was seen. `unassessed` counts
    from that day on, or ever. No damage known on an unassessed street says nothing about it.
    """

    state: Age
    looked_on: date | None
    age_days: int | None
    covered_share: float | None  # of its length on that day, at least
    length_m: float
    open_damages: int
    unassessed: list[Missed]


class AssessedStreets(Shown):
    """How many segments of one age; `without_damage` is no claim where nobody looked."""

    state: Age
    segments: int
    without_damage: int
    length_m: float


@router.get("/assessments", responses=answers(401, 403, 503))
async def count_assessments(service: TheService, _caller: Reader) -> list[AssessedStreets]:
    """Count the city's street segments by the age of their last assessment."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("assessment_counts"))
        found = {row["state"]: row for row in await cursor.fetchall()}
    none: dict[str, Any] = {"segments": 0, "without_damage": 0, "length_m": 0.0}
    return [AssessedStreets(**none | {"state": age} | found.get(age, {})) for age in AGES]


async def assessment_of(
    cursor: AsyncCursor[dict[str, Any]], segment_id: str | None
) -> Assessment | None:
    """Read one segment's last assessment; None for a damage on no street."""
    if segment_id is None:
        return None
    await cursor.execute(query("assessment_one"), {"segment_id": segment_id})
    row = await cursor.fetchone()
    return None if row is None else Assessment(**row)
