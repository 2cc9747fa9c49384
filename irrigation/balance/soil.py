"""How much water a tree's soil can hold for it: available share × root depth.

Two sources and one guess, named at each number; a city's own soil map or sensors replace them.
"""

from __future__ import annotations

from enum import Enum

import numpy as np

from irrigation.arrays import Numbers, NumbersLike


class Soil(Enum):
    """Main soil groups of the German mapping guide (KA5) and the substrate of a planted pit.

    The value is the share of volume a plant can draw. Groups: middle of the range of FAO-56
    table 19 (p. 144) for the texture of that name. Substrate: middle of the 6 to 10 % that
    contractors of structural pit substrates state.
    """

    SAND = 0.080  # KA5 S; table 19 sand: 0.05-0.11
    LOAMY_SAND = 0.090  # KA5 Sl; 0.06-0.12
    SANDY_LOAM = 0.130  # KA5 Ls; 0.11-0.15
    LOAM = 0.155  # KA5 L; 0.13-0.18
    SILT = 0.180  # KA5 U; 0.16-0.20
    CLAY = 0.160  # KA5 T; 0.12-0.20
    SUBSTRATE = 0.081  # not 0.08: equal values would make one member an alias of SAND


PLANTED_DEPTH_M = 0.5  # a guess: the depth of a root ball at planting
DEEPENING_M_PER_YEAR = 0.1  # a guess
DEEPEST_M = 1.2  # a guess: compacted city ground below; FAO-56 table 22 gives trees 1.0-2.0 m


def root_depth_m(site_age_years: NumbersLike) -> Numbers:
    """Rooted depth by years since planting; an unknown age (NaN) counts as just planted.

    >>> root_depth_m([0, 3, 40])
    array([0.5, 0.8, 1.2])
    """
    age = np.nan_to_num(np.asarray(site_age_years, np.float64), nan=0.0)
    grown = PLANTED_DEPTH_M + DEEPENING_M_PER_YEAR * np.maximum(age, 0.0)
    depth: Numbers = np.minimum(grown, DEEPEST_M)
    return depth


def capacity_mm(available_share: NumbersLike, *, depth_m: NumbersLike) -> Numbers:
    """Total available water of the root zone (FAO-56 eq. 82).

    >>> float(capacity_mm(0.08, depth_m=0.5))
    40.0
    """
    return 1000 * np.asarray(available_share, np.float64) * np.asarray(depth_m, np.float64)
