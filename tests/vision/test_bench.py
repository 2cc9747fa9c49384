"""The benchmark compares like with like, and a truck that looks for long does not grow."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from vision.runtime.detections import Detections
from vision.runtime.model_file import load, newest_release
from vision.training.speed.bench import main, precision, read_frames, same_share, whole_frame
from vision.training.speed.soak import soak

FRAMES = Path(__file__).parents[2] / "datasets/musterstadt/drive/frames"


def one(left_px: float, kind: int = 3) -> Detections:
    box = np.array([[left_px, 0, left_px + 100, 100]], np.float32)
    return Detections(box, np.array([0.5], np.float32), np.array([kind]))


def test_equal_detections_are_counted_by_class_and_place() -> None:
    assert same_share([one(0)], [one(1)])["theirs_found_by_us"] == 1
    assert same_share([one(0)], [one(30)])["theirs_found_by_us"] == 0
    assert same_share([one(0, kind=0)], [one(0)])["theirs_found_by_us"] == 0
    assert same_share([Detections.none()], [Detections.none()])["theirs_found_by_us"] == 1


def test_the_memory_of_a_truck_settles() -> None:
    model = load(newest_release(), threads=1, engine_name="onnxruntime")
    frames = read_frames(FRAMES)[:12]
    found = soak(lambda data: whole_frame(model, data), frames, seconds=0.0)
    assert found["frames"] == 24
    assert found["growth_mb"] < 60


def test_a_folder_without_frames_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["vision", "--frames", str(tmp_path), "--json"]) == 4
    assert "holds no .jpg" in capsys.readouterr().err


def test_without_ultralytics_the_result_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in sorted(FRAMES.glob("*.jpg"))[:6]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert main(["vision", "--frames", str(tmp_path), "--json", "--threads", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["frames"] == 6
    assert "stadtwart, onnxruntime" in told["frame"]
    assert told["not_run"] == [] or all("ultralytics" in name for name in told["not_run"])
    assert 0 <= told["whole_frame"]["onnxruntime"]["pre_and_post_share"] < 1


def test_what_an_engine_leaves_of_the_precision_is_told(tmp_path: Path) -> None:
    frame = sorted(FRAMES.glob("*.jpg"))[0]
    (tmp_path / frame.name).write_bytes(frame.read_bytes())
    (tmp_path / f"{frame.stem}.txt").write_text("3 0.5 0.5 0.001 0.001\n")
    model = load(newest_release(), threads=1, engine_name="onnxruntime")
    told = precision(model, tmp_path, tmp_path)
    assert (told["pictures"], told["D40_ap50"], told["any_damage_ap50"]) == (1, 0.0, 0.0)


def test_half_precision_is_taken_only_when_it_is_asked_for() -> None:
    pytest.importorskip("openvino")
    exact = load(newest_release(), threads=1, engine_name="openvino")
    quick = load(newest_release(), threads=1, engine_name="openvino-bf16")
    assert (exact.detector.engine.name, quick.detector.engine.name) == ("openvino", "openvino-bf16")
    assert load(newest_release(), threads=1).detector.engine.name != "openvino-bf16"
