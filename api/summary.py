"""How much of what there is: for the head of the page and for reports."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from psycopg.rows import dict_row

from api.fields import Shown
from api.problems import answers
from api.service import TheService
from api.who import Allow, Caller
from gis.postgis.queries import query

router = APIRouter(tags=["damages"])
Reader = Annotated[Caller, Depends(Allow("road", "parks", "auditor"))]


class Summary(Shown):
    """Damages by state, and what came in."""

    waiting: int
    confirmed: int
    dismissed: int
    unsure: int
    ordered: int
    repaired: int
    sightings: int
    quarantined: int
    pictures: int
    pictures_withheld: int  # the second detector saw something; a person has not answered yet
    last_sighting_at: datetime | None


@router.get("/summary", responses=answers(401, 403, 503))
async def summary(service: TheService, _caller: Reader) -> Summary:
    """Count everything."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        row = await (await cursor.execute(query("summary"))).fetchone()
    return Summary(**row or {})
