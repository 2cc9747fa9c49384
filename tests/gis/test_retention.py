"""Data go when their time is over or somebody asks; what was decided and proven stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from gis.postgis.retention import __main__ as command
from gis.postgis.retention.erasure import ErasureError, Near, erase_near
from gis.postgis.retention.rules import KINDS, RULES, RetentionError, digest_of, periods, run
from gis.profile import DataProtection
from tests.messages import SEEN_AT, batch, heartbeat, jpeg, mask_receipt, moved, sighting
from tests.serving import CityServer
from tests.small_city import CENTRE

LONG_AFTER = SEEN_AT + timedelta(days=4000)
NEVER = datetime(1990, 1, 1, tzinfo=UTC)


def a_pothole_seen_three_times(city: CityServer) -> list[str]:
    """Three passes over one pothole, each with its picture; return the pictures' hashes."""
    pictures = [jpeg(colour=colour) for colour in ("red", "green", "blue")]
    seen = [
        moved(20 + at / 10, picture=mask_receipt(picture), confidence=0.5 + at / 10)
        for at, picture in enumerate(pictures)
    ]
    digests = [sha256(picture).hexdigest() for picture in pictures]
    with city.client("vehicle") as truck:
        for one in seen:
            assert truck.post("/batches", json=batch(one)).status_code == 202
        for digest, picture in zip(digests, pictures, strict=True):
            headers = {"Content-Type": "image/jpeg"}
            assert truck.put(f"/pictures/{digest}", content=picture, headers=headers).is_success
        assert truck.post("/heartbeats", json=heartbeat()).status_code == 202
    city.wait_for_merge()
    return digests


def keep(city: CityServer, now: datetime, **options: Any) -> dict[str, int]:
    """Run the job as if it were another day; count what it deleted."""
    with psycopg.connect(city.database_url, autocommit=True) as connection:
        return {one.kind: len(one.ids) for one in run(connection, now=now, **options)}


def receipts(city: CityServer, kind: str) -> list[dict[str, Any]]:
    """The data of the receipts in the log."""
    rows = city.rows("SELECT body FROM audit_outbox WHERE kind = %s ORDER BY event_id", [kind])
    return [json.loads(bytes(row[0]))["data"] for row in rows]


def count(city: CityServer, table: str) -> int:
    return int(city.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608


def test_what_is_young_is_kept_and_the_log_says_that_somebody_looked(city: CityServer) -> None:
    a_pothole_seen_three_times(city)
    assert set(keep(city, NEVER).values()) == {0}
    assert [one["kind"] for one in receipts(city, "retention.run")] == list(KINDS)
    assert {one["digest"] for one in receipts(city, "retention.run")} == {digest_of([])}


def test_when_the_time_is_over_pictures_passes_and_heartbeats_go_and_the_damage_stays(
    city: CityServer,
) -> None:
    digests = a_pothole_seen_three_times(city)
    batches = {str(one) for (one,) in city.rows("SELECT batch_id FROM batch")}
    gone = keep(city, LONG_AFTER)
    assert gone == dict.fromkeys(KINDS, 0) | {
        "open_pictures": 3,
        "passes": 3,
        "batches": 3,
        "heartbeats": 1,
    }
    assert [count(city, table) for table in ("picture", "batch", "heartbeat")] == [0, 0, 0]
    rows = city.rows("SELECT seen_at, batch_id, picture_sha256, heading_deg FROM sighting")
    assert rows == [(SEEN_AT.replace(hour=0, minute=0), UUID(int=0), None, None)], "the anchor"
    ((number, sightings),) = city.rows("SELECT damage_id, sightings FROM damage")
    assert sightings == 3
    with city.client("road") as road:
        shown = road.get(f"/damages/{number}").json()
        assert shown["picture_sha256"] is None
        assert road.get(f"/pictures/{digests[0]}").status_code == 404
    with city.client("vehicle") as truck:
        headers = {"Content-Type": "image/jpeg"}
        again = truck.put(f"/pictures/{digests[0]}", content=jpeg(colour="red"), headers=headers)
        assert again.status_code == 404, "what was erased is not taken again"
    told = {one["kind"]: one for one in receipts(city, "retention.run")}
    assert told["batches"]["digest"] == digest_of(batches)
    assert told["open_pictures"]["digest"] == digest_of(digests)
    assert set(keep(city, LONG_AFTER).values()) == {0}, "a second run finds nothing"


def test_a_damage_seen_again_after_its_picture_was_erased_shows_the_new_one(
    city: CityServer,
) -> None:
    a_pothole_seen_three_times(city)
    keep(city, LONG_AFTER, kinds=["open_pictures"])
    picture = jpeg(colour="white")
    city.send(batch(moved(20, picture=mask_receipt(picture), confidence=0.3)))
    city.wait_for_merge()
    assert city.rows(
        "SELECT picture_sha256 FROM damage JOIN sighting ON sighting_id = picture_sighting_id"
    ) == [(sha256(picture).hexdigest(),)]


def test_pictures_of_repaired_damages_go_before_those_of_open_ones(city: CityServer) -> None:
    a_pothole_seen_three_times(city)
    after_a_year = datetime.now(UTC) + timedelta(days=365)
    assert keep(city, after_a_year, kinds=["pictures", "open_pictures"]) == {
        "pictures": 0,
        "open_pictures": 0,
    }
    ((number,),) = city.rows("SELECT damage_id FROM damage")
    with city.client("road") as road:
        decision = {"verdict": "not a damage", "reason": "a shadow", "seen_verdict_id": None}
        road.post(f"/damages/{number}/verdicts", json=decision | {"seconds_spent": 3})
    assert keep(city, after_a_year, kinds=["pictures"]) == {"pictures": 3}


def test_a_dry_run_deletes_nothing_and_writes_nothing(city: CityServer) -> None:
    a_pothole_seen_three_times(city)
    assert keep(city, LONG_AFTER, is_dry=True)["open_pictures"] == 3
    assert count(city, "picture") == 3
    assert receipts(city, "retention.run") == []


def test_put_aside_sightings_go_early(city: CityServer) -> None:
    city.send(batch(sighting(longitude_deg=13.4, latitude_deg=52.5)))
    city.wait_for_merge()
    assert keep(city, datetime.now(UTC) + timedelta(days=31))["quarantined"] == 1
    assert count(city, "sighting") == 0


def test_the_city_states_its_periods_and_a_period_that_loses_data_is_refused() -> None:
    assert periods({})["pictures"] == 180
    assert periods({"picture_days": 30, "sighting_days": 20})["batches"] == 20
    for wrong in (0, 13, "90", 9.5):
        with pytest.raises(RetentionError, match=f"sighting_days = {wrong!r}"):
            periods({"sighting_days": wrong})


def test_every_period_can_be_stated_in_the_citys_profile() -> None:
    known = {field.name for field in msgspec.structs.fields(DataProtection)}
    assert {rule.setting for rule in RULES} <= known
    assert {"backup_days", "key_backup_days"} <= known


def test_the_citys_own_periods_count_and_old_accounts_go(city: CityServer) -> None:
    city.rows(
        "INSERT INTO city_profile (profile) VALUES (%s) "
        "ON CONFLICT (city_id) DO UPDATE SET profile = excluded.profile RETURNING 1",
        ['{"data_protection": {"person_days": 30, "heartbeat_days": null}}'],
    )
    city.rows(
        "INSERT INTO person (kind, issuer, subject, last_login_at) VALUES "
        "('provider', 'https://id', 'gone', now() - interval '31 days'), "
        "('provider', 'https://id', 'here', now() - interval '29 days') RETURNING 1"
    )
    assert keep(city, datetime.now(UTC))["people"] == 1
    assert city.rows("SELECT subject FROM person") == [("here",)]


def test_the_keeper_may_delete_what_is_named_and_nothing_else(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET ROLE stadtwart_keeper")
        for table in ("damage", "verdict", "work_order", "audit_outbox", "audit_entry", "city"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(SQL("DELETE FROM {}").format(Identifier(table)))


def near(**changes: Any) -> Near:
    """The place and the hour of the small city's potholes."""
    where = {"longitude_deg": CENTRE[0], "latitude_deg": CENTRE[1], "radius_m": 40.0}
    when = {"since": SEEN_AT - timedelta(hours=1), "until": SEEN_AT + timedelta(hours=1)}
    return Near(**(where | when | changes))


def test_a_citizen_names_a_place_and_an_hour_and_the_pictures_from_there_are_gone(
    city: CityServer,
) -> None:
    digests = a_pothole_seen_three_times(city)
    elsewhere = jpeg(colour="black")
    city.send(batch(moved(500, picture=mask_receipt(elsewhere))))
    later = SEEN_AT + timedelta(hours=2)
    city.send(batch(moved(20, seen_at=later.isoformat())))
    city.wait_for_merge()
    with psycopg.connect(city.database_url, autocommit=True) as connection:
        dry = erase_near(connection, near(), is_dry=True)
        assert count(city, "picture") == 3
        erased = erase_near(connection, near())
        again = erase_near(connection, near())
    assert sorted(erased.pictures) == sorted(dry.pictures) == sorted(digests)
    assert len(erased.sightings) == 3
    assert again.pictures == []
    assert count(city, "picture") == 0
    assert city.rows("SELECT count(*) FROM sighting WHERE picture_sha256 IS NOT NULL") == [(1,)]
    first, second = receipts(city, "erasure.done")
    assert first == {
        "by": "place and time",
        "pictures": 3,
        "sightings": 3,
        "keys": 0,
        "digest": digest_of([*erased.pictures, *erased.sightings]),
    }
    assert second["pictures"] == 0


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"longitude_deg": 51.48, "latitude_deg": 11.97}, "longitude first"),
        ({"radius_m": 50_000}, "up to 2000 m"),
        ({"until": NEVER}, "before it begins"),
    ],
)
def test_a_request_that_can_only_be_a_mistake_is_refused(
    changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(ErasureError, match=named):
        near(**changes)


def test_the_command_shows_runs_and_erases(
    city: CityServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    digests = a_pothole_seen_three_times(city)
    monkeypatch.setenv("DATABASE_URL", city.database_url)
    monkeypatch.setenv("STADTWART_DATA", str(tmp_path))

    def told(*arguments: str) -> Any:
        assert command.main(list(arguments)) == 0
        return json.loads(capsys.readouterr().out)

    assert {one["kind"]: one["days"] for one in told("show")}["heartbeats"] == 90
    assert {one["kind"] for one in told("run", "--dry-run")} == set(KINDS)
    assert told("erase", "--picture", digests[0])["pictures"] == [digests[0]]
    place = f"{CENTRE[0]},{CENTRE[1]}"
    span = ["--from", "2026-05-04T10:00:00+02:00", "--to", "2026-05-04T11:00:00+02:00"]
    found = told("erase", "--near", place, "--radius-m", "60", *span)
    assert sorted(found["pictures"]) == sorted(digests[1:])
    assert command.main(["erase", "--near", place]) == 4
    assert "--from and --to" in capsys.readouterr().err
    assert command.main(["erase", "--person", str(UUID(int=9))]) == 4
