"""Reference evapotranspiration: how thirsty the air is today, as mm of water over grass.

Every equation number is from Allen et al. (1998), FAO Irrigation and Drainage Paper 56. Arrays of
any shape that broadcast; a missing input (NaN) gives a missing result, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irrigation.arrays import Numbers, NumbersLike, Truths
from irrigation.balance import radiation

QUIET_WIND_M_S = 2.0  # FAO-56 p. 63: the world's average, where nobody measured wind


@dataclass(frozen=True, slots=True)
class Reference:
    """Reference evapotranspiration of each day and what had to be estimated for it."""

    et0_mm: Numbers
    radiation_estimated: Truths  # neither radiation nor sunshine was measured (eq. 50)
    vapour_estimated: Truths  # humidity was missing: dew point taken as the coldest hour (eq. 48)
    wind_assumed: Truths  # wind was missing: 2 m/s


def pressure_kpa(elevation_m: NumbersLike) -> Numbers:
    """Air pressure (eq. 7)."""
    return 101.3 * ((293 - 0.0065 * np.asarray(elevation_m, np.float64)) / 293) ** 5.26


def psychrometric_kpa_c(elevation_m: NumbersLike) -> Numbers:
    """Psychrometric constant (eq. 8)."""
    return 0.665e-3 * pressure_kpa(elevation_m)


def saturation_kpa(temperature_c: NumbersLike) -> Numbers:
    """Vapour pressure of saturated air (eq. 11)."""
    celsius = np.asarray(temperature_c, np.float64)
    return 0.6108 * np.exp(17.27 * celsius / (celsius + 237.3))


def saturation_slope_kpa_c(temperature_c: NumbersLike) -> Numbers:
    """Slope of the saturation curve (eq. 13)."""
    celsius = np.asarray(temperature_c, np.float64)
    return 4098 * saturation_kpa(celsius) / (celsius + 237.3) ** 2


def wind_at_2_m(wind_m_s: NumbersLike, *, height_m: NumbersLike) -> Numbers:
    """Bring a wind speed down to two metres above grass (eq. 47)."""
    return (
        np.asarray(wind_m_s, np.float64)
        * 4.87
        / np.log(67.8 * np.asarray(height_m, np.float64) - 5.42)
    )


def penman_monteith(
    *,
    warmest_c: NumbersLike,
    coldest_c: NumbersLike,
    vapour_kpa: NumbersLike,
    wind_m_s: NumbersLike,
    net_radiation_mj: NumbersLike,
    elevation_m: NumbersLike,
    soil_heat_mj: NumbersLike = 0.0,
) -> Numbers:
    """FAO-56 Penman-Monteith (eq. 6), mm per day; wind at two metres; dew counts as zero."""
    warm, cold = np.asarray(warmest_c, np.float64), np.asarray(coldest_c, np.float64)
    mean_c = (warm + cold) / 2
    slope, gamma = saturation_slope_kpa_c(mean_c), psychrometric_kpa_c(elevation_m)
    wind = np.asarray(wind_m_s, np.float64)
    deficit = (saturation_kpa(warm) + saturation_kpa(cold)) / 2 - np.asarray(vapour_kpa, np.float64)
    energy = np.asarray(net_radiation_mj, np.float64) - np.asarray(soil_heat_mj, np.float64)
    top = 0.408 * slope * energy + gamma * 900 / (mean_c + 273) * wind * np.maximum(deficit, 0.0)
    return np.maximum(top / (slope + gamma * (1 + 0.34 * wind)), 0.0)


def hargreaves(
    *, warmest_c: NumbersLike, coldest_c: NumbersLike, extraterrestrial_mj: NumbersLike
) -> Numbers:
    """Evapotranspiration from temperature alone (eq. 52), mm per day."""
    warm, cold = np.asarray(warmest_c, np.float64), np.asarray(coldest_c, np.float64)
    swing = np.sqrt(np.maximum(warm - cold, 0.0))
    top_mm = 0.408 * np.asarray(extraterrestrial_mj, np.float64)
    return np.maximum(0.0023 * ((warm + cold) / 2 + 17.8) * swing * top_mm, 0.0)


def of_days(
    *,
    day_of_year: NumbersLike,
    latitude_deg: NumbersLike,
    elevation_m: NumbersLike,
    warmest_c: NumbersLike,
    coldest_c: NumbersLike,
    humidity_share: NumbersLike = np.nan,
    wind_m_s: NumbersLike = np.nan,
    sunshine_h: NumbersLike = np.nan,
    solar_mj: NumbersLike = np.nan,
) -> Reference:
    """Take measured days and estimate, with a flag, what the station did not measure.

    Radiation: measured, else from sunshine (eq. 35), else from the temperature range (eq. 50).
    Humidity is the day's mean (eq. 19); wind is at two metres.
    """
    warm, cold = np.asarray(warmest_c, np.float64), np.asarray(coldest_c, np.float64)
    top = radiation.extraterrestrial(day_of_year, latitude_deg=latitude_deg)
    sun, solar = np.asarray(sunshine_h, np.float64), np.asarray(solar_mj, np.float64)
    from_sun = radiation.solar_from_sunshine(
        top,
        sunshine_h=sun,
        daylight_hours=radiation.daylight_h(day_of_year, latitude_deg=latitude_deg),
    )
    from_swing = radiation.solar_from_temperature(
        top, warmest_c=warm, coldest_c=cold, elevation_m=elevation_m
    )
    no_sun = np.isnan(solar) & np.isnan(sun)
    ground = np.where(np.isnan(solar), np.where(np.isnan(sun), from_swing, from_sun), solar)
    vapour, dry_unknown = _vapour(warm, cold, np.asarray(humidity_share, np.float64))
    longwave = radiation.net_longwave(
        ground,
        clear_sky_mj=radiation.clear_sky(top, elevation_m=elevation_m),
        warmest_c=warm,
        coldest_c=cold,
        vapour_kpa=vapour,
    )
    wind = np.asarray(wind_m_s, np.float64)
    et0_mm = penman_monteith(
        warmest_c=warm,
        coldest_c=cold,
        vapour_kpa=vapour,
        wind_m_s=np.where(np.isnan(wind), QUIET_WIND_M_S, wind),
        net_radiation_mj=radiation.net(ground, longwave_mj=longwave),
        elevation_m=elevation_m,
    )
    shape = et0_mm.shape
    return Reference(
        et0_mm=et0_mm,
        radiation_estimated=np.broadcast_to(no_sun, shape),
        vapour_estimated=np.broadcast_to(dry_unknown, shape),
        wind_assumed=np.broadcast_to(np.isnan(wind), shape),
    )


def _vapour(warm: Numbers, cold: Numbers, humidity: Numbers) -> tuple[Numbers, Truths]:
    """Vapour pressure from mean humidity (eq. 19), else from the coldest hour (eq. 48)."""
    mean_kpa = (saturation_kpa(warm) + saturation_kpa(cold)) / 2
    unknown = np.isnan(humidity)
    return np.where(unknown, saturation_kpa(cold), humidity * mean_kpa), unknown
