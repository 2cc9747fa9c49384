"""Weather files of the DWD: gaps stay visible, estimates are flagged, wrong files are refused."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from irrigation.__main__ import main
from irrigation.errors import WeatherError
from irrigation.feeds import weather
from tests.irrigation.shared_data import tree_file

HEAD = (
    "STATIONS_ID;MESS_DATUM;QN_3;  FX;  FM;QN_4; RSK;RSKF; SDK;SHK_TAG;  NM; VPM;  PM; TMK; UPM;"
    " TXK; TNK; TGK;eor"
)


def _line(day: str, *, rain: str = "0.0", sun: str = "9.0", warm: str = "25.0") -> str:
    return (
        f"       3126;{day};   10;  11.6;   3.6;    9;   {rain};   8;    {sun};   0;   6.4;   5.5;"
        f"  986.10;    18.0;   60.00;    {warm};    11.0;   -0.8;eor"
    )


def _write(folder: Path, *lines: str) -> Path:
    path = folder / "produkt_klima_tag.txt"
    path.write_text("\n".join([HEAD, *lines]) + "\n")
    return path


def test_a_day_without_a_line_stays_a_hole_in_the_calendar(tmp_path: Path) -> None:
    found = weather.read(_write(tmp_path, _line("20260701"), _line("20260703")))
    assert found.absent.tolist() == [False, True, False]
    driver = weather.drive(found, latitude_deg=52.1, elevation_m=79)
    assert driver.et0_filled.tolist() == [False, True, False]
    assert driver.rain_filled.tolist() == [False, True, False]
    assert np.isfinite(driver.et0_mm).all()


def test_missing_sunshine_is_estimated_and_says_so(tmp_path: Path) -> None:
    found = weather.read(_write(tmp_path, _line("20260701"), _line("20260702", sun="-999")))
    driver = weather.drive(found, latitude_deg=52.1, elevation_m=79)
    assert driver.reference.radiation_estimated.tolist() == [False, True]


def test_the_age_of_the_feed_is_counted_from_its_newest_day(tmp_path: Path) -> None:
    found = weather.read(_write(tmp_path, _line("20260701")))
    assert found.age_days(on=datetime.date(2026, 7, 4)) == 3


def test_a_broken_gauge_is_counted_and_not_believed(tmp_path: Path) -> None:
    lines = (_line("20260701", rain="999.9"), _line("20260702", warm="5.0"))
    found = weather.read(_write(tmp_path, *lines))
    assert found.implausible == {"rain_mm": 1, "coldest above warmest": 1}
    assert np.isnan(found.rain_mm[0])


def test_a_week_without_temperatures_is_not_bridged(tmp_path: Path) -> None:
    found = weather.read(_write(tmp_path, _line("20260701"), _line("20260710")))
    with pytest.raises(WeatherError, match="more than 3 days near 2026-07-05"):
        weather.drive(found, latitude_deg=52.1, elevation_m=79)


def test_another_format_is_refused_with_the_columns_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "monthly.txt"
    path.write_text("STATIONS_ID;MESS_DATUM_BEGINN\n1;20200101\n")
    with pytest.raises(WeatherError, match="no column MESS_DATUM, RSK"):
        weather.read(path)
    with pytest.raises(WeatherError, match="holds no day"):
        weather.read(_write(tmp_path))


def test_the_command_states_age_gaps_and_estimates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _write(tmp_path, _line("20200701"), _line("20200702", sun="-999"))
    place = ["--latitude-deg", "52.1", "--elevation-m", "79"]
    assert main(["weather", str(path), *place, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["age_days"] > 2000
    assert report["radiation_estimated_days"] == 1


def test_magdeburg_lacks_its_sunshine_on_530_days_and_agrees_with_the_derived_table() -> None:
    """Oracle: the shipped table of the same station, made by other code (Hargreaves radiation)."""
    found = weather.read(tree_file("dwd_03126_daily_20241121_20260524.txt"))
    driver = weather.drive(found, latitude_deg=52.1029, elevation_m=79)
    assert len(found.days) == 550
    assert driver.reference.radiation_estimated.sum() == 530
    known = pd.read_csv(tree_file("dwd_magdeburg_daily_et0.csv"))["et0"].to_numpy()
    both = np.isfinite(known)  # it leaves the day without wind empty, and takes wind at 10 m as is
    assert driver.et0_mm[both].mean() == pytest.approx(known[both].mean(), rel=0.08)
    assert np.corrcoef(driver.et0_mm[both], known[both])[0, 1] > 0.98
