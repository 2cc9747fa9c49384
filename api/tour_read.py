"""Read tours as the page, the phone and the files show them."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from api.plan_label import plan_label
from api.problems import Problem
from api.tour_shapes import Report, Tour, Tours, TourStop, Unserved
from gis.postgis.queries import query

STATES = {"waiting": "computing", "computing": "computing", "ready": "ready", "failed": "failed"}


async def tours_of(
    connection: AsyncConnection[Any], *, plan_id: int | None = None, tour_id: int | None = None
) -> list[Tour]:
    """Read a plan's tours, or one tour."""
    cursor = connection.cursor(row_factory=dict_row)
    await cursor.execute(query("tour_list"), {"plan_id": plan_id, "tour_id": tour_id})
    heads = await cursor.fetchall()
    await cursor.execute(query("tour_stops"), {"tour_ids": [one["tour_id"] for one in heads]})
    stops: dict[int, list[TourStop]] = defaultdict(list)
    for row in await cursor.fetchall():
        stops[row["tour_id"]].append(_stop(row))
    return [_tour(head, stops[head["tour_id"]]) for head in heads]


async def one_tour(connection: AsyncConnection[Any], tour_id: int) -> Tour:
    """Read one tour; raise Problem 404."""
    found = await tours_of(connection, tour_id=tour_id)
    if not found:
        raise no_such_tour(tour_id)
    return found[0]


async def plan_tours(connection: AsyncConnection[Any], plan_id: int) -> Tours:
    """Read how far a plan's tours are, and the tours."""
    cursor = connection.cursor(row_factory=dict_row)
    values = {"plan_id": plan_id}
    run = await (await cursor.execute(query("tour_run_newest"), values)).fetchone()
    if run is None:
        return Tours(state="none", progress=0, reason=None, tours=[], unserved=[])
    await cursor.execute(query("tour_unserved"), {"job_id": run["job_id"]})
    unserved = [
        Unserved(
            tree_id=str(row["tree_id"]),
            number=row["number"] or None,
            street=row["street"],
            reason_de=row["reason_de"],
            reason_en=row["reason_en"],
        )
        for row in await cursor.fetchall()
    ]
    return Tours.model_validate(
        {
            "state": STATES[run["state"]],
            "progress": run["progress"],
            "reason": run["reason"],
            "tours": await tours_of(connection, plan_id=plan_id),
            "unserved": unserved,
        }
    )


def no_such_tour(tour_id: int) -> Problem:
    """Say that there is no such tour."""
    return Problem(404, "no-tour", f"there is no tour {tour_id}")


def _tour(head: dict[str, Any], stops: list[TourStop]) -> Tour:
    same = (
        "vehicle_id", "vehicle", "tank_l", "for_day", "begins_at", "ends_at", "litres", "length_m",
        "driving_times", "solver", "state", "failed_reason",
    )  # fmt: skip
    label = plan_label(head | {"state": head["plan_state"]})
    return Tour(
        **{name: head[name] for name in same},
        tour_id=str(head["tour_id"]),
        plan_id=str(head["plan_id"]),
        duration_s=round((head["ends_at"] - head["begins_at"]).total_seconds()),
        stops=stops,
        line=json.loads(head["line"]),
        ai_label=label | {"made_at": head["tour_made_at"].isoformat()},
    )


def _stop(row: dict[str, Any]) -> TourStop:
    same = ("seq", "kind", "name", "litres", "part", "parts", "arrives_at", "leaves_at")
    more = ("break_min", "lon", "lat", "urgency")
    return TourStop(
        **{name: row[name] for name in (*same, *more)},
        tree_id=None if row["tree_id"] is None else str(row["tree_id"]),
        number=row["number"] or None,
        street=row["street"] or "",
        genus=row["genus"] or "",
        species_german=row["species_german"] or "",
        report=_report(row),
    )


def _report(row: dict[str, Any]) -> Report | None:
    if row["report_id"] is None:
        return None
    return Report(
        report_id=row["report_id"],
        outcome=row["outcome"],
        litres=row["litres_given"],
        at=row["reported_at"],
        note=row["note"],
    )
