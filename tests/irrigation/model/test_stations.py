"""Soil stations and what the model may see of them: nothing from tomorrow, nothing by heart."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from irrigation.errors import StationsError
from irrigation.model import features, outlook, series, stations
from irrigation.model.features import Sensor
from tests.irrigation.made_stations import make_table, write_stations

TODAY = 150


def _panel(folder: Path, table: pd.DataFrame) -> stations.Panel:
    return stations.read(write_stations(folder, table))


def test_no_feature_knows_tomorrow(tmp_path: Path) -> None:
    """Another future of weather and soil leaves every feature of today as it was."""
    table = make_table(sites=6)
    later = table["lst_date"] > table["lst_date"].min() + pd.Timedelta(days=TODAY)
    other = table.copy()
    other.loc[later, "p_daily_calc"] += 30
    for name in stations.LAYERS:
        other.loc[later, name] = 0.5
    found = []
    for panel in (_panel(tmp_path, table), _panel(tmp_path, other)):
        sensor, none = Sensor.of(panel), outlook.none(panel)
        ahead = features.forecast(panel, sensor, none, outlook.perfect(panel), days=7)
        now = features.nowcast(panel)
        found.append(ahead.series | {f"now {name}": array for name, array in now.series.items()})
    for name, array in found[0].items():
        today = slice(0, TODAY + 1)
        same = np.allclose(array[:, today], found[1][name][:, today], equal_nan=True)
        assert same, f"{name} knows the future"


def test_an_imperfect_outlook_is_worse_from_day_to_day(tmp_path: Path) -> None:
    panel = _panel(tmp_path, make_table(sites=8))
    said = outlook.imperfect(panel)
    skill = [outlook.rain_correlation(panel, said, lead) for lead in (1, 4, 14)]
    assert skill[0] > skill[1] > skill[2]
    assert outlook.rain_correlation(panel, outlook.perfect(panel), 14) == pytest.approx(1.0)


def test_a_sensor_that_asks_its_neighbours_does_not_hear_itself(tmp_path: Path) -> None:
    panel = _panel(tmp_path, make_table(sites=6))
    silent = np.zeros(panel.water_mm.shape)
    loud = silent.copy()
    loud[2] = 1.0
    for said in features.nearest_sensors(panel, loud, reach_km=600).values():
        assert np.isfinite(said).all()
    heard = features.nearest_sensors(panel, loud, reach_km=600)["sensors_within_600km"]
    assert (heard[2] == 0).all()
    assert (heard[[0, 1, 3, 4, 5]] > 0).all()


def test_more_rain_ahead_never_lets_the_bare_balance_dry(tmp_path: Path) -> None:
    panel = _panel(tmp_path, make_table(sites=6))
    sensor, came = Sensor.of(panel), outlook.perfect(panel)
    more = outlook.Outlook(came.rain_mm + 5, came.et0_mm)
    plain, wetter = (
        features.balance_change(panel, sensor, said, days=7, factor=0.8, grow=1.15)
        for said in (came, more)
    )
    known = np.isfinite(plain)
    assert (wetter[known] >= plain[known] - 1e-9).all()


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StationsError, match="does not exist"):
        stations.read(tmp_path / "none.parquet")
    with pytest.raises(StationsError, match="lacks wban"):
        _panel(tmp_path, pd.DataFrame({"a": [1]}))
    with pytest.raises(StationsError, match="has 2 stations with 200 days"):
        _panel(tmp_path, make_table(sites=2))
    undated = make_table(sites=6)
    undated["lst_date"] = "soon"
    with pytest.raises(StationsError, match="lst_date must be a day"):
        _panel(tmp_path, undated)
    twice = make_table(sites=6)
    with pytest.raises(StationsError, match="the same station and day twice"):
        _panel(tmp_path, pd.concat([twice, twice.head(1)]))


def test_the_examples_of_the_windows_are_true() -> None:
    assert doctest.testmod(series).failed == 0
