"""Merging: sightings become damages, or strengthen them. One transaction, safe beside others.

take sightings -> hold back the impossible -> lock their cells -> match what is known in one
statement -> group the rest -> open damages -> settle -> strengthen -> place -> one audit event.
The order matters: the locks come in a statement before the match, so that the match sees
what the previous holder of the lock committed.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from gis import matching
from gis.best_place import Information, Measured, best_place, information_of
from gis.matching import Place
from gis.postgis import columns, outbox
from gis.postgis.queries import query
from gis.quarantine import reason_to_hold
from governance.audit_event import Actor, AuditEvent, Subject, event, event_id

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """A sighting as merging needs it."""

    sighting_id: UUID
    seen_at: datetime
    received_at: datetime
    damage_class: str
    is_in_city: bool
    is_model_approved: bool
    position_error_m: float
    error_major_m: float | None
    error_minor_m: float | None
    error_bearing_deg: float | None
    x_m: float
    y_m: float

    @property
    def information(self) -> Information:
        """What it says about the damage's place, weighted by its own errors."""
        return information_of(
            Measured(
                self.x_m,
                self.y_m,
                self.position_error_m,
                self.error_major_m,
                self.error_minor_m,
                self.error_bearing_deg,
            )
        )

    @property
    def place(self) -> Place:
        """Where it is, in the city's metric CRS."""
        return Place(self.damage_class, self.x_m, self.y_m)


@dataclass(frozen=True, slots=True)
class Strengthened:
    """A damage that got sightings, with all that is known of its place."""

    damage_id: int
    state: str
    sightings: int
    sightings_total: int
    information_xx: float
    information_xy: float
    information_yy: float
    information_x: float
    information_y: float

    @property
    def information(self) -> Information:
        """The sums of all its sightings."""
        return Information(
            self.information_xx,
            self.information_xy,
            self.information_yy,
            self.information_x,
            self.information_y,
            self.sightings_total,
        )


@dataclass(frozen=True, slots=True)
class MergeRun:
    """What one merging transaction did."""

    sightings: int
    quarantined: int
    opened: int
    strengthened: int  # damages that were known before
    suppressed: int  # sightings of damages a person has dismissed


async def merge_once(connection: Connection, *, at_most: int) -> MergeRun | None:
    """Merge up to `at_most` sightings in one transaction; None when there were none."""
    async with connection.transaction():
        taken = await _take(connection, at_most)
        if not taken:
            return None
        sound, held = await _hold_back(connection, taken)
        run = await _merge(connection, sound, held=held)
        await outbox.record(connection, _told(run))
        return run


async def _take(connection: Connection, at_most: int) -> list[Taken]:
    cursor = connection.cursor(row_factory=class_row(Taken))
    await cursor.execute(query("sighting_take"), {"at_most": at_most})
    return await cursor.fetchall()


async def _hold_back(connection: Connection, taken: list[Taken]) -> tuple[list[Taken], int]:
    """Quarantine what cannot be true; return the rest and how many were held back."""
    reasons = {
        one.sighting_id: reason
        for one in taken
        if (
            reason := reason_to_hold(
                seen_at=one.seen_at, received_at=one.received_at, is_in_city=one.is_in_city
            )
            or (None if one.is_model_approved else "model not approved")
        )
    }
    if reasons:
        values = {"sighting_id": list(reasons), "reason": list(reasons.values())}
        await connection.execute(query("sighting_quarantine"), values)
    return [one for one in taken if one.sighting_id not in reasons], len(reasons)


async def _merge(connection: Connection, sound: list[Taken], *, held: int) -> MergeRun:
    if not sound:
        return MergeRun(held, held, 0, 0, 0)
    keys = matching.lock_keys(one.place for one in sound)
    await connection.execute(query("cells_lock"), {"keys": columns.plain(keys)})
    damage_ids = await _match(connection, sound)
    known = sorted(set(damage_ids.values()))
    await connection.execute(query("damage_hold"), {"damage_ids": columns.plain(known)})
    fresh = await _open(connection, [one for one in sound if one.sighting_id not in damage_ids])
    damage_ids |= fresh
    suppressed = await _settle(connection, sound, damage_ids)
    return MergeRun(
        sightings=len(sound) + held,
        quarantined=held,
        opened=len(set(fresh.values())),
        strengthened=len(known),
        suppressed=suppressed,
    )


async def _match(connection: Connection, sound: list[Taken]) -> dict[UUID, int]:
    """Find the known damage of each sighting, where there is one."""
    corners = [matching.corner_cells(one.place) for one in sound]
    values: dict[str, Any] = {
        "number": columns.plain(range(len(sound))),
        "x_m": columns.plain([one.x_m for one in sound]),
        "y_m": columns.plain([one.y_m for one in sound]),
        "seen_at": columns.plain([one.seen_at for one in sound]),
        "radius_m": matching.RADIUS_M,
    }
    values |= {f"cell_{n + 1}": columns.plain([cells[n] for cells in corners]) for n in range(4)}
    cursor = await connection.execute(query("damage_match"), values)
    return {sound[number].sighting_id: damage_id for number, damage_id in await cursor.fetchall()}


async def _open(connection: Connection, unmatched: list[Taken]) -> dict[UUID, int]:
    """Open damages for sightings that match none; several may share a new one."""
    places = [one.place for one in unmatched]
    chosen = await asyncio.to_thread(matching.anchors_of, places)
    anchors = [unmatched[index] for index in sorted(set(chosen))]
    values = {
        "sighting_id": columns.plain([one.sighting_id for one in anchors]),
        "x_m": columns.plain([one.x_m for one in anchors]),
        "y_m": columns.plain([one.y_m for one in anchors]),
        "cell": columns.plain([matching.cell_of(one.place) for one in anchors]),
    }
    cursor = await connection.execute(query("damage_open"), values)
    opened = {anchor: damage_id for damage_id, anchor in await cursor.fetchall()}
    return {
        one.sighting_id: opened[unmatched[index].sighting_id]
        for one, index in zip(unmatched, chosen, strict=True)
    }


async def _settle(connection: Connection, sound: list[Taken], damage_ids: dict[UUID, int]) -> int:
    """Write sightings and damages; return how many sightings a dismissed damage absorbed."""
    values = {
        "sighting_id": columns.plain([one.sighting_id for one in sound]),
        "damage_id": columns.plain([damage_ids[one.sighting_id] for one in sound]),
        "x_m": columns.plain([one.x_m for one in sound]),
        "y_m": columns.plain([one.y_m for one in sound]),
    }
    await connection.execute(query("sighting_settle"), values)
    values |= _known_by_damage(sound, damage_ids)
    cursor = connection.cursor(row_factory=class_row(Strengthened))
    await cursor.execute(query("damage_strengthen"), values)
    rows = await cursor.fetchall()
    await connection.execute(query("damage_place"), _places(rows))
    return sum(row.sightings for row in rows if row.state == "dismissed")


def _known_by_damage(sound: list[Taken], damage_ids: dict[UUID, int]) -> dict[str, Any]:
    """Add up what the sightings say about each damage's place, as columns."""
    known: dict[int, Information] = {}
    for one in sound:
        damage_id = damage_ids[one.sighting_id]
        known[damage_id] = known.get(damage_id, Information()) + one.information
    names = ("xx", "xy", "yy", "x", "y")
    return {"placed_id": columns.plain(list(known))} | {
        name: columns.plain([getattr(one, name) for one in known.values()]) for name in names
    }


def _places(rows: list[Strengthened]) -> dict[str, Any]:
    """Return where the damages are now and how surely, as columns."""
    found = [best_place(row.information) for row in rows]
    return {"damage_id": columns.plain([row.damage_id for row in rows])} | {
        name: columns.plain([getattr(one, name) for one in found])
        for name in ("x_m", "y_m", "error_m", "major_m", "minor_m", "bearing_deg")
    }


def _told(run: MergeRun) -> AuditEvent:
    return event(
        "merge.run",
        actor=Actor("machine", "merge"),
        subject=Subject("merge", str(event_id())),
        data={
            "sightings": run.sightings,
            "quarantined": run.quarantined,
            "opened": run.opened,
            "strengthened": run.strengthened,
            "suppressed": run.suppressed,
        },
    )
