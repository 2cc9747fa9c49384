"""Making one report inside a transaction; shared by service and command."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection

from api.fields import Sha256, Shown
from api.problems import Problem
from api.report_context import context_of
from gis.postgis.reports import city_of, keep, read_everything
from governance.audit_event import Actor
from governance.report.build import Interval, build
from governance.report.model import body_of, digest_of


class Kept(Shown):
    """A report in the list; its digest stands in the audit log."""

    report_id: int
    from_day: date
    until_day: date
    made_at: datetime
    made_by: str
    sha256: Sha256


async def make_in(
    connection: AsyncConnection[Any], from_day: date, until_day: date, actor: Actor
) -> tuple[Kept, bytes]:
    """Read one snapshot, keep report and event; the transaction must have just begun.

    Raises Problem where no city is loaded, or the interval is none.
    """
    now = datetime.now(UTC)
    await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    city = await city_of(connection)
    if city is None:
        raise Problem(409, "no-city", "no city is loaded: stadtwart city load DIR")
    today = now.astimezone(ZoneInfo(city["time_zone"])).date()
    if from_day > today:
        detail = f"from_day {from_day} lies in the future: today is {today} in the city"
        raise Problem(422, "invalid", detail)
    if until_day < from_day:
        raise Problem(422, "invalid", f"until_day {until_day} lies before from_day {from_day}")
    interval = Interval(from_day, until_day, city["time_zone"])
    readings = await read_everything(connection, interval, now)
    report = build(interval, readings, context_of(city, readings, interval, now))
    report_id = await keep(connection, report, actor)
    body = body_of(report)
    kept = Kept(
        report_id=report_id,
        from_day=from_day,
        until_day=until_day,
        made_at=report.made_at,
        made_by=actor.ref,
        sha256=digest_of(body),
    )
    return kept, body
