"""Rule 10: for every approved model the register says how the city works without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gis.postgis.governance.checks_models import active, name_of
from gis.postgis.governance.inspection import Inspection
from governance.check_result import CheckResult, Evidence, fault, fine, judged

NEEDED = (("rollback",), ("human_intervention", "stop"))


def a_way_back_is_stated(city: Inspection) -> CheckResult:
    """Look into the newest register record of each approved model."""
    return judged(list(_ways_back(city)))


def _ways_back(city: Inspection) -> Iterator[Evidence]:
    bodies = [row[2] for row in city.rows("register_newest", {"record_id": None})]
    models = active(city)
    for model in models:
        record = next((body for body in bodies if _names(body, model["model_sha256"])), None)
        if record is None:
            yield fault(
                f"{name_of(model)} steht in keinem Registereintrag",
                f"{name_of(model)} stands in no register record",
            )
            continue
        link = f"/register/{record['record_id']}"
        for path in NEEDED:
            field = ".".join(path)
            if _is_said(record, path):
                yield fine(
                    f"{name_of(model)}: {field} steht im Register",
                    f"{name_of(model)}: the register states {field}",
                    link,
                )
            else:
                yield fault(
                    f"{name_of(model)}: {field} fehlt im Register",
                    f"{name_of(model)}: the register does not state {field}",
                    link,
                )
    if not models:
        yield fine("kein Modell ist freigegeben", "no model is approved", link="/models")


def _names(body: dict[str, Any], model_sha256: str) -> bool:
    return any(one.get("model_sha256") == model_sha256 for one in body.get("models", []))


def _is_said(record: dict[str, Any], path: tuple[str, ...]) -> bool:
    value: Any = record
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return isinstance(value, dict) and bool(value.get("de", "").strip())
