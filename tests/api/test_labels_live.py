"""Each address that shows what a machine made is opened, in each format: the label is really there.

The list of addresses is the service's own document; which of them are AI-made stands in
tests/api/label_routes.py. An address that is labelled but not opened here fails, too.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gpxpy
import httpx
import icalendar
import pyogrio
import pypdf
import pytest

from api.plan_label import label_line
from gis.postgis.cluster import Cluster
from tests.api.dry_city import drive, plant
from tests.api.label_routes import LABELLED
from tests.api.test_desk import decide, given_damages
from tests.api.test_labels import FLAT, MARKS
from tests.api.test_tiles import tile_of
from tests.postgres import fresh_database
from tests.serving import CityServer, serving
from tests.small_city import CENTRE

PREFIX = "/api/v1"
DRYNESS = (0.1, 0.12, 0.14, 0.6)
SHOWN = {route.split(" ", 1)[1] for route in LABELLED if route.startswith("GET ")}
ELSEWHERE = {  # needs a real night's curve: opened in tests/api/test_trees.py, label and all
    "/trees/{tree_id}",
    "/trees/{tree_id}/what-if",
    "/judgings",  # needs a second detector's alarm: tests/api/test_second_detector.py
}


@dataclass(frozen=True)
class Scene:
    """A city with damages, trees, a plan and a tour, and somebody who may see all of it."""

    city: CityServer
    readers: list[httpx.Client]  # road, parks, auditor: who sees what is the roles' own test
    parts: dict[str, Any]  # what stands in addresses: {tree_id}
    tour: dict[str, Any]

    def open(self, address: str) -> httpx.Response:
        """Open an address as the first who may."""
        path = address.format(**self.parts)
        answers = [reader.get(path) for reader in self.readers]
        return next((one for one in answers if one.is_success), answers[0])


@pytest.fixture(scope="module")
def scene(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with fresh_database(postgres) as url:
        plant(url, tmp_path_factory.mktemp("labels") / "city", DRYNESS)
        with (
            serving(url, tour_s=1.0) as city,
            city.client("road") as road,
            city.client("parks") as parks,
            city.client("auditor") as auditor,
        ):
            first, *_ = given_damages(city, 3)
            decide(road, first, "confirmed")
            tour = drive(parks, budget_l=300)["tours"][0]
            (tree_id,) = {one["tree_id"] for one in tour["stops"] if one["number"] == "B000"}
            z, x, y = tile_of(*CENTRE, 14).removesuffix(".mvt").split("/")
            parts = {"damage_id": first, "tree_id": tree_id, "z": z, "x": x, "y": y}
            parts |= {"plan_id": tour["plan_id"], "tour_id": tour["tour_id"]}
            yield Scene(city, [parks, road, auditor], parts, tour)


def bare(value: Any, *, is_covered: bool = False, where: str = "") -> Iterator[str]:
    """Yield where a machine's claim stands with no label on it or around it."""
    if isinstance(value, list):
        for one in value:
            yield from bare(one, is_covered=is_covered, where=where)
    if isinstance(value, dict):
        is_covered = is_covered or bool(value.get("ai_label"))
        for name, inner in value.items():
            if name in MARKS and inner is not None and not is_covered:
                yield f"{where}.{name}"
            yield from bare(inner, is_covered=is_covered, where=f"{where}.{name}")


def labels(value: Any) -> Iterator[dict[str, Any]]:
    """Every label in a JSON answer."""
    if isinstance(value, dict):
        if value.get("ai_label"):
            yield value["ai_label"]
        for inner in value.values():
            yield from labels(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from labels(inner)


def in_json(answer: httpx.Response, _scene: Scene, _folder: Path) -> None:
    found = list(labels(answer.json()))
    assert found
    for one in found:
        assert {"system", "made_at", "human_status", "simulated"} <= set(one), one
        assert "model_sha256" in one or "methods" in one or "method" in one, one
    assert list(bare(answer.json())) == []


def in_tile(answer: httpx.Response, _scene: Scene, folder: Path) -> None:
    file = folder / "tile.mvt"
    file.write_bytes(answer.content)
    for layer, _kind in pyogrio.list_layers(file):
        drawn = pyogrio.read_dataframe(file, layer=layer)
        assert len(drawn)
        for name in FLAT - {"ai_version", "ai_confidence"}:
            assert drawn[name].notna().all(), f"{layer}.{name}"


def in_pdf(answer: httpx.Response, scene: Scene, _folder: Path) -> None:
    text = "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages
    )
    wanted = re.sub(r"\W", "", label_line(scene.tour["ai_label"]))
    assert wanted in re.sub(r"\W", "", text)


def in_track(answer: httpx.Response, scene: Scene, _folder: Path) -> None:
    found = gpxpy.parse(answer.text)
    line = label_line(scene.tour["ai_label"])
    assert line in str(found.description)
    assert {track.description for track in found.tracks} == {line}


def in_table(answer: httpx.Response, scene: Scene, _folder: Path) -> None:
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {row["ki_kennzeichnung"] for row in rows} == {label_line(scene.tour["ai_label"])}


def in_layer(answer: httpx.Response, scene: Scene, folder: Path) -> None:
    file = folder / "tour.gpkg"
    file.write_bytes(answer.content)
    for layer, _kind in pyogrio.list_layers(file):
        features = pyogrio.read_dataframe(file, layer=layer)
        assert set(features["ki_kennzeichnung"]) == {label_line(scene.tour["ai_label"])}, layer


def in_calendar(answer: httpx.Response, scene: Scene, _folder: Path) -> None:
    entries = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert entries
    for entry in entries:
        assert label_line(scene.tour["ai_label"]) in str(entry["description"])


FORMATS: dict[str, Callable[[httpx.Response, Scene, Path], None]] = {
    "application/json": in_json,
    "application/vnd.mapbox-vector-tile": in_tile,
    "application/pdf": in_pdf,
    "application/gpx+xml": in_track,
    "text/csv": in_table,
    "application/geopackage+sqlite3": in_layer,
    "text/calendar": in_calendar,
}


@pytest.mark.parametrize("address", sorted(SHOWN - ELSEWHERE))
def test_what_a_machine_made_carries_its_label_at_every_address_and_in_every_format(
    scene: Scene, address: str, tmp_path: Path
) -> None:
    answer = scene.open(address)
    assert answer.status_code == 200, f"{address}: {answer.text[:200]}"
    kind = answer.headers["content-type"].split(";")[0]
    assert kind in FORMATS, f"{address}: write down how to find the label in {kind}"
    FORMATS[kind](answer, scene, tmp_path)


def test_no_other_address_shows_a_machines_claim(scene: Scene) -> None:
    document = httpx.get(f"{scene.city.url}{PREFIX}/openapi.json", timeout=60).json()
    opened = {}
    for path, methods in document["paths"].items():
        address = path.removeprefix(PREFIX)
        parts = set(re.findall(r"{(\w+)}", address))
        if "get" in methods and address not in SHOWN | ELSEWHERE and parts <= set(scene.parts):
            answer = scene.open(address)
            if answer.is_success and "json" in answer.headers.get("content-type", ""):
                opened[address] = list(bare(answer.json()))
    assert {address: found for address, found in opened.items() if found} == {}
    assert {"/work-orders", "/reviews", "/inspections", "/watering/status"} <= set(opened)


def test_the_walk_would_notice_a_claim_without_its_label() -> None:
    assert list(bare({"items": [{"urgency": "act"}]})) == [".items.urgency"]
    assert list(bare({"items": [{"urgency": "act", "ai_label": {"system": "x"}}]})) == []
    assert list(bare({"items": [{"urgency": "act", "ai_label": None}]})) == [".items.urgency"]
    assert list(bare({"urgency": None})) == []
