"""A wrong setting stops the truck before it drives, and says which."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.errors import SettingsError
from edge.settings import Settings, read_settings, refuse_unknown, spool_file


def test_an_unknown_variable_stops_the_start_with_its_name() -> None:
    with pytest.raises(SettingsError, match=r"EDGE_SAMPEL_DISTANCE_M.*EDGE_SAMPLE_DISTANCE_M"):
        refuse_unknown({"EDGE_SAMPEL_DISTANCE_M": "4"})
    with pytest.raises(SettingsError, match=r"EDGE_QQQQQQQQQ is not a setting: see docs/edge\.md"):
        refuse_unknown({"PATH": "/bin", "EDGE_QQQQQQQQQ": "1"})


def test_variables_of_others_and_known_ones_are_let_through() -> None:
    refuse_unknown({"HOME": "/root", "API_URL": "x", "EDGE_URL": "x", "edge_url": "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sample_distance_m", 0),
        ("fix_gap_s", 1e9),
        ("batch_sightings", 501),
        ("device_id", "Müllwagen 7"),
        ("url", "ftp://city"),
        ("gps_error_m", float("nan")),
        ("spool_limit_mb", -1),
    ],
)
def test_a_value_out_of_bounds_stops_the_start_with_name_and_value(
    name: str, value: object
) -> None:
    with pytest.raises(SettingsError, match=f"EDGE_{name.upper()}="):
        read_settings(**{name: value})


def test_the_environment_is_read_and_the_command_line_wins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EDGE_DEVICE_ID", "truck-7")
    monkeypatch.setenv("EDGE_FIX_GAP_S", "3")
    settings = read_settings(device_id=None, url="http://127.0.0.1:8000")
    assert (settings.device_id, settings.fix_gap_s) == ("truck-7", 3)
    assert read_settings(device_id="truck-8").device_id == "truck-8"


def test_the_spool_lies_in_the_data_folder_unless_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STADTWART_DATA", str(tmp_path))
    assert spool_file(Settings()) == tmp_path / "spool" / "edge.db"
    assert spool_file(Settings(spool_file=tmp_path / "other.db")) == tmp_path / "other.db"


def test_the_operators_page_names_every_setting() -> None:
    page = (Path(__file__).parents[2] / "docs" / "edge.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`EDGE_{name.upper()}`" not in page]
    assert missing == []
