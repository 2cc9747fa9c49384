"""From the night's forecasts to a stored draft: candidates in, stops and omissions out."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from hashlib import sha256
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from api.problems import Problem
from gis.postgis.queries import query
from gis.watering_profile import watering_of
from irrigation.errors import IrrigationError
from irrigation.plan.litres import Missing, TreeFacts, need
from irrigation.plan.schedule import Candidate, Draft, DryBy, draft
from irrigation.plan.watering_rules import WateringRules, rules_of

METHODS = {  # by what decided for most trees
    "model": "Bodenmodell mit Wasserbilanz",
    "balance": "Wasserbilanz (Modell)",
    "rule": "Regel ohne Wetterdaten",
}
NO_NIGHT = "Regel, noch kein Nachtlauf"


async def read_rules(connection: AsyncConnection[Any]) -> tuple[WateringRules, dict[str, Any]]:
    """Read the city's watering rules and the row they came in."""
    cursor = connection.cursor(row_factory=dict_row)
    row = await (await cursor.execute(query("plan_profile"))).fetchone()
    if row is None:
        raise Problem(409, "no-city", "no city is loaded: run `stadtwart city load DIR`")
    profile = watering_of(row["profile"])
    try:
        return rules_of(profile), row | {"profile": profile}
    except IrrigationError as error:
        raise Problem(409, "watering-profile", str(error)) from error


async def candidates(
    connection: AsyncConnection[Any], rules: WateringRules, *, for_day: date
) -> list[Candidate]:
    """Read every tree the draft may hold."""
    cursor = connection.cursor(row_factory=dict_row)
    values = {"for_day": for_day, "act_below": rules.thresholds.act_below}
    rows = await (await cursor.execute(query("plan_trees"), values)).fetchall()
    return await asyncio.to_thread(lambda: [_candidate(row, rules, for_day) for row in rows])


def _candidate(row: dict[str, Any], rules: WateringRules, for_day: date) -> Candidate:
    facts = TreeFacts(row["girth_cm"], row["crown_m"], row["planted_year"], _missing(row))
    return Candidate(
        tree_id=str(row["tree_id"]),
        district_id=row["district_id"],
        rew_q50=None if row["method"] == "rule" else row["rew_q50"],
        dry_by=DryBy(row["dry_earliest"], row["dry_likely"], row["dry_latest"]),
        need=need(facts, on=for_day, rule=rules.litres),
        is_group=row["status"] == "group",
        last_watered_on=row["last_watered_on"],
        not_reached_on=row["not_reached_on"],
        awaits_inspection=row["awaits_inspection"],
        is_due_by_rule=row["method"] == "rule" and row["urgency"] == "act",
    )


def _missing(row: dict[str, Any]) -> Missing | None:
    """Litres that fill the pit on the morning of the plan's day."""
    if row["rew_q50"] is None or row["method"] == "rule":
        return None
    low, likely, high = (
        max(0.0, (1 - row[name]) * row["holds_l"]) for name in ("rew_q90", "rew_q50", "rew_q10")
    )
    return Missing(low, likely, high)


async def make_draft(
    connection: AsyncConnection[Any], wanted: dict[str, Any], *, asked_by: str
) -> tuple[int, Draft, str, bool]:
    """Draft and store a plan; return its id, the draft, its digest and whether it is simulated."""
    rules, city = await read_rules(connection)
    trees = await candidates(connection, rules, for_day=wanted["for_day"])
    proposed = await asyncio.to_thread(
        draft,
        trees,
        for_day=wanted["for_day"],
        thresholds=rules.thresholds,
        budget_l=wanted["budget_l"],
        hours_h=wanted["hours_h"],
    )
    cursor = connection.cursor(row_factory=dict_row)
    night = await (await cursor.execute(query("plan_night"))).fetchone()
    digest = digest_of(proposed)
    values = wanted | {
        "asked_by": asked_by,
        "night_run_id": night and night["run_id"],
        "model_sha256": night and night["model_sha256"],
        "method": _method(night),
        "digest": digest,
        "simulated": city["simulated"] or bool(night and night["simulated"]),
    }
    created = await (await cursor.execute(query("plan_create"), values)).fetchone() or {}
    plan_id = int(created["plan_id"])
    await cursor.executemany(query("plan_stop_add"), stop_rows(plan_id, proposed))
    await cursor.executemany(query("plan_left_out_add"), _left_out_rows(plan_id, proposed))
    return plan_id, proposed, digest, values["simulated"]


def _method(night: dict[str, Any] | None) -> str:
    if night is None:
        return NO_NIGHT
    counted: dict[str, int] = night["methods"]
    return METHODS[max(METHODS, key=lambda name: counted.get(name, 0))]


def digest_of(proposed: Draft) -> str:
    """Return the sha256 of what the machine proposed: trees in order with their litres."""
    lines = [[stop.tree.tree_id, stop.tree.need.litres] for stop in proposed.stops]
    return sha256(json.dumps(lines, separators=(",", ":")).encode()).hexdigest()


def stop_rows(plan_id: int, proposed: Draft) -> list[dict[str, Any]]:
    """Write the draft's trees as rows."""
    return [
        {
            "plan_id": plan_id,
            "tree_id": int(stop.tree.tree_id),
            "litres": stop.tree.need.litres,
            "litres_low": stop.tree.need.low_l,
            "litres_high": stop.tree.need.high_l,
            "machine_litres": stop.tree.need.litres,
            "litres_source_de": stop.tree.need.source_de,
            "litres_source_en": stop.tree.need.source_en,
            "urgency": stop.urgency.value,
            "rew_q50": stop.tree.rew_q50,
            "dry_earliest": stop.tree.dry_by.earliest,
            "dry_likely": stop.tree.dry_by.likely,
            "dry_latest": stop.tree.dry_by.latest,
            "reason_de": stop.reason.de,
            "reason_en": stop.reason.en,
            "rank": rank,
            "is_changed": False,
            "change_reason": None,
        }
        for rank, stop in enumerate(proposed.stops)
    ]


def _left_out_rows(plan_id: int, proposed: Draft) -> list[dict[str, Any]]:
    return [
        {
            "plan_id": plan_id,
            "tree_id": int(one.tree.tree_id),
            "urgency": one.urgency.value,
            "litres": one.tree.need.litres,
            "why": one.why.value,
            "reason_de": one.reason.de,
            "reason_en": one.reason.en,
        }
        for one in proposed.left_out
    ]
