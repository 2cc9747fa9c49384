"""From an approved plan to what the worker solves: trees, crews where they stand, streets."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from api.plan_draft import read_rules
from gis.postgis.queries import query
from gis.watering_profile import Driving
from irrigation.tours.wire import Crew, DayRequest, Hydrant, Tree, Way

BASE_S, SECONDS_PER_STOP = 0.5, 0.15  # small plans need no long search


def day_begins(for_day: Any, driving: Driving, time_zone: str) -> tuple[datetime, int]:
    """Return midnight of the city's clock at the shift's begin, and the begin in seconds of day."""
    hour, minute = map(int, driving.begins.split(":"))
    begins = datetime.combine(for_day, time(hour, minute), ZoneInfo(time_zone))
    seconds = hour * 3600 + minute * 60
    return begins - timedelta(seconds=seconds), seconds


async def request_of(
    connection: AsyncConnection[Any], run: dict[str, Any], *, for_day: Any, most_s: float
) -> DayRequest:
    """Read everything a run needs; after a failure the crews begin where they stand."""
    _, city = await read_rules(connection)
    driving: Driving = city["profile"].driving
    values = {"plan_id": run["plan_id"]}
    trees = [_tree(row) for row in await _rows(connection, "tour_trees", values)]
    hydrants = [_hydrant(row) for row in await _rows(connection, "tour_refills", {})]
    ways = [_way(row, driving) for row in await _rows(connection, "tour_streets", {})]
    midnight, begins_s = day_begins(for_day, driving, city["time_zone"])
    crews = await _crews(connection, values, begins_s)
    if run["failed_tour_id"] is not None:
        crews = await _standing(connection, run, crews, midnight)
    return DayRequest(
        trees=trees,
        crews=crews,
        hydrants=hydrants,
        ways=ways,
        handling=city["profile"].handling,
        crow_factor=driving.crow_factor,
        crow_speed_kmh=driving.other_speed_kmh,
        break_s=round(driving.break_min * 60),
        limit_s=min(most_s, BASE_S + SECONDS_PER_STOP * len(trees)),
    )


async def _rows(
    connection: AsyncConnection[Any], name: str, values: dict[str, Any]
) -> list[dict[str, Any]]:
    cursor = connection.cursor(row_factory=dict_row)
    return await (await cursor.execute(query(name), values)).fetchall()


def _tree(row: dict[str, Any]) -> Tree:
    spot = None if row["x_m"] is None else (row["x_m"], row["y_m"])
    return Tree(
        tree_id=str(row["tree_id"]), spot=spot, litres=row["litres"], is_urgent=row["is_urgent"]
    )


def _hydrant(row: dict[str, Any]) -> Hydrant:
    return Hydrant(
        name=row["name"],
        spot=(row["x_m"], row["y_m"]),
        flow_l_min=row["flow_l_min"],
        setup_s=round(row["setup_min"] * 60),
    )


def _way(row: dict[str, Any], driving: Driving) -> Way:
    line = shapely.from_wkb(bytes(row["line"]))
    speed = driving.speed_kmh.get(row["road_class"], driving.other_speed_kmh)
    return Way(line=[(x, y) for x, y, *_ in line.coords], speed_kmh=speed)


async def _crews(
    connection: AsyncConnection[Any], values: dict[str, Any], begins_s: int
) -> list[Crew]:
    return [
        Crew(
            vehicle_id=row["vehicle_id"],
            tank_l=row["tank_l"],
            water_l=row["tank_l"],
            start=(row["x_m"], row["y_m"]),
            end=(row["x_m"], row["y_m"]),
            begins_s=begins_s,
            ends_s=begins_s + round(row["crew_hours_h"] * 3600),
        )
        for row in await _rows(connection, "tour_vehicles", values)
    ]


async def _standing(
    connection: AsyncConnection[Any],
    run: dict[str, Any],
    crews: list[Crew],
    midnight: datetime,
) -> list[Crew]:
    """Put the crews where they stand: at the last stop they reported, not before the failure.

    A crew that no tour had sent out starts from its depot, at the moment of the failure.
    """
    failed = await _rows(
        connection, "tour_list", {"plan_id": None, "tour_id": run["failed_tour_id"]}
    )
    stops = await _rows(connection, "tour_stand_stops", {"tour_id": run["failed_tour_id"]})
    behind = min(failed[0]["failed_after_seq"], len(stops) - 1)
    failed_s = round((stops[behind]["leaves_at"] - midnight).total_seconds())
    standing = {
        row["vehicle_id"]: row
        for row in await _rows(connection, "tour_standing", {"plan_id": run["plan_id"]})
    }
    placed = []
    for crew in crews:
        row = standing.get(crew.vehicle_id)
        stops = (
            await _rows(connection, "tour_stand_stops", {"tour_id": row["tour_id"]}) if row else []
        )
        placed.append(_placed(crew, row, stops, failed_s, midnight))
    return [crew for crew in placed if crew.ends_s > crew.begins_s]


def _placed(
    crew: Crew,
    row: dict[str, Any] | None,
    stops: list[dict[str, Any]],
    failed_s: int,
    midnight: datetime,
) -> Crew:
    """Move one crew to where it stands; its shift ends when it would have ended."""
    if row is None or row["seq"] == 0:
        start, water_l, begins_s = crew.start, crew.water_l, max(failed_s, crew.begins_s)
    else:
        water_l = row["begins_full_l"]
        for stop in stops[1 : row["seq"] + 1]:
            water_l += stop["litres"] if stop["kind"] == "refill" else -stop["litres"]
        last = stops[row["seq"]]
        start = (last["x_m"], last["y_m"])
        begins_s = max(failed_s, round((last["leaves_at"] - midnight).total_seconds()))
    return Crew(
        vehicle_id=crew.vehicle_id,
        tank_l=crew.tank_l,
        water_l=max(0, min(water_l, crew.tank_l)),
        start=start,
        end=crew.end,
        begins_s=begins_s,
        ends_s=crew.ends_s,
    )
