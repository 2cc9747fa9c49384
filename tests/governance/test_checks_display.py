"""Rules 2 and 8 fail when origins may be left out, or what nobody saw is praised."""

from __future__ import annotations

from governance.check_result import Status
from tests.governance.conftest import Connection, checked, faults

A_TREE = """
INSERT INTO trees (
    tree_key, number, status, genus, species, species_german, street, area, source,
    first_seen_on, last_seen_on
)
VALUES ('a/1', '1', 'standing', 'Tilia', 'cordata', 'Winter-Linde', 'Ring', '', 'test',
    '2026-01-01', '2026-01-01')
"""


def test_a_sighting_that_names_no_model_fails_rule_2(here: Connection) -> None:
    assert checked(here, "labelled").status is Status.PASS
    here.execute("ALTER TABLE sighting ALTER COLUMN model_sha256 DROP NOT NULL")
    result = checked(here, "labelled")
    assert result.status is Status.FAIL
    assert faults(result) == ["sighting.model_sha256 may stay empty or is missing"]


def test_a_tree_without_a_forecast_that_is_called_good_fails_rule_8(here: Connection) -> None:
    here.execute(A_TREE)
    assert checked(here, "fair-coverage").status is Status.PASS
    row = here.execute("SELECT pg_get_viewdef('tree_today')").fetchone()
    assert row is not None
    praised = str(row[0]).replace("'unknown'::text) AS urgency", "'good'::text) AS urgency")
    assert praised != row[0]
    here.execute(f"CREATE OR REPLACE VIEW tree_today AS {praised}".encode())
    result = checked(here, "fair-coverage")
    assert result.status is Status.FAIL
    assert "is not called unknown" in faults(result)[0]


def test_a_road_state_called_sound_fails_rule_8(here: Connection) -> None:
    here.execute(
        "ALTER TABLE damage ADD CHECK (state IN ('waiting', 'confirmed', 'dismissed', 'unsure', "
        "'ordered', 'repaired', 'sound'))"
    )
    assert "sound" in faults(checked(here, "fair-coverage"))[0]
