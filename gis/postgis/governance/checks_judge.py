"""Rule 13: masking is looked at a second time, by other models, on a sample of what arrives.

It stops nothing: without a second detector the rate is unknown, and that is what it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg.rows import dict_row

from gis.postgis.governance.inspection import Inspection
from gis.postgis.queries import query
from governance.check_result import CheckResult, Evidence, Status, fault, fine, judged

PAGE = "/judgings"


def masking_is_looked_at_again(city: Inspection) -> CheckResult:
    """Ask whether somebody looks, what waits for the machine, and what waits for a person."""
    with city.connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(query("governance_judging")).fetchone()
    if found is None:
        return CheckResult(Status.UNKNOWN, ())
    result = judged([*_faults(found), *_looked(found)])
    is_blind = found["standing"] != "installed" or not found["judged"]
    if result.status is Status.PASS and is_blind:
        return CheckResult(Status.UNKNOWN, result.evidence)
    return result


def _faults(found: dict[str, Any]) -> Iterator[Evidence]:
    if found["unanswered"]:
        yield fault(
            f"{found['unanswered']} gesperrte Bilder warten seit über 7 Tagen auf einen Menschen",
            f"{found['unanswered']} withheld pictures wait for a person for more than 7 days",
            PAGE,
        )
    if found["late"] and found["standing"] == "installed":
        yield fault(
            f"{found['late']} geloste Bilder warten seit über einem Tag auf den zweiten Erkenner",
            f"{found['late']} drawn pictures wait for the second detector for more than a day",
            PAGE,
        )


def _looked(found: dict[str, Any]) -> Iterator[Evidence]:
    if found["standing"] == "missing":
        yield fine(
            "kein zweiter Erkenner installiert: Ob die Maskierung etwas übersieht, ist unbekannt",
            "no second detector installed: whether masking misses something is unknown",
            PAGE,
        )
    elif found["standing"] == "wrong checksum":
        yield fine(
            "zweiter Erkenner: falsche Prüfsumme der Modelle, sie werden nicht benutzt",
            "second detector: wrong checksum of its models, they are not used",
            PAGE,
        )
    yield fine(
        f"ein zweites Mal geprüfte Bilder: {found['judged']}",
        f"pictures looked at a second time: {found['judged']}",
        PAGE,
    )
