"""Musterstadt with its trees and simulated weather, in a database of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

from gis.postgis.load_city import load_city
from irrigation.simulated import simulate
from irrigation.trees import load

MUSTERSTADT = Path(__file__).parents[2] / "datasets/musterstadt"
DAY = date(2026, 7, 14)


def six(day: date = DAY) -> datetime:
    """Six in the morning."""
    return datetime.combine(day, time(6), UTC)


def with_trees(url: str) -> str:
    """Load the city, its trees and its sensors; return the address."""
    load_city(url, MUSTERSTADT)
    load.load(url, load.of_folder(MUSTERSTADT, simulated=True), on=DAY)
    return url


def with_weather(url: str, *, until: date = DAY) -> str:
    """The same with weather and readings."""
    simulate.fill(with_trees(url), until=until)
    return url
