"""Why a tree needs water, in words: what is known about its place, and what moved the model.

Contributions are those of the boosted trees (SHAP, exact for trees), summed by topic, in mm. They
say what moved the answer, not what causes drought. All topics together are the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irrigation.arrays import Numbers
from irrigation.model.boosted import TRUST

TOPICS = {  # beginning of a feature's name: topic; the first that fits counts
    "rain_ahead": "rain expected",
    "et0_ahead": "thirst expected",
    "balance_error": "this soil so far",
    "balance": "water balance",
    "loss": "this soil so far",
    "gain": "this soil so far",
    "rain": "rain so far",
    "surplus": "rain so far",
    "humid": "rain so far",
    "days_since_rain": "rain so far",
    "et0": "thirst so far",
    "season": "season",
    "mean_c": "season",
    "sensors": "sensors around",
}
WORDS = {  # topic: German, English
    "rain expected": ("erwarteter Regen", "rain expected"),
    "thirst expected": ("erwartete Verdunstung", "evaporation expected"),
    "water balance": ("Wasserbilanz", "water balance"),
    "this soil so far": ("bisheriges Verhalten dieses Bodens", "how this soil has behaved"),
    "rain so far": ("Regen bisher", "rain so far"),
    "thirst so far": ("Verdunstung bisher", "evaporation so far"),
    "season": ("Jahreszeit und Temperatur", "season and temperature"),
    "sensors around": ("Sensoren der Umgebung", "sensors around"),
    "soil today": ("Bodenfeuchte heute", "soil moisture today"),
}
BALANCE, CONSTANT = "water balance", "constant"
MOVERS = (*WORDS, CONSTANT)  # the order of the rows of `by_topic`
Mover = tuple[str, float]  # topic and mm of water: minus is drier
GENERA = {  # Latin: German, English; others keep their Latin name
    "Acer": ("Ahorn", "maple"),
    "Aesculus": ("Kastanie", "horse chestnut"),
    "Betula": ("Birke", "birch"),
    "Carpinus": ("Hainbuche", "hornbeam"),
    "Fagus": ("Buche", "beech"),
    "Fraxinus": ("Esche", "ash"),
    "Platanus": ("Platane", "plane"),
    "Prunus": ("Kirsche", "cherry"),
    "Quercus": ("Eiche", "oak"),
    "Robinia": ("Robinie", "locust"),
    "Tilia": ("Linde", "lime"),
    "Ulmus": ("Ulme", "elm"),
}
YOUNG_YEARS = 5  # years of care after planting (FLL, as quoted in the trade press)
SMALL_PIT_M2 = 6.0  # FLL planting recommendation: at least 6 m² of open pit


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in both languages; `effect_mm` is missing for a plain fact."""

    german: str
    english: str
    effect_mm: float | None = None


def place(
    *,
    genus: str,
    site_age_years: float | None,
    pit_m2: float,
    pit_is_default: bool,
    days_since_rain: int,
) -> list[Reason]:
    """Facts about one tree that a gardener would name.

    >>> for reason in place(genus="Tilia", site_age_years=2, pit_m2=2.0, pit_is_default=False,
    ...                     days_since_rain=12):
    ...     print(reason.english)
    no rain above 5 mm for 12 days
    young lime, 2 years on its site
    small pit in sealed ground: 2 m²
    """
    german, english = GENERA.get(genus, (genus or "Baum", genus or "tree"))
    found = []
    if days_since_rain >= 3:
        found.append(
            Reason(
                f"seit {days_since_rain} Tagen kein Regen über 5 mm",
                f"no rain above 5 mm for {days_since_rain} days",
            )
        )
    if site_age_years is None:
        found.append(Reason(f"{german}, Pflanzjahr unbekannt", f"{english}, planting year unknown"))
    elif site_age_years < YOUNG_YEARS:
        years = f"{site_age_years:.0f}"
        found.append(
            Reason(
                f"{german}, jung: Standalter {years} Jahre",
                f"young {english}, {years} years on its site",
            )
        )
    if pit_is_default:
        found.append(
            Reason(
                f"Baumscheibe unbekannt, angenommen {pit_m2:g} m²",
                f"pit unknown, {pit_m2:g} m² assumed",
            )
        )
    elif pit_m2 < SMALL_PIT_M2:
        found.append(
            Reason(
                f"kleine Baumscheibe in versiegelter Fläche: {pit_m2:g} m²",
                f"small pit in sealed ground: {pit_m2:g} m²",
            )
        )
    return found


def by_topic(names: list[str], contributions: Numbers, *, balance_mm: Numbers) -> Numbers:
    """What each of `MOVERS` adds to each answer, `(movers, n)` in mm; their sum is the answer.

    `contributions` `(n, features + 1)` are those of `Learned.contributions`; `balance_mm` `(n,)` is
    what the bare balance says, and the trusted share of it belongs to the answer too.
    """
    if contributions.shape[1:] != (len(names) + 1,):
        raise ValueError(f"{len(names)} features need {len(names) + 1} contributions")
    found = np.zeros((len(MOVERS), len(contributions)))
    for column, name in enumerate(names):
        found[MOVERS.index(topic_of(name))] += contributions[:, column]
    found[MOVERS.index(BALANCE)] += TRUST * balance_mm
    found[MOVERS.index(CONSTANT)] = contributions[:, -1]
    return found


def strongest(moved: Numbers, *, most: int = 4, least_mm: float = 0.5) -> list[list[Mover]]:
    """The topics that moved each answer `(movers, n)` most, the strongest first.

    The constant is left out: it is the same for every tree.

    >>> strongest(np.array([[0.2], [-3.0], [1.0], [0.0], [0.0], [0.0], [0.0], [0.0], [0.0], [9.0]]))
    [[('thirst expected', -3.0), ('water balance', 1.0)]]
    """
    shown = np.round(moved[: MOVERS.index(CONSTANT)], 1)
    order = np.argsort(-np.abs(shown), axis=0, kind="stable")[:most]
    sizes = np.take_along_axis(shown, order, axis=0)
    return [
        [(MOVERS[row], size) for row, size in zip(rows, mm, strict=True) if abs(size) >= least_mm]
        for rows, mm in zip(order.T.tolist(), sizes.T.tolist(), strict=True)
    ]


def topic_of(feature: str) -> str:
    """The topic a feature belongs to.

    >>> topic_of("rain_ahead_late"), topic_of("rain_7d"), topic_of("position")
    ('rain expected', 'rain so far', 'soil today')
    """
    fits = (topic for start, topic in TOPICS.items() if feature.startswith(start))
    return next(fits, "soil today")


def moved(mover: Mover, *, known: tuple[str, str] | None = None) -> Reason:
    """Say one topic's share with its sign; `known` is what is known of it, in both languages.

    >>> moved(("rain so far", -3.2), known=("seit 12 Tagen keiner", "none for 12 days")).english
    'rain so far (none for 12 days): 3.2 mm drier in seven days'
    """
    topic, size_mm = mover
    german, english = WORDS[topic]
    if known is not None:
        german, english = f"{german} ({known[0]})", f"{english} ({known[1]})"
    size = f"{abs(size_mm):.1f}"
    return Reason(
        german=f"{german}: in sieben Tagen {size.replace('.', ',')} mm "
        f"{'nasser' if size_mm > 0 else 'trockener'}",
        english=f"{english}: {size} mm {'wetter' if size_mm > 0 else 'drier'} in seven days",
        effect_mm=size_mm,
    )
