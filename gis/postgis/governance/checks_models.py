"""Rules 6 and 9: only approved models are used, and their cards state the energy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg.rows import dict_row

from gis.postgis.governance.inspection import Inspection
from gis.postgis.queries import query
from governance.check_result import CheckResult, Evidence, fault, fine, judged


def only_approved_models_are_used(city: Inspection) -> CheckResult:
    """Measure each approved model's files anew, and look whose results came in."""
    return judged([*_files(city), *_used(city)])


def cards_state_energy(city: Inspection) -> CheckResult:
    """Look for watt-hours and their method in the card of each approved model."""
    found = [_energy(one) for one in active(city)]
    if not found:
        found = [fine("kein Modell ist freigegeben", "no model is approved", link="/models")]
    return judged(found)


def active(city: Inspection) -> list[dict[str, Any]]:
    """Return the approved models with their cards."""
    with city.connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query("model_active_all")).fetchall()


def name_of(model: dict[str, Any]) -> str:
    """Name a model with its version and the beginning of its digest."""
    return f"{model['name']} {model['model_version']} ({model['model_sha256'][:12]}…)"


def page_of(model: dict[str, Any]) -> str:
    """Where its card is shown."""
    return f"/models/{model['model_sha256']}"


def _files(city: Inspection) -> Iterator[Evidence]:
    approved = active(city)
    for model in approved:
        here = [one for one in city.models if one.card_sha256 == model["card_sha256"]]
        if not here:
            yield fault(
                f"{name_of(model)}: freigegebene Karte liegt nicht mehr auf dieser Maschine",
                f"{name_of(model)}: the approved card no longer lies on this machine",
                link=page_of(model),
            )
        elif here[0].file_sha256 != model["model_sha256"]:
            yield fault(
                f"{name_of(model)}: die Datei auf dieser Maschine ist eine andere",
                f"{name_of(model)}: the file on this machine is another one",
                link=page_of(model),
            )
        else:
            yield fine(
                f"{name_of(model)}: Datei, Karte und Freigabe stimmen überein",
                f"{name_of(model)}: file, card and approval agree",
                link=page_of(model),
            )
    if not approved:
        yield fine("kein Modell ist freigegeben", "no model is approved", link="/models")


def _used(city: Inspection) -> Iterator[Evidence]:
    for sha256, sightings, is_active in city.rows("governance_models_used"):
        text = f"{sightings} Sichtungen von Modell {sha256[:12]}…"
        english = f"{sightings} sightings of model {sha256[:12]}…"
        if is_active:
            yield fine(f"{text}: freigegeben", f"{english}: approved", link=f"/models/{sha256}")
        else:
            yield fault(f"{text}, das niemand freigegeben hat", f"{english}, approved by nobody")
    for sha256, runs, is_active in city.rows("governance_nights_used"):
        text, english = f"{runs} Nachtläufe mit Modell", f"{runs} night runs with model"
        if is_active:
            yield fine(f"{text} {sha256[:12]}…: freigegeben", f"{english} {sha256[:12]}…: approved")
        else:
            yield fault(
                f"{text} {str(sha256)[:12]}…, das niemand freigegeben hat",
                f"{english} {str(sha256)[:12]}…, approved by nobody",
            )


def _energy(model: dict[str, Any]) -> Evidence:
    stated = model["card"].get("energy")
    if isinstance(stated, dict) and stated.get("method") and _watt_hours(stated):
        return fine(
            f"{name_of(model)}: {_watt_hours(stated)} ({stated['method']})",
            f"{name_of(model)}: {_watt_hours(stated)} ({stated['method']})",
            link=page_of(model),
        )
    return fault(
        f"{name_of(model)}: die Karte nennt keinen Energiebedarf mit Messweg",
        f"{name_of(model)}: the card states no energy with its method",
        link=page_of(model),
    )


def _watt_hours(stated: dict[str, Any]) -> str:
    found = {name: value for name, value in stated.items() if name.startswith("wh_per")}
    return ", ".join(f"{name} {value}" for name, value in found.items() if value)
