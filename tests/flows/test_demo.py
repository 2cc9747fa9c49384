"""`stadtwart demo --once --json`: the newcomer's command, on a machine that has never seen it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from governance.report.model import Report, read_report
from tests.flows.processes import MUSTERSTADT, ROOT, data_folder, environment, run

SURVEY = ROOT.parent / "shared/data/drive"


@pytest.mark.timeout(600)
def test_the_demo_shows_one_drive_from_camera_to_map_and_again_in_seconds() -> None:
    with data_folder() as folder:
        first = json.loads(run("api.demo", "--once", "--json", environ=environment(folder)))
        assert first["frames"] == first["frames_assessed"] + sum(first["frames_dropped"].values())
        assert first["sightings"] > 0
        assert 0 < first["damages"] <= first["sightings"]
        assert first["parked"] == 0
        assert first["simulator"]["potholes_rendered"] >= 10
        assert first["simulator"]["hit_rate"] >= 0.5, "most of the rendered potholes"

        second = json.loads(run("api.demo", "--once", "--json", environ=environment(folder)))
        assert second["damages"] == first["damages"], "a second start doubles nothing"
        assert second["sightings"] == first["sightings"]
        assert second["seconds"] < first["seconds"]

        report = report_of_the_drive(folder)
        assert report.figure("coverage.driven").value == pytest.approx(
            first["metres"]["assessed"] / 1000, abs=0.002
        ), "the truck's own sums, and a second start doubles nothing"
        rows = report.table("coverage.districts").rows
        assert any(row[3] for row in rows), "a share of some district"
        assert "unknown" in {row[-1] for row in rows}


def report_of_the_drive(folder: Path) -> Report:
    """Make the committee's report about the day of the sample drive."""
    line = (MUSTERSTADT / "drive" / "frames.csv").read_text().splitlines()[1]
    day = line.split(",")[1][:10]
    interval = ["--from", day, "--until", day, "--out", str(folder), "--format", "json"]
    try:
        file = run("stadtwart", "report", *interval, environ=environment(folder)).strip()
        return read_report(Path(file).read_bytes())
    finally:
        run("gis.postgis", "down", environ=environment(folder))


@pytest.mark.skipif(not SURVEY.is_dir(), reason="../shared/data/drive is absent")
@pytest.mark.timeout(600)
def test_a_real_survey_drive_is_replayed_in_a_city_of_its_own() -> None:
    with data_folder() as folder:
        drive = ["--drive", str(SURVEY), "--once", "--json"]
        summary = json.loads(run("api.demo", *drive, environ=environment(folder)))
        assert summary["frames"] == 81
        assert summary["quarantined"] == 0, "the bare city is drawn around the drive"
        assert summary["damages"] > 0
        assert "simulator" not in summary


def test_a_drive_that_does_not_exist_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"
    with pytest.raises(AssertionError, match="does not exist"):
        run("api.demo", "--drive", str(missing), "--once", environ=environment(tmp_path))


def test_a_city_that_does_not_exist_is_named_and_not_replaced_by_the_sample(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"has no city\.toml"):
        run("api.demo", "--city", str(tmp_path), "--once", environ=environment(tmp_path))
