"""A simulated season: the same trees and summers under each policy; litres next to stress days.

The summer, the soil and the trees' secrets are made from seeds (season_sky, season_soil); the
policies see a register, a station and sensors at one tree in twenty (season_policies). Figures say
how the method behaves in this invented world. They are no promise for a real city.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from scipy import stats

from irrigation.arrays import Numbers
from irrigation.balance.water_balance import Plots
from irrigation.plan.litres import Care, LitresRule, TreeFacts, care_of
from irrigation.simulated import season_soil
from irrigation.simulated.season_policies import (
    CALENDAR_DAYS,
    EVERYTHING_DAYS,
    FIRST_DAY,
    SENSOR_NOISE,
    Calendar,
    Nothing,
    Stadtwart,
    Town,
    blind,
)
from irrigation.simulated.season_sky import DAYS, Summer, summer
from irrigation.trees import cadastre, cadastre_mapping, tree_inputs, tree_profile

SENSOR_SHARE = 0.05
AHEAD_OF_CALENDAR_DAYS = 14  # how far the capped policy may run ahead of the calendar's water
METRES_PER_DEGREE = 111_320.0
STADTWART, CAPPED, SENSORLESS = "stadtwart", "stadtwart, calendar's water", "stadtwart, no sensors"
CALENDAR, EVERYTHING, NOTHING = "calendar every 14 days", "everything every 7 days", "no watering"


class Policy(Protocol):
    """Decides each morning how many litres each tree gets."""

    def pour(self, day: int, summer: Summer, readings: Numbers) -> Numbers:
        """Return litres `(n,)`."""


@dataclass(frozen=True, slots=True)
class Season:
    """What one policy did in one summer."""

    litres: Numbers  # (DAYS,)
    stress_days: float  # per tree
    stressed_share: float  # trees with more than ten stress days


def read_town(folder: Path, *, seed: int = 0) -> Town:
    """Read a city folder's trees in care; one in twenty gets a sensor, drawn by the seed."""
    mapping = cadastre_mapping.load(str(folder / "trees.toml"))
    trees = cadastre.load([folder / "trees.csv"], mapping, on=FIRST_DAY).trees
    trees = trees[trees["kind"] == "tree"].reset_index(drop=True)
    inputs = tree_inputs.derive(trees, tree_profile.read(folder).tree_ground, year=FIRST_DAY.year)
    in_care = np.fromiter(
        map(_is_in_care, trees["girth_cm"], trees["planted_year"]), dtype=np.bool_
    )
    count = int(in_care.sum())
    sensors = max(1, round(SENSOR_SHARE * count))
    middle = np.nanmean(trees["latitude_deg"])
    place = np.column_stack(
        [
            trees["longitude_deg"] * METRES_PER_DEGREE * np.cos(np.radians(middle)),
            trees["latitude_deg"] * METRES_PER_DEGREE,
        ]
    )
    return Town(
        plots=Plots(
            capacity_mm=inputs.capacity_mm[in_care],
            pit_m2=inputs.pit_m2[in_care],
            catchment_m2=inputs.catchment_m2[in_care],
            interception_share=inputs.interception_share[in_care],
            demand_factor=inputs.demand_factor[in_care],
            easy_share=inputs.easy_share[in_care],
        ),
        girth_cm=trees["girth_cm"].to_numpy(np.float64)[in_care],
        crown_m=trees["crown_m"].to_numpy(np.float64)[in_care],
        planted_year=trees["planted_year"].to_numpy(np.float64)[in_care],
        age_years=inputs.site_age_years[in_care],
        place_m=place[in_care],
        genus=trees["genus"].to_numpy(str)[in_care],
        soil=trees["soil"].to_numpy(str)[in_care],
        sensors=np.sort(np.random.default_rng([seed, 3]).permutation(count)[:sensors]),
    )


def _is_in_care(girth_cm: float, planted_year: float) -> bool:
    girth = None if np.isnan(girth_cm) else float(girth_cm)
    year = None if np.isnan(planted_year) else int(planted_year)
    facts = TreeFacts(girth, None, year)
    return care_of(facts, on=FIRST_DAY, rule=LitresRule()) is not Care.ESTABLISHED


def live(town: Town, policy: Policy, *, seed: int) -> Season:
    """Let one policy water the town for one summer."""
    sky = summer(seed)
    truth = season_soil.true_trees(
        town.plots.pit_m2.astype(float), town.crown_m, town.age_years, town.soil, seed=seed
    )
    soil = season_soil.full(truth)
    noise = np.random.default_rng([seed, 4])
    litres, stress = np.zeros(DAYS), np.zeros(len(town.girth_cm))
    for day in range(DAYS):
        at_sensors = season_soil.wetness(truth, soil)[town.sensors]
        readings = np.clip(at_sensors + noise.normal(0, SENSOR_NOISE, len(at_sensors)), 0, 1)
        poured = policy.pour(day, sky, readings)
        got = season_soil.live_one_day(
            truth, soil, rain_mm=sky.rain_mm[day], et0_mm=sky.et0_mm[day], litres=poured
        )
        litres[day] = poured.sum()
        stress += got < season_soil.STRESSED_BELOW
    return Season(litres, float(stress.mean()), float((stress > 10).mean()))


def compare(folder: Path, *, seeds: Sequence[int], vehicles: int) -> dict[str, Any]:
    """Run every policy in every summer; return litres and stress days with their intervals."""
    town = read_town(folder)
    found: dict[str, list[Season]] = {}
    for seed in seeds:
        calendar = live(town, Calendar(town, CALENDAR_DAYS, vehicles), seed=seed)
        ahead = np.minimum(np.arange(DAYS) + AHEAD_OF_CALENDAR_DAYS, DAYS - 1)
        allowed = np.cumsum(calendar.litres)[ahead]
        found.setdefault(CALENDAR, []).append(calendar)
        for name, policy in _others(town, vehicles, allowed).items():
            seen = blind(town) if name == SENSORLESS else town
            found.setdefault(name, []).append(live(seen, policy(), seed=seed))
    return _report(town, found, seeds=seeds, vehicles=vehicles)


def _others(town: Town, vehicles: int, allowed_l: Numbers) -> dict[str, Callable[[], Policy]]:
    return {
        STADTWART: lambda: Stadtwart(town, vehicles),
        CAPPED: lambda: Stadtwart(town, vehicles, season_l=allowed_l),
        SENSORLESS: lambda: Stadtwart(blind(town), vehicles),
        EVERYTHING: lambda: Calendar(town, EVERYTHING_DAYS, None),
        NOTHING: lambda: Nothing(town),
    }


def _report(
    town: Town, found: dict[str, list[Season]], *, seeds: Sequence[int], vehicles: int
) -> dict[str, Any]:
    litres = {name: np.array([one.litres.sum() for one in runs]) for name, runs in found.items()}
    stress = {name: np.array([one.stress_days for one in runs]) for name, runs in found.items()}
    return {
        "simulated": True,
        "trees_in_care": len(town.girth_cm),
        "sensors": len(town.sensors),
        "vehicles": vehicles,
        "seeds": list(seeds),
        "days": DAYS,
        "events": {
            "heat waves": "2",
            "days without weather feed": 7,
            "days with a failed vehicle": 14,
        },
        "truth": " ".join((season_soil.__doc__ or "").split()),
        "stress_day": "the tree gets less than half of the water it asks for",
        "policies": {
            name: {
                "litres": _interval(litres[name]),
                "litres_per_tree": _interval(litres[name] / len(town.girth_cm)),
                "stress_days_per_tree": _interval(stress[name]),
                "trees_above_10_stress_days": _interval(
                    np.array([one.stressed_share for one in runs])
                ),
            }
            for name, runs in found.items()
        },
        "against_calendar": {
            name: {
                "litres_ratio": _interval(litres[name] / litres[CALENDAR]),
                "stress_days_per_tree": _interval(stress[name] - stress[CALENDAR]),
            }
            for name in found
            if name != CALENDAR
        },
        "verdict": _verdict(litres, stress),
    }


def _interval(values: Numbers) -> dict[str, float]:
    """Mean and 95 % interval over the summers (Student's t)."""
    mean = float(values.mean())
    half = 0.0
    if len(values) > 1:
        spread = float(values.std(ddof=1)) / np.sqrt(len(values))
        half = float(stats.t.ppf(0.975, len(values) - 1) * spread)
    return {"mean": round(mean, 3), "low": round(mean - half, 3), "high": round(mean + half, 3)}


def _verdict(litres: dict[str, Numbers], stress: dict[str, Numbers]) -> dict[str, Any]:
    """Say whether Stadtwart meets "less stress at no more water", and by which of its runs."""
    result = {}
    for name in (STADTWART, CAPPED):
        less = _interval(stress[name] - stress[CALENDAR])
        ratio = _interval(litres[name] / litres[CALENDAR])
        is_less, is_no_more = bool(less["high"] < 0), bool(ratio["mean"] <= 1.0)
        result[name] = {
            "less_stress": is_less,
            "no_more_water": is_no_more,
            "met": is_less and is_no_more,
        }
    return result
