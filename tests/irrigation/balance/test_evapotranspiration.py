"""Evapotranspiration against the worked examples of FAO-56 and against pyet."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irrigation.balance import evapotranspiration as evapo
from irrigation.balance import radiation
from tests.irrigation.shared_data import tree_file


def test_air_is_thinner_on_a_plateau() -> None:
    """FAO-56 p. 32, example 2: 1800 m."""
    assert evapo.pressure_kpa(1800) == pytest.approx(81.8, abs=0.05)
    assert evapo.psychrometric_kpa_c(1800) == pytest.approx(0.054, abs=0.0005)


def test_saturated_air_holds_more_water_when_warm() -> None:
    """FAO-56 p. 36, example 3: 24.5 °C and 15 °C."""
    assert evapo.saturation_kpa([24.5, 15.0]) == pytest.approx([3.075, 1.705], abs=0.001)


def test_the_sun_above_the_tropic_in_september() -> None:
    """FAO-56 p. 47, example 8 and p. 49, example 9: 20° S, 3 September."""
    assert radiation.extraterrestrial(246, latitude_deg=-20) == pytest.approx(32.2, abs=0.05)
    assert radiation.daylight_h(246, latitude_deg=-20) == pytest.approx(11.7, abs=0.05)


def test_net_radiation_of_rio_in_may() -> None:
    """FAO-56 p. 51 to 54, examples 10, 11, 12: 22°54' S, 220 h of sunshine."""
    top = radiation.extraterrestrial(135, latitude_deg=-22.9)
    hours = radiation.daylight_h(135, latitude_deg=-22.9)
    solar = radiation.solar_from_sunshine(top, sunshine_h=220 / 31, daylight_hours=hours)
    assert solar == pytest.approx(14.5, abs=0.05)
    longwave = radiation.net_longwave(
        solar,
        clear_sky_mj=radiation.clear_sky(top, elevation_m=0),
        warmest_c=25.1,
        coldest_c=19.1,
        vapour_kpa=2.1,
    )
    assert longwave == pytest.approx(3.5, abs=0.05)
    assert radiation.net(solar, longwave_mj=longwave) == pytest.approx(7.6, abs=0.06)


def test_wind_on_a_mast_is_stronger_than_at_the_grass() -> None:
    """FAO-56 p. 56, example 14: 3.2 m/s at 10 m."""
    assert evapo.wind_at_2_m(3.2, height_m=10) == pytest.approx(2.4, abs=0.01)


def test_radiation_of_lyon_from_temperatures() -> None:
    """FAO-56 p. 61, example 15: 45°43' N, 200 m, July, 26.6 °C and 14.8 °C."""
    top = radiation.extraterrestrial(196, latitude_deg=45 + 43 / 60)
    assert top == pytest.approx(40.6, abs=0.1)
    solar = radiation.solar_from_temperature(top, warmest_c=26.6, coldest_c=14.8, elevation_m=200)
    assert solar == pytest.approx(22.3, abs=0.1)


def test_a_july_day_in_brussels() -> None:
    """FAO-56 p. 72, example 18: ET0 3.9 mm; 50°48' N, 100 m, 6 July."""
    top = radiation.extraterrestrial(187, latitude_deg=50.8)
    solar = radiation.solar_from_sunshine(
        top,
        sunshine_h=9.25,
        daylight_hours=radiation.daylight_h(187, latitude_deg=50.8),
    )
    vapour = (evapo.saturation_kpa(12.3) * 0.84 + evapo.saturation_kpa(21.5) * 0.63) / 2  # eq. 17
    longwave = radiation.net_longwave(
        solar,
        clear_sky_mj=radiation.clear_sky(top, elevation_m=100),
        warmest_c=21.5,
        coldest_c=12.3,
        vapour_kpa=vapour,
    )
    et0_mm = evapo.penman_monteith(
        warmest_c=21.5,
        coldest_c=12.3,
        vapour_kpa=vapour,
        wind_m_s=evapo.wind_at_2_m(10 / 3.6, height_m=10),
        net_radiation_mj=radiation.net(solar, longwave_mj=longwave),
        elevation_m=100,
    )
    assert et0_mm == pytest.approx(3.88, abs=0.03)


def test_april_in_bangkok() -> None:
    """FAO-56 p. 70, example 17: ET0 5.72 mm; its net radiation 14.33, soil heat 0.14."""
    et0_mm = evapo.penman_monteith(
        warmest_c=34.8,
        coldest_c=25.6,
        vapour_kpa=2.85,
        wind_m_s=2,
        net_radiation_mj=14.33,
        soil_heat_mj=0.14,
        elevation_m=2,
    )
    assert et0_mm == pytest.approx(5.72, abs=0.02)


def test_lyon_in_july_by_temperature_alone() -> None:
    """FAO-56 p. 77, example 20: 4.56 mm with estimates, 5.0 mm by Hargreaves."""
    days = evapo.of_days(
        day_of_year=196, latitude_deg=45 + 43 / 60, elevation_m=200, warmest_c=26.6, coldest_c=14.8
    )
    assert days.et0_mm == pytest.approx(4.56, abs=0.03)
    assert days.radiation_estimated
    assert days.vapour_estimated
    assert days.wind_assumed
    top = radiation.extraterrestrial(196, latitude_deg=45 + 43 / 60)
    et0_mm = evapo.hargreaves(warmest_c=26.6, coldest_c=14.8, extraterrestrial_mj=top)
    assert et0_mm == pytest.approx(5.0, abs=0.05)


@given(
    day=st.integers(1, 366),
    latitude=st.floats(-90, 90),
    elevation=st.floats(-400, 5000),
    cold=st.floats(-50, 45),
    swing=st.floats(0, 35),
    humidity=st.floats(0, 1),
    wind=st.floats(0, 40),
)
def test_thirst_is_finite_and_never_negative_anywhere_on_earth(
    day: int,
    latitude: float,
    elevation: float,
    cold: float,
    swing: float,
    humidity: float,
    wind: float,
) -> None:
    """Polar night, midnight sun, deserts and mountains included."""
    days = evapo.of_days(
        day_of_year=day,
        latitude_deg=latitude,
        elevation_m=elevation,
        warmest_c=cold + swing,
        coldest_c=cold,
        humidity_share=humidity,
        wind_m_s=wind,
    )
    assert np.isfinite(days.et0_mm)
    assert days.et0_mm >= 0


def test_a_day_without_temperature_has_no_thirst_figure() -> None:
    days = evapo.of_days(
        day_of_year=[180, 181],
        latitude_deg=52.1,
        elevation_m=76,
        warmest_c=[25.0, np.nan],
        coldest_c=[12.0, 11.0],
    )
    assert np.isfinite(days.et0_mm[0])
    assert np.isnan(days.et0_mm[1])


def test_magdeburg_agrees_with_pyet() -> None:
    """Oracle: pyet 1.4, pm_fao56 and hargreaves, on 550 days of station 03126 (radiation given)."""
    import pyet

    table = pd.read_csv(
        io.StringIO(tree_file("dwd_magdeburg_daily_et0.csv").read_text()), parse_dates=["date"]
    ).set_index("date")
    table = table[["TXK", "TNK", "UPM", "FM"]].dropna()
    days = pd.DatetimeIndex(table.index).day_of_year.to_numpy()
    latitude_deg, elevation_m = 52.1029, 79.0
    top = radiation.extraterrestrial(days, latitude_deg=latitude_deg)
    solar = radiation.solar_from_temperature(
        top, warmest_c=table.TXK, coldest_c=table.TNK, elevation_m=elevation_m
    )
    wind = evapo.wind_at_2_m(table.FM, height_m=10)
    ours = evapo.of_days(
        day_of_year=days,
        latitude_deg=latitude_deg,
        elevation_m=elevation_m,
        warmest_c=table.TXK,
        coldest_c=table.TNK,
        humidity_share=table.UPM / 100,
        wind_m_s=wind,
        solar_mj=solar,
    )
    mean_c = (table.TXK + table.TNK) / 2
    theirs = pyet.pm_fao56(
        mean_c,
        pd.Series(wind, table.index),
        rs=pd.Series(solar, table.index),
        elevation=elevation_m,
        lat=np.radians(latitude_deg),
        tmax=table.TXK,
        tmin=table.TNK,
        rh=table.UPM,
    )
    assert len(table) > 500
    assert np.abs(ours.et0_mm - theirs.to_numpy()).max() < 1e-6
    simple = evapo.hargreaves(warmest_c=table.TXK, coldest_c=table.TNK, extraterrestrial_mj=top)
    peer = pyet.hargreaves(mean_c, table.TXK, table.TNK, lat=np.radians(latitude_deg)).to_numpy()
    assert np.abs(simple - peer).max() < 0.05
