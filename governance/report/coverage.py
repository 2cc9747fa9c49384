"""Coverage of the districts: what was looked at, how long ago, and what was found for each km.

What nobody looked at is unknown. It is never called sound, and no rate is said of it.
"""

from __future__ import annotations

from governance.report.model import Cell, Column, Figure, Section, Table
from governance.report.readings import Readings, Row, rounded

PLACELESS = "–"  # streets of no district
HARDLY = 0.2  # below a fifth of its streets nothing can be said of a district (our choice)
LEAST_RATE_M = 500.0  # with less road than this a rate would only be noise (our choice)


def coverage(readings: Readings) -> Section:
    """Set length, looks and finds of the districts side by side."""
    streets = [row for row in readings.rows("network") if row["district"] or row["network_m"] > 0]
    looks = {row["district_id"]: row for row in readings.rows("coverage")}
    is_known = any(row["driven_m"] + row["unassessed_m"] > 0 for row in looks.values())
    seen = looks if is_known else {}
    return Section(
        key="coverage",
        figures=_figures(readings, streets, seen),
        tables=[_shares(readings, streets, seen), *_looks(readings, streets, seen)],
        remarks=["remark.unknown_is_not_sound"]
        + (["remark.coverage_days", "remark.finds"] if is_known else ["remark.no_coverage"]),
    )


def _figures(readings: Readings, streets: list[Row], seen: dict[str | None, Row]) -> list[Figure]:
    network_m = sum(row["network_m"] for row in streets)
    covered_m = sum(_covered_m(row, seen) or 0.0 for row in streets)
    is_said = bool(seen) and network_m > 0
    figures = [
        Figure(
            key="coverage.network",
            value=rounded(network_m / 1000),
            unit="km",
            standing="counted",
            source=readings.source("network"),
            n=len(streets),
        ),
        Figure(
            key="coverage.share",
            value=rounded(covered_m / network_m) if is_said else None,
            unit="share",
            standing="counted" if is_said else "unknown",
            source=readings.source("coverage"),
        ),
    ]
    for key in ("driven", "unassessed", "never"):
        metres = sum(row[f"{key}_m"] for row in seen.values())
        figures.append(
            Figure(
                key=f"coverage.{key}",
                value=rounded(metres / 1000) if seen else None,
                unit="km",
                standing="counted" if seen else "unknown",
                source=readings.source("coverage"),
            )
        )
    return figures


def _shares(readings: Readings, streets: list[Row], seen: dict[str | None, Row]) -> Table:
    return Table(
        key="coverage.districts",
        source=readings.source("coverage"),
        columns=[
            Column(key="column.district", unit="text"),
            Column(key="column.network_km", unit="km"),
            Column(key="column.assessed_km", unit="km"),
            Column(key="column.assessed_share", unit="share"),
            Column(key="column.knowledge", unit="standing"),
        ],
        rows=[_share_row(row, seen) for row in streets],
    )


def _covered_m(row: Row, seen: dict[str | None, Row]) -> float | None:
    found = seen.get(row["district_id"])
    return None if found is None else min(float(found["covered_m"]), float(row["network_m"]))


def _share_row(row: Row, seen: dict[str | None, Row]) -> list[Cell]:
    covered_m, network_m = _covered_m(row, seen), float(row["network_m"])
    part = covered_m / network_m if covered_m is not None and network_m > 0 else None
    return [
        row["district"] or PLACELESS,
        rounded(network_m / 1000),
        None if covered_m is None else rounded(covered_m / 1000),
        None if part is None else rounded(part),
        "unknown" if part is None or part < HARDLY else "assessed",
    ]


def _looks(readings: Readings, streets: list[Row], seen: dict[str | None, Row]) -> list[Table]:
    """Return how the districts were driven, and why road could not be assessed."""
    if not seen:
        return []
    looks = Table(
        key="coverage.looks",
        source=readings.source("coverage"),
        columns=[
            Column(key="column.district", unit="text"),
            Column(key="column.driven_km", unit="km"),
            Column(key="column.unassessed_km", unit="km"),
            Column(key="column.since_days", unit="days"),
            Column(key="column.never_km", unit="km"),
            Column(key="column.finds", unit="count"),
            Column(key="column.finds_per_km", unit="score"),
        ],
        rows=[
            _look_row(row, seen[row["district_id"]])
            for row in streets
            if row["district_id"] in seen
        ],
    )
    causes = Table(
        key="coverage.causes",
        source=readings.source("coverage_causes"),
        columns=[Column(key="column.cause", unit="text"), Column(key="column.km", unit="km")],
        rows=[
            [row["cause"], rounded(row["driven_m"] / 1000)]
            for row in readings.rows("coverage_causes")
        ],
    )
    return [looks, causes] if causes.rows else [looks]


def _look_row(row: Row, look: Row) -> list[Cell]:
    is_enough = look["covered_m"] >= LEAST_RATE_M
    return [
        row["district"] or PLACELESS,
        rounded(look["driven_m"] / 1000),
        rounded(look["unassessed_m"] / 1000),
        None if look["median_days"] is None else rounded(look["median_days"]),
        rounded(look["never_m"] / 1000),
        look["damages"],
        rounded(look["damages"] / (look["covered_m"] / 1000)) if is_enough else None,
    ]
