"""From an approved plan to the road and back: tours, files, reports, a failed vehicle."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import gpxpy
import httpx
import icalendar
import psycopg
import pyogrio
import pypdf
import pytest

from gis.postgis.cluster import Cluster
from tests.api.dry_city import ask_plan, drive, events, next_day, plant, tours_of
from tests.postgres import fresh_database
from tests.serving import CityServer, serving

DRYNESS = (0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.22, 0.24)
SEARCH_S = 1.0


@pytest.fixture
def dry(database_url: str, tmp_path: Path) -> Iterator[CityServer]:
    """A dry city that serves and computes quickly."""
    plant(database_url, tmp_path / "city", DRYNESS)
    with serving(database_url, tour_s=SEARCH_S) as server:
        yield server


@pytest.fixture
def parks(dry: CityServer) -> Iterator[httpx.Client]:
    """The parks team."""
    with dry.client("parks") as client:
        yield client


@dataclass(frozen=True)
class Driven:
    """A city whose plan has become a tour; tests that share it leave it as it is."""

    city: CityServer
    parks: httpx.Client
    tour: dict[str, Any]


@pytest.fixture(scope="module")
def driven(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    """One computed tour, for the tests that only look."""
    with fresh_database(postgres) as url:
        plant(url, tmp_path_factory.mktemp("driven") / "city", DRYNESS)
        with serving(url, tour_s=SEARCH_S) as server, server.client("parks") as client:
            yield Driven(server, client, drive(client, budget_l=540)["tours"][0])


def trees_of(tours: dict[str, Any]) -> list[str]:
    stops = [stop for tour in tours["tours"] for stop in tour["stops"]]
    return sorted(stop["number"] for stop in stops if stop["kind"] == "tree")


def tell(parks: httpx.Client, tour: dict[str, Any], number: str, **more: Any) -> httpx.Response:
    """Report a tree as the crew's phone does."""
    tree_id = next(stop["tree_id"] for stop in tour["stops"] if stop["number"] == number)
    body = {"tree_id": tree_id, "outcome": "watered", "litres": 90, "at": "2026-07-14T07:00:00Z"}
    report_id = more.pop("report_id", None) or uuid4()
    timeout = more.pop("timeout", parks.timeout)
    path = f"/tours/{tour['tour_id']}/reports/{report_id}"
    return parks.put(path, json=body | more, timeout=timeout)


def test_an_approved_plan_becomes_tours_along_the_streets_with_every_tree_once(
    dry: CityServer, parks: httpx.Client
) -> None:
    found = drive(parks)
    assert (found["state"], found["progress"], found["unserved"]) == ("ready", 1.0, [])
    assert trees_of(found) == [f"B{n:03d}" for n in range(8)]
    for tour in found["tours"]:
        assert tour["driving_times"] == "street graph"
        assert tour["ai_label"]["human_status"] == "confirmed"
        assert tour["begins_at"] < tour["ends_at"]
        assert tour["length_m"] > 100
        assert tour["line"]["type"] == "LineString"
        kinds = [stop["kind"] for stop in tour["stops"]]
        assert (kinds[0], kinds[-1]) == ("depot", "depot")
    assert datetime.fromisoformat(found["tours"][0]["begins_at"]).astimezone(UTC).hour == 4
    kinds = events(dry)
    assert kinds == ["plan.drafted", "plan.approved", "tours.computed"]


def test_trees_no_tour_can_serve_are_named_with_the_reason(
    database_url: str, tmp_path: Path
) -> None:
    plant(database_url, tmp_path / "city", DRYNESS[:3])
    with psycopg.connect(database_url) as owner:
        owner.execute(
            "UPDATE trees SET geom = ST_SetSRID(ST_MakePoint(11.9779, 51.4889), 4326)"
            " WHERE number = 'B001'"
        )
        owner.execute("UPDATE trees SET geom = NULL WHERE number = 'B002'")
    with serving(database_url, tour_s=SEARCH_S) as server, server.client("parks") as parks:
        found = drive(parks)
    assert trees_of(found) == ["B000"]
    reasons = {one["number"]: one["reason_de"] for one in found["unserved"]}
    assert "zu weit von jeder Straße" in reasons["B001"]
    assert "keine Position" in reasons["B002"]


def test_without_a_working_vehicle_every_tree_is_named(parks: httpx.Client) -> None:
    plan = ask_plan(parks)
    for vehicle in ("klein", "gross"):
        parks.patch(f"/vehicles/{vehicle}", json={"working": False})
    given = {"seen_version": plan["version"], "seconds_spent": 3}
    parks.post(f"/plans/{plan['plan_id']}/approval", json=given)
    parks.post(f"/plans/{plan['plan_id']}/tours")
    found = tours_of(parks, plan["plan_id"])
    assert (found["state"], found["tours"], len(found["unserved"])) == ("ready", [], 8)
    assert "kein Fahrzeug" in found["unserved"][0]["reason_de"]


def test_every_file_of_a_tour_is_opened_by_another_reader_and_carries_the_label(
    driven: Driven, tmp_path: Path
) -> None:
    parks, tour = driven.parks, driven.tour
    stops = tour["stops"]
    files = {
        kind: parks.get(f"/tours/{tour['tour_id']}.{kind}", timeout=180)
        for kind in ("pdf", "gpx", "csv", "gpkg", "ics")
    }
    assert {answer.status_code for answer in files.values()} == {200}
    label = "KI-Vorschlag, von einem Menschen freigegeben"

    paper = pypdf.PdfReader(io.BytesIO(files["pdf"].content))
    text = " ".join(page.extract_text() for page in paper.pages)
    assert label in " ".join(text.split())
    assert all(stop["number"] in text for stop in stops if stop["number"])

    track = gpxpy.parse(files["gpx"].text)
    assert label in (track.description or "")
    assert len(track.waypoints) == len(stops)
    assert len(track.tracks[0].segments[0].points) == len(tour["line"]["coordinates"])

    rows = list(csv.DictReader(io.StringIO(files["csv"].text.lstrip("\ufeff")), delimiter=";"))
    assert [int(row["liter"]) for row in rows] == [stop["litres"] for stop in stops]
    assert all(label in row["ki_kennzeichnung"] for row in rows)

    path = tmp_path / "tour.gpkg"
    path.write_bytes(files["gpkg"].content)
    assert {name for name, _ in pyogrio.list_layers(path)} == {"halte", "weg"}
    layer = pyogrio.read_dataframe(path, layer="halte")
    assert layer.crs.to_epsg() == 4326
    assert len(layer) == len(stops)
    assert label in layer["ki_kennzeichnung"].iloc[0]

    book = icalendar.Calendar.from_ical(files["ics"].content)
    entry = book.walk("VEVENT")[0]
    assert entry.decoded("dtstart") == datetime.fromisoformat(tour["begins_at"])
    assert label in str(entry["description"])
    assert parks.get("/tours/999999.gpx").status_code == 404


def test_a_report_sent_twice_counts_once_and_becomes_a_watering(
    dry: CityServer, parks: httpx.Client
) -> None:
    tour = drive(parks, budget_l=180)["tours"][0]
    report_id = uuid4()
    first = tell(parks, tour, "B000", report_id=report_id)
    assert (first.status_code, first.json()["stored"]) == (201, True)
    again = tell(parks, tour, "B000", report_id=report_id, at="2026-07-14T09:00:00+02:00")
    assert (again.status_code, again.json()["stored"]) == (200, False)
    other = tell(parks, tour, "B000", report_id=report_id, litres=50)
    assert (other.status_code, other.json()["type"]) == (
        409,
        "urn:stadtwart:problem:report-differs",
    )
    stored = dry.rows("SELECT watering_id, litres, by_kind, outcome, source FROM waterings")
    assert stored == [(report_id, 90.0, "crew", "watered", "tour")]
    assert parks.get(f"/plans/{tour['plan_id']}").json()["state"] == "on tour"
    assert parks.post(f"/plans/{tour['plan_id']}/undo").status_code == 409
    assert parks.post(f"/plans/{tour['plan_id']}/tours").status_code == 409
    lost_id, impatient = uuid4(), httpx.Timeout(30, read=1e-4)
    with pytest.raises(httpx.ReadTimeout):  # it was sent; its answer never came
        tell(parks, tour, "B001", report_id=lost_id, timeout=impatient)
    assert tell(parks, tour, "B001", report_id=lost_id).status_code in (200, 201)
    stored = dry.rows("SELECT watering_id, litres FROM waterings ORDER BY recorded_at")
    assert stored == [(report_id, 90.0), (lost_id, 90.0)]
    shown = parks.get(f"/tours/{tour['tour_id']}").json()
    assert shown["state"] == "done"
    assert [s["report"]["litres"] for s in shown["stops"] if s["kind"] == "tree"] == [90, 90]
    assert parks.get(f"/plans/{tour['plan_id']}").json()["state"] == "done"
    assert events(dry).count("tour.reported") == 2


def test_reports_that_cannot_be_true_are_refused(driven: Driven) -> None:
    parks, tour = driven.parks, driven.tour
    assert tell(parks, tour, "B000", litres=None).status_code == 422
    assert tell(parks, tour, "B000", outcome="dead").status_code == 422
    assert tell(parks, tour, "B000", at="2099-01-01T00:00:00Z").status_code == 422
    assert tell(parks, tour, "B000", at="2026-07-14T07:00:00").status_code == 422
    assert tell(parks, tour, "B000", tree_id="999").status_code == 404
    assert driven.city.rows("SELECT count(*) FROM waterings") == [(0,)]


def test_a_tree_not_reached_comes_back_tomorrow_and_a_dead_one_waits_for_a_person(
    dry: CityServer, parks: httpx.Client
) -> None:
    tour = drive(parks, budget_l=180)["tours"][0]
    assert tell(parks, tour, "B001", outcome="not reachable", litres=None).status_code == 201
    told = tell(parks, tour, "B000", outcome="dead", litres=None, note="keine Blätter")
    assert told.status_code == 201
    tomorrow = ask_plan(parks, for_day=next_day())
    assert tomorrow["stops"][0]["number"] == "B001"
    assert "nicht erreicht" in tomorrow["stops"][0]["reason_de"]
    waits = {one["number"]: one["reason_de"] for one in tomorrow["left_out"]}
    assert "Kontrolle durch einen Menschen" in waits["B000"]
    (look,) = parks.get("/inspections").json()["items"]
    assert (look["number"], look["report_note"], look["outcome"]) == ("B000", "keine Blätter", None)
    assert dry.rows("SELECT status FROM trees WHERE number = 'B000'") == [("standing",)]
    found = {"outcome": "alive", "note": "treibt wieder aus"}
    assert parks.post(f"/inspections/{look['inspection_id']}", json=found).status_code == 204
    assert parks.post(f"/inspections/{look['inspection_id']}", json=found).status_code == 404
    again = ask_plan(parks, for_day=next_day())
    assert "B000" in [stop["number"] for stop in again["stops"]]


def test_when_a_vehicle_fails_the_others_take_its_trees_from_where_they_stand(
    database_url: str, tmp_path: Path
) -> None:
    plant(database_url, tmp_path / "city", [0.1 + n / 200 for n in range(24)])
    with psycopg.connect(database_url) as owner:  # short shifts: both vehicles are needed
        owner.execute("UPDATE watering_vehicle SET crew_hours_h = 3")
    with serving(database_url, tour_s=SEARCH_S) as server, server.client("parks") as parks:
        before = drive(parks)
        assert len(before["tours"]) == 2
        failing, other = before["tours"]
        done = next(stop for stop in failing["stops"] if stop["kind"] == "tree")
        tell(parks, failing, done["number"])
        seen = next(stop for stop in other["stops"] if stop["kind"] == "tree")
        tell(parks, other, seen["number"])
        answer = parks.post(
            f"/tours/{failing['tour_id']}/failure",
            json={"after_seq": done["seq"], "reason": "Pumpe defekt"},
        )
        assert (answer.status_code, answer.json()["state"]) == (202, "computing")
        after = tours_of(parks, failing["plan_id"])
        again = parks.post(f"/plans/{failing['plan_id']}/tours")
        assert again.json()["type"] == "urn:stadtwart:problem:tour-begun"
        late = next(
            stop["number"]
            for stop in other["stops"]
            if stop["number"] not in (None, seen["number"])
        )
        assert tell(parks, other, late).status_code == 201  # from a phone that was offline
        shown = tours_of(parks, failing["plan_id"])["tours"]
        reported = {s["number"] for one in shown for s in one["stops"] if s["report"]}
    assert reported == {done["number"], seen["number"], late}
    states = {tour["tour_id"]: tour["state"] for tour in after["tours"]}
    assert states[failing["tour_id"]] == "failed"
    new = [tour for tour in after["tours"] if tour["state"] == "planned"]
    assert {tour["vehicle_id"] for tour in new} == {other["vehicle_id"]}
    open_numbers = {f"B{n:03d}" for n in range(24)} - {done["number"], seen["number"]}
    driven = {s["number"] for tour in new for s in tour["stops"] if s["kind"] == "tree"}
    named = {one["number"] for one in after["unserved"]}
    assert driven | named == open_numbers
    assert not driven & named
    assert driven & {s["number"] for s in failing["stops"] if s["number"]}
    start = new[0]["stops"][0]
    assert (start["lon"], start["lat"]) == pytest.approx((seen["lon"], seen["lat"]), abs=1e-6)
    assert new[0]["begins_at"] >= seen["leaves_at"]


def test_the_database_refuses_a_stop_that_was_not_approved(driven: Driven) -> None:
    tour, dry = driven.tour, driven.city
    other = dry.rows("SELECT tree_id FROM trees WHERE number = 'B007'")[0][0]
    with psycopg.connect(dry.database_url, autocommit=True) as owner:
        planned = tour["stops"][1]["tree_id"]
        for tree_id, litres, why in (
            (other, 50, "violates foreign key constraint"),
            (planned, 5000, "is not what plan"),
        ):
            with pytest.raises(psycopg.Error, match=why):
                owner.execute(
                    "INSERT INTO tour_stop (tour_id, plan_id, seq, kind, tree_id, name, litres,"
                    " arrives_at, leaves_at, geom) VALUES (%s, %s, 99, 'tree', %s, '', %s, now(),"
                    " now(), ST_SetSRID(ST_MakePoint(11.97, 51.48), 4326))",
                    [tour["tour_id"], tour["plan_id"], tree_id, litres],
                )
