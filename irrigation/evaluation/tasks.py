"""The two questions to the soil, each as features, truth and baselines: today, and in some days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irrigation.arrays import Numbers, Truths
from irrigation.model import features, outlook, series
from irrigation.model.features import Features, Sensor
from irrigation.model.outlook import Outlook
from irrigation.model.stations import Panel

SMOOTH_DAYS = 31


@dataclass(frozen=True, slots=True)
class Task:
    """A question: all arrays `(sites, days)`, in mm of water or as a share."""

    features: Features
    truth: Numbers
    base: Numbers  # what the bare balance answers
    baselines: dict[str, Numbers]
    usable: Truths  # truth, baselines and sensor are there


@dataclass(frozen=True, slots=True)
class Ground:
    """What every forecast of one panel shares: computed once."""

    panel: Panel
    sensor: Sensor
    came: Outlook
    outlooks: dict[str, Outlook]

    @classmethod
    def of(cls, panel: Panel, kinds: tuple[str, ...]) -> Ground:
        """Read the sensors and make the outlooks."""
        made = {kind: outlook.KINDS[kind](panel) for kind in kinds}
        return cls(panel, Sensor.of(panel), outlook.perfect(panel), made)


def forecast(ground: Ground, kind: str, *, days: int, ask: Truths, warm_up_days: int) -> Task:
    """How many mm the root zone gains in some days; `ask` are the sites that make climatology."""
    panel, sensor = ground.panel, ground.sensor
    found = features.forecast(panel, sensor, ground.outlooks[kind], ground.came, days=days)
    change = series.ahead(panel.water_mm, days) - panel.water_mm
    base = found.series["balance_change"]
    usual = series.ahead(_usual_position(panel, sensor, ask), days)
    climatology = sensor.driest_mm + usual * sensor.range_mm - panel.water_mm
    known = found.series["days_known"] >= warm_up_days
    usable = known & np.isfinite(change) & np.isfinite(base) & np.isfinite(climatology)
    zero = np.zeros(change.shape)
    baselines = {"persistence": zero, "climatology": climatology, "balance": base}
    return Task(found, change, base, baselines, usable)


def _usual_position(panel: Panel, sensor: Sensor, ask: Truths) -> Numbers:
    """Mean position in the range, by day, of the sites asked: generous, it knows the whole year."""
    place = (panel.water_mm - sensor.driest_mm) / sensor.range_mm
    return np.broadcast_to(_smooth(place[ask]), place.shape)


def nowcast(panel: Panel, *, sensors: Truths) -> Task:
    """REW of today at a site without sensor; `sensors` are the sites whose sensors may be asked."""
    found = features.nowcast(panel)
    base, truth = found.series[features.NOWCAST_BASE], panel.extractable
    residual = np.where(sensors[:, None], truth - base, np.nan)
    for reach_km in (150.0, 600.0):
        found = found.plus(features.nearest_sensors(panel, residual, reach_km=reach_km))
    usual = np.broadcast_to(_smooth(truth[sensors]), truth.shape)
    usable = np.isfinite(truth) & np.isfinite(usual) & np.isfinite(base)
    return Task(found, truth, base, {"climatology": usual, "balance": base}, usable)


def _smooth(values: Numbers) -> Numbers:
    """Mean over sites, then over a month of days; NaN where nobody knows."""
    known = np.isfinite(values)
    total = np.nan_to_num(values).sum(axis=0)
    window = np.ones(SMOOTH_DAYS)
    top = np.convolve(total, window, mode="same")
    count = np.convolve(known.sum(axis=0).astype(float), window, mode="same")
    return np.where(count > 0, top / np.maximum(count, 1.0), np.nan)
