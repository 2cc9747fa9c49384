"""Reports in the database: read what exists in one snapshot, keep what was made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event
from governance.report.build import Interval
from governance.report.model import Report, body_of, digest_of
from governance.report.readings import Readings, Row

_EDGES = "(timestamptz,timestamptz)"
SOURCES: dict[str, tuple[str, ...]] = {  # query report_<name>.sql: tables and functions it needs
    "volumes": (),
    "drives": (),
    "models": (),
    "decisions": (),
    "errors": (),
    "orders": (),
    "waits": (),
    "network": (),
    "coverage": ("segment_coverage",),
    "coverage_causes": ("segment_coverage",),
    "events": (),
    "checkpoint": (),
    "review": (f"review_figures{_EDGES}",),
    "quick": (f"quick_approvals{_EDGES}",),
    "findings": (f"finding_figures{_EDGES}",),
    "objections": (f"objection_figures{_EDGES}",),
    "judging": (f"judging_figures{_EDGES}",),
    "incidents": (f"incident_figures{_EDGES}",),
    "watering": ("waterings",),
    "watering_districts": ("waterings", "trees"),
    "nights": ("night_runs",),
    "plans": ("plan_decision",),
}


async def city_of(connection: AsyncConnection[Any]) -> dict[str, Any] | None:
    """Return name, time zone and profile of the loaded city; None where none is loaded."""
    cursor = connection.cursor(row_factory=dict_row)
    return await (await cursor.execute(query("report_city"))).fetchone()


async def read_everything(
    connection: AsyncConnection[Any], interval: Interval, now: datetime
) -> Readings:
    """Read all sources that exist here; the caller's transaction makes them one snapshot."""
    cursor = connection.cursor(row_factory=dict_row)
    needs = sorted({need for some in SOURCES.values() for need in some})
    await cursor.execute(query("report_present"), {"needs": needs})
    present = {row["need"] for row in await cursor.fetchall()}
    begins, ends = interval.edges()
    values = {"from_at": begins, "upto_at": ends, "as_of": min(ends, now)}
    found: dict[str, list[Row]] = {}
    for name, needed in SOURCES.items():
        if present.issuperset(needed):
            await cursor.execute(query(f"report_{name}"), values)
            found[name] = list(await cursor.fetchall())
    return Readings(found)


async def keep(connection: AsyncConnection[Any], report: Report, actor: Actor) -> int:
    """Store the report and its event; the caller's transaction holds both."""
    body = body_of(report)
    sha256 = digest_of(body)
    values = {
        "from_day": report.from_day,
        "until_day": report.until_day,
        "made_at": report.made_at,
        "made_by": actor.ref,
        "sha256": sha256,
        "body": body,
    }
    row = await (await connection.execute(query("report_store"), values)).fetchone()
    if row is None:
        raise RuntimeError("INSERT … RETURNING gave no row")
    made = event(
        "report.created",
        actor=actor,
        subject=Subject("report", str(row[0])),
        data={
            "sha256": sha256,
            "from_day": report.from_day.isoformat(),
            "until_day": report.until_day.isoformat(),
        },
    )
    await outbox.record(connection, made)
    return int(row[0])
