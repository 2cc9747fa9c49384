"""Sun on a horizontal surface: from the date and latitude to net radiation, in MJ/m² per day.

Every equation number is from Allen et al. (1998), FAO Irrigation and Drainage Paper 56, chapter 3.
"""

from __future__ import annotations

import numpy as np

from irrigation.arrays import Numbers, NumbersLike

SOLAR_CONSTANT_MJ_M2_MIN = 0.0820
STEFAN_BOLTZMANN_MJ_K4_M2_DAY = 4.903e-9
GRASS_ALBEDO = 0.23
INLAND_FACTOR = 0.16  # k_Rs of eq. 50; 0.19 on a coast


def _declination_rad(day_of_year: Numbers) -> Numbers:
    """Solar declination (eq. 24)."""
    return 0.409 * np.sin(2 * np.pi / 365 * day_of_year - 1.39)


def _sunset_angle_rad(latitude_rad: Numbers, declination_rad: Numbers) -> Numbers:
    """Sunset hour angle (eq. 25); clipped, so polar night is 0 and midnight sun is pi."""
    cosine = -np.tan(latitude_rad) * np.tan(declination_rad)
    angle: Numbers = np.arccos(np.clip(cosine, -1.0, 1.0))
    return angle


def extraterrestrial(day_of_year: NumbersLike, *, latitude_deg: NumbersLike) -> Numbers:
    """Radiation at the top of the atmosphere (eq. 21 to 25)."""
    day, latitude = (
        np.asarray(day_of_year, np.float64),
        np.radians(np.asarray(latitude_deg, np.float64)),
    )
    distance = 1 + 0.033 * np.cos(2 * np.pi / 365 * day)  # eq. 23
    declination = _declination_rad(day)
    sunset = _sunset_angle_rad(latitude, declination)
    path = sunset * np.sin(latitude) * np.sin(declination)
    path = path + np.cos(latitude) * np.cos(declination) * np.sin(sunset)
    top: Numbers = np.maximum(24 * 60 / np.pi * SOLAR_CONSTANT_MJ_M2_MIN * distance * path, 0.0)
    return top


def daylight_h(day_of_year: NumbersLike, *, latitude_deg: NumbersLike) -> Numbers:
    """Hours between sunrise and sunset (eq. 34)."""
    day, latitude = (
        np.asarray(day_of_year, np.float64),
        np.radians(np.asarray(latitude_deg, np.float64)),
    )
    return 24 / np.pi * _sunset_angle_rad(latitude, _declination_rad(day))


def solar_from_sunshine(
    extraterrestrial_mj: NumbersLike, *, sunshine_h: NumbersLike, daylight_hours: NumbersLike
) -> Numbers:
    """Radiation at the ground from hours of sunshine (Ångström, eq. 35 with 0.25 and 0.50)."""
    possible = np.maximum(np.asarray(daylight_hours, np.float64), 1e-6)
    share = np.clip(np.asarray(sunshine_h, np.float64) / possible, 0.0, 1.0)
    return (0.25 + 0.50 * share) * np.asarray(extraterrestrial_mj, np.float64)


def solar_from_temperature(
    extraterrestrial_mj: NumbersLike,
    *,
    warmest_c: NumbersLike,
    coldest_c: NumbersLike,
    elevation_m: NumbersLike,
    factor: float = INLAND_FACTOR,
) -> Numbers:
    """Estimate radiation from the day's temperature range (Hargreaves, eq. 50).

    Never more than a clear sky lets through (eq. 37).
    """
    swing = np.maximum(np.asarray(warmest_c, np.float64) - np.asarray(coldest_c, np.float64), 0.0)
    estimate = factor * np.sqrt(swing) * np.asarray(extraterrestrial_mj, np.float64)
    return np.minimum(estimate, clear_sky(extraterrestrial_mj, elevation_m=elevation_m))


def clear_sky(extraterrestrial_mj: NumbersLike, *, elevation_m: NumbersLike) -> Numbers:
    """Radiation at the ground under a cloudless sky (eq. 37)."""
    share = 0.75 + 2e-5 * np.asarray(elevation_m, np.float64)
    return share * np.asarray(extraterrestrial_mj, np.float64)


def net_longwave(
    solar_mj: NumbersLike,
    *,
    clear_sky_mj: NumbersLike,
    warmest_c: NumbersLike,
    coldest_c: NumbersLike,
    vapour_kpa: NumbersLike,
) -> Numbers:
    """Heat the ground radiates away (eq. 39).

    The share of a clear sky is kept in 0.3..1: FAO-56 bounds it above (p. 52), ASCE (2005), eq. 18,
    below, so that neither fog nor a polar night makes it nonsense.
    """
    clear = np.maximum(np.asarray(clear_sky_mj, np.float64), 1e-6)
    cloudiness = 1.35 * np.clip(np.asarray(solar_mj, np.float64) / clear, 0.3, 1.0) - 0.35
    warm = (np.asarray(warmest_c, np.float64) + 273.16) ** 4
    cold = (np.asarray(coldest_c, np.float64) + 273.16) ** 4
    damp = 0.34 - 0.14 * np.sqrt(np.maximum(np.asarray(vapour_kpa, np.float64), 0.0))
    return STEFAN_BOLTZMANN_MJ_K4_M2_DAY * (warm + cold) / 2 * damp * cloudiness


def net(solar_mj: NumbersLike, *, longwave_mj: NumbersLike) -> Numbers:
    """Radiation the grass keeps (eq. 38 and 40)."""
    return (1 - GRASS_ALBEDO) * np.asarray(solar_mj, np.float64) - np.asarray(
        longwave_mj, np.float64
    )
