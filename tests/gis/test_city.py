"""A city folder is read whole or refused with its reason."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gis.city import CityFolderError, read_city, slug_of
from gis.postgis.audit.origins import default_base
from gis.postgis.errors import CityError
from gis.postgis.governance.load import owner_of
from gis.postgis.load_city import load_city
from tests.governance.log.city_log import CityLog
from tests.small_city import TOML, write_small_city


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_city(tmp_path / "city")


def change(file: Path, **members: Any) -> None:
    """Change members of a GeoJSON file."""
    file.write_text(json.dumps(json.loads(file.read_text()) | members))


def test_a_whole_folder_is_read(folder: Path) -> None:
    city = read_city(folder)
    assert (city.facts.slug, city.metric_srid) == ("kleinstadt", 25832)
    assert [one.name for one in city.districts] == ["West", "Ost"]
    assert [one.segment_id for one in city.streets] == ["s1", "s2", "s3"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("EPSG:25832", "EPSG:4326", "does not measure in metres"),
        ("EPSG:25832", "EPSG:99999", "is unknown"),
        ("EPSG:25832", "EPSG:2263", "does not measure in metres"),
        ('slug = "kleinstadt"', "", "slug"),
        ('slug = "kleinstadt"', 'slug = "Köthen (Anhalt)"', 'write slug = "koethen-anhalt"'),
        ('slug = "kleinstadt"', 'slug = "müllrose"', 'write slug = "muellrose"'),
        ('slug = "kleinstadt"', 'slug = "a/b"', 'write slug = "a-b"'),
        ('slug = "kleinstadt"', 'slug = "a"\nmayor = "b"', "mayor"),
        ("[city]", "[city", "city.toml"),
    ],
)
def test_wrong_facts_are_refused(folder: Path, old: str, new: str, message: str) -> None:
    (folder / "city.toml").write_text(TOML.replace(old, new))
    with pytest.raises(CityFolderError, match=message):
        read_city(folder)


@pytest.mark.parametrize("name", ["city.toml", "streets.geojson", "districts.geojson"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(CityFolderError, match=f"{name} is missing"):
        read_city(folder)


def test_another_crs_is_refused_with_the_remedy(folder: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    change(folder / "streets.geojson", crs=crs)
    with pytest.raises(CityFolderError, match="ogr2ogr"):
        read_city(folder)


def test_metres_instead_of_degrees_are_refused(folder: Path) -> None:
    line = {"type": "LineString", "coordinates": [[705_000, 5_706_000], [705_100, 5_706_000]]}
    feature = {"type": "Feature", "properties": {}, "geometry": line}
    change(folder / "streets.geojson", features=[feature])
    with pytest.raises(CityFolderError, match="metres instead of degrees"):
        read_city(folder)


def test_a_missing_column_is_named(folder: Path) -> None:
    line = {"type": "LineString", "coordinates": [[11.95, 51.48], [11.96, 51.48]]}
    feature = {"type": "Feature", "properties": {"segment_id": "a"}, "geometry": line}
    change(folder / "streets.geojson", features=[feature])
    with pytest.raises(CityFolderError, match="column 'name' is missing"):
        read_city(folder)


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {},
        {"type": "Point"},
        {"type": "Nonsense", "coordinates": []},
        {"type": "Point", "coordinates": [11.9, 51.4]},
    ],
)
def test_a_street_without_a_line_is_refused(folder: Path, geometry: Any) -> None:
    row = {"segment_id": "a", "name": "A", "road_class": "b"}
    change(folder / "streets.geojson", features=[{"properties": row, "geometry": geometry}])
    with pytest.raises(CityFolderError):
        read_city(folder)


def test_an_unknown_district_and_a_double_id_are_refused(folder: Path) -> None:
    file = folder / "streets.geojson"
    features = json.loads(file.read_text())["features"]
    change(file, features=[*features, features[0]])
    with pytest.raises(CityFolderError, match="s1 appears twice"):
        read_city(folder)
    features[0]["properties"]["district_id"] = "atlantis"
    change(file, features=features)
    with pytest.raises(CityFolderError, match="atlantis"):
        read_city(folder)


def test_loading_again_replaces_the_streets(database_url: str, folder: Path) -> None:
    load_city(database_url, folder)
    file = folder / "streets.geojson"
    change(file, features=json.loads(file.read_text())["features"][:1])
    load_city(database_url, folder)
    with psycopg.connect(database_url) as connection:
        streets = connection.execute("SELECT segment_id FROM street_segment").fetchall()
        told = connection.execute("SELECT kind FROM audit_outbox").fetchall()
    assert streets == [("s1",)]
    assert told == [("city.loaded",)] * 2


def test_a_city_without_streets_is_a_city(database_url: str, folder: Path) -> None:
    change(folder / "streets.geojson", features=[])
    assert load_city(database_url, folder).streets == []


def test_a_broken_folder_changes_nothing(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(CityError, match="is missing"):
        load_city(database_url, tmp_path)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM city").fetchone() == (0,)


@pytest.mark.parametrize(
    ("name", "slug"), [("Köthen (Anhalt)", "koethen-anhalt"), ("Müllrose", "muellrose")]
)
def test_a_city_with_umlauts_keeps_its_name_and_its_log_has_a_plain_one(
    folder: Path, database_url: str, tmp_path: Path, name: str, slug: str
) -> None:
    assert slug_of(name) == slug
    told = TOML.replace('slug = "kleinstadt"', f'slug = "{slug}"')
    told = re.sub(r'name = "[^"]*"', f'name = "{name}"', told, count=1)
    (folder / "city.toml").write_text(told, encoding="utf-8")
    load_city(database_url, folder)
    CityLog(database_url, tmp_path / "audit").sequence()
    with psycopg.connect(database_url) as connection:
        assert default_base(connection) == f"{slug}.example/ki-protokoll"
        assert connection.execute("SELECT name, slug FROM city").fetchone() == (name, slug)
        owner = owner_of(connection)
    assert (owner.city, owner.contact) == (name, f"ki@{slug}.example")
    (published,) = (tmp_path / "audit" / "public").iterdir()
    assert published.name.isascii()
