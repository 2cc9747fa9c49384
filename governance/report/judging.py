"""How often masking missed something that a second detector saw and a person confirmed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from governance.report.model import Column, Figure, Section, Table
from governance.report.rates import wilson
from governance.report.readings import Readings, absent

COUNTS = ("drawn", "judged", "not_readable", "alarms", "open", "false_alarms", "confirmed")
COUNTED = ("drawn", "judged", "alarms", "open", "confirmed")


class MissRate(TypedDict):
    """Counts and rate of one masking model; the rate is None where nothing was judged."""

    mask_model_sha256: str
    drawn: int
    judged: int
    not_readable: int
    alarms: int
    open: int
    false_alarms: int
    confirmed: int
    rate: float | None
    low: float | None
    high: float | None


def masking(readings: Readings) -> Section:
    """Say what a second look at uploaded pictures found; without one the rate is unknown."""
    source = readings.source("judging")
    if not readings.uses("judging"):
        return Section(key="masking", figures=[absent("masking.miss_rate", "share", source)])
    rows = [miss_rate(row) for row in readings.rows("judging")]
    summed = {name: sum(int(row[name]) for row in readings.rows("judging")) for name in COUNTS}
    return Section(
        key="masking",
        figures=[
            *(_count(name, summed[name], source) for name in COUNTED),
            _rate(miss_rate({"mask_model_sha256": "", **summed}), source),
        ],
        tables=[_by_model(rows, source)] if rows else [],
        remarks=["remark.masking"],
    )


def _count(name: str, value: int, source: str) -> Figure:
    return Figure(
        key=f"masking.{name}", value=value, unit="count", standing="counted", source=source
    )


def _rate(all_models: MissRate, source: str) -> Figure:
    if all_models["rate"] is None:
        return absent("masking.miss_rate", "share", source, is_unknown=True)
    return Figure(
        key="masking.miss_rate",
        value=all_models["rate"],
        unit="share",
        standing="counted",
        source=source,
        n=all_models["judged"],
        low=all_models["low"],
        high=all_models["high"],
    )


def _by_model(rows: list[MissRate], source: str) -> Table:
    return Table(
        key="masking.models",
        source=source,
        columns=[
            Column(key="column.sha256", unit="text"),
            Column(key="column.looked_at", unit="count"),
            Column(key="column.alarms", unit="count"),
            Column(key="column.open", unit="count"),
            Column(key="column.missed", unit="count"),
            Column(key="column.miss_rate", unit="share"),
            Column(key="column.low", unit="share"),
            Column(key="column.high", unit="share"),
        ],
        rows=[
            [
                row["mask_model_sha256"],
                row["judged"],
                row["alarms"],
                row["open"],
                row["confirmed"],
                row["rate"],
                row["low"],
                row["high"],
            ]
            for row in rows
        ],
    )


def miss_rate(row: Mapping[str, Any]) -> MissRate:
    """Return the share of judged pictures in which a person confirmed a miss, with its interval.

    95 %, Wilson. An alarm that nobody has answered may be a miss: the upper end counts it as one.
    """
    counts = {name: int(row[name]) for name in COUNTS}
    judged, confirmed = counts["judged"], counts["confirmed"]
    rate: tuple[float | None, float | None, float | None] = (None, None, None)
    if judged:
        rate = (
            round(confirmed / judged, 6),
            round(wilson(confirmed, judged)[0], 6),
            round(wilson(confirmed + counts["open"], judged)[1], 6),
        )
    return MissRate(
        mask_model_sha256=row["mask_model_sha256"],
        drawn=counts["drawn"],
        judged=judged,
        not_readable=counts["not_readable"],
        alarms=counts["alarms"],
        open=counts["open"],
        false_alarms=counts["false_alarms"],
        confirmed=confirmed,
        rate=rate[0],
        low=rate[1],
        high=rate[2],
    )
