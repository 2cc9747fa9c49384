"""The report's sections as a committee reads them; each takes readings, returns figures."""

from __future__ import annotations

from governance.report.model import Column, Figure, Section, Table
from governance.report.rates import median_interval, quantile
from governance.report.readings import Readings, absent, rounded, share, total

PLACELESS = "–"  # streets and damages of no district


def use(readings: Readings) -> Section:
    """What the system did: drives, frames, sightings, damages, pictures."""
    frames = readings.one("drives")
    return Section(
        key="use",
        figures=[
            readings.count("use.drives", "drives"),
            readings.count("use.vehicles", "drives"),
            readings.count("use.frames_seen", "drives"),
            share(
                "use.frames_assessed",
                int(frames.get("frames_assessed") or 0),
                int(frames.get("frames_seen") or 0),
                readings.source("drives"),
            ),
            readings.count("use.batches", "volumes"),
            readings.count("use.sightings", "volumes"),
            readings.count("use.simulated", "volumes"),
            readings.count("use.quarantined", "volumes"),
            readings.count("use.damages", "volumes"),
            readings.count("use.pictures", "volumes"),
            readings.count("use.pictures_withheld", "drives"),
            readings.count("use.pictures_opened", "volumes"),
        ],
        remarks=["remark.server_clock"],
    )


def decisions(readings: Readings) -> Section:
    """What people decided, where they disagreed with the machine and with each other."""
    row = readings.one("decisions")
    confirmed, dismissed, unsure = (
        int(row.get(name) or 0) for name in ("confirmed", "dismissed", "unsure")
    )
    source = readings.source("decisions")
    return Section(
        key="decisions",
        figures=[
            readings.count("decisions.given", "decisions"),
            readings.count("decisions.undone", "decisions"),
            readings.count("decisions.confirmed", "decisions"),
            readings.count("decisions.dismissed", "decisions"),
            readings.count("decisions.unsure", "decisions"),
            share("decisions.override", dismissed + unsure, confirmed + dismissed + unsure, source),
            _agreement(readings),
            _quick(readings),
            readings.count("decisions.orders_created", "orders", "created"),
            readings.count("decisions.orders_completed", "orders", "completed"),
            readings.count("decisions.orders_cancelled", "orders", "cancelled"),
        ],
        remarks=["remark.override", "remark.no_person"],
    )


def _agreement(readings: Readings) -> Figure:
    source = readings.source("review")
    if not readings.uses("review"):
        return absent("decisions.agreement", "share", source)
    row = readings.one("review")
    return share(
        "decisions.agreement", int(row.get("agreed") or 0), int(row.get("answered") or 0), source
    )


def _quick(readings: Readings) -> Figure:
    source = readings.source("quick")
    if not readings.uses("quick"):
        return absent("decisions.quick", "share", source)
    row = readings.one("quick")
    approvals = int(row.get("approvals") or 0)
    quick = min(int(row.get("quick") or 0), approvals)  # one approval may carry two notes
    return share("decisions.quick", quick, approvals, source)


def waiting(readings: Readings) -> Section:
    """How long a damage waits for a person, by district, and who still waits."""
    rows = readings.rows("waits")
    source = readings.source("waits")
    days = sorted(one for row in rows for one in row["days"])
    columns: list[Column] = [
        Column(key="column.district", unit="text"),
        Column(key="column.decided", unit="count"),
        Column(key="column.median_days", unit="days"),
        Column(key="column.p90_days", unit="days"),
        Column(key="column.waiting", unit="count"),
        Column(key="column.oldest_days", unit="days"),
    ]
    return Section(
        key="waiting",
        figures=[
            days_figure("waiting.median", days, 0.5, source),
            days_figure("waiting.p90", days, 0.9, source),
            Figure(
                key="waiting.still",
                value=total(rows, "waiting"),
                unit="count",
                standing="counted",
                source=source,
            ),
        ],
        tables=[
            Table(
                key="waiting.districts",
                source=source,
                columns=columns,
                rows=[
                    [
                        row["district"] or PLACELESS,
                        len(row["days"]),
                        rounded(quantile(row["days"], 0.5)) if row["days"] else None,
                        rounded(quantile(row["days"], 0.9)) if row["days"] else None,
                        row["waiting"],
                        None if row["oldest_days"] is None else rounded(row["oldest_days"]),
                    ]
                    for row in rows
                ],
            )
        ],
        remarks=["remark.waiting"],
    )


def days_figure(key: str, days: list[float], at: float, source: str) -> Figure:
    """Return a quantile of days; the median with its interval."""
    if not days:
        return Figure(key=key, value=None, unit="days", standing="no cases", source=source, n=0)
    interval = median_interval(days) if at == 0.5 else None
    return Figure(
        key=key,
        value=rounded(quantile(days, at)),
        unit="days",
        standing="counted",
        source=source,
        n=len(days),
        low=None if interval is None else rounded(interval[0]),
        high=None if interval is None else rounded(interval[1]),
    )


def dialogue(readings: Readings) -> Section:
    """What citizens and the panel said, and what went wrong."""
    return Section(
        key="dialogue",
        figures=[
            readings.count("dialogue.objections", "objections", "received"),
            readings.count("dialogue.objections_answered", "objections", "answered"),
            readings.count("dialogue.objections_upheld", "objections", "upheld"),
            readings.count("dialogue.objections_overdue", "objections", "overdue"),
            readings.count("dialogue.findings", "findings", "filed"),
            readings.count("dialogue.findings_answered", "findings", "answered"),
            readings.count("dialogue.findings_overdue", "findings", "overdue"),
            readings.count("dialogue.incidents", "incidents", "reported"),
            readings.count("dialogue.stops", "incidents", "stops"),
            readings.count("dialogue.incidents_closed", "incidents", "closed"),
        ],
    )


def watering(readings: Readings) -> Section:
    """Trees watered and litres given, by district."""
    districts = readings.rows("watering_districts")
    tables = [
        Table(
            key="watering.districts",
            source=readings.source("watering_districts"),
            columns=[
                Column(key="column.district", unit="text"),
                Column(key="column.trees", unit="count"),
                Column(key="column.waterings", unit="count"),
                Column(key="column.litres", unit="litres"),
            ],
            rows=[
                [
                    row["district"] or PLACELESS,
                    row["trees"],
                    row["waterings"],
                    rounded(row["litres"]),
                ]
                for row in districts
            ],
        )
    ]
    return Section(
        key="watering",
        figures=[
            readings.count("watering.waterings", "watering"),
            readings.count("watering.litres", "watering", unit="litres"),
            readings.count("watering.trees", "watering"),
            readings.count("watering.not_reachable", "watering"),
            readings.count("watering.dead", "watering"),
            readings.count("watering.nights", "nights", "runs"),
            readings.count("watering.plans_approved", "plans", "approved"),
            readings.count("watering.plans_rejected", "plans", "rejected"),
            readings.count("watering.stops_changed", "plans", "changed"),
        ],
        tables=tables if districts else [],
    )
