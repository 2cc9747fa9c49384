"""`stadtwart vision evaluate` measures any YOLO folder and says what it did not measure."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from vision.__main__ import main
from vision.errors import DataError
from vision.runtime.model_file import load, newest_release
from vision.training.measure.evaluate import evaluate

ROADS = Path(__file__).parents[3] / "shared/data/roaddamage"
KEYS = {"n", "ap50", "best_f1", "threshold"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two grey pictures, one with a labelled pothole that nobody can see."""
    (tmp_path / "images").mkdir()
    (tmp_path / "labels").mkdir()
    for name in ("a", "b"):
        cv2.imwrite(str(tmp_path / "images" / f"{name}.jpg"), np.full((400, 640, 3), 90, np.uint8))
    (tmp_path / "labels/a.txt").write_text("3 0.5 0.5 0.1 0.1\n")
    return tmp_path


def test_the_result_has_the_agreed_keys(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--images", str(folder / "images"), "--labels", str(folder / "labels"), "--json"]
    assert main(["evaluate", *arguments]) == 0
    result = json.loads(capsys.readouterr().out)
    assert {"model_sha256", "images", "any_damage", "false_positives_per_image"} <= set(result)
    assert set(result["classes"]) == {"D00", "D10", "D20", "D40"}
    assert all(set(row) >= KEYS for row in result["classes"].values())
    assert result["images"] == 2
    assert result["classes"]["D40"]["n"] == 1
    assert result["labelled_classes"] == ["D40"]


def test_a_class_nobody_labelled_has_no_figure(folder: Path) -> None:
    result = evaluate(load(newest_release()), images=folder / "images", labels=folder / "labels")
    assert result["classes"]["D00"] == {
        "n": 0,
        "ap50": None,
        "best_f1": None,
        "threshold": None,
        "precision": None,
        "recall": None,
    }


def test_an_empty_folder_is_an_error_and_no_perfect_score(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no"):
        evaluate(load(newest_release()), images=tmp_path, labels=tmp_path)


@pytest.mark.parametrize("line", ["3 0.5 0.5", "9 0.5 0.5 0.1 0.1", "3 50 50 10 10", "D40 0 0 1 1"])
def test_a_label_line_that_is_no_label_is_named(folder: Path, line: str) -> None:
    (folder / "labels/b.txt").write_text(line)
    with pytest.raises(DataError, match=r"b\.txt"):
        evaluate(load(newest_release()), images=folder / "images", labels=folder / "labels")


@pytest.mark.skipif(not ROADS.is_dir(), reason="../shared/data/roaddamage is absent")
def test_the_card_states_the_figure_that_the_command_gives() -> None:
    """The headline is measured again on all test pictures, with the pothole labels of people."""
    model = newest_release()
    result = evaluate(
        load(model, engine_name="onnxruntime"),
        images=ROADS / "images/test",
        labels=ROADS / "labels_d40/test",
        classes=["D40"],
    )
    stated = json.loads(model.with_name("card.json").read_text())["evaluation"]
    pothole = stated["test, potholes only"]["classes"]["D40"]
    assert result["classes"]["D40"]["n"] == pothole["n"]
    assert result["classes"]["D40"]["ap50"] == pytest.approx(pothole["ap50"], abs=0.005)


def test_slices_calibration_and_strict_overlap_are_told_beside(folder: Path) -> None:
    (folder / "manifest.csv").write_text("file,group,country\na.jpg,r1,Brazil\nb.jpg,r2,China\n")
    result = evaluate(
        load(newest_release()),
        images=folder / "images",
        labels=folder / "labels",
        manifest=folder / "manifest.csv",
    )
    assert result["classes"]["D40"]["ap50_95"] == 0.0
    assert {name: row["pictures"] for name, row in result["slices"]["country"].items()} == {
        "Brazil": 1,
        "China": 1,
    }
    assert sum(row["pictures"] for row in result["slices"]["light"].values()) == 2
    assert sum(row["n"] for row in result["slices"]["size"].values()) == 1
    assert result["calibration"].keys() == {"detections", "ece", "curve"}
    assert [row["false_alarms_per_picture"] for row in result["alarms"]][:2] == [0.02, 0.05]


def test_robustness_names_every_corruption(folder: Path) -> None:
    from vision.training.measure.corruptions import CORRUPTIONS
    from vision.training.measure.robustness import robustness

    found = robustness(
        load(newest_release()),
        [folder / "images/a.jpg"],
        labels=folder / "labels",
        classes=["D40"],
    )
    assert len(found["by_corruption"]) == 1 + 3 * len(CORRUPTIONS)
    assert found["by_corruption"]["dark 3"]["refused"] == 1.0
    assert found["by_corruption"]["dark 3"]["ap50_of_those_that_pass"] is None


def test_a_folder_that_is_not_there_is_named_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "nowhere"
    assert main(["evaluate", "--images", str(missing), "--labels", str(tmp_path)]) == 1
    assert f"{missing} is missing: name a file or folder" in capsys.readouterr().err
