"""Why a tree needs water, in words: what is known about its place, and what moved the model.

Contributions are those of the boosted trees (SHAP, exact for trees), summed by topic, in mm. They
say what moved the answer, not what causes drought.
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


def model(
    names: list[str], contributions: Numbers, *, balance_mm: float, least_mm: float = 0.5
) -> list[Reason]:
    """The topics that moved one answer by at least so much, the strongest first.

    `contributions` is one row of `Learned.contributions`: features, then the constant.
    `balance_mm` is what the bare balance says; the trusted share of it belongs to the answer too.
    """
    if contributions.shape != (len(names) + 1,):
        raise ValueError(f"{len(names)} features need {len(names) + 1} contributions")
    sums = {"water balance": TRUST * balance_mm}
    for name, value in zip(names, contributions[:-1], strict=True):
        sums[topic_of(name)] = sums.get(topic_of(name), 0.0) + float(value)
    strong = sorted(sums.items(), key=lambda item: -abs(item[1]))
    return [_moved(topic, value) for topic, value in strong if abs(value) >= least_mm]


def topic_of(feature: str) -> str:
    """The topic a feature belongs to.

    >>> topic_of("rain_ahead_late"), topic_of("rain_7d"), topic_of("position")
    ('rain expected', 'rain so far', 'soil today')
    """
    fits = (topic for start, topic in TOPICS.items() if feature.startswith(start))
    return next(fits, "soil today")


def _moved(topic: str, value: float) -> Reason:
    german, english = WORDS[topic]
    size = np.abs(value)
    return Reason(
        german=f"{german}: {size:.1f} mm {'nasser' if value > 0 else 'trockener'}".replace(
            ".", ","
        ),
        english=f"{english}: {size:.1f} mm {'wetter' if value > 0 else 'drier'}",
        effect_mm=value,
    )
