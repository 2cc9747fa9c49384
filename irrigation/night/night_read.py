"""What the nightly run reads: trees as arrays, waterings by day, what the sensors say."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, LiteralString

import numpy as np
import pandas as pd
import psycopg

from gis.postgis.queries import query
from irrigation.arrays import Numbers
from irrigation.balance.assimilate import OLDEST_DAYS
from irrigation.balance.water_balance import Plots
from irrigation.feeds import reading
from irrigation.feeds.sky import Sky
from irrigation.night.tree_states import Given

PLOT_COLUMNS = (
    "capacity_mm",
    "pit_m2",
    "catchment_m2",
    "interception_share",
    "demand_factor",
    "easy_share",
)

TREE_COLUMNS = (
    "tree_id",
    *PLOT_COLUMNS,
    "site_age_years",
    "girth_cm",
    "crown_m",
    "planted_year",
    "genus",
)


@dataclass(frozen=True, slots=True)
class Trees:
    """Standing trees, ordered by id."""

    tree_id: np.ndarray[Any, np.dtype[np.int64]]
    plots: Plots
    site_age_years: Numbers  # NaN: unknown
    girth_cm: Numbers
    crown_m: Numbers
    planted_year: Numbers
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
    table = _table(connection, "night_trees", TREE_COLUMNS)

    def numbers(name: str) -> Numbers:
        return table[name].to_numpy(np.float64)

    return Trees(
        tree_id=table["tree_id"].to_numpy(np.int64),
        plots=Plots(**{name: table[name].to_numpy(np.float32) for name in PLOT_COLUMNS}),
        site_age_years=numbers("site_age_years"),
        girth_cm=numbers("girth_cm"),
        crown_m=numbers("crown_m"),
        planted_year=numbers("planted_year"),
        genus=pd.factorize(table["genus"])[0].astype(np.int64),
    )


def places_m(connection: psycopg.Connection) -> Numbers:
    """Where the trees stand, `(n, 2)` in metres, in the same order; NaN without a position."""
    table = _table(connection, "night_places", ("x_m", "y_m"))
    places: Numbers = table[["x_m", "y_m"]].to_numpy(np.float64)
    return places


def _table(
    connection: psycopg.Connection, name: LiteralString, columns: tuple[str, ...]
) -> pd.DataFrame:
    """Read a query's lines of tab-separated text; a million trees are no million tuples."""
    lines = "\n".join(row[0] for row in connection.execute(query(name)).fetchall())
    return pd.read_csv(
        io.StringIO(lines),
        sep="\t",
        names=list(columns),
        dtype={"genus": object} if "genus" in columns else None,
        keep_default_na=False,
        na_values=[""],
        quoting=csv.QUOTE_NONE,
    )


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
