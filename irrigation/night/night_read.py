"""What the nightly run reads: trees as arrays, waterings by day, what the sensors say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd
import psycopg
from pyproj import Transformer

from gis.postgis.queries import query
from irrigation.arrays import Numbers
from irrigation.balance.assimilate import OLDEST_DAYS
from irrigation.balance.water_balance import Plots
from irrigation.feeds import reading
from irrigation.feeds.sky import Sky
from irrigation.night.tree_rows import column
from irrigation.night.tree_states import Given

PLOT_COLUMNS = (
    "capacity_mm",
    "pit_m2",
    "catchment_m2",
    "interception_share",
    "demand_factor",
    "easy_share",
)

TREE_COLUMNS = {  # in the order of night_trees.sql
    "tree_id": ">i8",
    **dict.fromkeys(PLOT_COLUMNS, ">f4"),
    "site_age_years": ">f4",
    "girth_cm": ">f4",
    "crown_m": ">f4",
    "planted_year": ">f4",
    "longitude_deg": ">f8",
    "latitude_deg": ">f8",
}


@dataclass(frozen=True, slots=True)
class Trees:
    """Standing trees, ordered by id."""

    tree_id: np.ndarray[Any, np.dtype[np.int64]]
    plots: Plots
    site_age_years: Numbers  # NaN: unknown
    girth_cm: Numbers
    crown_m: Numbers
    planted_year: Numbers
    place_deg: Numbers  # (n, 2) longitude, latitude; NaN without a position
    genus: np.ndarray[Any, np.dtype[np.int64]]  # a number for each

    def __len__(self) -> int:
        return len(self.tree_id)

    def places(self, tree_ids: list[int]) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Where in the list the trees stand; -1 for one that is not there."""
        wanted = np.asarray(tree_ids, np.int64)
        if not len(self.tree_id):
            return np.full(len(wanted), -1, np.int64)
        at = np.minimum(np.searchsorted(self.tree_id, wanted), len(self.tree_id) - 1)
        return np.where(self.tree_id[at] == wanted, at, -1)


def trees(connection: psycopg.Connection) -> Trees:
    """Read every standing tree."""
    with connection.cursor(binary=True) as cursor:
        answers = list(zip(*cursor.execute(query("night_trees")).fetchall(), strict=True))
    *arrays, genera = answers or [()] * (len(TREE_COLUMNS) + 1)
    table = {
        name: column(parts, kind)
        for parts, (name, kind) in zip(arrays, TREE_COLUMNS.items(), strict=True)
    }
    genus = "\n".join(text.decode() for text in genera).split("\n") if genera else []
    order = np.argsort(table["tree_id"], kind="stable")

    def numbers(name: str) -> Numbers:
        return table[name][order].astype(np.float64)

    return Trees(
        tree_id=table["tree_id"][order],
        plots=Plots(**{name: table[name][order] for name in PLOT_COLUMNS}),
        site_age_years=numbers("site_age_years"),
        girth_cm=numbers("girth_cm"),
        crown_m=numbers("crown_m"),
        planted_year=numbers("planted_year"),
        place_deg=np.column_stack([numbers("longitude_deg"), numbers("latitude_deg")]),
        genus=pd.factorize(np.array(genus, object))[0].astype(np.int64)[order],
    )


def places_m(connection: psycopg.Connection, found: Trees) -> Numbers:
    """Where the trees stand, `(n, 2)` in the city's metres; NaN without a position."""
    row = connection.execute(query("metric_srid")).fetchone()
    if row is None:
        return np.full((len(found), 2), np.nan)
    metres = Transformer.from_crs(4326, row[0], always_xy=True).transform(*found.place_deg.T)
    places: Numbers = np.column_stack(metres)
    places[~np.isfinite(places)] = np.nan  # PROJ answers inf where there is no position
    return places


def given(connection: psycopg.Connection, found: Trees, sky: Sky) -> Given:
    """Read who was watered on which of the past days."""
    span = {"first": sky.days[0], "for_day": sky.for_day}
    rows = connection.execute(query("night_waterings"), span).fetchall()
    at = found.places([row[0] for row in rows])
    known = at >= 0  # a felled tree needs no account
    day = np.array([(row[1] - sky.days[0]).days for row in rows], dtype=np.int64)
    litres = np.array([row[2] for row in rows], dtype=np.float32)
    return Given(at[known], day[known], litres[known])


@dataclass(frozen=True, slots=True)
class Said:
    """What the sensors of one tree say of the end of one day (REW, their mean)."""

    tree_id: int
    day: date
    rew: float


def said(connection: psycopg.Connection, *, until: date, days: int = OLDEST_DAYS) -> list[Said]:
    """Read the sensors: what each tree's say of the end of each day up to `until`.

    A reading before noon speaks for the end of the day before. Suction, and moisture where the
    soil's marks are known; other readings are kept in the database and not used.
    """
    last = datetime.combine(until + timedelta(days=1), time(12), UTC)
    span = {"first": last - timedelta(days=days + 1), "before": last}
    found: dict[tuple[int, date], list[float]] = defaultdict(list)
    for tree_id, read_at, tension, moisture, wilting, capacity in connection.execute(
        query("night_readings"), span
    ).fetchall():
        if tension is not None:
            rew: float | None = reading.rew_of_tension(tension)
        else:
            rew = reading.rew_of_moisture(moisture, wilting_vol=wilting, capacity_vol=capacity)
        if rew is not None:
            found[tree_id, (read_at - timedelta(hours=12)).date()].append(rew)
    return [Said(tree_id, day, float(np.mean(values))) for (tree_id, day), values in found.items()]


def days_since_watered(connection: psycopg.Connection, found: Trees, for_day: date) -> Numbers:
    """Days since each tree's last watering; infinite where nobody knows of one."""
    since = np.full(len(found), np.inf)
    rows = connection.execute(query("night_last_watered"), {"for_day": for_day}).fetchall()
    at = found.places([row[0] for row in rows])
    for place, row in zip(at, rows, strict=True):
        if place >= 0:
            since[place] = (for_day - row[1]).days
    return since
