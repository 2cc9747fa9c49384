"""Keep a night's forecasts: one row for each state, one for each tree, and a digest of it all.

The digest is the SHA-256 over the prediction table as whole numbers: q10, q50 and q90 of each state
in ten-thousandths (-1: none), then tree ids, their states, their litres. `digest_of` reads it back
from the database, so an auditor can recompute what the log says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np
import psycopg

from gis.postgis import columns
from gis.postgis.queries import query
from irrigation.arrays import Singles
from irrigation.model import explain
from irrigation.night.outcome import Outcome, dates
from irrigation.night.tree_forecast import Forecast
from irrigation.night.tree_rows import tree_rows
from irrigation.night.tree_states import States

SHOWN_PAST_DAYS = 14
SCALE = 10_000
Integers = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Night:
    """What one run found, ready to be kept."""

    for_day: date
    tree_id: Integers
    states: States
    forecast: Forecast | None  # None: the rule decided
    outcome: Outcome

    @property
    def digest(self) -> str:
        """The SHA-256 of the prediction table."""
        found = self.forecast
        curves = [] if found is None else [found.q10, found.q50, found.q90]
        return _digest(
            [np.rint(_rounded(one) * SCALE).astype(np.int32).T for one in curves],
            self.tree_id,
            self.states.of_tree,
            self.outcome.litres[0],
        )


def write(connection: psycopg.Connection, night: Night, run_id: int) -> None:
    """Copy the states and the trees of a run."""
    with connection.cursor() as cursor:
        with cursor.copy(query("forecast_copy")) as copy:
            for row in _state_rows(night, run_id):
                copy.write_row(row)
        with cursor.copy(query("forecast_trees_copy")) as copy:
            trees = (night.tree_id, night.states.of_tree, night.outcome.litres)
            for part in tree_rows(night.for_day, run_id, *trees):
                copy.write(part)


def digest_of(connection: psycopg.Connection, run_id: int) -> str:
    """Recompute the digest of a run from what the archive holds."""
    values = {"run_id": run_id}
    states = connection.execute(query("digest_states"), values).fetchall()
    trees = connection.execute(query("digest_trees"), values).fetchall()
    curves = [
        np.rint(np.array([row[place] for row in states], np.float64) * SCALE).astype(np.int32)
        for place in range(3)
        if states and states[0][place]
    ]
    table = np.array(
        [(row[0], row[1], -1 if row[2] is None else row[2]) for row in trees], np.int64
    ).reshape(-1, 3)
    return _digest(curves, table[:, 0], table[:, 1], table[:, 2])


def _digest(
    curves: Sequence[Integers], tree_id: Integers, of_tree: Integers, litres: Integers
) -> str:
    seal = sha256()
    for curve in curves:
        seal.update(np.ascontiguousarray(curve, dtype="<i4").tobytes())
    for values in (tree_id, of_tree, litres):
        seal.update(np.ascontiguousarray(values, dtype="<i8").tobytes())
    return seal.hexdigest()


def _state_rows(night: Night, run_id: int) -> Iterator[tuple[Any, ...]]:
    states, found, outcome = night.states, night.forecast, night.outcome
    plots = states.plots
    fixed = [
        values.tolist()
        for values in (
            plots.capacity_mm,
            plots.pit_m2,
            plots.catchment_m2,
            plots.interception_share,
            plots.demand_factor,
            plots.easy_share,
        )
    ]
    curves = _curves(found, len(states))
    depletion = [None] * len(states) if found is None else found.depletion_mm.tolist()
    shift = states.shift.tolist()
    reasons = _reasons(found, len(states))
    for state in range(len(states)):
        dry = (dates(int(days), night.for_day) for days in outcome.dry_in_days[:, state])
        yield (
            night.for_day,
            run_id,
            state,
            outcome.method[state],
            outcome.urgency[state],
            *(values[state] for values in fixed),
            depletion[state],
            shift[state],
            *(columns.plain(values[state]) for values in curves),
            *dry,
            reasons[state],
        )


def _reasons(found: Forecast | None, count: int) -> list[str]:
    """What moved the model most in each state, as JSON: topic and mm in seven days."""
    if found is None or found.moved is None:
        return ["[]"] * count
    return [
        json.dumps([{"topic": topic, "mm": mm} for topic, mm in movers])
        for movers in explain.strongest(found.moved.astype(np.float64))
    ]


def _curves(found: Forecast | None, count: int) -> list[list[list[float]]]:
    """past, balance, model_q50, q10, q50, q90: a list of values for each state."""
    if found is None:
        return [[[] for _ in range(count)]] * 6
    model = np.empty((0, count), np.float32) if found.model is None else found.model
    parts = (found.past[-SHOWN_PAST_DAYS:], found.balance, model, found.q10, found.q50, found.q90)
    return [_rounded(values).T.tolist() for values in parts]


def _rounded(values: Singles) -> Integers:
    return np.round(values.astype(np.float64), 4)
