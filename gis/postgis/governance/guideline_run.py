"""Run the guideline's checks; store what they found with its audit event, in one transaction."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import psycopg

from gis.postgis import outbox
from gis.postgis.governance.inspection import Inspection
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event
from governance.check_result import CheckResult, Status, fault
from governance.guideline import Guideline, Rule, read_guideline

logger = logging.getLogger(__name__)
Check = Callable[[Inspection], CheckResult]
NIGHTLY = Actor("machine", "guideline")


@dataclass(frozen=True, slots=True)
class Checked:
    """One rule and what its check found."""

    rule: Rule
    result: CheckResult

    def as_json(self) -> dict[str, Any]:
        """Return it as the command prints it."""
        return {
            "number": self.rule.number,
            "rule": self.rule.rule_id,
            "title": self.rule.title,
            "hard": self.rule.is_hard,
            "guards": list(self.rule.guards),
            "status": self.result.status.value,
            "evidence": [one.as_json() for one in self.result.evidence],
        }


def check_of(rule: Rule) -> Check:
    """Return the callable that a rule names."""
    module, name = rule.check.split(":")
    found: Check = getattr(import_module(module), name)
    return found


def run_checks(city: Inspection, guideline: Guideline | None = None) -> list[Checked]:
    """Check every rule; a check that cannot look is unknown, which is no pass."""
    rules = (guideline or read_guideline()).rules
    return [Checked(rule, _look(rule, city)) for rule in rules]


def store(
    connection: psycopg.Connection[Any],
    found: Iterable[Checked],
    *,
    actor: Actor = NIGHTLY,
    guideline: Guideline | None = None,
) -> int:
    """Keep a run's results; return its number."""
    guideline, found = guideline or read_guideline(), list(found)
    named = {
        wanted: [one.rule.rule_id for one in found if one.result.status is wanted]
        for wanted in Status
    }
    happened = event(
        "guideline.checked",
        actor=actor,
        subject=Subject("guideline", guideline.version),
        data={
            "sha256": guideline.sha256,
            "passed": len(named[Status.PASS]),
            "failed": named[Status.FAIL],
            "unknown": named[Status.UNKNOWN],
        },
    )
    with connection.transaction():
        connection.execute(query("audit_record"), outbox.parameters(happened))
        about = {
            "version": guideline.version,
            "sha256": guideline.sha256,
            "event_id": happened.id,
        }
        row = connection.execute(query("guideline_run_store"), about).fetchone()
        if row is None:
            raise RuntimeError("the run was not stored")
        rows = [_row(one) | {"run_id": row[0]} for one in found]
        with connection.cursor() as cursor:
            cursor.executemany(query("guideline_result_store"), rows)
    return int(row[0])


def _look(rule: Rule, city: Inspection) -> CheckResult:
    try:
        return check_of(rule)(city)
    except (psycopg.Error, OSError, LookupError, ValueError) as error:
        logger.warning("check could not look rule=%s reason=%s", rule.rule_id, error)
        text = str(error).split("\n", 1)[0][:200]
        seen = fault(f"die Prüfung konnte nicht hinsehen: {text}", f"could not look: {text}")
        return CheckResult(Status.UNKNOWN, (seen,))


def _row(checked: Checked) -> dict[str, Any]:
    shown = [one.as_json() for one in checked.result.evidence]
    return {
        "rule_id": checked.rule.rule_id,
        "status": checked.result.status.value,
        "is_hard": checked.rule.is_hard,
        "guards": list(checked.rule.guards),
        "evidence": json.dumps(shown, ensure_ascii=False),
    }
