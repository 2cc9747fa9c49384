"""Trees for the parks team: the list of the morning, one tree with its curve, what N litres do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from psycopg import AsyncCursor
from psycopg.rows import dict_row

from api.fields import LARGEST_ID, Shown
from api.problems import Problem, answers
from api.service import TheService
from api.tree_curve import Day, Inputs, curve_of, inputs_of, what_if_of, why_of
from api.water_label import Label, water_label
from api.who import Allow, Caller
from gis.postgis.queries import query

router = APIRouter(tags=["trees"])
Reader = Annotated[Caller, Depends(Allow("parks", "auditor"))]
TreeId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Urgency = Literal["urgent", "act", "good", "unknown"]
Status = Literal["standing", "felled", "group", "unknown"]


class Share(Shown):
    """Relative extractable water this morning: 1 field capacity, 0 wilting point."""

    q10: float
    q50: float
    q90: float


class DryBy(Shown):
    """When the tree falls below the threshold; null: not within the outlook."""

    earliest: date | None
    likely: date | None
    latest: date | None


class Tree(Shown):
    """A tree in the list."""

    tree_id: str
    number: str | None
    genus: str
    species: str
    common_name_de: str | None
    planted_year: int | None
    age_source: str | None
    girth_cm: float | None
    crown_m: float | None
    height_m: float | None
    district_id: str | None
    district: str | None
    street: str
    longitude_deg: float | None
    latitude_deg: float | None
    status: Status
    flags: list[str]
    rew: Share | None
    dry_by: DryBy | None
    urgency: Urgency
    litres_needed: int | None
    litres_interval: tuple[int, int] | None
    method: Literal["model", "balance", "rule"] | None
    has_sensor: bool
    pit_m2: float | None
    pit_is_default: bool | None
    last_watered_at: datetime | None
    ai_label: Label | None


class Trees(Shown):
    """One page of trees; `total` counts all that the filters leave."""

    total: int
    items: list[Tree]


class Why(Shown):
    """Reasons in both languages, the same number in the same order."""

    de: list[str]
    en: list[str]


class WateringOfTree(Shown):
    """Water that was given, or why not."""

    watering_id: UUID
    at: datetime
    litres: float | None
    by_kind: Literal["crew", "citizen"]
    outcome: Literal["watered", "not reachable", "dead"]
    flags: list[str]


class ReadingOfTree(Shown):
    """What a sensor at the tree said; flagged ones are not believed."""

    at: datetime
    depth_cm: float
    tension_kpa: float | None
    moisture_vol: float | None
    flags: list[str]


class Thresholds(Shown):
    """Below which share of water a tree is to be watered, and below which at once."""

    act: float
    urgent: float


class TreeInFull(Tree):
    """A tree with its curve, its reasons and its history; `thresholds` are those of the run."""

    thresholds: Thresholds | None
    curve: list[Day]
    why: Why
    waterings: list[WateringOfTree]
    readings: list[ReadingOfTree]
    inputs: Inputs | None


class WhatIfDay(Shown):
    """The end of one coming day."""

    day: date
    rew_without: float
    rew_with: float


class WhatIf(Shown):
    """What a watering today would change, by the balance."""

    litres: float
    days: list[WhatIfDay]
    dry_by_without: date | None
    dry_by_with: date | None
    drained_litres: float
    ai_label: Label


class Filters(Shown):
    """Which trees, in which order."""

    urgency: Urgency | None = None
    district_id: Annotated[str | None, Query(max_length=100)] = None
    genus: Annotated[str | None, Query(max_length=100)] = None
    q: Annotated[str | None, Query(min_length=1, max_length=100)] = None
    status: Status | None = None
    order: Literal["urgency", "number"] = "urgency"
    limit: Annotated[int, Query(ge=1, le=500)] = 100
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0


@router.get("/trees", responses=answers(401, 403, 422, 503))
async def list_trees(
    filters: Annotated[Filters, Query()], service: TheService, _caller: Reader
) -> Trees:
    """List trees, the most urgent first or by number."""
    values = filters.model_dump()
    if values["status"] == "unknown":
        values["status"] = "gap"
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("tree_list"), values)
        rows = await cursor.fetchall()
        run = await newest_run(cursor)
    total = rows[0]["total"] if rows else 0
    return Trees(total=total, items=[Tree(**shown(row, run)) for row in rows])


@router.get("/trees/{tree_id}", responses=answers(401, 403, 404, 422, 503))
async def one_tree(tree_id: TreeId, service: TheService, _caller: Reader) -> TreeInFull:
    """Tell everything about one tree."""
    values = {"tree_id": tree_id}
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        row = await _tree(cursor, tree_id)
        run = await newest_run(cursor)
        await cursor.execute(query("tree_curve"), values)
        told = await cursor.fetchone()
        await cursor.execute(query("tree_waterings"), values)
        waterings = await cursor.fetchall()
        await cursor.execute(query("tree_readings"), values)
        readings = await cursor.fetchall()
    german, english = why_of(row, told)
    return TreeInFull(
        **shown(row, run),
        thresholds=thresholds_of(run),
        curve=curve_of(told, waterings),
        why=Why(de=german, en=english),
        waterings=[WateringOfTree(**one) for one in waterings],
        readings=[ReadingOfTree(**one) for one in readings],
        inputs=inputs_of(row),
    )


@router.get("/trees/{tree_id}/what-if", responses=answers(401, 403, 404, 409, 422, 503))
async def what_if(
    tree_id: TreeId,
    litres: Annotated[float, Query(ge=0, le=2000)],
    service: TheService,
    _caller: Reader,
) -> WhatIf:
    """Compare the coming days with and without so many litres today, by the water balance."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        row = await _tree(cursor, tree_id)
        run = await newest_run(cursor)
        await cursor.execute(query("tree_curve"), {"tree_id": tree_id})
        told = await cursor.fetchone()
    if run is None or told is None or row["depletion_mm"] is None:
        raise Problem(409, "no-balance", f"tree {tree_id} has no water balance today: see method")
    found = what_if_of(row, told, litres=litres)
    return WhatIf(litres=litres, **found, ai_label=water_label(run, "balance"))


async def newest_run(cursor: AsyncCursor[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the newest nightly run; None before the first."""
    await cursor.execute(query("night_newest"))
    return await cursor.fetchone()


def thresholds_of(run: dict[str, Any] | None) -> Thresholds | None:
    """Read the thresholds that a run used; None before the first run."""
    if run is None:
        return None
    used = run["thresholds"]
    return Thresholds(act=used["act_below"], urgent=used["urgent_below"])


async def _tree(cursor: AsyncCursor[dict[str, Any]], tree_id: int) -> dict[str, Any]:
    await cursor.execute(query("tree_one"), {"tree_id": tree_id})
    row = await cursor.fetchone()
    if row is None:
        raise Problem(404, "no-tree", f"there is no tree {tree_id}")
    return row


def shown(row: dict[str, Any], run: dict[str, Any] | None) -> dict[str, Any]:
    """Turn a row of tree_today into the fields of a tree."""
    fields = {name: row[name] for name in Tree.model_fields if name in row}
    is_told = row["method"] is not None and run is not None
    status = {"gap": "unknown", "gone": "unknown"}.get(row["status"], row["status"])
    dry = {name: row[f"dry_{name}"] for name in ("earliest", "likely", "latest")}
    has_rew = row["rew_q50"] is not None
    return fields | {
        "tree_id": str(row["tree_id"]),
        "number": row["number"] or None,
        "common_name_de": row["species_german"] or None,
        "status": status,
        "rew": {name: row[f"rew_{name}"] for name in ("q10", "q50", "q90")} if has_rew else None,
        "dry_by": dry if has_rew else None,
        "litres_interval": None
        if row["litres_low"] is None
        else (row["litres_low"], row["litres_high"]),
        "ai_label": water_label(run, row["method"]) if is_told and run is not None else None,
    }
