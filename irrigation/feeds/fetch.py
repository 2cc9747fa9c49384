"""Fetch the city's weather into its database; a feed that fails leaves the last good days."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from gis.postgis.queries import query
from irrigation.database import connected
from irrigation.errors import WeatherError
from irrigation.feeds import dwd, weather_store
from irrigation.feeds.dwd import Cache
from irrigation.feeds.sky import WeatherDay
from irrigation.trees import tree_profile

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fetched:
    """How many days came of each feed, and what failed."""

    observed_days: int
    forecast_days: int
    failed: dict[str, str]


def run(url: str, cache: Cache, *, today: date) -> Fetched:
    """Fetch observations and forecast; each is stored on its own.

    Raises WeatherError for a city whose profile names no feed.
    """
    with connected(url) as connection:
        feed = tree_profile.stored(connection).weather_feed
        row = connection.execute(query("city_middle")).fetchone()
    if feed.source != "dwd" or row is None:
        raise WeatherError(
            'this city names no weather feed: add [weather_feed] with source = "dwd", station_id '
            "and mosmix_id to city.toml, and load its trees again"
        )
    latitude = float(row[0])
    asks: dict[str, Callable[[], list[WeatherDay]]] = {
        "observed": lambda: dwd.observed(feed, cache, until=today, latitude_deg=latitude),
        "forecast": lambda: dwd.forecast(feed, cache, issued_on=today, latitude_deg=latitude),
    }
    counts, failed = dict.fromkeys(asks, 0), {}
    for name, ask in asks.items():
        try:
            days = ask()
        except WeatherError as error:
            failed[name] = str(error)
            logger.error("weather feed failed name=%s reason=%s", name, error)
            continue
        with connected(url) as connection:
            counts[name] = weather_store.store(connection, days, source="dwd")
    return Fetched(counts["observed"], counts["forecast"], failed)
