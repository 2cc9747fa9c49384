"""Soil stations made by a bucket model with known weather: small, quick, and the truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd


def make_table(*, sites: int = 10, days: int = 240, seed: int = 3) -> pd.DataFrame:
    """A table in the USCRN form; every site has its own storage, wilting point and climate."""
    random = np.random.default_rng(seed)
    calendar = pd.date_range("2020-01-01", periods=days, freq="D")
    parts = []
    for site in range(sites):
        season = np.sin(2 * np.pi * (np.arange(days) - 100) / 365)
        warm = 15 + 14 * season + random.normal(0, 3, days)
        cold = warm - random.uniform(6, 16, days)
        wetness = random.uniform(1.0, 4.0)
        rain = np.where(random.random(days) < 0.25, random.exponential(4 * wetness, days), 0.0)
        moisture = _bucket(rain, warm, random.uniform(60, 120)) + random.uniform(20, 60)
        share = (moisture + random.normal(0, 0.3, days)) / 400
        parts.append(
            pd.DataFrame(
                {
                    "wban": f"{site:05d}",
                    "lst_date": calendar,
                    "latitude": random.uniform(30, 48),
                    "longitude": random.uniform(-120, -75),
                    "t_daily_max": warm,
                    "t_daily_min": cold,
                    "p_daily_calc": rain,
                    "solarad_daily": np.nan,
                    "rh_daily_avg": np.nan,
                    "soil_moisture_5_daily": share,
                    "soil_moisture_10_daily": share,
                    "soil_moisture_20_daily": share,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def write_stations(folder: Path, table: pd.DataFrame, name: str = "stations.parquet") -> Path:
    """The table as a file."""
    path = folder / name
    table.to_parquet(path, index=False)
    return path


def _bucket(rain: np.ndarray, warm: np.ndarray, capacity: float) -> np.ndarray:
    water, found = capacity * 0.7, np.empty(len(rain))
    for day in range(len(rain)):
        water = min(water + rain[day], capacity)
        water -= water / capacity * 0.15 * max(warm[day], 0) * 0.9
        water = max(water, 0.0)
        found[day] = water
    return found
