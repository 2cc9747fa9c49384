"""How many litres a tree gets: by years since planting, girth, crown and what its pit can hold.

Sources are quoted as the trade press and the city of Halle's press office quote them; nobody here
has read the FLL rules themselves. What is a guess says so; a city's profile replaces each number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import Enum

import numpy as np

from irrigation.arrays import Numbers

ROUND_TO_L = 10


class Care(Enum):
    """How far a tree's roots reach; decides which rule applies and from when it is watered."""

    YOUNG = "young"  # within the years of care: lives on its pit alone
    ESTABLISHED = "established"  # roots beyond the pit: watered only when urgent
    UNKNOWN = "unknown"  # neither year nor girth known: treated as young, with the default litres


@dataclass(frozen=True, slots=True)
class LitresRule:
    """The numbers of the rule; each can be set in the city's profile."""

    care_years: int = 5  # FLL as quoted in the trade press: five years of care
    reference_girth_cm: float = 25.0  # FLL as quoted: 75-100 L at this girth
    reference_low_l: float = 75.0
    reference_high_l: float = 100.0
    crown_l_per_m2: float = 20.0  # FLL as quoted: 20 L per m² of crown projection
    crown_spread_share: float = 0.25  # a guess: the interval around the crown rule
    default_low_l: float = 50.0  # Halle (press): 50-100 L a week
    default_high_l: float = 100.0
    young_girth_cm: float = 30.0  # a guess: below it a tree of unknown year counts as young
    least_l: float = 50.0  # less does not reach the roots; Halle's lower figure
    most_l: float = 1000.0  # a guess: more in one go runs off; a person may give more

    def __post_init__(self) -> None:
        """Refuse numbers that contradict each other."""
        if not 0 < self.reference_low_l <= self.reference_high_l:
            raise ValueError("reference_low_l must be above 0 and at most reference_high_l")
        if not 0 < self.default_low_l <= self.default_high_l:
            raise ValueError("default_low_l must be above 0 and at most default_high_l")
        if not 0 < self.least_l <= self.most_l:
            raise ValueError("least_l must be above 0 and at most most_l")
        if min(self.reference_girth_cm, self.young_girth_cm, self.crown_l_per_m2) <= 0:
            raise ValueError("girths and litres per m² must be above 0")


@dataclass(frozen=True, slots=True)
class Missing:
    """Litres that fill the pit up to field capacity, from the soil's q90, q50 and q10."""

    low_l: float
    likely_l: float
    high_l: float


@dataclass(frozen=True, slots=True)
class TreeFacts:
    """What the rule asks of a tree; None is unknown."""

    girth_cm: float | None
    crown_m: float | None
    planted_year: int | None
    missing: Missing | None = None  # None: no balance, the rule alone


@dataclass(frozen=True, slots=True)
class Need:
    """Litres for one watering, with an interval and where they come from."""

    litres: int
    low_l: int
    high_l: int
    by: str  # "girth" | "crown" | "default"
    care: Care
    capped_by_pit: bool  # the pit cannot hold what the rule would give
    source_de: str
    source_en: str


def care_of(tree: TreeFacts, *, on: date, rule: LitresRule) -> Care:
    """Say how a tree is cared for; without a year, a thin stem counts as young.

    >>> care_of(TreeFacts(None, None, 2024), on=date(2026, 6, 1), rule=LitresRule())
    <Care.YOUNG: 'young'>
    """
    if tree.planted_year is not None and tree.planted_year <= on.year:
        within = on.year - tree.planted_year <= rule.care_years
        return Care.YOUNG if within else Care.ESTABLISHED
    if tree.girth_cm is not None:
        return Care.YOUNG if tree.girth_cm <= rule.young_girth_cm else Care.ESTABLISHED
    return Care.UNKNOWN


def need(tree: TreeFacts, *, on: date, rule: LitresRule) -> Need:
    """Apply the rule: young trees by girth, established ones by crown, unknown by the default.

    A tree whose measure is missing gets the default as well. What the pit cannot hold would run
    through, so the balance's missing water is the upper limit where a balance exists.
    """
    care = care_of(tree, on=on, rule=rule)
    by, low_l, high_l = _by_rule(tree, care, rule)
    likely_l = (low_l + high_l) / 2
    pit = tree.missing
    capped = pit is not None and pit.likely_l < likely_l
    if pit is not None:
        low_l, likely_l = min(low_l, pit.low_l), min(likely_l, pit.likely_l)
        high_l = min(high_l, max(pit.high_l, likely_l))
    litres = _rounded(likely_l, rule)
    source_de, source_en = _source(by, rule)
    if capped:
        source_de += "; begrenzt auf das, was die Baumscheibe fasst (Wasserbilanz)"
        source_en += "; limited to what the pit can hold (water balance)"
    return Need(
        litres=litres,
        low_l=min(_rounded(low_l, rule), litres),
        high_l=max(_rounded(high_l, rule), litres),
        by=by,
        care=care,
        capped_by_pit=capped,
        source_de=source_de,
        source_en=source_en,
    )


def needs(
    girth_cm: Numbers,
    crown_m: Numbers,
    planted_year: Numbers,
    missing: tuple[Numbers, Numbers, Numbers] | None,
    *,
    on: date,
    rule: LitresRule,
) -> Numbers:
    """`need` for many trees at once, `(3, n)`: litres, low, high; NaN is unknown.

    `missing` is low, likely and high of `Missing`. The same arithmetic in the same order: a test
    compares both.
    """
    dated = planted_year <= on.year  # False where it is unknown
    recent = on.year - planted_year <= rule.care_years
    young = np.where(dated, recent, girth_cm <= rule.young_girth_cm)
    measured = np.isfinite(girth_cm)
    by_girth = young & measured
    by_crown = ~young & (dated | measured) & np.isfinite(crown_m)
    share = girth_cm / rule.reference_girth_cm
    crown_l = rule.crown_l_per_m2 * math.pi / 4 * crown_m**2
    spread = rule.crown_spread_share
    low, high = (
        np.select([by_girth, by_crown], [girth, crown], default)
        for girth, crown, default in (
            (rule.reference_low_l * share, crown_l * (1 - spread), rule.default_low_l),
            (rule.reference_high_l * share, crown_l * (1 + spread), rule.default_high_l),
        )
    )
    likely = (low + high) / 2
    if missing is not None:
        low, likely = np.minimum(low, missing[0]), np.minimum(likely, missing[1])
        high = np.minimum(high, np.maximum(missing[2], likely))
    low, likely, high = (
        np.rint(np.clip(one, rule.least_l, rule.most_l) / ROUND_TO_L) * ROUND_TO_L
        for one in (low, likely, high)
    )
    return np.stack([likely, np.minimum(low, likely), np.maximum(high, likely)])


def _by_rule(tree: TreeFacts, care: Care, rule: LitresRule) -> tuple[str, float, float]:
    if care is Care.YOUNG and tree.girth_cm is not None:
        share = tree.girth_cm / rule.reference_girth_cm  # in proportion: a guess of ours
        return "girth", rule.reference_low_l * share, rule.reference_high_l * share
    if care is Care.ESTABLISHED and tree.crown_m is not None:
        litres = rule.crown_l_per_m2 * math.pi / 4 * tree.crown_m**2
        spread = rule.crown_spread_share
        return "crown", litres * (1 - spread), litres * (1 + spread)
    return "default", rule.default_low_l, rule.default_high_l


def _rounded(litres: float, rule: LitresRule) -> int:
    within = min(max(litres, rule.least_l), rule.most_l)
    return round(within / ROUND_TO_L) * ROUND_TO_L


def _source(by: str, rule: LitresRule) -> tuple[str, str]:
    if by == "girth":
        span = f"{rule.reference_low_l:g}–{rule.reference_high_l:g} L"
        girth = f"{rule.reference_girth_cm:g} cm"
        return (
            f"{span} bei {girth} Stammumfang (FLL, zitiert nach Fachpresse), anteilig",
            f"{span} at {girth} girth (FLL as quoted in the trade press), in proportion",
        )
    if by == "crown":
        share = f"{rule.crown_l_per_m2:g} L"
        return (
            f"{share} je m² Kronenfläche (FLL, zitiert nach Fachpresse)",
            f"{share} per m² of crown projection (FLL as quoted in the trade press)",
        )
    span = f"{rule.default_low_l:g}–{rule.default_high_l:g} L"
    return (
        f"{span} als Vorgabe, weil Maße fehlen (Halle, Pressemitteilung)",
        f"{span} by default, because measures are missing (Halle, press)",
    )
