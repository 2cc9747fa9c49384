"""Rules 6 and 9 fail for models nobody approved, changed files and silent cards."""

from __future__ import annotations

import dataclasses

from gis.postgis.governance.checks_models import cards_state_energy, only_approved_models_are_used
from gis.postgis.governance.inspection import inspect
from governance.check_result import Status
from tests.governance.conftest import Connection, checked, faults

A_SIGHTING = """
INSERT INTO batch (batch_id, device_id, content_sha256, sightings, sent_at)
VALUES ('00000000-0000-0000-0000-00000000000a', 'truck-7', repeat('a', 64), 1, now());
INSERT INTO sighting (
    sighting_id, batch_id, seen_at, longitude_deg, latitude_deg, position_error_m, damage_class,
    confidence, frames, model_sha256, simulated
)
VALUES (gen_random_uuid(), '00000000-0000-0000-0000-00000000000a', now(), 11.96, 51.48, 1,
    'D40', 0.5, 3, '{model}', true)
"""


def test_a_sighting_of_an_unapproved_model_fails_rule_6(approved: Connection) -> None:
    assert checked(approved, "approved-card").status is Status.PASS
    approved.execute(A_SIGHTING.format(model="e" * 64).encode())
    result = checked(approved, "approved-card")
    assert result.status is Status.FAIL
    assert faults(result) == ["1 sightings of model eeeeeeeeeeee…, approved by nobody"]


def test_a_file_that_changed_after_its_approval_fails_rule_6(approved: Connection) -> None:
    city = inspect(approved)
    changed = tuple(dataclasses.replace(one, file_sha256="f" * 64) for one in city.models)
    result = only_approved_models_are_used(dataclasses.replace(city, models=changed))
    assert result.status is Status.FAIL
    assert "the file on this machine is another one" in faults(result)[0]


def test_a_card_without_energy_fails_rule_9_and_one_with_it_passes(approved: Connection) -> None:
    approved.execute("ALTER TABLE model_card DISABLE TRIGGER append_only")
    approved.execute("UPDATE model_card SET body = body - 'energy'")
    silent = cards_state_energy(inspect(approved))
    assert silent.status is Status.FAIL
    assert "states no energy" in faults(silent)[0]
    energy = '{"energy": {"wh_per_1000": 1.9, "method": "RAPL"}}'
    approved.execute("UPDATE model_card SET body = body || %s::jsonb", [energy])
    assert cards_state_energy(inspect(approved)).status is Status.PASS
