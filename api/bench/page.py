"""The comparison as one HTML file that needs nothing else, in German or English."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from api.bench.compare import Answer, Assumptions, Stated
from api.bench.notes import cores_in_use, is_stand_in, notes
from governance.report.words import Language, plain

STEPS = {
    "detector": ("Bilder eines Fahrzeugs auswerten", "Evaluate a truck's frames"),
    "ingest": ("Sendungen annehmen", "Take uploads"),
    "merge": ("Sichtungen zusammenführen", "Merge sightings"),
    "watering": ("Bewässerung einer Nacht", "A night's watering run"),
    "users": (
        "Menschen an Liste und Karte (95 von 100 warten höchstens)",
        "People at list and map (95 of 100 wait at most)",
    ),
}


def page(
    answer: Answer, a: dict[str, Any], b: dict[str, Any], told: Assumptions, language: Language
) -> str:
    """Write the page."""
    pages = Environment(
        loader=PackageLoader("api.bench", "."), autoescape=True, undefined=StrictUndefined
    )

    def t(german: str, english: str) -> str:
        return german if language == "de" else english

    def number(value: float | None, digits: int = 0) -> str:
        return "–" if value is None else plain(value, digits, language)

    def day(moment: str) -> str:
        at = datetime.fromisoformat(moment)
        return at.strftime("%d.%m.%Y, %H:%M UTC" if language == "de" else "%Y-%m-%d, %H:%M UTC")

    def named(stated: Stated, result: dict[str, Any]) -> str:
        name = t(stated.name_de, stated.name_en)
        return f"{name} ({t('nachgestellt', 'stand-in')})" if is_stand_in(result) else name

    return pages.get_template("page.html").render(
        answer=answer,
        a=a,
        b=b,
        told=told,
        language=language,
        t=t,
        number=number,
        day=day,
        cores_in_use=cores_in_use,
        notes=[t(*one) for one in notes(a, b)],
        total=_total,
        name_a=named(told.machine.a, a),
        name_b=named(told.machine.b, b),
        step={key: t(*both) for key, both in STEPS.items()},
    )


def _total(result: dict[str, Any]) -> tuple[float, float | None]:
    """Return seconds and watt-hours of the whole run; no sum where one step's energy is unknown."""
    steps = [result["steps"][key] for key in STEPS]
    known = [one["energy"]["wh"] for one in steps if one["energy"]["wh"] is not None]
    return sum(one["seconds"] for one in steps), sum(known) if len(known) == len(steps) else None
