"""Coverage arrives once, belongs to no truck, and what nobody looked at stays unknown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from edge.streets import read_streets
from gis.postgis.queries import query
from governance.report.model import read_report
from tests.api.test_tiles import tile_of
from tests.messages import batch, sighting
from tests.serving import CityServer
from tests.small_city import CENTRE

DAY = "2026-05-04"


def covered(*segments: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the sums of a drive; half of the Weststraße when none are named."""
    rows = list(segments) or [segment("s1")]
    return {"coverage_id": str(uuid4()), "day": DAY, "simulated": True, "segments": rows, **changes}


def segment(segment_id: str, **changes: Any) -> dict[str, Any]:
    """Return what was looked at of one segment."""
    return {
        "segment_id": segment_id,
        "assessed_m": 600.0,
        "covered_m": 500.0,
        "unassessed_m": {"dark": 100.0},
        **changes,
    }


def send(city: CityServer, body: object) -> httpx.Response:
    with city.client("vehicle") as truck:
        return truck.post("/coverage", json=body)


def test_the_truck_gets_the_citys_street_map_and_can_match_with_it(city: CityServer) -> None:
    with city.client("vehicle") as truck:
        streets = read_streets(truck.get("/streets").content)
    assert streets.ids == ("s1", "s2", "s3")
    assert str(streets.zone) == "Europe/Berlin"


def test_sums_are_added_once_whatever_the_network_does(city: CityServer) -> None:
    sent = covered(segment("s1"), segment("s2", unassessed_m={}), segment("gone"))
    with ThreadPoolExecutor(6) as trucks:
        answers = list(trucks.map(lambda _: send(city, sent), range(6)))
    assert {one.status_code for one in answers} == {202}
    assert sorted(one.json()["stored"] for one in answers) == [0] * 5 + [2]
    assert {one.json()["unknown"] for one in answers} == {1}
    second = covered(
        segment("s1", assessed_m=50, covered_m=40, unassessed_m={"dark": 1, "lens": 2})
    )
    assert send(city, second).json()["stored"] == 1
    rows = city.rows("SELECT segment_id, assessed_m, covered_m FROM segment_coverage ORDER BY 1")
    assert rows == [("s1", 650, 500), ("s2", 600, 500)]
    gaps = city.rows("SELECT segment_id, cause, driven_m FROM segment_unassessed ORDER BY 1, 2")
    assert gaps == [("s1", "dark", 101), ("s1", "lens", 2)]
    events = city.rows("SELECT convert_from(body, 'UTF8') FROM audit_outbox ORDER BY event_id")
    told = [row[0] for row in events if "coverage.accepted" in row[0]]
    assert len(told) == 2
    assert all("truck" not in one and "s1" not in one for one in told)


def test_the_report_sets_the_districts_side_by_side(city: CityServer) -> None:
    today = city.rows("SELECT now()::date")[0][0]
    length_m = city.rows("SELECT ST_Length(geom_m) FROM street_segment WHERE segment_id = 's2'")
    long_ago, last = (str(today - timedelta(days=days)) for days in (400, 4))
    for body in (
        covered(segment("s1", covered_m=600.0), day=long_ago),
        covered(segment("s2", assessed_m=900.0, covered_m=600.0), day=last),
        covered(segment("s2", assessed_m=2000.0, covered_m=1500.0), day=last),
        covered(segment("s3", covered_m=10.0, unassessed_m={"rain": 70}), day=last),
    ):
        assert send(city, body).status_code == 202
    city.send(batch(sighting(longitude_deg=11.97), sighting(longitude_deg=11.975)))
    city.wait_for_merge()
    interval = {"from_day": str(today - timedelta(days=30)), "until_day": str(today)}
    with city.client("auditor") as auditor:
        kept = auditor.post("/reports", json=interval).json()
        report = read_report(auditor.get(f"/reports/{kept['report_id']}").content)
        page = auditor.get(f"{city.url}/reports/{kept['report_id']}?lang=de").text
    shares = {row[0]: row[2:] for row in report.table("coverage.districts").rows}
    whole_km = round(length_m[0][0] / 1000, 6)
    assert shares["Ost"] == [whole_km, 1.0, "assessed"]  # no more than its length
    assert shares["West"] == [0.0, 0.0, "unknown"]  # last seen before the interval
    assert shares["–"][2] == "unknown"
    looks = {row[0]: row[1:] for row in report.table("coverage.looks").rows}
    assert looks["Ost"][:5] == [2.9, 0.2, 4.0, 0.0, 2]
    assert looks["Ost"][5] == pytest.approx(2 / whole_km, abs=1e-5)
    assert looks["West"] == [0.0, 0.0, 400.0, 0.0, 0, None]
    causes = {row[0]: row[1] for row in report.table("coverage.causes").rows}
    assert causes == {"dark": 0.2, "rain": 0.07}
    assert report.figure("coverage.driven").value == 3.5
    for words in ("Regen auf dem Bild", "zuletzt vor", "unbekannt", "Untergrenze"):
        assert words in page, words


def test_a_real_city_does_not_count_simulated_drives(city: CityServer) -> None:
    assert send(city, covered()).status_code == 202
    text = query("report_coverage").replace("%(from_at)s", "'2026-05-01Z'")
    text = text.replace("%(upto_at)s", "'2026-06-01Z'").replace("%(as_of)s", "'2026-06-01Z'")
    assert sum(row[2] for row in city.rows(text)) == 500.0
    city.rows("UPDATE city SET simulated = false RETURNING 1")
    assert sum(row[2] for row in city.rows(text)) == 0.0


def test_the_same_id_with_other_sums_is_a_conflict(city: CityServer) -> None:
    sent = covered()
    assert send(city, sent).status_code == 202
    answer = send(city, sent | {"segments": [segment("s1", assessed_m=601.0)]})
    assert (answer.status_code, sent["coverage_id"] in answer.json()["detail"]) == (409, True)
    assert city.rows("SELECT assessed_m FROM segment_coverage") == [(600.0,)]


@pytest.mark.parametrize(
    "body",
    [
        covered(day="2999-01-01"),
        covered(day="1970-01-01"),
        covered(day="yesterday"),
        covered(segment("s1"), segment("s1")),
        covered(segment("s1", covered_m=601.0)),
        covered(segment("s1", assessed_m=-1.0, covered_m=-1.0)),
        covered(segment("s1", unassessed_m={"tired driver": 5.0})),
        covered(segment("s1", device_id="truck-1")),
        covered(segment("s\u00001")),
        covered(segment("")),
        covered(seen_at="2026-05-04T08:30:00Z"),
        covered(segments=[]),
        [],
    ],
    ids=range(13),
)
def test_sums_that_make_no_sense_or_say_too_much_are_refused(
    city: CityServer, body: object
) -> None:
    answer = send(city, body)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:stadtwart:problem:invalid")
    assert city.rows("SELECT count(*) FROM coverage_delivery") == [(0,)]


def test_nothing_that_is_stored_says_which_vehicle_was_where_at_what_time(
    city: CityServer,
) -> None:
    columns = city.rows(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_name IN ('segment_coverage', 'segment_unassessed', 'coverage_delivery')"
    )
    assert len(columns) == 15
    assert not [name for name, kind in columns if "time" in kind or "device" in name]


def test_each_street_says_when_it_was_last_looked_at_and_never_is_not_sound(
    city: CityServer,
) -> None:
    today = city.rows("SELECT (now() AT TIME ZONE 'Europe/Berlin')::date")[0][0]
    with city.client("road") as road:
        assert {row["state"] for row in road.get("/assessments").json() if row["segments"]} == {
            "never"
        }
    days = [str(today - timedelta(days=back)) for back in (200, 3, 1)]
    whole = {"assessed_m": 900.0, "covered_m": 900.0, "unassessed_m": {"lens": 5.0}}
    for body in (
        covered(segment("s1", **whole), segment("s2", **whole), day=days[0]),
        covered(segment("s2", **whole), day=days[1]),
        covered(segment("s2", covered_m=20.0, unassessed_m={"rain": 70.0}), day=days[2]),
        covered(segment("s3", covered_m=10.0, unassessed_m={"rain": 70.0}), day=days[2]),
    ):
        assert send(city, body).status_code == 202
    city.send(batch(sighting(longitude_deg=11.97)))
    city.wait_for_merge()
    with city.client("road") as road:
        counts = {row["state"]: row for row in road.get("/assessments").json()}
        seen = road.get("/damages/1").json()["assessment"]
        tile = road.get(f"/tiles/assessments/{tile_of(*CENTRE, 14)}").content
    assert {age: row["segments"] for age, row in counts.items()} == {
        "recent": 1,
        "older": 0,
        "old": 1,
        "partly": 1,
        "unassessable": 0,
        "never": 0,
    }
    assert [counts[age]["without_damage"] for age in ("recent", "old")] == [0, 1]
    assert seen["state"] == "recent"
    assert (seen["looked_on"], seen["age_days"], seen["open_damages"]) == (days[1], 3, 1)
    assert seen["covered_share"] == pytest.approx(900 / seen["length_m"])
    assert seen["unassessed"] == [
        {"cause": "rain", "driven_m": 70.0},
        {"cause": "lens", "driven_m": 5.0},
    ]
    for word in (b"recent", b"partly", b"age_days", b"open_damages"):
        assert word in tile
    for word in (b"truck", b"looked_on", b"driven_m"):
        assert word not in tile
    city.rows("UPDATE city SET simulated = false RETURNING 1")
    with city.client("auditor") as auditor:
        real = {row["state"]: row["segments"] for row in auditor.get("/assessments").json()}
    assert real["never"] == 3, "a real city does not count simulated drives"
