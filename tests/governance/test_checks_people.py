"""Rules 1 and 11 fail when somebody takes away what asks for a person."""

from __future__ import annotations

from governance.check_result import Status
from tests.governance.conftest import Connection, checked, faults


def test_an_order_without_a_trigger_that_asks_for_the_verdict_fails_rule_1(
    here: Connection,
) -> None:
    assert checked(here, "human-last").status is Status.PASS
    here.execute("ALTER TABLE work_order_damage DISABLE TRIGGER needs_current_verdict")
    result = checked(here, "human-last")
    assert result.status is Status.FAIL
    assert "needs_current_verdict" in faults(result)[0]


def test_a_dropped_constraint_and_a_hollowed_trigger_fail_rule_1(here: Connection) -> None:
    here.execute("ALTER TABLE work_order_damage DROP CONSTRAINT work_order_damage_verdict_check")
    here.execute(
        "CREATE OR REPLACE FUNCTION tour_needs_approval() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$"
    )
    found = faults(checked(here, "human-last"))
    assert any("verdict = 'confirmed'" in text for text in found)
    assert any("needs_approval on tour " in text for text in found)


def test_a_gate_that_no_longer_asks_for_incidents_fails_rule_11(here: Connection) -> None:
    assert checked(here, "incident-stop").status is Status.PASS
    here.execute(
        "CREATE OR REPLACE FUNCTION model_activation_is_allowed() RETURNS trigger "
        "LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
    )
    result = checked(here, "incident-stop")
    assert result.status is Status.FAIL
    assert faults(result) == ["the gate for models does not ask for incidents"]
