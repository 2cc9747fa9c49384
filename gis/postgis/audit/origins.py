"""The names of logs: one a year, never used twice."""

from __future__ import annotations

from gis.postgis.audit.place import Place
from gis.postgis.audit.store import Database, row_of
from gis.postgis.queries import query

DEFAULT_BASE = "stadtwart.example/ki-protokoll"


def free_origin(connection: Database, place: Place, base: str, year: int) -> str:
    """Return the year's origin, or its next number where it was used before."""
    number = 1
    while True:
        origin = f"{base}/{year}" if number == 1 else f"{base}/{year}-{number}"
        if row_of(connection, origin) is None and not place.is_used(origin):
            return origin
        number += 1


def base_of(origin: str) -> str:
    """Return an origin without its year."""
    return origin.rpartition("/")[0]


def year_of(origin: str) -> int:
    """Return an origin's year."""
    return int(origin.rpartition("/")[2].partition("-")[0])


def default_base(connection: Database) -> str:
    """Return the base made from the city's short name; `.example` says it was not chosen."""
    row = connection.execute(query("audit_city_slug")).fetchone()
    return f"{row[0]}.example/ki-protokoll" if row else DEFAULT_BASE
