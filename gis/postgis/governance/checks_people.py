"""Rules 1 and 11: a person decides last, and a person can stop it. The database must hold both."""

from __future__ import annotations

from collections.abc import Iterator

from gis.postgis.governance.inspection import Inspection
from governance.check_result import CheckResult, Evidence, fault, fine, judged

# table, trigger, what its function must ask for
DECISIONS = (
    ("work_order_damage", "needs_current_verdict", "current_verdict_id"),
    ("verdict", "becomes_current", "previous_verdict_id"),
    ("verdict", "append_only", "append-only"),
    ("verdict", "only_forgets", "append-only"),
    ("register_publication", "is_complete", "register_gaps"),
    ("model_activation", "is_allowed", "trained_by"),
    ("tour", "needs_approval", "approved"),
    ("tour_run", "needs_approval", "approved"),
    ("plan_decision", "append_only", "append-only"),
    ("plan_decision", "only_forgets", "append-only"),
)
BINDINGS = (  # table, what one of its constraints must say
    ("work_order_damage", "FOREIGN KEY (verdict_id, damage_id, verdict)"),
    ("work_order_damage", "verdict = 'confirmed'"),
    ("register_publication", "actor_kind = 'person'"),
    ("model_activation", "actor_kind = 'person'"),
    ("tour", "approval_kind = 'approved'"),
)
SYSTEMS = ("detector", "watering")


def a_person_decides_last(city: Inspection) -> CheckResult:
    """Look for every trigger and constraint that asks for a person, and for orders without one."""
    return judged([*_triggers(city), *_bindings(city), *_orders(city)])


def people_can_stop_a_system(city: Inspection) -> CheckResult:
    """Look whether the gate asks for incidents, and name the systems that are stopped now."""
    return judged([*_stop(city), *_stopped(city)])


def _triggers(city: Inspection) -> Iterator[Evidence]:
    for table, trigger, text in DECISIONS:
        if city.catalogue.fires(table, trigger, calling=text):
            yield fine(
                f"Auslöser {trigger} auf {table} wirkt", f"trigger {trigger} on {table} fires"
            )
        else:
            yield fault(
                f"Auslöser {trigger} auf {table} fehlt, ist abgeschaltet oder prüft nicht mehr",
                f"trigger {trigger} on {table} is missing, disabled or no longer asks",
            )


def _bindings(city: Inspection) -> Iterator[Evidence]:
    for table, text in BINDINGS:
        if city.catalogue.holds(table, text):
            yield fine(f"{table}: {text} gilt", f"{table}: {text} holds")
        else:
            yield fault(f"{table}: {text} gilt nicht", f"{table}: {text} does not hold")


def _orders(city: Inspection) -> Iterator[Evidence]:
    rows = city.rows("governance_orders_unconfirmed")
    for order, damage in rows:
        yield fault(
            f"Auftrag {order} enthält Schaden {damage}, den niemand bestätigt hat",
            f"work order {order} holds damage {damage} that nobody confirmed",
        )
    if not rows:
        yield fine(
            "jeder Schaden in einem Auftrag ist von einem Menschen bestätigt",
            "a person confirmed every damage in a work order",
        )


def _stop(city: Inspection) -> Iterator[Evidence]:
    if city.catalogue.fires("model_activation", "is_allowed", calling="is_stopped("):
        yield fine(
            "ein angehaltenes System nimmt kein Modell an", "a stopped system takes no model"
        )
    else:
        yield fault(
            "die Modellfreigabe fragt nicht nach Vorfällen",
            "the gate for models does not ask for incidents",
        )
    if city.catalogue.fires("incident_entry", "append_only"):
        yield fine(
            "Vorfälle werden ergänzt, nie überschrieben",
            "incidents are added to, never overwritten",
            link="/incidents",
        )
    else:
        yield fault("Vorfälle könnten umgeschrieben werden", "incidents could be rewritten")


def _stopped(city: Inspection) -> Iterator[Evidence]:
    for system in SYSTEMS:
        row = city.connection.execute("SELECT is_stopped(%s)", [system]).fetchone()
        if row and row[0]:
            yield fine(
                f"{system}: von einem Menschen angehalten",
                f"{system}: stopped by a person",
                link="/incidents",
            )
