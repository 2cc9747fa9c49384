"""What the parks team sees of its trees in the morning, and what comes back in the evening."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from math import asinh, pi, radians, tan
from typing import Any
from uuid import uuid4

import httpx
import pytest

from gis.postgis.cluster import Cluster
from irrigation.night import nightly
from tests.irrigation.a_city import with_weather
from tests.postgres import fresh_database
from tests.serving import CityServer, serving

LABEL = "Wasserbilanz (Modell)"


def uplink(device_eui: str, **values: Any) -> dict[str, Any]:
    """An uplink as The Things Stack v3 sends it, cut to the fields of its documentation."""
    now = datetime.now(UTC).replace(microsecond=0)
    return {
        "end_device_ids": {
            "device_id": "eui-" + device_eui.lower(),
            "application_ids": {"application_id": "city-trees"},
            "dev_eui": device_eui,
            "dev_addr": "260B1234",
        },
        "correlation_ids": ["as:up:01J0000000000000000000000"],
        "received_at": now.isoformat().replace("+00:00", "Z"),
        "uplink_message": {
            "session_key_id": "AXBSH1Pk6Z0G166",
            "f_port": 2,
            "f_cnt": 42,
            "frm_payload": "AQIDBA==",
            "decoded_payload": values,
            "rx_metadata": [{"gateway_ids": {"gateway_id": "gtw1"}, "rssi": -35, "snr": 5.2}],
            "settings": {"data_rate": {"lora": {"bandwidth": 125000, "spreading_factor": 7}}},
            "received_at": now.isoformat().replace("+00:00", "Z"),
        },
    }


@pytest.fixture(scope="module")
def garden(postgres: Cluster) -> Iterator[CityServer]:
    """Musterstadt this morning, served; the tests only add to it."""
    today = datetime.now(UTC)
    with fresh_database(postgres) as url:
        with_weather(url, until=today.date())
        nightly.run(url, for_day=today.date(), now=today)
        with serving(url) as server:
            yield server


@pytest.fixture
def parks(garden: CityServer) -> Iterator[httpx.Client]:
    with garden.client("parks") as client:
        yield client


def test_the_list_begins_with_the_driest_and_each_tree_says_who_claims_it(
    parks: httpx.Client,
) -> None:
    page = parks.get("/trees", params={"limit": 500}).json()
    assert page["total"] == 600
    standing = [one for one in page["items"] if one["status"] == "standing"]
    order = ["urgent", "act", "unknown", "good"]
    ranks = [order.index(one["urgency"]) for one in standing]
    assert ranks == sorted(ranks)
    first = standing[0]
    assert first["rew"]["q10"] <= first["rew"]["q50"] <= first["rew"]["q90"]
    assert first["ai_label"]["simulated"] is True
    assert first["ai_label"]["human_status"] == "not reviewed"
    assert first["litres_interval"][0] <= first["litres_needed"] <= first["litres_interval"][1]


def test_trees_are_found_by_number_street_district_and_genus(parks: httpx.Client) -> None:
    one = parks.get("/trees", params={"order": "number", "limit": 1}).json()["items"][0]
    by_number = parks.get("/trees", params={"q": one["number"]}).json()
    assert one["tree_id"] in [tree["tree_id"] for tree in by_number["items"]]
    limes = parks.get("/trees", params={"genus": "Tilia", "district_id": "nordstadt"}).json()
    assert limes["total"] > 5
    assert {tree["genus"] for tree in limes["items"]} == {"Tilia"}
    felled = parks.get("/trees", params={"status": "felled"}).json()
    assert felled["total"] == 18
    assert all(tree["rew"] is None for tree in felled["items"])


def test_a_tree_shows_its_curve_its_reasons_in_both_languages_and_what_is_assumed(
    parks: httpx.Client,
) -> None:
    driest = parks.get("/trees").json()["items"][0]
    tree = parks.get(f"/trees/{driest['tree_id']}").json()
    assert tree["ai_label"]["system"] == "stadtwart watering"
    assert tree["ai_label"]["human_status"] == "not reviewed"
    assert [day["forecast"] for day in tree["curve"]] == [False] * 14 + [True] * 14
    assert all(day["q10"] <= day["q50"] <= day["q90"] for day in tree["curve"][14:])
    assert len(tree["why"]["de"]) == len(tree["why"]["en"]) >= 3
    assert any("Regen" in reason for reason in tree["why"]["de"])
    assert "gemessen" not in " ".join(tree["why"]["de"])
    learned = [reason for reason in tree["why"]["en"] if "learned part" in reason]
    assert learned
    assert all(
        reason.endswith(("wetter in seven days", "drier in seven days")) for reason in learned
    )
    assert tree["inputs"]["pit_is_default"] in (True, False)
    assert tree["thresholds"] == {"act": 0.4, "urgent": 0.3}
    assert parks.get("/watering/status").json()["thresholds"] == tree["thresholds"]


def test_more_litres_never_make_a_tree_drier(parks: httpx.Client) -> None:
    driest = parks.get("/trees").json()["items"][0]
    address = f"/trees/{driest['tree_id']}/what-if"
    told = parks.get(address, params={"litres": 100}).json()
    assert len(told["days"]) == 14
    assert all(day["rew_with"] >= day["rew_without"] for day in told["days"])
    assert told["days"][0]["rew_with"] > told["days"][0]["rew_without"]
    assert parks.get(address, params={"litres": -1}).status_code == 422


def test_a_watering_counts_once_however_often_it_is_sent(
    garden: CityServer, parks: httpx.Client
) -> None:
    tree = parks.get("/trees").json()["items"][0]["tree_id"]
    at = datetime.now(UTC).isoformat()
    sent = {"watering_id": str(uuid4()), "tree_id": int(tree), "at": at, "litres": 90}
    delivery = {"waterings": [sent | {"by_kind": "crew"}]}
    first = parks.post("/waterings", json=delivery).json()
    again = parks.post("/waterings", json=delivery).json()
    assert (first["stored"], again["stored"], again["known"]) == (1, 0, 1)
    assert parks.get(f"/trees/{tree}").json()["waterings"][0]["litres"] == 90
    told = garden.rows(
        "SELECT convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'source' FROM audit_outbox "
        "WHERE kind = 'waterings.accepted'"
    )
    assert sorted(told) == [("api",), ("simulated",)]
    mixed = [
        sent | {"watering_id": str(uuid4()), "by_kind": kind, "source": source}
        for kind, source in (("crew", "workshop"), ("citizen", "neighbours"))
    ]
    assert parks.post("/waterings", json={"waterings": mixed}).json()["stored"] == 2
    kept = garden.rows(
        "SELECT by_kind, source FROM waterings WHERE source IN ('workshop', 'neighbours')"
    )
    assert sorted(kept) == [("citizen", "neighbours"), ("crew", "workshop")]


def test_an_impossible_reading_is_kept_and_flagged(garden: CityServer) -> None:
    at = datetime.now(UTC).isoformat()
    wild = {"sensor_id": "ms-sensor-01", "at": at, "depth_cm": 40, "tension_kpa": 900.0}
    lost = wild | {"sensor_id": "nobody"}
    with garden.client("sensor") as sensor:
        told = sensor.post("/readings", json={"readings": [wild, lost]}).json()
    assert told == {"stored": 1, "known": 0, "flagged": 1, "unknown": ["nobody"]}
    kept = garden.rows("SELECT tension_kpa, flags FROM readings WHERE tension_kpa > 800")
    assert kept == [(900.0, ["outside the sensor's range"])]


def test_a_lorawan_uplink_becomes_a_reading_of_its_tree(garden: CityServer) -> None:
    message = uplink("70B3D50000000002", tension_kpa=41.5, battery_v=3.1)
    with garden.client("sensor") as sensor:
        first = sensor.post("/readings/ttn", json=message).json()
        again = sensor.post("/readings/ttn", json=message).json()
        stranger = sensor.post("/readings/ttn", json=uplink("0" * 16, tension_kpa=1)).json()
        empty = sensor.post("/readings/ttn", json=uplink("70B3D50000000002", battery_v=3.0)).json()
    assert (first["stored"], again["stored"], empty["stored"]) == (1, 0, 0)
    assert stranger["unknown"] == ["eui-0000000000000000"]
    stored = garden.rows("SELECT tension_kpa FROM readings WHERE source = 'the-things-stack'")
    assert stored == [(41.5,)]


def test_the_status_says_what_the_forecast_is_made_of(parks: httpx.Client) -> None:
    told = parks.get("/watering/status").json()
    assert told["label_de"] == LABEL
    assert told["simulated"] is True
    assert told["weather"]["state"] == "fresh"
    assert told["weather"]["observed_until"] == (_today() - timedelta(days=1)).isoformat()
    assert told["night_run"]["trees"] == 574
    assert set(told["model"]["gate"].values()) == {"balance"}
    assert "ohne Messwerte" in told["model"]["label_de"]
    assert parks.get("/watering/skill").json() == []


def test_the_map_gets_its_trees_as_tiles(parks: httpx.Client) -> None:
    tree = parks.get("/trees").json()["items"][0]
    x = int((tree["longitude_deg"] + 180) / 360 * 2**14)
    y = int((1 - asinh(tan(radians(tree["latitude_deg"]))) / pi) / 2 * 2**14)
    tile = parks.get(f"/tiles/trees/14/{x}/{y}.mvt")
    assert tile.status_code == 200
    names = (b"urgency", b"litres_needed", b"has_sensor", b"ai_human_status")
    assert all(name in tile.content for name in names)


def _today() -> date:
    return datetime.now(UTC).date()
