"""Why a tree stands where it stands in the list, in German and English. Pure.

Facts first (rain, watering, place), then who decided and how sure that is. Never "measured" where
nobody measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from irrigation.model import explain
from irrigation.model.explain import Mover, Reason
from irrigation.plan import rule

REACHES_ROOTS_MM = 5.0
LABEL = {
    "model": (
        "Wasserbilanz (Modell), gelernter Anteil entscheidet",
        "water balance (model), the learned part decides",
    ),
    "balance": ("Wasserbilanz (Modell)", "water balance (model)"),
    "rule": ("Regel ohne Wetterdaten", "rule without weather data"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one tree this morning."""

    genus: str
    site_age_years: float | None
    age_source: str
    pit_m2: float
    pit_is_default: bool
    method: str
    rew: float | None
    past_rain_mm: list[float]  # the last days, yesterday last
    past_et0_mm: list[float]
    ahead_rain_mm: list[float]
    last_watered_on: date | None
    for_day: date
    has_sensor: bool
    sensor_shift: float
    movers: list[Mover]  # what moved the learned part most; empty where it was not asked


def why(facts: Facts) -> list[Reason]:
    """List the reasons, the weightiest first."""
    if facts.method == "rule":
        return [*_rule(), *_watering(facts), *_place(facts, dry_days=0)]
    return [
        *_weather(facts),
        *_watering(facts),
        *_place(facts, dry_days=_dry_days(facts)),
        *_sensors(facts),
        *_coming(facts),
        *_model(facts),
    ]


def _model(facts: Facts) -> list[Reason]:
    """The learned part's own reasons with their sign; a second opinion where it does not decide."""
    if not facts.movers:
        return []
    rain_mm = sum(facts.ahead_rain_mm[:7])
    dry = _dry_days(facts)
    known = {
        "rain so far": (f"seit {dry} Tagen keiner über 5 mm", f"none above 5 mm for {dry} days")
        if dry >= 3
        else None,
        "rain expected": (f"{rain_mm:.0f} mm", f"{rain_mm:.0f} mm"),
    }
    decides = facts.method == "model"
    german = "gelernter Anteil" if decides else "zweite Meinung (gelernter Anteil)"
    english = "learned part" if decides else "second opinion (learned part)"
    said = [explain.moved(one, known=known.get(one[0])) for one in facts.movers]
    return [
        Reason(f"{german}: {one.german}", f"{english}: {one.english}", one.effect_mm)
        for one in said
    ]


def _dry_days(facts: Facts) -> int:
    """Days since rain that reaches the roots, as far back as is shown."""
    for back, rain_mm in enumerate(reversed(facts.past_rain_mm)):
        if rain_mm >= REACHES_ROOTS_MM:
            return back
    return len(facts.past_rain_mm)


def _rule() -> list[Reason]:
    values = {"years": rule.CARE_YEARS, "days": rule.INTERVAL_DAYS}
    return [Reason(rule.WORDS["de"].format(**values), rule.WORDS["en"].format(**values))]


def _weather(facts: Facts) -> list[Reason]:
    days = min(len(facts.past_rain_mm), 14)
    if not days:
        return []
    rain_mm, thirst_mm = sum(facts.past_rain_mm[-days:]), sum(facts.past_et0_mm[-days:])
    return [
        Reason(
            f"{rain_mm:.0f} mm Regen und {thirst_mm:.0f} mm Verdunstung (Gras) in {days} Tagen",
            f"{rain_mm:.0f} mm of rain and {thirst_mm:.0f} mm of evaporation (grass) "
            f"in {days} days",
        )
    ]


def _watering(facts: Facts) -> list[Reason]:
    if facts.last_watered_on is None:
        return []
    days = (facts.for_day - facts.last_watered_on).days
    if days <= 0:
        return [Reason("heute gegossen: zählt ab morgen", "watered today: counts from tomorrow")]
    german = "gestern" if days == 1 else f"vor {days} Tagen"
    english = "yesterday" if days == 1 else f"{days} days ago"
    return [Reason(f"zuletzt gegossen {german}", f"last watered {english}")]


def _place(facts: Facts, *, dry_days: int) -> list[Reason]:
    age = facts.site_age_years if facts.age_source == "register" else None
    found = explain.place(
        genus=facts.genus,
        site_age_years=age,
        pit_m2=facts.pit_m2,
        pit_is_default=facts.pit_is_default,
        days_since_rain=dry_days,
    )
    if facts.age_source == "girth" and facts.site_age_years is not None:
        years = f"{facts.site_age_years:.0f}"
        found.append(
            Reason(
                f"Standalter aus dem Stammumfang geschätzt: {years} Jahre",
                f"years on its site estimated from the girth: {years}",
            )
        )
    return found


def _sensors(facts: Facts) -> list[Reason]:
    if abs(facts.sensor_shift) < 0.02:
        return []
    share = f"{abs(facts.sensor_shift) * 100:.0f}"
    wet = facts.sensor_shift > 0
    if facts.has_sensor:
        whose = ("der eigene Sensor", "its own sensor")
    else:
        whose = ("Sensoren der Umgebung", "sensors around")
    return [
        Reason(
            f"{whose[0]}: {share} Prozentpunkte {'nasser' if wet else 'trockener'} als die Bilanz",
            f"{whose[1]}: {share} points {'wetter' if wet else 'drier'} than the balance",
        )
    ]


def _coming(facts: Facts) -> list[Reason]:
    days = min(len(facts.ahead_rain_mm), 7)
    rain_mm = sum(facts.ahead_rain_mm[:days])
    if not days:
        return []
    return [
        Reason(
            f"{rain_mm:.0f} mm Regen in den nächsten {days} Tagen vorhergesagt",
            f"{rain_mm:.0f} mm of rain forecast for the next {days} days",
        )
    ]
