"""The card's limits are shown by what the model really did on simulated roads."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vision.errors import DataError
from vision.runtime import model_file, quality
from vision.runtime.model_file import newest_release
from vision.training.release import card, limit_pictures, limit_words
from vision.training.release.limit_pictures import CITY, SCENES, Drive

FOLDER = newest_release().parent
CARD: dict[str, Any] = json.loads((FOLDER / "card.json").read_text())


def test_every_picture_of_the_card_lies_beside_it_unchanged_and_small() -> None:
    shown = CARD["limit_pictures"]
    assert [one["file"] for one in shown] == [f"limits/{scene.key}.jpg" for scene in SCENES]
    for one in shown:
        content = (FOLDER / one["file"]).read_bytes()
        assert sha256(content).hexdigest() == one["sha256"], one["file"]
    files = sorted((FOLDER / "limits").iterdir())
    assert len(files) == len(shown)
    assert sum(file.stat().st_size for file in files) < 400_000


def test_who_cannot_see_the_pictures_reads_the_result_in_two_languages() -> None:
    page = (FOLDER / "README.md").read_text()
    for one in CARD["limit_pictures"]:
        assert one["alt"]["en"].startswith("Simulated road picture.")
        assert one["alt"]["de"].startswith("Simuliertes Straßenbild.")
        assert f"![{one['alt']['en']}]({one['file']})" in page
    assert set(limit_words.REASONS) == {reason.value for reason in quality.Unassessable}


def test_drawing_again_with_the_released_model_gives_the_results_that_the_card_states(
    tmp_path: Path,
) -> None:
    for name in ("model.onnx", "card.json"):
        shutil.copyfile(FOLDER / name, tmp_path / name)
    sure = [scene for scene in SCENES if scene.key in {"dark", "manhole", "patch"}]
    drawn = limit_pictures.draw(tmp_path, scenes=sure)  # scores far from the thresholds
    stated = {one["file"]: one for one in CARD["limit_pictures"]}
    for one in drawn:
        assert one | {"sha256": None} == stated[one["file"]] | {"sha256": None}
    card.amend(tmp_path, limit_pictures=drawn)
    kept = json.loads((tmp_path / "card.json").read_text())
    assert {key: kept[key] for key in CARD if key != "limit_pictures"} == {
        key: CARD[key] for key in CARD if key != "limit_pictures"
    }, "no other field of the card is lost or changed"


def test_a_damage_of_the_simulated_road_lies_where_the_camera_shows_it() -> None:
    found = model_file.load(FOLDER / "model.onnx").detector
    drive = Drive(CITY)
    picture = drive.picture("musterstadt_0022.jpg")
    surest = found.detect(picture).boxes[0]  # the pothole right ahead
    middles = drive.truths("musterstadt_0022.jpg").reshape(-1, 2, 2).mean(axis=1)
    away_px = np.linalg.norm(middles - surest.reshape(2, 2).mean(axis=0), axis=1)
    assert away_px.min() < 8


def test_without_the_simulated_drive_nothing_is_drawn(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no truth_poses\.csv"):
        limit_pictures.draw(FOLDER, tmp_path)
