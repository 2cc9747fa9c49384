"""Rules 3 and 4 fail when a picture could arrive unmasked or a table could hold a track."""

from __future__ import annotations

from gis.postgis.governance.checks_data import message_types
from governance.check_result import Status
from tests.governance.conftest import Connection, checked, faults


def test_a_picture_without_a_mask_receipt_fails_rule_3(here: Connection) -> None:
    assert checked(here, "privacy-on-device").status is Status.PASS
    here.execute(
        "INSERT INTO picture (sha256, jpeg, width_px, height_px) VALUES (repeat('a', 64), '', 1, 1)"
    )
    result = checked(here, "privacy-on-device")
    assert result.status is Status.FAIL
    assert faults(result) == ["picture aaaaaaaaaaaa… has no mask receipt"]


def test_a_database_that_no_longer_asks_for_the_receipt_fails_rule_3(here: Connection) -> None:
    row = here.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'sighting'::regclass "
        "AND pg_get_constraintdef(oid) LIKE '%mask_receipt%'"
    ).fetchone()
    assert row is not None
    here.execute(f"ALTER TABLE sighting DROP CONSTRAINT {row[0]}".encode())
    assert checked(here, "privacy-on-device").status is Status.FAIL


def test_a_table_that_could_hold_a_track_fails_rule_4(here: Connection) -> None:
    assert checked(here, "no-profile").status is Status.PASS
    here.execute("CREATE TABLE truck_day (device_id text, path geometry(LineString, 4326))")
    result = checked(here, "no-profile")
    assert result.status is Status.FAIL
    assert "truck_day.path" in faults(result)[0]


def test_a_column_named_after_the_driver_fails_rule_4(here: Connection) -> None:
    here.execute("ALTER TABLE heartbeat ADD COLUMN driver text")
    assert "heartbeat.driver" in faults(checked(here, "no-profile"))[0]


def test_the_check_sees_every_message_of_the_trucks() -> None:
    assert {"Batch", "Sighting", "Heartbeat", "MaskReceipt"} <= set(message_types())
