"""The schema grows in order, once, and never changes behind anybody's back."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
import pytest

from gis.postgis.cluster import Cluster
from gis.postgis.errors import MigrationError
from gis.postgis.load_city import load_city
from gis.postgis.migrate import FOLDER, migrate
from gis.postgis.queries import FOLDER as QUERIES

OF_LAST_YEAR = """
    INSERT INTO batch VALUES (gen_random_uuid(), 'truck-1', repeat('a', 64), 1, now());
    INSERT INTO sighting (sighting_id, batch_id, seen_at, longitude_deg, latitude_deg,
        position_error_m, damage_class, confidence, frames, model_sha256, simulated)
    SELECT gen_random_uuid(), batch_id, now(), 11.96, 51.48, 2.5, 'D40', 0.7, 3, repeat('b', 64),
        true
    FROM batch;
    INSERT INTO damage (damage_class, anchor_sighting_id, x_m, y_m, cell, longitude_deg,
        latitude_deg, position_error_m, sightings, first_seen_at, last_seen_at, confidence,
        model_sha256, made_at, simulated)
    SELECT damage_class, sighting_id, 700000, 5700000, 1, longitude_deg, latitude_deg,
        position_error_m, 1, seen_at, seen_at, confidence, model_sha256, seen_at, simulated
    FROM sighting;
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "migrations"))


def test_migrating_again_does_nothing(database_url: str) -> None:
    assert migrate(database_url) == []


def test_a_new_migration_is_applied_once(database_url: str, folder: Path) -> None:
    (folder / "9000_extra.sql").write_text("CREATE TABLE extra (id int)")
    assert migrate(database_url, folder) == ["9000_extra"]
    assert migrate(database_url, folder) == []


def test_a_changed_old_migration_is_refused(database_url: str, folder: Path) -> None:
    file = folder / "0001_places.sql"
    file.write_text(file.read_text() + "\n-- harmless?")
    with pytest.raises(MigrationError, match="0001_places changed after it was applied"):
        migrate(database_url, folder)


def test_an_older_program_refuses_a_newer_database(database_url: str, folder: Path) -> None:
    (folder / "0001_places.sql").unlink()
    with pytest.raises(MigrationError, match="install the newer program"):
        migrate(database_url, folder)


def test_a_failing_migration_leaves_nothing_behind(database_url: str, folder: Path) -> None:
    (folder / "9000_bad.sql").write_text("CREATE TABLE half (id int); SELECT 1/0")
    with pytest.raises(MigrationError, match="changed nothing"):
        migrate(database_url, folder)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT to_regclass('half')").fetchone() == (None,)


@pytest.mark.parametrize("file", sorted(QUERIES.glob("*.sql")), ids=lambda file: file.stem)
def test_every_query_says_what_it_is_for(file: Path) -> None:
    assert file.read_text().startswith("-- ")


def test_damages_known_before_places_were_averaged_keep_their_place(
    postgres: Cluster, small_city: Path, folder: Path
) -> None:
    later = [
        file for file in folder.glob("*.sql") if file.stem >= "0400" or file.stem.startswith("0230")
    ]
    for file in later:
        file.unlink()
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE of_last_year")
    url = postgres.url("of_last_year")
    migrate(url, folder)
    load_city(url, small_city)
    with psycopg.connect(url) as connection:
        connection.execute(OF_LAST_YEAR)
        before = connection.execute("SELECT * FROM damage_report").fetchall()
    assert len(before) == 1

    assert {file.stem for file in later} <= set(migrate(url))

    with psycopg.connect(url) as connection:
        after = connection.execute("SELECT * FROM damage_report").fetchall()
        kept = connection.execute(
            "SELECT information_x / information_xx - ST_X(place), "
            "information_y / information_yy - ST_Y(place) FROM damage, city, ST_Transform("
            "ST_SetSRID(ST_MakePoint(longitude_deg, latitude_deg), 4326), metric_srid) AS place"
        ).fetchone()
    assert [row[: len(before[0])] for row in after] == before
    assert kept == pytest.approx((0, 0), abs=1e-3)  # metres
