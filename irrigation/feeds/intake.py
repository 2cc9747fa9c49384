"""Readings and waterings come in: known ones change nothing, odd ones are kept with a flag."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event, event_id
from irrigation.feeds.reading import LATE, Reading, flags_of

MOST_LITRES = 2_000.0  # a guess: more on one tree is a slip of the pen
OPERATOR = Actor("machine", "irrigation.intake")


@dataclass(frozen=True, slots=True)
class Watering:
    """Water given to a tree, or why not."""

    watering_id: UUID
    tree_id: int
    watered_at: datetime
    litres: float | None
    by_kind: str  # crew | citizen
    outcome: str = "watered"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a delivery."""

    stored: int
    known: int  # had come before
    flagged: int  # of the stored ones
    unknown: tuple[str, ...] = ()  # sensors or trees that nobody knows


def store_readings(
    connection: psycopg.Connection,
    readings: Sequence[Reading],
    *,
    source: str,
    received_at: datetime,
    actor: Actor = OPERATOR,
) -> Taken:
    """Store readings in the caller's transaction, with one event."""
    sensors = {row[0] for row in connection.execute(query("sensor_list")).fetchall()}
    unknown = tuple(sorted({one.sensor_id for one in readings} - sensors))
    mine = [one for one in readings if one.sensor_id in sensors]
    values = reading_columns(mine, last_of(connection, mine), received_at=received_at)
    row = connection.execute(query("reading_store"), values | {"source": source}).fetchone()
    stored, flagged = row or (0, 0)
    taken = Taken(stored, len(mine) - stored, flagged, unknown)
    _tell(connection, "readings", taken, source=source, actor=actor)
    return taken


def last_of(
    connection: psycopg.Connection, readings: Sequence[Reading]
) -> dict[tuple[str, float], Reading]:
    """The newest stored reading of each sensor and depth before the delivery."""
    names = sorted({one.sensor_id for one in readings})
    rows = connection.execute(query("reading_last"), {"sensor_id": names}).fetchall()
    return {(row[0], row[2]): Reading(*row) for row in rows}


def reading_columns(
    readings: Iterable[Reading],
    before: dict[tuple[str, float], Reading],
    *,
    received_at: datetime,
) -> dict[str, Any]:
    """Flag readings in their order of time and turn them into columns."""
    last = dict(before)
    columns: dict[str, list[Any]] = {
        name: []
        for name in ("sensor_id", "read_at", "depth_cm", "tension_kpa", "moisture_vol", "flags")
    }
    for one in sorted(readings, key=lambda reading: reading.read_at):
        place = (one.sensor_id, one.depth_cm)
        flags = flags_of(one, last.get(place), received_at=received_at)
        if not flags:
            last[place] = one
        columns["sensor_id"].append(one.sensor_id)
        columns["read_at"].append(one.read_at)
        columns["depth_cm"].append(one.depth_cm)
        columns["tension_kpa"].append(one.tension_kpa)
        columns["moisture_vol"].append(one.moisture_vol)
        columns["flags"].append("|".join(flags))
    return columns


def store_waterings(
    connection: psycopg.Connection,
    waterings: Sequence[Watering],
    *,
    source: str,
    received_at: datetime,
    actor: Actor = OPERATOR,
) -> Taken:
    """Store waterings in the caller's transaction, with one event; an id counts once."""
    ids = sorted({one.tree_id for one in waterings})
    there = {row[0] for row in connection.execute(query("tree_known"), {"ids": ids}).fetchall()}
    mine = [one for one in waterings if one.tree_id in there]
    values = watering_columns(mine, received_at=received_at)
    row = connection.execute(query("watering_store"), values | {"source": source}).fetchone()
    stored, flagged = row or (0, 0)
    unknown = tuple(str(one) for one in ids if one not in there)
    taken = Taken(stored, len(mine) - stored, flagged, unknown)
    _tell(connection, "waterings", taken, source=source, actor=actor)
    return taken


def watering_columns(waterings: Iterable[Watering], *, received_at: datetime) -> dict[str, Any]:
    """Flag waterings and turn them into columns."""
    rows = list(waterings)
    return {
        "watering_id": [one.watering_id for one in rows],
        "tree_id": [one.tree_id for one in rows],
        "watered_at": [one.watered_at for one in rows],
        "litres": [one.litres for one in rows],
        "by_kind": [one.by_kind for one in rows],
        "outcome": [one.outcome for one in rows],
        "flags": ["|".join(_odd(one, received_at)) for one in rows],
    }


def _odd(watering: Watering, received_at: datetime) -> list[str]:
    """What cannot be believed of a watering."""
    found = []
    if watering.watered_at > received_at + LATE:
        found.append("in the future")
    if watering.litres is not None and watering.litres > MOST_LITRES:
        found.append(f"more than {MOST_LITRES:g} L")
    return found


def told(what: str, taken: Taken, *, source: str, actor: Actor) -> Any:
    """The event of one delivery."""
    return event(
        f"{what}.accepted",
        actor=actor,
        subject=Subject(what, str(event_id())),
        data={
            "stored": taken.stored,
            "known": taken.known,
            "flagged": taken.flagged,
            "source": source,
        },
    )


def _tell(
    connection: psycopg.Connection, what: str, taken: Taken, *, source: str, actor: Actor
) -> None:
    if taken.stored:
        happened = told(what, taken, source=source, actor=actor)
        connection.execute(query("audit_record"), outbox.parameters(happened))
