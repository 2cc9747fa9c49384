"""UTM zone 32 (EPSG:25832) and WGS 84, there and back, after Krüger; numpy only.

Source: Karney (2011), "Transverse Mercator with an accuracy of a few nanometers",
eq. 7-17 and 35/36 to third order: better than 0.1 mm within Germany.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

AXIS_M, FLATTENING = 6_378_137.0, 1 / 298.257222101  # GRS 80
SCALE, CENTRAL_MERIDIAN_DEG, FALSE_EASTING_M = 0.9996, 9.0, 500_000.0
N = FLATTENING / (2 - FLATTENING)
ECCENTRICITY = np.sqrt(FLATTENING * (2 - FLATTENING))
RADIUS_M = SCALE * AXIS_M / (1 + N) * (1 + N**2 / 4 + N**4 / 64)
FORWARD = (N / 2 - 2 * N**2 / 3 + 5 * N**3 / 16, 13 * N**2 / 48 - 3 * N**3 / 5, 61 * N**3 / 240)
BACKWARD = (N / 2 - 2 * N**2 / 3 + 37 * N**3 / 96, N**2 / 48 + N**3 / 15, 17 * N**3 / 480)


def to_utm(longitude_deg: Numbers, latitude_deg: Numbers) -> tuple[Numbers, Numbers]:
    """Return easting and northing in metres."""
    lam = np.radians(np.asarray(longitude_deg, float) - CENTRAL_MERIDIAN_DEG)
    tau = np.tan(np.radians(np.asarray(latitude_deg, float)))
    tau = _conformal(tau)
    xi = np.arctan2(tau, np.cos(lam))
    eta = np.arcsinh(np.sin(lam) / np.hypot(tau, np.cos(lam)))
    return _series(xi, eta, FORWARD, sign=1, scale=RADIUS_M, easting_m=FALSE_EASTING_M)


def to_wgs84(easting_m: Numbers, northing_m: Numbers) -> tuple[Numbers, Numbers]:
    """Return longitude and latitude in degrees."""
    xi = np.asarray(northing_m, float) / RADIUS_M
    eta = (np.asarray(easting_m, float) - FALSE_EASTING_M) / RADIUS_M
    eta, xi = _series(xi, eta, BACKWARD, sign=-1, scale=1.0, easting_m=0.0)
    wanted = np.sin(xi) / np.hypot(np.sinh(eta), np.cos(xi))
    tau = wanted
    for _ in range(5):  # Newton's method gains about four digits a round
        slope = np.hypot(1, _conformal(tau)) * (1 - ECCENTRICITY**2) * np.hypot(1, tau)
        tau = tau + (wanted - _conformal(tau)) * (1 + (1 - ECCENTRICITY**2) * tau**2) / slope
    longitude = np.degrees(np.arctan2(np.sinh(eta), np.cos(xi))) + CENTRAL_MERIDIAN_DEG
    return longitude, np.degrees(np.arctan(tau))


def _conformal(tau: Numbers) -> Numbers:
    sigma = np.sinh(ECCENTRICITY * np.arctanh(ECCENTRICITY * tau / np.hypot(1, tau)))
    return np.asarray(tau * np.hypot(1, sigma) - sigma * np.hypot(1, tau))


def _series(
    xi: Numbers,
    eta: Numbers,
    factors: tuple[float, ...],
    *,
    sign: int,
    scale: float,
    easting_m: float,
) -> tuple[Numbers, Numbers]:
    east, north = eta, xi
    for order, factor in enumerate(factors, start=1):
        east = east + sign * factor * np.cos(2 * order * xi) * np.sinh(2 * order * eta)
        north = north + sign * factor * np.sin(2 * order * xi) * np.cosh(2 * order * eta)
    return east * scale + easting_m, north * scale
