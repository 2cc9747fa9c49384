"""Weather as it comes from DWD: through wetterdienst, a proxy, real names and real forms."""

from __future__ import annotations

import gc
import math
import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from irrigation.errors import WeatherError
from irrigation.feeds import dwd, weather
from irrigation.feeds.dwd import Cache
from irrigation.trees.tree_profile import Feed
from tests.irrigation.fake_dwd import OpenData, open_data, publish_climate, publish_mosmix

FEED = Feed(source="dwd", station_id="03126", mosmix_id="10361", elevation_m=76)
# the library leaves the file of a forecast open; the fixture `cache` closes it before others hear
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
FIRST, LAST = date(2026, 4, 1), date(2026, 5, 24)
HEAD = (
    "STATIONS_ID;MESS_DATUM;QN_3;  FX;  FM;QN_4; RSK;RSKF; SDK;SHK_TAG;  NM; VPM;  PM; TMK; UPM; "
    "TXK; TNK; TGK;eor"
)


def climate() -> bytes:
    """A daily file in DWD's form: sunshine missing now and then."""
    lines = [HEAD]
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        sun = "-999" if n % 3 else "   8.100"
        rain = f"{4.2 if n % 5 == 0 else 0.0:4.1f}"
        lines.append(
            f"       3126;{day:%Y%m%d};    1;  12.1;   3.4;    1; {rain};   6;{sun};   0;  4.1;"
            f"  9.8; 1004.1;  14.2;  66.00;  {20 + n % 7}.5;   {5 + n % 4}.1;   3.0;eor"
        )
    return "\r\n".join([*lines, ""]).encode()


@pytest.fixture(scope="module")
def town_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenData]:
    """The open data host, reached as a town hall reaches it: through a proxy in the environment.

    Once for all tests: the network library keeps its connections and whom it trusts.
    """
    with (
        open_data(tmp_path_factory.mktemp("dwd")) as (host, authority),
        pytest.MonkeyPatch.context() as set_up,
    ):
        set_up.setenv("HTTPS_PROXY", f"http://127.0.0.1:{host.port}")
        set_up.setenv("SSL_CERT_FILE", str(authority))
        yield host


@pytest.fixture
def weather_service(town_hall: OpenData) -> OpenData:
    """The host with nothing on it."""
    town_hall.files.clear()
    town_hall.asked.clear()
    return town_hall


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    """A cache of its own; files that the library leaves open are closed here, unheard."""
    yield Cache(tmp_path / "cache", {"trust_env": True})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_daily_observations_come_as_the_station_file_says(
    weather_service: OpenData, cache: Cache, tmp_path: Path
) -> None:
    publish_climate(weather_service, "03126", climate(), until="20260524")
    days = dwd.observed(FEED, cache, until=LAST + timedelta(days=1), latitude_deg=52.1)
    file = tmp_path / "produkt_klima_tag_20260401_20260524_03126.txt"
    file.write_bytes(climate())
    driver = weather.drive(weather.read(file), latitude_deg=52.1, elevation_m=76)
    assert [one.day for one in days] == driver.days.astype(object).tolist()
    assert [one.rain_mm for one in days] == pytest.approx(driver.rain_mm.tolist(), abs=1e-6)
    assert [one.et0_mm for one in days] == pytest.approx(driver.et0_mm.tolist(), abs=1e-6)
    flagged = sum("radiation estimated" in one.flags for one in days)
    assert flagged == int(driver.reference.radiation_estimated.sum()) > 0


def test_the_forecast_is_added_up_to_days(weather_service: OpenData, cache: Cache) -> None:
    first = datetime(2026, 5, 25, 0, tzinfo=UTC)
    hours = range(10 * 24)
    celsius = [18 + 7 * math.sin((n - 9) / 24 * 2 * math.pi) for n in hours]
    elements: dict[str, list[float | None]] = {
        "TTT": [one + 273.15 for one in celsius],
        "Td": [282.15 for _ in hours],
        "FF": [3.0 for _ in hours],
        "RR1c": [1.5 if 24 <= n < 28 else 0.0 for n in hours],
        "Rad1h": [max(0.0, 2000 * math.sin((n % 24 - 6) / 12 * math.pi)) for n in hours],
    }
    publish_mosmix(weather_service, "10361", first, elements)
    days = dwd.forecast(FEED, cache, issued_on=first.date(), latitude_deg=52.1)
    assert len(days) == 10
    assert [one.rain_mm for one in days[:3]] == [0.0, 6.0, 0.0]
    assert all(3.0 < one.et0_mm < 7.0 for one in days), "a warm and sunny May day"
    assert all(12 < one.span_c < 15 for one in days)
    assert days[0].issued_on == first.date()


def test_a_forecast_in_another_unit_is_refused_with_the_value(
    weather_service: OpenData, cache: Cache
) -> None:
    first = datetime(2026, 5, 25, 0, tzinfo=UTC)
    elements: dict[str, list[float | None]] = {
        name: [value] * 48
        for name, value in {"TTT": 21.0, "Td": 9.0, "FF": 3.0, "RR1c": 0.0, "Rad1h": 900.0}.items()
    }
    publish_mosmix(weather_service, "10361", first, elements)
    with pytest.raises(WeatherError, match="celsius -252"):
        dwd.forecast(FEED, cache, issued_on=first.date(), latitude_deg=52.1)


def test_a_short_failure_is_tried_again(weather_service: OpenData, cache: Cache) -> None:
    publish_climate(weather_service, "03126", climate(), until="20260524")
    weather_service.failures_left = 1
    days = dwd.observed(FEED, cache, until=LAST + timedelta(days=1), latitude_deg=52.1)
    assert len(days) == (LAST - FIRST).days + 1


def test_what_was_fetched_is_not_asked_for_again(weather_service: OpenData, cache: Cache) -> None:
    publish_climate(weather_service, "03126", climate(), until="20260524")
    for _ in range(2):
        dwd.observed(FEED, cache, until=LAST + timedelta(days=1), latitude_deg=52.1)
    assert len([path for path in weather_service.asked if path.endswith(".zip")]) == 1


def test_a_station_that_does_not_exist_is_named(weather_service: OpenData, cache: Cache) -> None:
    publish_climate(weather_service, "03126", climate(), until="20260524")
    nowhere = Feed(source="dwd", station_id="99999", mosmix_id="10361")
    with pytest.raises(WeatherError, match="99999"):
        dwd.observed(nowhere, cache, until=LAST, latitude_deg=52.1)
