"""The operator's commands: results on stdout, words on stderr, an exit code per trouble."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edge.__main__ import main
from tests.edge.drives import POTHOLES_M, street_map, write_drive
from tests.edge.loopback_city import TOKEN, loopback_city
from tests.edge.tiny_model import write_model
from vision.runtime.model_file import RELEASED

SHARED = Path(__file__).parents[3] / "shared" / "data" / "drive"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_drive(tmp_path / "drive")
    write_model(tmp_path / "tiny")
    (tmp_path / "token").write_text(TOKEN + "\n")
    monkeypatch.setenv("EDGE_BACKOFF_FIRST_S", "0.01")
    monkeypatch.setenv("EDGE_PATIENCE_S", "0.2")
    return tmp_path


def run(folder: Path, *more: str) -> int:
    drive = ["--drive", str(folder / "drive"), "--model", str(folder / "tiny" / "model.onnx")]
    return main(["run", *drive, "--spool", str(folder / "spool.db"), "--json", *more])


def sha256_of(folder: Path) -> str:
    return str(json.loads((folder / "tiny" / "card.json").read_text())["sha256"])


def result(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_a_run_without_upload_says_what_it_saw(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "--no-upload", "--progress") == 0
    out, err = capsys.readouterr()
    summary = json.loads(out)
    assert summary["frames_seen"] == summary["frames_assessed"] == 40
    assert summary["sightings"] == summary["pictures"] == summary["waiting"] == len(POTHOLES_M)
    assert summary["uploaded"] == summary["parked"] == 0
    assert len(summary["model_sha256"]) == 64
    assert "progress frame=40/40" in err


def test_a_run_with_a_city_leaves_nothing_behind(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with loopback_city() as city:
        ways = ["--url", city.url, "--token-file", str(folder / "token")]
        assert run(folder, *ways, "--device-id", "truck-9") == 0
    summary = result(capsys)
    assert summary["uploaded"] == summary["pictures_uploaded"] == len(POTHOLES_M)
    assert summary["waiting"] == 0
    assert {one.device_id for one in city.heartbeats.values()} == {"truck-9"}


def test_a_city_away_leaves_everything_waiting_and_upload_brings_it_later(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = ["--token-file", str(folder / "token")]
    with loopback_city() as gone:
        pass
    assert run(folder, "--url", gone.url, *token) == 6
    assert result(capsys)["waiting"] == len(POTHOLES_M)
    with loopback_city() as city:
        spool = ["--spool", str(folder / "spool.db"), "--json"]
        assert main(["upload", "--url", city.url, *token, *spool]) == 0
    assert result(capsys) == {
        "uploaded": len(POTHOLES_M),
        "pictures_uploaded": len(POTHOLES_M),
        "waiting": 0,
        "parked": 0,
    }
    assert len(city.heartbeats) == 1


def test_parked_sightings_are_listed_and_retried(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spool = ["--spool", str(folder / "spool.db"), "--json"]
    with loopback_city() as city:
        ways = ["--url", city.url, "--token-file", str(folder / "token")]
        city.statuses = [422] * 9
        assert run(folder, *ways) == 0
        assert result(capsys)["parked"] == len(POTHOLES_M)
        assert main(["spool", "list", *spool]) == 0
        parked = result(capsys)["parked"]
        assert isinstance(parked, list)
        assert {one["reason"] for one in parked} == {"422 as told"}
        assert main(["spool", "retry", *spool]) == 0
        assert result(capsys)["waiting"] == len(POTHOLES_M)
        assert main(["upload", *ways, *spool]) == 0
    assert len(city.sightings) == len(POTHOLES_M)


@pytest.mark.parametrize(
    ("change", "exit_code", "words"),
    [
        (["--url", "http://127.0.0.1:9"], 2, "no token: name its file with --token-file"),
        ([], 2, "no city address: set EDGE_URL or --url"),
        (["--no-upload", "--track", "none.gpx"], 4, "track none.gpx does not exist"),
        (["--no-upload", "--model", "none.onnx"], 3, "none.onnx does not exist"),
        (["--no-upload", "--device-id", "!"], 2, "EDGE_DEVICE_ID='!'"),
        (["--no-upload", "--spool", "/proc/nothing/spool.db"], 5, "cannot be opened"),
    ],
)
def test_each_kind_of_trouble_has_its_exit_code_and_remedy(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    change: list[str],
    exit_code: int,
    words: str,
) -> None:
    assert run(folder, *change) == exit_code
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err


def test_a_model_that_is_not_the_one_on_the_card_does_not_run(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = folder / "tiny" / "model.onnx"
    model.write_bytes(model.read_bytes() + b"\0")
    assert run(folder, "--no-upload") == 3
    assert "refusing to run it" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", '{"road": "x"}', "two words", "{broken", "täken"])
def test_a_token_file_without_a_token_stops_the_start(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (folder / "token").write_text(text)
    assert run(folder, "--url", "http://127.0.0.1:9", "--token-file", str(folder / "token")) == 2
    assert "token file" in capsys.readouterr().err


def test_the_cities_token_list_serves_as_token_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "token").write_text(json.dumps({"road": "other", "vehicle": TOKEN}))
    with loopback_city() as city:
        assert run(folder, "--url", city.url, "--token-file", str(folder / "token")) == 0
    assert result(capsys)["uploaded"] == len(POTHOLES_M)


def test_the_doctor_finds_nothing_missing_on_a_whole_truck(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with loopback_city() as city:
        ways = ["--url", city.url, "--token-file", str(folder / "token")]
        spool = ["--spool", str(folder / "spool.db")]
        model = ["--model", str(folder / "tiny" / "model.onnx")]
        city.approved = [sha256_of(folder)]
        assert main(["doctor", *ways, *spool, *model]) == 0
        assert capsys.readouterr().out.count("ok     ") == 5
        city.approved = ["0" * 64]
        assert main(["doctor", *ways, *spool, *model]) == 1
    assert "have this one approved" in capsys.readouterr().out


def test_the_truck_tells_its_operator_that_the_city_approved_another_model(
    folder: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    model = ["--model", str(folder / "tiny" / "model.onnx")]
    status = ["status", *model, "--spool", str(folder / "spool.db"), "--json"]
    assert main(status) == 0
    assert result(capsys)["model_standing"] == "unknown"
    with loopback_city() as city:
        ways = ["--url", city.url, "--token-file", str(folder / "token")]
        city.approved = ["0" * 64]
        assert run(folder, *ways) == 0
    assert result(capsys)["model_standing"] == "not approved"
    assert "holds its sightings back" in caplog.text
    assert run(folder, *ways) in (0, 6)  # the city is away: the last answer is still known
    assert result(capsys)["model_standing"] == "not approved"
    with loopback_city() as city:
        ways = ["--url", city.url, "--token-file", str(folder / "token")]
        city.approved = ["0" * 64, sha256_of(folder)]
        assert main(["upload", *ways, "--spool", str(folder / "spool.db")]) == 0
    capsys.readouterr()
    assert main(status) == 0
    found = result(capsys)
    assert found["model_standing"] == "approved"
    assert "0 hours ago" in str(found["model_says"])


def test_a_drive_brings_the_city_its_coverage_once_a_map_is_known(folder: Path) -> None:
    with loopback_city() as city:
        ways = ["--url", city.url, "--token-file", str(folder / "token")]
        city.streets = street_map(80, 200)
        assert run(folder, *ways) == 0
        assert run(folder, *ways) == 0  # worked through already: nothing is counted twice
    (sent,) = city.coverage.values()
    assert [one.segment_id for one in sent.segments] == ["s0", "s1"]
    assert sum(one.assessed_m for one in sent.segments) == pytest.approx(156, abs=0.5)
    assert "truck" not in str(sent)


def test_the_doctor_names_everything_that_is_missing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGE_BOUNDARY_FILE", str(folder / "none.geojson"))
    ways = ["--url", "http://127.0.0.1:9", "--spool", "/proc/nothing/spool.db"]
    ways += ["--token-file", str(folder / "token"), "--model", str(folder / "none.onnx")]
    assert main(["doctor", *ways, "--json"]) == 1
    found = result(capsys)
    assert list(found) == ["model", "spool", "boundary", "city", "approval"]
    assert all(not one["good"] for one in found.values() if isinstance(one, dict))


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not there")
@pytest.mark.skipif(not list(RELEASED.glob("*/card.json")), reason="no released model is there")
def test_pictures_of_a_real_survey_go_through_the_released_model(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drive = folder / "survey"
    (drive / "frames").mkdir(parents=True)
    rows = (SHARED / "drive.csv").read_text().splitlines()
    (drive / "drive.csv").write_text("\n".join(rows[:7]) + "\n")
    (drive / "drive.gpx").symlink_to(SHARED / "drive.gpx")
    for row in rows[1:7]:
        name = row.split(",")[0]
        (drive / "frames" / name).symlink_to(SHARED / "frames" / name)
    spool = ["--spool", str(folder / "survey.db"), "--no-upload", "--json"]
    assert main(["run", "--drive", str(drive), *spool]) == 0
    summary = result(capsys)
    assert summary["frames_seen"] == 6
    assert isinstance(summary["sightings"], int)
    assert summary["sightings"] > 0
