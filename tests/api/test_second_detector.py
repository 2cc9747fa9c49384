"""A second detector samples what arrives; what it sees is withheld until a person has looked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from gis.postgis.retention.rules import digest_of
from tests.api.stand_in import StandIn
from tests.messages import MASK_MODEL, batch, jpeg, mask_receipt, moved
from tests.serving import CityServer, serving

PATIENCE_S = 120  # a busy machine; a quiet one needs a tenth of a second
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
RED, BLUE, GREY = jpeg(colour="red"), jpeg(colour="blue"), jpeg(colour="grey")


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {PATIENCE_S} s")
        time.sleep(0.02)


@contextmanager
def watched(database_url: str, judge: StandIn | None, **settings: Any) -> Iterator[CityServer]:
    """Serve a city that draws every picture, once that rule is written down."""
    wanted = {"judge_share": 1.0} | settings
    with serving(database_url, judge=judge, **wanted) as city:
        newest = "SELECT share FROM judge_rule ORDER BY rule_id DESC LIMIT 1"
        until(lambda: float(city.rows(newest)[0][0]) == wanted["judge_share"])
        yield city


def upload(city: CityServer, *pictures: bytes) -> None:
    receipts = [moved(30 * n, picture=mask_receipt(one)) for n, one in enumerate(pictures)]
    assert city.send(batch(*receipts)).status_code == 202
    city.wait_for_merge()
    with city.client("vehicle") as truck:
        for one in pictures:
            address = f"/pictures/{sha256(one).hexdigest()}"
            headers = {"Content-Type": "image/jpeg"}
            assert truck.put(address, content=one, headers=headers).status_code == 201


def all_judged(city: CityServer, count: int) -> None:
    counted = "SELECT count(*) FROM judging WHERE outcome IS NOT NULL"
    until(lambda: city.rows(counted) == [(count,)])


def kinds(city: CityServer, like: str) -> list[str]:
    rows = city.rows("SELECT kind FROM audit_outbox WHERE kind LIKE %s ORDER BY event_id", [like])
    return [kind for (kind,) in rows]


def say(client: httpx.Client, judging_id: int, answer: str) -> httpx.Response:
    return client.post(f"/judgings/{judging_id}", json={"answer": answer, "seconds_spent": 4})


def test_what_the_second_detector_sees_is_withheld_until_a_person_has_looked(city_url: str) -> None:
    judge = StandIn()
    red, blue = (f"/pictures/{sha256(one).hexdigest()}" for one in (RED, BLUE))
    with watched(city_url, judge) as city, city.client("road") as road:
        upload(city, RED, BLUE, GREY)
        all_judged(city, 3)
        assert road.get(red).status_code == road.get(blue).status_code == 404
        assert road.get(f"/pictures/{sha256(GREY).hexdigest()}").status_code == 200
        shown = [one["picture_sha256"] for one in road.get("/damages").json()["items"]]
        assert [one for one in shown if one] == [sha256(GREY).hexdigest()]

        alarms = {one["seen"][0]["kind"]: one for one in road.get("/judgings").json()["items"]}
        face, plate = (alarms[kind]["judging_id"] for kind in ("face", "plate"))
        assert road.get(f"/judgings/{face}/picture").headers["content-type"] == "image/jpeg"

        assert say(road, plate, "taken back").status_code == 409, "nothing was said yet"
        assert say(road, plate, "false alarm").status_code == 201
        assert road.get(blue).status_code == 200, "shown again"
        assert say(road, plate, "false alarm").status_code == 409
        assert say(road, plate, "taken back").status_code == 201
        assert road.get(blue).status_code == 404, "a slip taken back: withheld again"
        assert say(road, plate, "false alarm").status_code == 201

        receipt = say(road, face, "really visible").json()
        assert receipt["digest"] == digest_of([sha256(RED).hexdigest()])
        assert road.get(f"/judgings/{face}/picture").status_code == 404, "gone for good"
        assert say(road, face, "false alarm").status_code == 409
        assert city.rows("SELECT count(*) FROM picture") == [(2,)]
        kept = city.rows("SELECT picture_sha256, seen FROM judging WHERE judging_id = %s", [face])
        assert kept == [(None, None)], "nothing names a picture that is gone"
        assert city.rows("SELECT count(*) FROM damage") == [(3,)], "the damage stays"

        (rate,) = road.get("/judgings/figures").json()["items"]
        assert rate["mask_model_sha256"] == MASK_MODEL
        assert {k: rate[k] for k in ("drawn", "judged", "alarms", "open", "confirmed")} == {
            "drawn": 3, "judged": 3, "alarms": 2, "open": 0, "confirmed": 1,
        }  # fmt: skip
        # scipy.stats.binomtest(1, 3).proportion_ci(method="wilson")
        assert (rate["low"], rate["high"]) == pytest.approx((0.061492, 0.792340), abs=1e-5)
        assert kinds(city, "picture.judged") == ["picture.judged"] * 3
        assert kinds(city, "picture.alarm_answered") == ["picture.alarm_answered"] * 4
        assert kinds(city, "erasure.done") == ["erasure.done"]
    assert len(judge.looks) == 3, "each picture once"


def test_a_restart_in_the_middle_of_a_look_loses_no_picture_and_judges_none_twice(
    city_url: str,
) -> None:
    stuck, next_one = StandIn(holds=True), StandIn()
    with watched(city_url, stuck) as city:
        upload(city, RED, GREY)
        until(lambda: len(stuck.looks) == 1)
    with watched(city_url, next_one) as city:
        all_judged(city, 2)
        assert len(kinds(city, "picture.judged")) == 2
    assert len(next_one.looks) == 2


def test_a_picture_that_kills_the_second_detector_is_counted_as_not_looked_at(
    city_url: str,
) -> None:
    with watched(city_url, StandIn(dies=True)) as city, city.client() as anybody:
        upload(city, GREY)
        all_judged(city, 1)
        (rate,) = anybody.get("/judgings/figures").json()["items"]
        assert (rate["not_readable"], rate["judged"], rate["rate"]) == (1, 0, None)


def test_without_models_the_city_says_so_and_claims_nothing(city_url: str, tmp_path: Path) -> None:
    with watched(city_url, None, judge_folder=tmp_path) as city:
        upload(city, RED)
        with city.client("road") as road:
            assert road.get("/health").json()["second_detector"] == "missing"
            (rate,) = road.get("/judgings/figures").json()["items"]
            assert (rate["drawn"], rate["judged"], rate["rate"]) == (1, 0, None)
            assert road.get(f"/pictures/{sha256(RED).hexdigest()}").status_code == 200
            page = httpx.get(f"{city.url}/judgings?lang=en", headers=road.headers)
        assert "no second detector installed" in page.text
        assert "unknown" in page.text


def test_a_model_with_another_checksum_is_not_used(city_url: str, tmp_path: Path) -> None:
    for name in (
        "face_detection_yunet_2023mar.onnx",
        "license_plate_detection_lpd_yunet_2023mar.onnx",
    ):
        (tmp_path / name).write_bytes(b"another model")
    with watched(city_url, None, judge_folder=tmp_path) as city:
        upload(city, RED)
        with city.client() as anybody:
            assert anybody.get("/health").json()["second_detector"] == "wrong checksum"
        assert city.rows("SELECT outcome FROM judging") == [(None,)]


def test_the_draw_can_be_repeated_by_anybody_with_seed_and_picture(city_url: str) -> None:
    with watched(city_url, StandIn(), judge_share=0.3) as city:
        pictures = [jpeg(64 + n) for n in range(24)]
        upload(city, *pictures)
        ((seed,),) = city.rows("SELECT seed FROM judge_rule ORDER BY rule_id DESC LIMIT 1")
        names = [sha256(one).hexdigest() for one in pictures]
        lots = {
            name: int(sha256(f"{seed}:{name}".encode()).hexdigest()[:8], 16) / 2**32
            for name in names
        }
        drawn = {name for (name,) in city.rows("SELECT picture_sha256 FROM judging")}
        assert drawn == {name for name, lot in lots.items() if lot < 0.3}


def test_the_database_judges_no_picture_twice(city_url: str) -> None:
    with watched(city_url, StandIn()) as city:
        upload(city, GREY)
        all_judged(city, 1)
        with pytest.raises(psycopg.DatabaseError, match="judged already"):
            city.rows("UPDATE judging SET outcome = 'alarm' RETURNING 1")


def test_an_alarm_is_answered_on_a_page_without_a_script_and_the_slip_taken_back(
    city_url: str,
) -> None:
    with watched(city_url, StandIn()) as city, city.client("road") as road:
        upload(city, BLUE)
        all_judged(city, 1)
        ((judging_id,),) = city.rows("SELECT judging_id FROM judging")
        page, form = f"{city.url}/judgings", f"{city.url}/judgings/{judging_id}"
        assert "Kennzeichen" in httpx.get(page, headers=road.headers).text
        for answer, is_withheld in (("false alarm", False), ("taken back", True)):
            sent = httpx.post(form, data={"answer": answer}, headers=road.headers)
            assert sent.status_code == 303, sent.text
            assert city.rows("SELECT is_withheld FROM picture") == [(is_withheld,)]
            assert road.get("/summary").json()["pictures_withheld"] == int(is_withheld)
            label = road.get("/judgings").json()["items"][0]["ai_label"]
            told = "not reviewed" if is_withheld else "false alarm"
            assert (label["human_status"], label["confidence"]) == (told, 0.8)
        assert httpx.post(form, data={"answer": "no"}, headers=road.headers).status_code == 422
        with city.client("auditor") as auditor:
            read = httpx.get(page, headers=auditor.headers).text
            assert "/picture" not in read, "only whoever answers sees the picture"
            refused = httpx.post(form, data={"answer": "false alarm"}, headers=auditor.headers)
            assert refused.status_code == 403
