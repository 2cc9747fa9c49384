"""Batches arrive once, whatever the network does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.messages import batch, mask_receipt, moved
from tests.serving import CityServer


def test_a_batch_is_stored_and_becomes_one_damage(city: CityServer) -> None:
    sent = batch(moved(20), moved(23), moved(60))
    answer = city.send(sent)
    assert answer.status_code == 202, answer.text
    assert answer.json() == {
        "version": 1,
        "batch_id": sent["batch_id"],
        "stored": 3,
        "known": 0,
        "pictures_wanted": [],
    }
    city.wait_for_merge()
    rows = city.rows("SELECT sightings, segment_id, district_id FROM damage ORDER BY damage_id")
    assert rows == [(2, "s3", "ost"), (1, "s3", "ost")]


def test_the_same_batch_again_is_known_and_changes_nothing(city: CityServer) -> None:
    sent = batch(moved(20), moved(60))
    first = city.send(sent).json()
    again = city.send(sent | {"sent_at": "2026-05-05T00:00:00Z"})
    assert (first["stored"], first["known"]) == (2, 0)
    assert again.status_code == 202
    assert (again.json()["stored"], again.json()["known"]) == (0, 2)
    kinds = city.rows("SELECT count(*) FROM audit_outbox WHERE kind = 'batch.accepted'")
    assert kinds == [(1,)]


def test_the_same_batch_id_with_other_sightings_is_a_conflict(city: CityServer) -> None:
    sent = batch(moved(20))
    city.send(sent)
    answer = city.send(sent | {"sightings": [moved(60)]})
    assert answer.status_code == 409
    assert sent["batch_id"] in answer.json()["detail"]
    assert city.rows("SELECT count(*) FROM sighting") == [(1,)]


def test_a_sighting_sent_in_two_batches_is_stored_once(city: CityServer) -> None:
    seen = moved(20)
    city.send(batch(seen))
    answer = city.send(batch(seen, moved(60))).json()
    assert (answer["stored"], answer["known"]) == (1, 1)


def test_the_same_batch_from_eight_connections_at_once_is_stored_once(city: CityServer) -> None:
    sent = batch(*(moved(20 * n) for n in range(50)))
    with ThreadPoolExecutor(8) as trucks:
        answers = list(trucks.map(city.send, [sent] * 8))
    assert {answer.status_code for answer in answers} == {202}
    assert sorted(answer.json()["stored"] for answer in answers) == [0] * 7 + [50]


def test_odd_texts_arrive_unchanged(city: CityServer) -> None:
    receipt = mask_receipt(b"picture")
    sent = batch(moved(20, picture=receipt, area_m2=0.1, heading_deg=359.9), moved(60))
    assert city.send(sent).json()["pictures_wanted"] == [receipt["picture_sha256"]]
    rows = city.rows(
        "SELECT mask_receipt, area_m2, heading_deg, simulated FROM sighting ORDER BY mask_receipt"
    )
    assert rows == [(receipt | {"version": 1}, 0.1, 359.9, True), (None, None, None, True)]
