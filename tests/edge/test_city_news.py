"""What the city said holds without network, and a web page in between is no answer of the city."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edge.city import City
from edge.city_news import News
from tests.edge.drives import street_map
from tests.edge.loopback_city import TOKEN, LoopbackCity, loopback_city

SHA = "a" * 64
PORTAL = b"<html>please log in</html>"


@pytest.fixture
def town() -> Iterator[LoopbackCity]:
    with loopback_city() as town:
        yield town


def ask(town: LoopbackCity, news: News, *, now: datetime) -> None:
    with City(town.url, TOKEN, timeout_s=5) as city:
        news.ask(city, now=now)


def test_the_last_answer_counts_for_days_and_says_how_old_it_is(
    town: LoopbackCity, tmp_path: Path
) -> None:
    news, now = News(tmp_path / "spool.db"), datetime.now(UTC)
    town.approved, town.streets = [SHA], street_map(80)
    ask(town, news, now=now)
    town.approved, town.streets = None, PORTAL
    ask(town, news, now=now + timedelta(days=5))
    standing = news.standing(SHA, now=now + timedelta(days=5))
    assert (standing.state, standing.asked_at) == ("approved", now)
    assert "5 days ago" in standing.says
    streets = news.streets()
    assert streets is not None
    assert streets.ids == ("s0",)


def test_a_city_that_approved_nothing_or_another_model_is_told_apart_from_one_never_asked(
    town: LoopbackCity, tmp_path: Path
) -> None:
    news, now = News(tmp_path / "spool.db"), datetime.now(UTC)
    assert news.standing(SHA, now=now).state == "unknown"
    assert news.streets() is None
    town.approved = []
    ask(town, news, now=now)
    standing = news.standing(SHA, now=now)
    assert (standing.state, "approved: none" in standing.says) == ("not approved", True)


def test_the_map_is_fetched_again_when_it_is_a_day_old(town: LoopbackCity, tmp_path: Path) -> None:
    news, now = News(tmp_path / "new" / "spool.db"), datetime.now(UTC)
    town.streets = street_map(80)
    ask(town, news, now=now)
    town.streets = street_map(80, 200)
    ask(town, news, now=now + timedelta(hours=1))
    assert [len(streets.ids) for streets in [news.streets()] if streets] == [1]
    ask(town, news, now=now + timedelta(hours=25))
    assert [len(streets.ids) for streets in [news.streets()] if streets] == [2]


def test_an_answer_that_cannot_be_kept_stops_no_drive(town: LoopbackCity) -> None:
    news, now = News(Path("/proc/nothing/spool.db")), datetime.now(UTC)
    town.approved, town.streets = [SHA], street_map(80)
    ask(town, news, now=now)
    assert news.standing(SHA, now=now).state == "unknown"
