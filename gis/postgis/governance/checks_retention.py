"""Rule 7: nothing lies longer than its period; the deletion is rehearsed and rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from gis.postgis.governance.inspection import Inspection
from gis.postgis.retention import rules
from governance.check_result import CheckResult, Evidence, fault, fine, judged

GRACE = timedelta(days=2)  # the run comes once a night


def data_are_deleted_in_time(city: Inspection) -> CheckResult:
    """Ask each retention rule what it would still have to delete."""
    return judged(list(_overdue(city)))


def _overdue(city: Inspection) -> Iterator[Evidence]:
    for found in rules.run(city.connection, now=city.now - GRACE, is_dry=True):
        if found.ids:
            yield fault(
                f"{found.kind}: {len(found.ids)} über der Frist von {found.days} Tagen; "
                "`stadtwart retention run` löscht sie",
                f"{found.kind}: {len(found.ids)} beyond the period of {found.days} days; "
                "`stadtwart retention run` deletes them",
            )
        else:
            yield fine(
                f"{found.kind}: nichts liegt länger als {found.days} Tage",
                f"{found.kind}: nothing lies longer than {found.days} days",
            )
