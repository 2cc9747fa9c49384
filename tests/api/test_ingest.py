"""Batches arrive once, whatever the network does."""

from __future__ import annotations

from tests.messages import batch, moved
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
