"""What the learned part sees: named series `(sites, days)`, each from today or before.

No latitude, no station: a model must not learn places by heart. Sign +1 says that the model may
never answer drier when the feature grows (rain, watering, what the balance makes of them).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irrigation.arrays import Numbers
from irrigation.model import station_balance
from irrigation.model.outlook import Outlook
from irrigation.model.series import earlier, fading_ratio, range_so_far, trailing_mean, trailing_sum
from irrigation.model.stations import Panel

CAPACITIES_MM = (30, 60, 100, 160, 250)
NOWCAST_BASE = "balance_100mm"
LEAST_RANGE_MM = 20.0  # a sensor that has moved less has not yet shown its soil
EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Features:
    """Series by name and the direction the model must respect (+1, -1, or 0)."""

    series: dict[str, Numbers]
    signs: dict[str, int]

    @property
    def names(self) -> list[str]:
        """The order of the columns."""
        return list(self.series)

    def stack(self) -> Numbers:
        """`(sites, days, features)`."""
        return np.stack(list(self.series.values()), axis=-1)

    def plus(self, more: dict[str, Numbers], sign: int = 0) -> Features:
        """The same with further series."""
        return Features(self.series | more, self.signs | dict.fromkeys(more, sign))


def nowcast(panel: Panel) -> Features:
    """Today's soil at a site without a sensor: from the weather so far."""
    rain, et0 = panel.rain_mm, panel.et0_mm
    wetter: dict[str, Numbers] = {
        f"balance_{size}mm": station_balance.since_january(panel, capacity_mm=float(size))
        for size in CAPACITIES_MM
    }
    other: dict[str, Numbers] = {}
    for size in (60, 160):
        state = wetter[f"balance_{size}mm"]
        low, high = np.minimum.accumulate(state, 1), np.maximum.accumulate(state, 1)
        other[f"balance_{size}mm_in_its_range"] = (state - low) / (high - low + 0.05)
        other[f"balance_{size}mm_above_mean"] = state - _mean_so_far(state)
    for days in (1, 3, 7, 14, 30, 60, 90):
        wetter[f"rain_{days}d"] = trailing_sum(rain, days)
    for days in (7, 14, 30, 60, 90):
        other[f"et0_{days}d"] = trailing_sum(et0, days)
    for days in (30, 60, 90):
        wetter[f"surplus_{days}d"] = trailing_sum(rain - et0, days)
    everywhere = np.ones(rain.shape, dtype=bool)
    for keep in (0.80, 0.90, 0.95, 0.98):
        wetter[f"rain_fading_{keep:.2f}"] = fading_ratio(
            rain, np.zeros(rain.shape), when=everywhere, keep=keep, prior=0.0, weight=1.0
        )
    other |= {"mean_c_7d": trailing_sum(panel.mean_c, 7) / 7}
    other |= {"mean_c_30d": trailing_sum(panel.mean_c, 30) / 30}
    other |= _air(panel)
    other |= {"rain_mean": _mean_so_far(rain), "et0_mean": _mean_so_far(et0)}
    other["humid_so_far"] = (np.cumsum(rain, 1) + 50) / (np.cumsum(et0, 1) + 50)
    other["surplus_so_far"] = np.cumsum(rain - et0, 1)
    other |= _season(panel)
    base = Features(wetter, dict.fromkeys(wetter, 1)).plus(other)
    return base.plus({"days_since_rain": days_since_rain(rain)}, sign=-1)


def _air(panel: Panel) -> dict[str, Numbers]:
    """How the air answers the ground: dry ground warms it more by day and moistens it less."""
    found = {}
    for days in (3, 10, 30):
        found[f"span_c_{days}d"] = trailing_mean(panel.span_c, days)
        found[f"humidity_{days}d"] = trailing_mean(panel.humidity_share, days)
    found["span_c_10d_above_mean"] = found["span_c_10d"] - _mean_so_far(panel.span_c)
    return found


def nearest_sensors(panel: Panel, residual: Numbers, *, reach_km: float) -> dict[str, Numbers]:
    """What the sensors around a site say today against the balance, itself left out.

    `residual` is NaN where no sensor may be asked; the second series says how much was there.
    """
    latitude, longitude = np.radians(panel.latitude_deg), np.radians(panel.longitude_deg)
    cosine = np.sin(latitude)[:, None] * np.sin(latitude)
    cosine += np.cos(latitude)[:, None] * np.cos(latitude) * np.cos(longitude[:, None] - longitude)
    weight = np.exp(-EARTH_KM * np.arccos(np.clip(cosine, -1.0, 1.0)) / reach_km)
    np.fill_diagonal(weight, 0.0)
    there = weight @ np.isfinite(residual).astype(float)
    said = weight @ np.nan_to_num(residual) / (there + 0.15)
    name = f"sensors_within_{reach_km:.0f}km"
    return {name: said, f"{name}_weight": there}


@dataclass(frozen=True, slots=True)
class Sensor:
    """What a sensor has shown of its soil up to each day; nothing from later days."""

    driest_mm: Numbers
    range_mm: Numbers

    @classmethod
    def of(cls, panel: Panel) -> Sensor:
        """Read the range so far (3rd to 97th percentile)."""
        low, high = range_so_far(panel.water_mm, low=0.03, high=0.97)
        return cls(driest_mm=low, range_mm=np.maximum(high - low, LEAST_RANGE_MM))


def balance_change(
    panel: Panel, sensor: Sensor, outlook: Outlook, *, days: int, factor: float, grow: float
) -> Numbers:
    """What the bare balance says about the change of water in the next days, mm."""
    return station_balance.change_ahead(
        missing_mm=sensor.driest_mm + sensor.range_mm - panel.water_mm,
        capacity_mm=sensor.range_mm * grow,
        rain_mm=outlook.rain_mm[:days],
        et0_mm=outlook.et0_mm[:days],
        factor=factor,
    )


def forecast(
    panel: Panel, sensor: Sensor, outlook: Outlook, past: Outlook, *, days: int
) -> Features:
    """The soil in some days at a site with a sensor; `past` is the weather that truly came."""
    rain, et0 = outlook.rain_mm[:days], outlook.et0_mm[:days]
    fade = (0.85 ** np.arange(days)[::-1])[:, None, None]
    quick = {"factor": station_balance.GRASS_FACTOR, "grow": 1.15}
    wetter = {
        "balance_change": balance_change(panel, sensor, outlook, days=days, **quick),
        "balance_change_slow": balance_change(
            panel, sensor, outlook, days=days, factor=0.5, grow=1.6
        ),
        "rain_ahead": rain.sum(axis=0),
        "rain_ahead_late": (rain * fade).sum(axis=0),
        "rain_ahead_most": rain.max(axis=0),
        "rain_ahead_last_day": rain[-1],
        "rain_ahead_last_3d": rain[-3:].sum(axis=0),
    }
    known = Features(wetter, dict.fromkeys(wetter, 1)).plus({"et0_ahead": et0.sum(axis=0)})
    return (
        known.plus(_today(panel, sensor))
        .plus(_habits(panel, sensor))
        .plus(_last_errors(panel, sensor, past, days=days))
    )


def _today(panel: Panel, sensor: Sensor) -> dict[str, Numbers]:
    water, rain = panel.water_mm, panel.rain_mm
    found = {
        "water_mm": water,
        "driest_mm": sensor.driest_mm,
        "range_mm": sensor.range_mm,
        "position": (water - sensor.driest_mm) / sensor.range_mm,
        "days_known": np.cumsum(np.isfinite(water), axis=1).astype(np.float64),
        "mean_c_7d": trailing_sum(panel.mean_c, 7) / 7,
    }
    found |= {f"change_{days}d": water - earlier(water, days) for days in (1, 2, 3, 7, 14)}
    found |= {f"rain_{days}d": trailing_sum(rain, days) for days in (1, 3, 7, 14, 30)}
    found |= {f"et0_{days}d": trailing_sum(panel.et0_mm, days) for days in (3, 7, 30)}
    return found | _season(panel)


def _habits(panel: Panel, sensor: Sensor) -> dict[str, Numbers]:
    """How this soil has dried and wetted so far."""
    change = panel.water_mm - earlier(panel.water_mm, 1)
    two_days = trailing_sum(panel.rain_mm, 2)
    dry, wet = (two_days < 0.3) & np.isfinite(change), panel.rain_mm > 5
    above = np.maximum(panel.water_mm - sensor.driest_mm, 1.0)
    return {
        "loss_per_et0_lately": fading_ratio(
            -change, panel.et0_mm, when=dry, keep=0.95, prior=0.4, weight=10
        ),
        "loss_per_et0": fading_ratio(
            -change, panel.et0_mm, when=dry, keep=0.995, prior=0.4, weight=10
        ),
        "loss_share": fading_ratio(-change, above, when=dry, keep=0.98, prior=0.03, weight=100),
        "gain_per_rain": fading_ratio(
            change, panel.rain_mm, when=wet & np.isfinite(change), keep=0.995, prior=0.5, weight=20
        ),
        "loss_today": np.where(dry, -change, 0.0),
    }


def _last_errors(panel: Panel, sensor: Sensor, past: Outlook, *, days: int) -> dict[str, Numbers]:
    """By how much the balance was wrong here, in forecasts whose truth is known today."""
    said = balance_change(
        panel, sensor, past, days=days, factor=station_balance.GRASS_FACTOR, grow=1.15
    )
    wrong = panel.water_mm - earlier(panel.water_mm, days) - earlier(said, days)
    known, one = np.isfinite(wrong), np.ones(wrong.shape)
    found = {"balance_error_last": wrong}
    for name, keep in (("lately", 0.90), ("so_far", 0.98)):
        found[f"balance_error_{name}"] = fading_ratio(
            wrong, one, when=known, keep=keep, prior=0.0, weight=3
        )
    return found


def days_since_rain(rain_mm: Numbers, *, least_mm: float = 5.0) -> Numbers:
    """Days since a day with rain that reaches the roots; counted from the first day."""
    count, found = np.zeros(len(rain_mm)), np.empty(rain_mm.shape)
    for day in range(rain_mm.shape[1]):
        count = np.where(rain_mm[:, day] >= least_mm, 0.0, count + 1)
        found[:, day] = count
    return found


def _season(panel: Panel) -> dict[str, Numbers]:
    angle = 2 * np.pi * (panel.days - panel.days[0].astype("datetime64[Y]")).astype(int) / 365.25
    shape = panel.rain_mm.shape
    return {
        "season_sin": np.broadcast_to(np.sin(angle), shape),
        "season_cos": np.broadcast_to(np.cos(angle), shape),
    }


def _mean_so_far(values: Numbers) -> Numbers:
    mean: Numbers = np.cumsum(values, axis=1) / np.arange(1, values.shape[1] + 1)
    return mean
