"""What comes back in the evening as a table: our own CSV, and what citizens gave."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from irrigation.database import connected
from irrigation.errors import ReadingError
from irrigation.feeds import intake, intake_file
from irrigation.feeds.intake import Taken

NOW = datetime(2026, 7, 20, 18, tzinfo=UTC)
EXPORT = """id,tree_id,time,uuid,amount,timestamp,username
101,1101,,11111111-1111-4111-8111-111111111111,20,2026-07-14 18:30:00+02,Erika M.
102,1102,,11111111-1111-4111-8111-111111111111,10,2026-07-14T08:00:00,Erika M.
103,77777,,22222222-2222-4222-8222-222222222222,10,2026-07-14T08:00:00,Max
104,1102,,22222222-2222-4222-8222-222222222222,5000,2026-07-14T08:00:00,Max
105,1102,,22222222-2222-4222-8222-222222222222,viel,2026-07-14T08:00:00,Max
"""


def numbers(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        return dict(connection.execute("SELECT number, tree_id FROM trees").fetchall())


def take(url: str, file: Path) -> tuple[Taken, dict[str, int]]:
    parsed = intake_file.waterings(file, numbers(url).get, time_zone="Europe/Berlin")
    with connected(url) as connection:
        done = intake.store_waterings(
            connection, parsed.waterings, source=parsed.source, received_at=NOW
        )
    return done, parsed.refused


def test_the_export_of_giess_den_kiez_counts_once_and_without_names(
    city_with_weather: str, tmp_path: Path
) -> None:
    file = tmp_path / "trees_watered.csv"
    file.write_text(EXPORT)
    first, refused = take(city_with_weather, file)
    again, _ = take(city_with_weather, file)
    assert (first.stored, first.flagged, again.stored, again.known) == (3, 1, 0, 3)
    assert refused == {"no tree, or several, of that number": 1, "no number": 1}
    with psycopg.connect(city_with_weather) as connection:
        rows = connection.execute(
            "SELECT watered_at, litres, by_kind, flags, waterings::text FROM waterings "
            "WHERE source = 'giess-den-kiez' ORDER BY litres"
        ).fetchall()
    assert [row[0].hour for row in rows] == [6, 16, 6], "local times, in UTC"
    assert [row[1] for row in rows] == [10, 20, 5000]
    assert {row[2] for row in rows} == {"citizen"}
    assert rows[2][3] == ["more than 2000 L"]
    assert not any("Erika" in row[4] or "Max" in row[4] for row in rows)


def test_our_own_table_names_what_it_cannot_read(city_with_weather: str, tmp_path: Path) -> None:
    file = tmp_path / "waterings.csv"
    file.write_text(
        "tree_number;at;litres;by_kind\n"
        "1101;2026-07-14T06:00;80,5;crew\n"
        "1102;gestern;80;crew\n"
        "1102;2026-07-14T06:00;-3;crew\n"
        "1102;2026-07-14T06:00;80;somebody\n"
    )
    done, refused = take(city_with_weather, file)
    assert done.stored == 1
    assert sum(refused.values()) == 3
    assert "no readable time" in refused


def test_readings_of_unknown_sensors_are_named_and_the_others_count(
    city_with_weather: str, tmp_path: Path
) -> None:
    file = tmp_path / "readings.csv"
    file.write_text(
        "sensor_id,at,depth_cm,tension_kpa\n"
        "ms-sensor-01,2026-07-20T08:00:00Z,40,35.5\n"
        "ms-sensor-01,2026-07-20T08:00:00Z,40,35.5\n"
        "stranger,2026-07-20T08:00:00Z,40,35.5\n"
        "ms-sensor-02,2026-07-20T08:00:00Z,40,\n"
    )
    parsed = intake_file.readings(file, time_zone="Europe/Berlin")
    with connected(city_with_weather) as connection:
        done = intake.store_readings(connection, parsed.readings, source="csv", received_at=NOW)
    assert done == Taken(stored=1, known=1, flagged=0, unknown=("stranger",))
    assert parsed.refused == {"no value": 1}


def test_another_table_is_refused_with_the_columns_it_lacks(tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("a;b\n1;2\n")
    with pytest.raises(ReadingError, match="sensor_id"):
        intake_file.readings(file, time_zone="UTC")
    with pytest.raises(ReadingError, match="does not exist"):
        intake_file.readings(tmp_path / "none.csv", time_zone="UTC")
