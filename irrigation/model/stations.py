"""Soil stations with weather, one year by many sites: what the forecast is trained and measured on.

The file has the form of NOAA's Climate Reference Network (USCRN), daily: `wban`, `lst_date`,
`latitude`, `longitude`, `t_daily_max`, `t_daily_min`, `p_daily_calc`, `solarad_daily`,
`rh_daily_avg`, `soil_moisture_5_daily`, `..._10_daily`, `..._20_daily`. Arrays are `(sites, days)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from irrigation.arrays import Numbers, Truths
from irrigation.balance import evapotranspiration
from irrigation.errors import StationsError

ROOT_ZONE_MM = 400.0  # the upper root zone, 0-40 cm
LAYERS = {  # sensor: thickness it speaks for, in mm
    "soil_moisture_5_daily": 75.0,
    "soil_moisture_10_daily": 75.0,
    "soil_moisture_20_daily": 250.0,
}
WEATHER = ("t_daily_max", "t_daily_min", "p_daily_calc", "solarad_daily", "rh_daily_avg")
FEWEST_DAYS = 200  # a site with fewer days of soil moisture has no year to scale by
FEWEST_SITES = 5
ASSUMED_ELEVATION_M = 300.0  # the file states none; 1000 m more change ET0 by about 2 %


@dataclass(frozen=True, slots=True)
class Panel:
    """Sites side by side on one calendar; missing soil moisture is NaN, weather has no gaps."""

    sites: NDArray[np.str_]
    days: NDArray[np.datetime64]
    latitude_deg: Numbers  # (sites,)
    longitude_deg: Numbers
    rain_mm: Numbers
    et0_mm: Numbers
    mean_c: Numbers
    span_c: Numbers  # warmest less coldest of the day: dry ground swings more
    humidity_share: Numbers  # of the air, 0..1; NaN where the station did not measure it
    water_mm: Numbers  # water in 0-40 cm
    wilting_mm: Numbers  # (sites,) the site's own 5th percentile, with hindsight
    capacity_mm: Numbers  # (sites,) 5th to 95th percentile, with hindsight
    rain_missing: Truths

    @property
    def extractable(self) -> Numbers:
        """Relative extractable water 0..1, scaled by the site's own year (hindsight)."""
        raw = (self.water_mm - self.wilting_mm[:, None]) / self.capacity_mm[:, None]
        clipped: Numbers = np.clip(raw, 0.0, 1.0)
        return clipped

    def only(self, keep: Truths) -> Panel:
        """The same calendar with some of the sites."""
        return Panel(
            sites=self.sites[keep],
            days=self.days,
            latitude_deg=self.latitude_deg[keep],
            longitude_deg=self.longitude_deg[keep],
            rain_mm=self.rain_mm[keep],
            et0_mm=self.et0_mm[keep],
            mean_c=self.mean_c[keep],
            span_c=self.span_c[keep],
            humidity_share=self.humidity_share[keep],
            water_mm=self.water_mm[keep],
            wilting_mm=self.wilting_mm[keep],
            capacity_mm=self.capacity_mm[keep],
            rain_missing=self.rain_missing[keep],
        )


def read(path: Path) -> Panel:
    """Read the stations with enough soil moisture.

    Raises StationsError for another form or too few sites.
    """
    if not path.exists():
        raise StationsError(f"{path} does not exist")
    try:
        table = pd.read_parquet(path)
    except (ValueError, OSError) as error:
        raise StationsError(f"{path} is no Parquet table: {error}") from None
    wanted = ["wban", "lst_date", "latitude", "longitude", *WEATHER, *LAYERS]
    lacking = [name for name in wanted if name not in table.columns]
    if lacking:
        raise StationsError(f"{path} lacks {', '.join(lacking)}: it must be daily USCRN")
    table = table[wanted].assign(lst_date=pd.to_datetime(table["lst_date"], errors="coerce"))
    if table["lst_date"].isna().any():
        raise StationsError(f"{path}: lst_date must be a day in every row")
    return _panel(path, table.sort_values(["wban", "lst_date"]))


def _panel(path: Path, table: pd.DataFrame) -> Panel:
    if table.duplicated(["wban", "lst_date"]).any():
        raise StationsError(f"{path} states the same station and day twice")
    table = table.assign(
        water_mm=sum(table[name] * thickness for name, thickness in LAYERS.items())
    )
    known = table.groupby("wban")["water_mm"].count()
    sites = known.index[known >= FEWEST_DAYS]
    if len(sites) < FEWEST_SITES:
        raise StationsError(
            f"{path} has {len(sites)} stations with {FEWEST_DAYS} days of soil moisture at 5, 10 "
            f"and 20 cm; at least {FEWEST_SITES} are needed to leave some out"
        )
    table = table[table["wban"].isin(sites)]
    days = pd.date_range(table["lst_date"].min(), table["lst_date"].max(), freq="D")
    place = table.groupby("wban")[["latitude", "longitude"]].first()

    def grid(name: str) -> Numbers:
        wide = table.pivot(index="wban", columns="lst_date", values=name).reindex(columns=days)
        values: Numbers = wide.to_numpy(np.float64)
        return values

    warm, cold = _bridge(grid("t_daily_max")), _bridge(grid("t_daily_min"))
    latitude = place["latitude"].to_numpy(np.float64)
    humidity = grid("rh_daily_avg") / 100
    reference = evapotranspiration.of_days(
        day_of_year=days.day_of_year.to_numpy()[None, :],
        latitude_deg=latitude[:, None],
        elevation_m=ASSUMED_ELEVATION_M,
        warmest_c=warm,
        coldest_c=cold,
        humidity_share=humidity,
        solar_mj=grid("solarad_daily"),
    )
    rain, water = grid("p_daily_calc"), grid("water_mm")
    low, high = np.nanquantile(water, [0.05, 0.95], axis=1)
    return Panel(
        sites=np.asarray(sites, dtype=np.str_),
        days=days.to_numpy().astype("datetime64[D]"),
        latitude_deg=latitude,
        longitude_deg=place["longitude"].to_numpy(np.float64),
        rain_mm=np.nan_to_num(rain),
        et0_mm=reference.et0_mm,
        mean_c=(warm + cold) / 2,
        span_c=warm - cold,
        humidity_share=humidity,
        water_mm=water,
        wilting_mm=low,
        capacity_mm=np.maximum(high - low, 1.0),
        rain_missing=np.isnan(rain),
    )


def _bridge(values: Numbers) -> Numbers:
    """Fill gaps in temperature from the days around them."""
    frame = pd.DataFrame(values).interpolate(axis=1, limit_direction="both")
    filled: Numbers = frame.to_numpy(np.float64)
    return filled
