"""Read plans as the page shows them: trees, omissions, fairness by district."""

from __future__ import annotations

from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from api.plan_draft import read_rules
from api.plan_label import plan_label
from api.problems import Problem
from api.watering_shapes import DryBy, Fairness, LeftOut, Plan, PlanHead, PlanStop, Rules
from gis.postgis.queries import query
from irrigation.plan.schedule import estimated_hours


def no_such_plan(plan_id: int) -> Problem:
    """Say that there is no such plan."""
    return Problem(404, "no-plan", f"there is no plan {plan_id}")


async def plan_row(connection: AsyncConnection[Any], plan_id: int) -> dict[str, Any]:
    """Read one row of plan_list; raise Problem 404."""
    cursor = connection.cursor(row_factory=dict_row)
    row = await (await cursor.execute(query("plan_list"), {"plan_id": plan_id})).fetchone()
    if row is None:
        raise no_such_plan(plan_id)
    return row


def head_of(row: dict[str, Any]) -> dict[str, Any]:
    """Turn a row of plan_list into the fields of a PlanHead."""
    same = (
        "version", "for_day", "state", "made_at", "budget_l", "hours_h", "vehicle_ids", "trees",
        "litres_total", "decided_at", "decision_reason",
    )  # fmt: skip
    return {name: row[name] for name in same} | {
        "plan_id": str(row["plan_id"]),
        "litres_interval": (row["litres_low"], row["litres_high"]),
        "ai_label": plan_label(row),
    }


async def all_plans(connection: AsyncConnection[Any]) -> list[PlanHead]:
    """Read the newest plans."""
    cursor = connection.cursor(row_factory=dict_row)
    await cursor.execute(query("plan_list"), {"plan_id": None})
    return [PlanHead(**head_of(row)) for row in await cursor.fetchall()]


async def one_plan(connection: AsyncConnection[Any], plan_id: int) -> Plan:
    """Read a plan whole; raise Problem 404."""
    head = head_of(await plan_row(connection, plan_id))
    cursor = connection.cursor(row_factory=dict_row)
    values = {"plan_id": plan_id}
    stops = [
        _stop(row) for row in await (await cursor.execute(query("plan_stops"), values)).fetchall()
    ]
    await cursor.execute(query("plan_left_out"), values)
    left_out = [_left_out(row) for row in await cursor.fetchall()]
    await cursor.execute(query("plan_fairness"), values)
    fairness = [_fairness(row) for row in await cursor.fetchall()]
    rules, city = await read_rules(connection)
    planned = [stop.litres for stop in stops if stop.included]
    return Plan(
        **head,
        stops=stops,
        left_out=left_out,
        fairness=fairness,
        rules=Rules(
            act_below=rules.thresholds.act_below,
            urgent_below=rules.thresholds.urgent_below,
            source=city["profile"].source,
            estimated_hours_h=round(estimated_hours(planned, rules.thresholds), 1),
        ),
    )


def _stop(row: dict[str, Any]) -> PlanStop:
    same = (
        "street", "district", "genus", "litres", "litres_source_de", "litres_source_en", "urgency",
        "reason_de", "reason_en", "change_reason", "longitude_deg", "latitude_deg",
    )  # fmt: skip
    return PlanStop(
        **{name: row[name] for name in same},
        tree_id=str(row["tree_id"]),
        number=row["number"] or None,
        litres_interval=(row["litres_low"], row["litres_high"]),
        needed_by=DryBy(
            earliest=row["dry_earliest"], likely=row["dry_likely"], latest=row["dry_latest"]
        ),
        included=row["is_included"],
        changed_by_person=row["is_changed"],
    )


def _left_out(row: dict[str, Any]) -> LeftOut:
    same = ("street", "urgency", "litres", "reason_de", "reason_en")
    return LeftOut(
        **{name: row[name] for name in same},
        tree_id=str(row["tree_id"]),
        number=row["number"] or None,
    )


def _fairness(row: dict[str, Any]) -> Fairness:
    share = row["planned_l"] / row["need_l"] if row["need_l"] else None
    return Fairness(**row, share=share)
