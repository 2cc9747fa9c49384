"""What the water balance needs to know of each tree, with what is known and what is assumed.

Rounded on purpose: trees that nobody can tell apart get the same numbers, and the nightly run
computes each distinct state once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from irrigation.arrays import Numbers
from irrigation.balance.soil import Soil, capacity_mm, root_depth_m
from irrigation.trees.tree_profile import Ground

PLANTED_GIRTH_CM = 18.0  # nursery stock of 16-20 cm, the usual size for streets
GIRTH_CM_PER_YEAR = 2.5  # a guess: street trees gain 1.5 to 3.5 cm a year
PIT_STEP_M2 = 0.5
LEAST_COVER, MOST_COVER = 0.4, 1.2  # a guess: bare soil evaporates too; roots end at the kerb
COVER_STEP = 0.1


@dataclass(frozen=True, slots=True)
class TreeInputs:
    """Arrays `(n,)` beside the register's rows."""

    site_age_years: Numbers  # NaN: unknown, counts as just planted
    age_source: list[str]  # register | girth | unknown
    pit_m2: Numbers
    pit_is_default: list[bool]
    soil: list[str]
    soil_is_default: list[bool]
    capacity_mm: Numbers
    catchment_m2: Numbers
    interception_share: Numbers
    demand_factor: Numbers
    easy_share: Numbers


def derive(trees: pd.DataFrame, ground: Ground, *, year: int) -> TreeInputs:
    """Derive the inputs from the register's columns, as of a year."""
    age, source = _ages(trees, year=year)
    pit, pit_default = _pits(trees, ground)
    soil, soil_default = _soils(trees, age, ground)
    shares = np.array([Soil[name.upper()].value for name in soil], np.float64)
    cover = _cover(trees, pit)
    return TreeInputs(
        site_age_years=age,
        age_source=source,
        pit_m2=pit,
        pit_is_default=pit_default.tolist(),
        soil=soil,
        soil_is_default=soil_default,
        capacity_mm=np.round(capacity_mm(shares, depth_m=root_depth_m(age)), 1),
        catchment_m2=pit * ground.catchment_per_pit,
        interception_share=np.round(ground.interception_share * np.minimum(cover, 1.0), 2),
        demand_factor=np.round(ground.crop_coefficient * cover, 3),
        easy_share=np.full(len(trees), ground.easy_share),
    )


def _ages(trees: pd.DataFrame, *, year: int) -> tuple[Numbers, list[str]]:
    planted = trees["planted_year"].to_numpy(np.float64)
    girth = trees["girth_cm"].to_numpy(np.float64)
    by_girth = np.maximum(np.round((girth - PLANTED_GIRTH_CM) / GIRTH_CM_PER_YEAR), 0.0)
    known = np.isfinite(planted)
    age = np.where(known, np.maximum(year - planted, 0.0), by_girth)
    source = np.where(known, "register", np.where(np.isfinite(girth), "girth", "unknown"))
    return age, source.tolist()


def _pits(trees: pd.DataFrame, ground: Ground) -> tuple[Numbers, np.ndarray]:
    written = trees["pit_m2"].to_numpy(np.float64)
    unknown = ~np.isfinite(written)
    rounded = np.maximum(np.round(written / PIT_STEP_M2) * PIT_STEP_M2, PIT_STEP_M2)
    return np.where(unknown, ground.default_pit_m2, rounded), unknown


def _soils(trees: pd.DataFrame, age: Numbers, ground: Ground) -> tuple[list[str], list[bool]]:
    names = {member.name.lower() for member in Soil}
    written = [name if name in names else "" for name in trees["soil"]]
    young = np.nan_to_num(age, nan=np.inf) <= ground.planted_soil_years
    assumed = np.where(young, ground.planted_soil, ground.default_soil).tolist()
    soil = [given or guess for given, guess in zip(written, assumed, strict=True)]
    return soil, [not given for given in written]


def _cover(trees: pd.DataFrame, pit_m2: Numbers) -> Numbers:
    """Crown over pit: how much leaf draws on each square metre of pit; unknown counts as 1."""
    crown_m = trees["crown_m"].to_numpy(np.float64)
    share = np.clip(np.pi / 4 * crown_m**2 / pit_m2, LEAST_COVER, MOST_COVER)
    return np.where(np.isnan(share), 1.0, np.round(share / COVER_STEP) * COVER_STEP)
