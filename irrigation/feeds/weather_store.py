"""Weather days in the database: kept as they came, forecasts by the day they were issued."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import psycopg

from gis.postgis.queries import query
from irrigation.feeds.sky import PAST_DAYS, Sky, WeatherDay, compose
from irrigation.trees.tree_profile import Feed


def store(connection: psycopg.Connection, days: Sequence[WeatherDay], *, source: str) -> int:
    """Write days; an observation that was corrected replaces the older one."""
    values = [
        {
            "day": one.day,
            "kind": one.kind,
            "issued_on": one.issued_on,
            "rain_mm": one.rain_mm,
            "et0_mm": one.et0_mm,
            "mean_c": one.mean_c,
            "span_c": one.span_c,
            "humidity_share": one.humidity_share,
            "flags": list(one.flags),
            "source": source,
        }
        for one in days
    ]
    with connection.cursor() as cursor:
        cursor.executemany(query("weather_store"), values)
    return len(values)


def sky(connection: psycopg.Connection, feed: Feed, *, for_day: date, now: datetime) -> Sky:
    """Read what is known for a night; raises WeatherError where nothing was observed."""
    span = {
        "first": for_day - timedelta(days=PAST_DAYS),
        "last": for_day + timedelta(days=30),
        "for_day": for_day,
    }
    rows = connection.execute(query("weather_days"), span).fetchall()
    days = [_day(*row) for row in rows]
    return compose(days, for_day=for_day, now=now, fresh_h=feed.fresh_h, rule_h=feed.rule_h)


def _day(*columns: Any) -> WeatherDay:
    """Read a row of the table; the flags come as a list."""
    values = dict(zip(WeatherDay.__slots__, columns, strict=True))
    return WeatherDay(**values | {"flags": tuple(values["flags"])})
