"""Rules 2 and 8: what an AI made says so, and what nobody looked at is unknown."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from contracts.ai_label import AiLabel
from gis.postgis.governance.inspection import Inspection
from governance.check_result import CheckResult, Evidence, fault, fine, judged

LABEL = ("system", "model_name", "model_sha256", "made_at", "confidence", "human_status")
ORIGIN = (  # what stores a machine's result must store its origin with it
    ("sighting", "model_sha256"),
    ("sighting", "confidence"),
    ("sighting", "simulated"),
    ("damage", "model_sha256"),
    ("forecasts", "method"),
    ("night_runs", "digest"),
)
SOUND = ("sound", "intact", "healthy", "in ordnung")


def what_an_ai_made_is_labelled(city: Inspection) -> CheckResult:
    """Look whether the label has its fields and no result can be stored without its origin."""
    return judged([*_label(), *_origins(city)])


def unknown_is_never_sound(city: Inspection) -> CheckResult:
    """Look for states that praise what was not looked at."""
    return judged([*_road_states(city), *_trees(city)])


def _label() -> Iterator[Evidence]:
    known = {one.name for one in msgspec.structs.fields(AiLabel) if one.required}
    if missing := [name for name in LABEL if name not in known]:
        yield fault(
            f"der KI-Kennzeichnung fehlt: {', '.join(missing)}",
            f"the AI label lacks: {', '.join(missing)}",
        )
    else:
        yield fine(
            f"die KI-Kennzeichnung nennt immer {', '.join(LABEL)}",
            f"the AI label always names {', '.join(LABEL)}",
        )


def _origins(city: Inspection) -> Iterator[Evidence]:
    for table, name in ORIGIN:
        column = city.catalogue.column(table, name)
        if column is None or not column.is_required:
            yield fault(
                f"{table}.{name} darf leer bleiben oder fehlt",
                f"{table}.{name} may stay empty or is missing",
            )
        else:
            yield fine(f"{table}.{name} ist Pflicht", f"{table}.{name} is required")


def _road_states(city: Inspection) -> Iterator[Evidence]:
    texts = [text for table, text in city.catalogue.constraints if table == "damage"]
    states = [text for text in texts if "'waiting'" in text]
    if not states or any(word in " ".join(states).lower() for word in SOUND):
        yield fault(
            "Straßen können als „in Ordnung“ gelten, ohne dass jemand hinsah",
            "roads can count as sound without anybody looking",
        )
    else:
        yield fine(
            "für Straßen gibt es keinen Zustand „in Ordnung“", "roads have no state called sound"
        )


def _trees(city: Inspection) -> Iterator[Evidence]:
    if not city.catalogue.holds("forecasts", "'unknown'"):
        yield fault(
            "Vorhersagen kennen den Zustand „unbekannt“ nicht",
            "forecasts do not know the state unknown",
        )
    rows = city.rows("governance_trees_unseen")
    for (tree_id,) in rows:
        yield fault(
            f"Baum {tree_id} hat keine Vorhersage und gilt nicht als unbekannt",
            f"tree {tree_id} has no forecast and is not called unknown",
        )
    if not rows:
        yield fine(
            "jeder Baum ohne Vorhersage gilt als unbekannt",
            "every tree without a forecast is called unknown",
        )
