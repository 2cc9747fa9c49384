"""One sensor reading: is it plausible, and what does it say of the soil's water. Pure.

An implausible reading is kept with its flag and believed by nobody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

FIELD_CAPACITY_PF = 1.8  # KA5: field capacity
WILTING_PF = 4.2  # KA5: permanent wilting point
# The two scales of the profession tied together: suction good up to 32 kPa and critical above 80
# (Stadt+Grün 2023), REW act below 0.40 and urgent below 0.30. A guess in between and beyond;
# the retention curve of a city's own substrate replaces it.
TENSION_TO_REW = ((FIELD_CAPACITY_PF, 1.0), (2.5, 0.40), (2.9, 0.30), (WILTING_PF, 0.0))
HIGHEST_KPA = 239.0  # where Watermark sensors end
MOIST_VOL = (0.0, 0.7)  # no mineral soil holds more
JUMP_KPA = 150.0  # a guess: drier by so much within an hour is a loose contact, not a root
LATE = timedelta(minutes=10)  # a clock may be fast by so much


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sensor sent: suction or moisture, at a depth."""

    sensor_id: str
    read_at: datetime
    depth_cm: float
    tension_kpa: float | None = None
    moisture_vol: float | None = None  # share of volume


def flags_of(reading: Reading, before: Reading | None, *, received_at: datetime) -> list[str]:
    """List what cannot be believed; `before` is the sensor's last reading at this depth."""
    found = []
    if reading.read_at > received_at + LATE:
        found.append("in the future")
    tension, moisture = reading.tension_kpa, reading.moisture_vol
    if tension is not None and (tension < 0 or tension > HIGHEST_KPA):
        found.append("outside the sensor's range")
    if moisture is not None and not MOIST_VOL[0] < moisture <= MOIST_VOL[1]:
        found.append("outside the sensor's range")
    if not found and before is not None and _jumps(reading, before):
        found.append("jump")
    return found


def _jumps(reading: Reading, before: Reading) -> bool:
    hours = (reading.read_at - before.read_at) / timedelta(hours=1)
    if not 0 < hours <= 1 or reading.tension_kpa is None or before.tension_kpa is None:
        return False
    return reading.tension_kpa - before.tension_kpa > JUMP_KPA


def rew_of_tension(tension_kpa: float) -> float:
    """Relative extractable water at a suction, by straight lines over pF.

    >>> [round(rew_of_tension(kpa), 2) for kpa in (6, 32, 80, 239)]
    [1.0, 0.4, 0.3, 0.19]
    """
    pf = math.log10(max(tension_kpa, 0.1) * 10.2)  # 1 kPa = 10.2 cm of water
    known = np.array(TENSION_TO_REW)
    return float(np.interp(pf, known[:, 0], known[:, 1]))


def tension_of_rew(rew: float) -> float:
    """The suction that says so; the way back of `rew_of_tension`, for the simulator.

    >>> round(tension_of_rew(0.4), 0)
    31.0
    """
    known = np.array(TENSION_TO_REW)[::-1]
    return float(10 ** np.interp(rew, known[:, 1], known[:, 0]) / 10.2)


def rew_of_moisture(
    moisture_vol: float, *, wilting_vol: float | None, capacity_vol: float | None
) -> float | None:
    """Place between the soil's two known marks; None where nobody measured them.

    >>> rew_of_moisture(0.2, wilting_vol=0.1, capacity_vol=0.3)
    0.5
    """
    if wilting_vol is None or capacity_vol is None:
        return None
    share = (moisture_vol - wilting_vol) / (capacity_vol - wilting_vol)
    return min(max(round(share, 6), 0.0), 1.0)
