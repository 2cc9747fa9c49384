"""Which city this is: the first thing a page asks."""

from __future__ import annotations

from fastapi import APIRouter
from psycopg.rows import dict_row
from pydantic import BaseModel

from api.problems import Problem, answers
from api.service import TheService
from gis.postgis.queries import query

router = APIRouter(tags=["city"])


class District(BaseModel):
    """A part of the city."""

    district_id: str
    name: str


class City(BaseModel):
    """The city, with its bounds in WGS 84 as west, south, east, north."""

    name: str
    simulated: bool
    bounds: tuple[float, float, float, float]
    centre: tuple[float, float]
    time_zone: str
    source: str
    districts: list[District]


@router.get("/city", responses=answers(404, 503))
async def the_city(service: TheService) -> City:
    """Describe the city; anybody may ask."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        row = await (await cursor.execute(query("city"))).fetchone()
    if row is None:
        raise Problem(404, "no-city", "no city is loaded: run `stadtwart city load DIR`")
    return City(**row)
