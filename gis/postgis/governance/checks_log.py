"""Rule 5: the log is signed, complete and cannot be rewritten by the service."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from gis.postgis.audit.fsck import cross_findings, findings
from gis.postgis.audit.store import every_row
from gis.postgis.governance.catalogue import changing_rights
from gis.postgis.governance.inspection import Inspection
from governance.check_result import CheckResult, Evidence, fault, fine, judged

GROWING = ("audit_outbox", "audit_entry", "audit_tile", "audit_checkpoint", "audit_log")
MOST_WAITING_S = 600  # a sequencer that needs longer is not running


def the_log_is_signed_and_complete(city: Inspection) -> CheckResult:
    """Rebuild the log from its entries and compare; look for effects without an event."""
    return judged([*_protected(city), *_waiting(city), *_sound(city), *_complete(city)])


def _protected(city: Inspection) -> Iterator[Evidence]:
    for table in GROWING:
        if not city.catalogue.fires(table, "append_only", calling="append-only"):
            yield fault(f"{table} ist nicht geschützt", f"{table} is not protected")
    for table, right in changing_rights(city.connection, GROWING):
        yield fault(f"der Dienst darf {right} auf {table}", f"the service may {right} on {table}")
    yield fine(
        f"{', '.join(GROWING)} wachsen nur; dem Dienst fehlt jedes Recht zum Ändern",
        f"{', '.join(GROWING)} only grow; the service has no right to change them",
    )


def _waiting(city: Inspection) -> Iterator[Evidence]:
    waiting, oldest_s = city.rows("audit_waiting")[0]
    if waiting and oldest_s > MOST_WAITING_S:
        yield fault(
            f"{waiting} Einträge warten auf das Protokoll, der älteste seit {oldest_s:.0f} s: "
            "`stadtwart audit sequence` läuft nicht",
            f"{waiting} events wait for the log, the oldest for {oldest_s:.0f} s: "
            "`stadtwart audit sequence` does not run",
        )
    else:
        yield fine(f"{waiting} Einträge warten", f"{waiting} events wait")


def _sound(city: Inspection) -> Iterator[Evidence]:
    rows = every_row(city.connection)
    wrong = list(islice(findings(city.connection, city.log), 10))
    for text in wrong:
        yield fault(f"Protokoll: {text}", f"log: {text}")
    if rows and not wrong:
        names = ", ".join(row.origin for row in rows)
        yield fine(
            f"{names}: jeder Eintrag, jede Kachel und jede Unterschrift nachgerechnet",
            f"{names}: each entry, tile and signature computed again",
        )


def _complete(city: Inspection) -> Iterator[Evidence]:
    missing = list(islice(cross_findings(city.connection), 10))
    for text in missing:
        yield fault(f"Wirkung ohne Eintrag: {text}", f"effect without event: {text}")
    if not missing:
        yield fine(
            "jede Sendung, jede Bewertung und jeder Auftrag hat seinen Eintrag",
            "every batch, verdict and work order has its event",
        )
