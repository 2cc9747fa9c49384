"""The schema grows in order, once, and never changes behind anybody's back."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
import pytest

from gis.postgis.errors import MigrationError
from gis.postgis.migrate import FOLDER, migrate
from gis.postgis.queries import FOLDER as QUERIES


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
