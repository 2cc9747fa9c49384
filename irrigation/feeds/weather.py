"""Daily weather of one station, in the format the German weather service (DWD) ships.

Files `produkt_klima_tag_*.txt`: semicolons, -999 for missing, wind at ten metres. A missing day or
value stays missing and is counted; what stands in for it is the driver's business, with a flag.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from irrigation.arrays import Numbers, Truths
from irrigation.balance import evapotranspiration
from irrigation.balance.evapotranspiration import Reference
from irrigation.errors import WeatherError

COLUMNS = {  # DWD's name: ours
    "RSK": "rain_mm",
    "TXK": "warmest_c",
    "TNK": "coldest_c",
    "UPM": "humidity_percent",
    "FM": "wind_m_s",
    "SDK": "sunshine_h",
}
MISSING = -999.0
BELIEVED = {  # beyond the records measured in Germany, with some room
    "rain_mm": (0.0, 400.0),
    "warmest_c": (-45.0, 50.0),
    "coldest_c": (-50.0, 40.0),
    "humidity_percent": (0.0, 100.0),
    "wind_m_s": (0.0, 60.0),
    "sunshine_h": (0.0, 18.0),
}
MAST_M = 10.0
LONGEST_FILL_DAYS = 3  # a longer gap in temperature is not bridged: the driver refuses


@dataclass(frozen=True, slots=True)
class Weather:
    """Every calendar day between the first and the last of a file; missing is NaN."""

    station: str
    days: NDArray[np.datetime64]
    rain_mm: Numbers
    warmest_c: Numbers
    coldest_c: Numbers
    humidity_share: Numbers
    wind_m_s: Numbers  # brought down to two metres
    sunshine_h: Numbers
    absent: Truths  # the file has no line for this day
    implausible: dict[str, int]  # values that were not believed, by column; they count as missing

    @property
    def newest(self) -> datetime.date:
        """The last day with a line."""
        return _date(self.days[-1])

    def age_days(self, *, on: datetime.date) -> int:
        """Days between the newest line and a day; a feed is fresh at one."""
        return (on - self.newest).days

    def missing(self) -> dict[str, int]:
        """How many days lack which value, days without a line included."""
        fields = ("rain_mm", "warmest_c", "coldest_c", "humidity_share", "wind_m_s", "sunshine_h")
        return {field: int(np.isnan(getattr(self, field)).sum()) for field in fields}


@dataclass(frozen=True, slots=True)
class Driver:
    """What the water balance is driven with: no gaps, and a flag on each day that had one."""

    days: NDArray[np.datetime64]
    rain_mm: Numbers
    et0_mm: Numbers
    rain_filled: Truths  # taken as dry: the cautious side for a tree
    et0_filled: Truths  # temperatures interpolated
    reference: Reference


def read(path: Path) -> Weather:
    """Read a station file; raises WeatherError for another format or no usable line."""
    if not path.exists():
        raise WeatherError(f"{path} does not exist")
    try:
        table = pd.read_csv(path, sep=";", skipinitialspace=True, dtype=str, encoding="latin-1")
    except ValueError as error:
        raise WeatherError(f"{path} is no table: {error}") from None
    table.columns = table.columns.str.strip()
    lacking = [name for name in ("STATIONS_ID", "MESS_DATUM", *COLUMNS) if name not in table]
    if lacking:
        raise WeatherError(
            f"{path} is no DWD file of daily climate: no column {', '.join(lacking)}. "
            "Expected is produkt_klima_tag_*.txt of the data set 'kl', daily."
        )
    if table.empty:
        raise WeatherError(f"{path} holds no day")
    days = pd.to_datetime(table["MESS_DATUM"].str.strip(), format="%Y%m%d", errors="coerce")
    if days.isna().any() or days.duplicated().any():
        raise WeatherError(f"{path}: MESS_DATUM must be one readable day per line, like 20260524")
    stations = table["STATIONS_ID"].str.strip().unique()
    if len(stations) != 1:
        raise WeatherError(f"{path} mixes stations {', '.join(stations)}; give one file for each")
    values = table[list(COLUMNS)].apply(pd.to_numeric, errors="coerce").rename(columns=COLUMNS)
    return of_table(stations[0], values.set_index(days))


def of_table(station: str, values: pd.DataFrame) -> Weather:
    """Judge a table with one row a day and the columns of `COLUMNS` in our names."""
    values = values.where(values != MISSING)
    implausible = {}
    for field, (low, high) in BELIEVED.items():
        wrong = values[field].notna() & ~values[field].between(low, high)
        implausible[field] = int(wrong.sum())
        values[field] = values[field].where(~wrong)
    swapped = values["coldest_c"] > values["warmest_c"]
    implausible["coldest above warmest"] = int(swapped.sum())
    values.loc[swapped, ["coldest_c", "warmest_c"]] = np.nan
    whole = pd.date_range(values.index.min(), values.index.max(), freq="D")
    full = values.reindex(whole)
    return Weather(
        station=station,
        days=whole.to_numpy().astype("datetime64[D]"),
        rain_mm=full["rain_mm"].to_numpy(np.float64),
        warmest_c=full["warmest_c"].to_numpy(np.float64),
        coldest_c=full["coldest_c"].to_numpy(np.float64),
        humidity_share=full["humidity_percent"].to_numpy(np.float64) / 100,
        wind_m_s=evapotranspiration.wind_at_2_m(full["wind_m_s"], height_m=MAST_M),
        sunshine_h=full["sunshine_h"].to_numpy(np.float64),
        absent=~whole.isin(values.index),
        implausible={field: count for field, count in implausible.items() if count},
    )


def drive(weather: Weather, *, latitude_deg: float, elevation_m: float) -> Driver:
    """Fill what is missing, with a flag, and compute the reference evapotranspiration.

    Raises WeatherError where temperatures are missing for longer than can be bridged.
    """
    warm, cold = (
        pd.Series(values).interpolate(limit=LONGEST_FILL_DAYS, limit_direction="both").to_numpy()
        for values in (weather.warmest_c, weather.coldest_c)
    )
    open_days = np.isnan(warm) | np.isnan(cold)
    if open_days.any():
        first = _date(weather.days[int(np.argmax(open_days))])
        raise WeatherError(
            f"station {weather.station}: temperatures are missing for more than "
            f"{LONGEST_FILL_DAYS} days near {first}. Take another station for that time."
        )
    reference = evapotranspiration.of_days(
        day_of_year=pd.DatetimeIndex(weather.days).day_of_year.to_numpy(),
        latitude_deg=latitude_deg,
        elevation_m=elevation_m,
        warmest_c=warm,
        coldest_c=cold,
        humidity_share=weather.humidity_share,
        wind_m_s=weather.wind_m_s,
        sunshine_h=weather.sunshine_h,
    )
    return Driver(
        days=weather.days,
        rain_mm=np.nan_to_num(weather.rain_mm, nan=0.0),
        et0_mm=reference.et0_mm,
        rain_filled=np.isnan(weather.rain_mm),
        et0_filled=np.isnan(weather.warmest_c) | np.isnan(weather.coldest_c),
        reference=reference,
    )


def summary(weather: Weather, driver: Driver, *, on: datetime.date) -> dict[str, object]:
    """What a person wants to know before trusting a file."""
    return {
        "station": weather.station,
        "first_day": str(weather.days[0]),
        "newest_day": str(weather.newest),
        "age_days": weather.age_days(on=on),
        "days": len(weather.days),
        "days_without_a_line": int(weather.absent.sum()),
        "missing": weather.missing(),
        "implausible": weather.implausible,
        "radiation_estimated_days": int(driver.reference.radiation_estimated.sum()),
        "wind_assumed_days": int(driver.reference.wind_assumed.sum()),
        "rain_taken_as_zero_days": int(driver.rain_filled.sum()),
        "rain_mm": round(float(driver.rain_mm.sum()), 1),
        "et0_mm": round(float(driver.et0_mm.sum()), 1),
    }


def _date(day: np.datetime64) -> datetime.date:
    return datetime.date.fromisoformat(str(day))
