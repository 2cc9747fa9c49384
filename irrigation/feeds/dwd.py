"""The German weather service through `wetterdienst`: yesterday's observations, MOSMIX for tomorrow.

Answers are cached on disk by wetterdienst, short failures tried again by it and here. A feed that
fails leaves the database as it is: the last good days stand, with their age on every screen.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from irrigation.balance import evapotranspiration
from irrigation.errors import WeatherError
from irrigation.feeds import weather
from irrigation.feeds.sky import AHEAD_DAYS, PAST_DAYS, WeatherDay
from irrigation.trees.tree_profile import Feed

logger = logging.getLogger(__name__)

TRIES = 3
WAIT_S = 2.0  # doubles with each try
OBSERVED = {  # wetterdienst's name: ours
    "precipitation_amount": "rain_mm",
    "temperature_air_max_2m": "warmest_c",
    "temperature_air_min_2m": "coldest_c",
    "humidity_relative_mean": "humidity_percent",
    "wind_speed_mean": "wind_m_s",
    "sunshine_duration": "sunshine_h",
}
FORECAST = {
    "precipitation_amount_significant_weather_last_1h": "rain_mm",
    "temperature_air_2m": "celsius",
    "temperature_dew_point_2m": "dew_c",
    "wind_speed": "wind_m_s",
    "radiation_global": "solar_kj",
}
KELVIN = 273.15
BELIEVED_HOUR = {
    "celsius": (-50.0, 50.0),
    "dew_c": (-60.0, 40.0),
    "rain_mm": (0.0, 150.0),
    "wind_m_s": (0.0, 60.0),
    "solar_kj": (0.0, 5000.0),
}
HOURS_OF_A_DAY = 20  # fewer forecast hours make no day
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Cache:
    """Where answers are kept, and how the network is reached (passed on to wetterdienst)."""

    folder: Path
    network: dict[str, Any]


def observed(feed: Feed, cache: Cache, *, until: date, latitude_deg: float) -> list[WeatherDay]:
    """Fetch the last days up to yesterday; raises WeatherError where the service gives none."""

    def ask() -> pd.DataFrame:
        from wetterdienst.provider.dwd.observation import DwdObservationRequest

        request: Any = DwdObservationRequest(
            parameters=[("daily", "climate_summary", name) for name in OBSERVED],
            start=_midnight(until - timedelta(days=PAST_DAYS)),
            end=_midnight(until - timedelta(days=1)),
            settings=_settings(cache),
            options=_original_units(),
        )
        return _table(request, feed.station_id)

    rows = _tried(ask, f"DWD station {feed.station_id}")
    table = _wide(rows, OBSERVED)
    if table.empty:
        raise WeatherError(f"DWD has no daily values of station {feed.station_id} for these days")
    table.index = pd.DatetimeIndex(table.index).tz_localize(None).normalize()
    found = weather.of_table(str(feed.station_id), table)
    driver = weather.drive(found, latitude_deg=latitude_deg, elevation_m=feed.elevation_m)
    return _days(found, driver)


def forecast(feed: Feed, cache: Cache, *, issued_on: date, latitude_deg: float) -> list[WeatherDay]:
    """Fetch MOSMIX and add its hours up to days (UTC)."""

    def ask() -> pd.DataFrame:
        from wetterdienst.provider.dwd.mosmix import DwdMosmixRequest

        request: Any = DwdMosmixRequest(
            parameters=[("hourly", "large", name) for name in FORECAST],
            settings=_settings(cache),
            options=_original_units(),
        )
        return _table(request, feed.mosmix_id)

    table = _wide(_tried(ask, f"MOSMIX place {feed.mosmix_id}"), FORECAST)
    if table.empty:
        raise WeatherError(f"MOSMIX has no forecast for place {feed.mosmix_id}")
    table[["celsius", "dew_c"]] -= KELVIN  # MOSMIX forecasts in kelvin
    return daily(table, feed, issued_on=issued_on, latitude_deg=latitude_deg)


def daily(
    hours: pd.DataFrame, feed: Feed, *, issued_on: date, latitude_deg: float
) -> list[WeatherDay]:
    """Add hours up to days from the issue on; a day with too few hours is left out.

    Temperatures are degrees Celsius, radiation kJ/m² an hour, wind at ten metres.
    """
    _require_units(hours)
    days = pd.DatetimeIndex(hours.index).tz_convert("UTC").date
    by_day = hours.groupby(days)
    full = by_day["celsius"].count() >= HOURS_OF_A_DAY
    ahead = [d for d in full.index[full] if issued_on <= d < issued_on + timedelta(days=AHEAD_DAYS)]
    if not ahead:
        raise WeatherError(f"the forecast holds no whole day from {issued_on} on")
    top, bottom = by_day["celsius"].max().loc[ahead], by_day["celsius"].min().loc[ahead]
    rain = by_day["rain_mm"].sum(min_count=1).loc[ahead].fillna(0.0)
    solar = by_day["solar_kj"].sum(min_count=HOURS_OF_A_DAY // 2).loc[ahead] / 1000
    kpa = evapotranspiration.saturation_kpa(hours["dew_c"]) / evapotranspiration.saturation_kpa(
        hours["celsius"]
    )
    humidity = pd.Series(kpa, index=hours.index).groupby(days).mean().loc[ahead].clip(0, 1)
    wind = by_day["wind_m_s"].mean().loc[ahead]
    reference = evapotranspiration.of_days(
        day_of_year=np.array([day.timetuple().tm_yday for day in ahead]),
        latitude_deg=latitude_deg,
        elevation_m=feed.elevation_m,
        warmest_c=top.to_numpy(),
        coldest_c=bottom.to_numpy(),
        humidity_share=humidity.to_numpy(),
        wind_m_s=evapotranspiration.wind_at_2_m(wind.to_numpy(), height_m=weather.MAST_M),
        solar_mj=solar.to_numpy(),
    )
    return [
        WeatherDay(
            day=day,
            kind="forecast",
            issued_on=issued_on,
            rain_mm=round(max(float(rain.iloc[n]), 0.0), 2),
            et0_mm=round(float(reference.et0_mm[n]), 3),
            mean_c=round(float(top.iloc[n] + bottom.iloc[n]) / 2, 1),
            span_c=round(float(top.iloc[n] - bottom.iloc[n]), 1),
            humidity_share=None
            if np.isnan(humidity.iloc[n])
            else round(float(humidity.iloc[n]), 3),
            flags=("radiation estimated",) if reference.radiation_estimated[n] else (),
        )
        for n, day in enumerate(ahead)
    ]


def _require_units(hours: pd.DataFrame) -> None:
    """Refuse a forecast whose numbers no weather has: it comes in another unit than documented."""
    for name, (low, high) in BELIEVED_HOUR.items():
        wrong = hours[name].dropna()
        wrong = wrong[(wrong < low) | (wrong > high)]
        if len(wrong):
            raise WeatherError(
                f"the forecast says {name} {wrong.iloc[0]:g}, outside {low:g} to {high:g}: another "
                "unit than MOSMIX documents? Nothing of it is used; the last good days stay."
            )


def _days(found: weather.Weather, driver: weather.Driver) -> list[WeatherDay]:
    """Observed days; a gap that was filled is flagged."""
    rows = []
    for n, day in enumerate(found.days.astype(object)):
        flags = [
            name
            for name, is_so in (
                ("radiation estimated", driver.reference.radiation_estimated[n]),
                ("rain missing", driver.rain_filled[n]),
                ("temperature missing", driver.et0_filled[n]),
            )
            if is_so
        ]
        warm, cold = float(found.warmest_c[n]), float(found.coldest_c[n])
        humidity = float(found.humidity_share[n])
        is_known = not (np.isnan(warm) or np.isnan(cold))
        rows.append(
            WeatherDay(
                day=day,
                kind="observed",
                issued_on=day,
                rain_mm=float(driver.rain_mm[n]),
                et0_mm=float(driver.et0_mm[n]),
                mean_c=(warm + cold) / 2 if is_known else 15.0,
                span_c=warm - cold if is_known else 10.0,
                humidity_share=None if np.isnan(humidity) else humidity,
                flags=tuple(flags),
            )
        )
    return rows


def _tried(ask: Callable[[], Found], what: str) -> Found:
    """Ask again after failures; the last one becomes a WeatherError that names the feed."""
    from wetterdienst.exceptions import WetterdienstError

    trouble: Exception | None = None
    for attempt in range(TRIES):
        if attempt:
            time.sleep(WAIT_S * 2 ** (attempt - 1))
        try:
            return ask()
        except (WetterdienstError, OSError, LookupError, ValueError) as error:
            trouble = error
            logger.warning("weather feed failed what=%s attempt=%d", what, attempt + 1)
    raise WeatherError(
        f"{what} could not be fetched in {TRIES} tries ({type(trouble).__name__}: {trouble}). The "
        "last good days stay in use, with their age."
    )


def _table(request: Any, station_id: str | None) -> pd.DataFrame:
    values = request.filter_by_station_id(station_id=(station_id,)).values().all()
    table: pd.DataFrame = values.df.select("parameter", "timestamp", "value").to_pandas()
    return table


def _wide(rows: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """One column for each of our names, one row for each time; what is missing is NaN."""
    mine = rows[rows["parameter"].isin(names)]
    wide = mine.pivot_table(index="timestamp", columns="parameter", values="value", dropna=False)
    wide = wide.rename(columns=names).reindex(columns=list(names.values()))
    return wide.dropna(how="all").astype(np.float64)


def _midnight(day: date) -> str:
    return day.isoformat()


def _settings(cache: Cache) -> Any:
    from wetterdienst import Settings

    return Settings(cache_dir=cache.folder, fsspec_client_kwargs=cache.network)


def _original_units() -> dict[str, Any]:
    return {"convert_units": False, "drop_nulls": True}
