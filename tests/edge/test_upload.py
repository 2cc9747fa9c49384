"""Nothing is lost and nothing doubled on the way to the city; a real server that misbehaves."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.coverage import Coverage, SegmentCoverage
from contracts.picture import MaskReceipt
from contracts.sighting import Sighting
from edge.city import Answer, City, retry_after_s
from edge.errors import PostponedError
from edge.outbox import Outbox
from edge.progress import Progress
from edge.spool import Closed, Spool
from edge.upload import BackOff, Fate, Sent, Upload, fate_of, receipt_in
from tests.edge.loopback_city import TOKEN, LoopbackCity, loopback_city
from tests.edge.trucks import ROOMY_BYTES

SHA = "a" * 64
PICTURE = b"\xff\xd8 not looked at here "


@pytest.fixture
def city() -> Iterator[LoopbackCity]:
    with loopback_city() as city:
        yield city


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool.db", limit_bytes=ROOMY_BYTES)
    yield spool
    spool.close()


def closed(number: int, *, with_picture: bool = False) -> Closed:
    jpeg = PICTURE + str(number).encode() if with_picture else b""
    receipt = None
    if with_picture:
        receipt = MaskReceipt(
            picture_sha256=sha256(jpeg).hexdigest(),
            mask_model_sha256=SHA,
            mask_threshold=0.1,
            masked=0,
            crop=[0, 0, 9, 9],
            damage=[1, 1, 2, 2],
        )
    sighting = Sighting(
        sighting_id=uuid5(UUID(int=0), str(number)),
        seen_at=datetime(2026, 5, 12, tzinfo=UTC),
        longitude_deg=11.97,
        latitude_deg=51.48,
        position_error_m=3.0,
        damage_class="D40",
        confidence=0.5,
        frames=1,
        model_sha256=SHA,
        picture=receipt,
    )
    return Closed(sighting, jpeg)


def fill(spool: Spool, count: int, *, pictures: int = 0) -> set[str]:
    """Put a finished drive with so many sightings into the spool; return their ids."""
    entries = [closed(number, with_picture=number < pictures) for number in range(count)]
    progress = Progress(
        model_sha256=SHA,
        frames_seen=count + 2,
        frames_assessed=count,
        frames_dropped={"no fix": 2},
        sightings=count,
        pictures=pictures,
        pictures_withheld={"mask unsure": count - pictures},
    )
    spool.save("drive", progress, entries, is_finished=True)
    return {str(one.sighting.sighting_id) for one in entries}


@contextmanager
def upload_to(
    city: LoopbackCity, spool: Spool, *, size: int = 3, token: str = TOKEN, patience_s: float = 5
) -> Iterator[tuple[Upload, list[float]]]:
    slept: list[float] = []
    back_off = BackOff(0.1, 1.0, patience_s, slept.append, random.Random(1))
    with City(city.url, token, timeout_s=5) as opened:
        outbox = Outbox(spool.file, "truck-1")
        yield Upload(spool, outbox, opened, back_off, size, Sent()), slept


def test_everything_arrives_and_the_spool_is_empty(city: LoopbackCity, spool: Spool) -> None:
    ids = fill(spool, 8, pictures=5)
    with upload_to(city, spool) as (upload, slept):
        upload.run()
    assert set(city.sightings) == ids
    assert set(city.pictures) == city.announced()
    assert len(city.pictures) == 5
    assert (upload.sent.sightings, upload.sent.pictures, upload.sent.parked) == (8, 5, 0)
    assert (spool.content().waiting, spool.content().pictures) == (0, 0)
    assert slept == []


def test_the_heartbeats_counts_add_up_to_the_frames_seen(city: LoopbackCity, spool: Spool) -> None:
    fill(spool, 4)
    with upload_to(city, spool) as (upload, _):
        upload.run()
        upload.run()  # a second upload owes no heartbeat
    (heartbeat,) = city.heartbeats.values()
    assert heartbeat.frames_seen == 6
    assert heartbeat.frames_assessed + sum(heartbeat.frames_dropped.values()) == 6
    assert heartbeat.pictures_withheld == {"mask unsure": 4}
    assert (heartbeat.spool_waiting, heartbeat.spool_parked) == (0, 0)
    assert city.requests.count("POST /api/v1/heartbeats") == 1


def test_an_answer_lost_after_the_commit_is_repeated_as_the_same_batch(
    city: LoopbackCity, spool: Spool
) -> None:
    ids = fill(spool, 7, pictures=3)
    city.cuts = 4
    with upload_to(city, spool) as (upload, slept):
        upload.run()
    assert set(city.sightings) == ids
    assert len(city.batches) == 3  # 3 + 3 + 1, although sent more often
    assert city.other_bodies == 0
    assert len(slept) == 4
    assert spool.content().waiting == 0


def test_nothing_is_lost_while_the_city_refuses_the_token(city: LoopbackCity, spool: Spool) -> None:
    ids = fill(spool, 5, pictures=2)
    with (
        upload_to(city, spool, token="old", patience_s=1) as (upload, _),
        pytest.raises(PostponedError, match="renew EDGE_TOKEN_FILE"),
    ):
        upload.run()
    assert (spool.content().waiting, spool.content().pictures) == (5, 2)
    with upload_to(city, spool) as (upload, _):
        upload.run()
    assert set(city.sightings) == ids


@pytest.mark.parametrize("status", [301, 401, 403, 404, 405, 408, 429, 500, 502, 503, 507])
def test_a_city_in_trouble_is_asked_again(city: LoopbackCity, spool: Spool, status: int) -> None:
    ids = fill(spool, 2)
    city.statuses = [status, status]
    with upload_to(city, spool) as (upload, slept):
        upload.run()
    assert set(city.sightings) == ids
    assert len(slept) == 2


def test_a_bad_sighting_among_many_is_parked_alone(city: LoopbackCity, spool: Spool) -> None:
    ids = fill(spool, 20, pictures=20)
    bad = {str(closed(number).sighting.sighting_id) for number in (3, 16)}
    city.refused_ids = bad
    with upload_to(city, spool, size=20) as (upload, _):
        upload.run()
    assert set(city.sightings) == ids - bad
    assert {one.id for one in spool.parked()} == bad
    assert all("longitude_deg out of range" in one.reason for one in spool.parked())
    assert upload.sent.sightings == 18
    assert len(city.pictures) == 18


def test_what_was_parked_is_sent_after_a_person_said_retry(
    city: LoopbackCity, spool: Spool
) -> None:
    ids = fill(spool, 4, pictures=4)
    city.refused_ids = set(ids)
    with upload_to(city, spool) as (upload, _):
        upload.run()
    assert (spool.content().waiting, spool.content().parked) == (0, 4)
    city.refused_ids = set()
    assert spool.retry() == 4
    with upload_to(city, spool) as (upload, _):
        upload.run()
    assert set(city.sightings) == ids
    assert len(city.pictures) == 4
    assert spool.content().parked == 0


def covered(*names: str) -> Coverage:
    rows = [
        SegmentCoverage(segment_id=one, assessed_m=9.5, covered_m=8, unassessed_m={"dark": 4})
        for one in names
    ]
    return Coverage(coverage_id=uuid4(), day=date(2026, 5, 12), segments=rows)


def test_sums_whose_answer_was_lost_are_sent_again_and_counted_once(
    city: LoopbackCity, spool: Spool
) -> None:
    sums = [covered("s1", "s2"), covered("s3")]
    spool.save("drive", Progress(model_sha256=SHA), [], is_finished=True, covered=sums)
    city.cuts, city.portal_pages = 2, 1
    with upload_to(city, spool) as (upload, slept):
        upload.run()
    assert list(city.coverage.values()) == sums
    assert len(slept) >= 2
    assert spool.content().coverage == 0


def test_sums_the_city_refuses_are_parked_until_a_person_says_retry(
    city: LoopbackCity, spool: Spool
) -> None:
    one = covered("s1")
    spool.save("drive", Progress(), [], covered=[one])
    city.statuses = [422]
    with upload_to(city, spool) as (upload, _):
        upload.run()
    assert [(parked.kind, parked.id) for parked in spool.parked()] == [
        ("coverage", str(one.coverage_id))
    ]
    assert spool.retry() == 1
    with upload_to(city, spool) as (upload, _):
        upload.run()
    assert list(city.coverage.values()) == [one]


def test_a_captive_portals_page_is_not_a_receipt(city: LoopbackCity, spool: Spool) -> None:
    ids = fill(spool, 3, pictures=3)
    city.portal_pages = 3
    with upload_to(city, spool) as (upload, slept):
        upload.run()
    assert set(city.sightings) == ids
    assert len(slept) == 3


def test_a_portal_between_batch_and_pictures_swallows_no_picture(
    city: LoopbackCity, spool: Spool
) -> None:
    fill(spool, 2, pictures=2)
    with upload_to(city, spool) as (upload, _):
        letter = upload.outbox.next_letter(size=5, now=datetime.now(UTC))
        assert letter is not None
        upload._send_letter(letter)
        city.portal_pages = 1
        upload.run()
    assert len(city.pictures) == 2


def test_a_picture_nobody_announced_is_parked(city: LoopbackCity, spool: Spool) -> None:
    fill(spool, 1, pictures=1)
    with upload_to(city, spool) as (upload, _):
        letter = upload.outbox.next_letter(size=5, now=datetime.now(UTC))
        assert letter is not None
        upload._send_letter(letter)
        city.sightings.clear()
        upload.run()
    (parked,) = spool.parked()
    assert (parked.kind, parked.reason) == ("picture", "404 nobody announced it")


def test_the_city_that_has_a_picture_is_not_sent_it_again(
    city: LoopbackCity, spool: Spool, tmp_path: Path
) -> None:
    fill(spool, 2, pictures=2)
    with upload_to(city, spool) as (upload, _):
        upload.run()
    again = Spool(tmp_path / "again.db", limit_bytes=ROOMY_BYTES)
    fill(again, 2, pictures=2)
    city.requests.clear()
    with upload_to(city, again) as (upload, _):
        upload.run()
    again.close()
    assert not [line for line in city.requests if line.startswith("PUT")]
    assert len(city.sightings) == 2


def test_no_city_at_all_is_said_with_its_remedy(spool: Spool) -> None:
    fill(spool, 1)
    with loopback_city() as gone:
        pass
    with (
        upload_to(gone, spool, patience_s=1) as (upload, _),
        pytest.raises(PostponedError, match=r"does not answer .*check EDGE_URL"),
    ):
        upload.run()
    assert spool.content().waiting == 1


def test_the_city_says_how_long_to_wait(city: LoopbackCity, spool: Spool) -> None:
    fill(spool, 1)
    city.statuses = [503]
    city.retry_after = "3"
    with upload_to(city, spool) as (upload, slept):
        upload.run()
    assert slept == [3.0]


def test_a_city_that_asks_for_more_than_the_patience_is_left_alone(
    city: LoopbackCity, spool: Spool
) -> None:
    fill(spool, 1)
    city.statuses = [503]
    city.retry_after = "3600"
    with upload_to(city, spool) as (upload, slept), pytest.raises(PostponedError):
        upload.run()
    assert slept == []


@given(st.integers(1, 40), st.integers(0, 2**32))
def test_waiting_grows_within_its_bounds_and_is_never_the_same_for_all(
    failures: int, seed: int
) -> None:
    slept: list[float] = []
    back_off = BackOff(1, 60, 1e9, slept.append, random.Random(seed))
    for _ in range(failures):
        back_off.failed(Answer(503))
    for index, wait_s in enumerate(slept):
        grown_s = min(60, 2**index)
        assert 0.5 * grown_s <= wait_s <= 1.5 * grown_s


@given(st.integers(100, 599), st.integers(1, 500))
def test_only_a_success_lets_a_sighting_go(status: int, sightings: int) -> None:
    fate = fate_of(status, sightings=sightings)
    assert (fate is Fate.DONE) == (200 <= status < 300)
    assert fate is not Fate.PARK or sightings == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(None, None), ("7", 7), ("Tue, 12 May 2026 06:30:10 GMT", 10), ("soon", None), ("-5", None)],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    now = datetime(2026, 5, 12, 6, 30, tzinfo=UTC)
    assert retry_after_s(value, now=now) == seconds


def test_a_receipt_for_another_batch_lets_nothing_go() -> None:
    ours = uuid4()
    body = {"batch_id": str(ours), "stored": 2, "known": 1, "pictures_wanted": []}
    assert receipt_in(Answer(202, json.dumps(body).encode()), ours, sightings=3) is not None
    assert receipt_in(Answer(202, json.dumps(body).encode()), uuid4(), sightings=3) is None
    assert receipt_in(Answer(202, json.dumps(body).encode()), ours, sightings=4) is None
    assert receipt_in(Answer(202, b"<html>"), ours, sightings=3) is None
