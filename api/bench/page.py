"""The comparison as one HTML file that needs nothing else, in German or English."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from api.bench.compare import Answer, Assumptions
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

    return pages.get_template("page.html").render(
        answer=answer,
        a=a,
        b=b,
        told=told,
        language=language,
        t=t,
        number=number,
        name_a=t(told.machine.a.name_de, told.machine.a.name_en),
        name_b=t(told.machine.b.name_de, told.machine.b.name_en),
        step={key: t(*both) for key, both in STEPS.items()},
    )
