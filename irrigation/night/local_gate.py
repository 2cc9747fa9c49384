"""The gate of this city: the learned part decides only where local sensors proved it better.

At least twenty sensor trees and a season of checked forecasts, and at a horizon the lowest error of
all four. The released model never saw these sensors, so every check is new in place and in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import psycopg

from gis.postgis.queries import query
from irrigation.night.tree_model import ANCHORS_D

FEWEST_SITES = 20
SEASON_DAYS = 120  # of checked forecasts, first to last
LEARNED, BALANCE = "learned", "balance"


@dataclass(frozen=True, slots=True)
class Gate:
    """Who decides at each horizon, and why."""

    choice: dict[int, str]
    why: str


@dataclass(frozen=True, slots=True)
class Record:
    """What the checks of one horizon say so far."""

    horizon_d: int
    sites: int
    span_days: int
    errors: dict[str, float]  # learned, balance, persistence, climatology


def read(connection: psycopg.Connection, *, before: date) -> Gate:
    """Decide from the checks made before a day."""
    rows = connection.execute(query("gate_records"), {"before": before}).fetchall()
    names = (LEARNED, BALANCE, "persistence", "climatology")
    return decide(
        [Record(row[0], row[1], row[2], dict(zip(names, row[3:], strict=True))) for row in rows]
    )


def decide(records: list[Record]) -> Gate:
    """Let the learned part through where it has earned it.

    >>> decide([]).why
    'fewer than 20 sensor trees over 120 days'
    """
    choice = dict.fromkeys(ANCHORS_D, BALANCE)
    enough = [one for one in records if one.sites >= FEWEST_SITES and one.span_days >= SEASON_DAYS]
    for one in enough:
        others = [error for name, error in one.errors.items() if name != LEARNED]
        if one.errors[LEARNED] < min(others) and one.horizon_d in choice:
            choice[one.horizon_d] = LEARNED
    if not enough:
        why = f"fewer than {FEWEST_SITES} sensor trees over {SEASON_DAYS} days"
    else:
        why = f"checked at up to {max(one.sites for one in enough)} sensor trees of this city"
    return Gate(choice, why)
