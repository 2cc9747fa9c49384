"""Store what comes in over HTTP with its event, in one transaction; shared by both doors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from api.fields import Shown
from api.service import Service
from api.who import Caller
from gis.postgis import outbox
from gis.postgis.queries import query
from irrigation.feeds import intake
from irrigation.feeds.intake import Taken, Watering
from irrigation.feeds.reading import Reading
from irrigation.feeds.things_stack import Known

SOURCE = "api"


class Receipt(Shown):
    """What became of a delivery; sending it again changes nothing."""

    stored: int
    known: int
    flagged: int
    unknown: list[str]


async def known_sensors(service: Service) -> list[Known]:
    """Return every sensor of the city."""
    async with service.pool.connection() as connection:
        rows = await (await connection.execute(query("sensor_devices"))).fetchall()
    return [Known(*row) for row in rows]


async def store_readings(
    service: Service, caller: Caller, readings: list[Reading], *, source: str, at: datetime
) -> Receipt:
    """Store readings; those of sensors nobody knows are named, the others count."""
    names = {one.sensor_id for one in await known_sensors(service)}
    mine = [one for one in readings if one.sensor_id in names]
    async with service.transaction() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        wanted = {"sensor_id": sorted({one.sensor_id for one in mine})}
        await cursor.execute(query("reading_last"), wanted)
        last = {
            (row["sensor_id"], row["depth_cm"]): Reading(**row) for row in await cursor.fetchall()
        }
        columns = intake.reading_columns(mine, last, received_at=at)
        taken = await _store(connection, "reading_store", columns, source)
        unknown = tuple(sorted({one.sensor_id for one in readings} - names))
        return await _finish(
            connection, "readings", caller, taken, source, sent=len(mine), unknown=unknown
        )


async def store_waterings(
    service: Service, caller: Caller, by_source: dict[str, list[Watering]], *, at: datetime
) -> Receipt:
    """Store waterings, each under its source; trees nobody knows are named, the others count."""
    every = [one for some in by_source.values() for one in some]
    async with service.transaction() as connection:
        ids = sorted({one.tree_id for one in every})
        rows = await (await connection.execute(query("tree_known"), {"ids": ids})).fetchall()
        there = {row[0] for row in rows}
        unknown = [str(one) for one in ids if one not in there]
        stored = known = flagged = 0
        for source, waterings in by_source.items():
            mine = [one for one in waterings if one.tree_id in there]
            columns = intake.watering_columns(mine, received_at=at)
            taken = await _store(connection, "watering_store", columns, source)
            done = await _finish(
                connection, "waterings", caller, taken, source, sent=len(mine), unknown=()
            )
            stored, known = stored + done.stored, known + done.known
            flagged += done.flagged
        return Receipt(stored=stored, known=known, flagged=flagged, unknown=unknown)


async def _store(
    connection: AsyncConnection[Any], name: str, columns: dict[str, Any], source: str
) -> tuple[int, int]:
    answer = await connection.execute(query(name), columns | {"source": source})
    row = await answer.fetchone()
    return (0, 0) if row is None else (row[0], row[1])


async def _finish(
    connection: AsyncConnection[Any],
    what: str,
    caller: Caller,
    taken: tuple[int, int],
    source: str,
    *,
    sent: int,
    unknown: tuple[str, ...],
) -> Receipt:
    done = Taken(taken[0], sent - taken[0], taken[1], unknown)
    if done.stored:
        happened = intake.told(what, done, source=source, actor=caller.actor)
        await outbox.record(connection, happened)
    return Receipt(
        stored=done.stored, known=done.known, flagged=done.flagged, unknown=list(done.unknown)
    )
