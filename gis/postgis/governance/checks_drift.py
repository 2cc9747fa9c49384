"""Rule 12: what each approved detector reports is compared with the month before.

It stops nothing: where a model has drifted, the remedy is often the approval of another one.
"""

from __future__ import annotations

from psycopg.rows import dict_row

from gis.postgis.governance.checks_models import active, name_of, page_of
from gis.postgis.governance.inspection import Inspection
from gis.postgis.queries import query
from governance.check_result import CheckResult, Evidence, Status, fault, fine, judged
from governance.drift import Drift, Shift, overall, period_of, shifts


def drift_is_watched(city: Inspection) -> CheckResult:
    """Compare the two months; too few to tell is unknown, never "not changed"."""
    detectors = [one for one in active(city) if one["system"] == "detector"]
    if not detectors:
        return judged([fine("kein Detektor ist freigegeben", "no detector is approved", "/models")])
    found = [(name_of(one), page_of(one), _shifts(city, one["model_sha256"])) for one in detectors]
    result = judged([_evidence(*one) for one in found])
    if result.status is Status.PASS and any(
        overall(shifted) is Drift.TOO_FEW for _, _, shifted in found
    ):
        return CheckResult(Status.UNKNOWN, result.evidence)
    return result


def _shifts(city: Inspection, model_sha256: str) -> list[Shift]:
    with city.connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query("model_field_figures"), {"model_sha256": model_sha256})
        now, before = (period_of(row) for row in rows.fetchall())
    return shifts(now, before)


def _evidence(name: str, page: str, found: list[Shift]) -> Evidence:
    changed = [one for one in found if one.drift is Drift.CHANGED]
    if changed:
        count = len(changed)
        return fault(
            f"{name}: {count} von {len(found)} Anteilen anders als in den 30 Tagen davor",
            f"{name}: {count} of {len(found)} shares differ from the 30 days before",
            link=f"{page}#field",
        )
    if overall(found) is Drift.TOO_FEW:
        return fine(
            f"{name}: zu wenige Fälle, um etwas über eine Änderung zu sagen",
            f"{name}: too few cases to say whether anything changed",
            link=f"{page}#field",
        )
    return fine(
        f"{name}: wie in den 30 Tagen davor",
        f"{name}: as in the 30 days before",
        link=f"{page}#field",
    )
