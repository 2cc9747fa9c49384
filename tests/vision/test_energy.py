"""The energy of a thousand frames is measured on frames and stands in the card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from vision import energy
from vision.errors import DataError
from vision.runtime import model_file

FRAMES = Path(__file__).parents[2] / "datasets/musterstadt/drive/frames"


def two_frames(folder: Path) -> Path:
    """A folder with two frames of the sample drive."""
    frames = folder / "frames"
    frames.mkdir()
    for path in sorted(FRAMES.glob("*.jpg"))[:2]:
        shutil.copy(path, frames)
    return frames


def test_frames_cost_energy_and_the_card_says_how_it_was_found(tmp_path: Path) -> None:
    released = model_file.newest_release()
    folder = tmp_path / "model"
    shutil.copytree(released.parent, folder)
    found = energy.measure(model_file.load(released), two_frames(tmp_path), stated_w=15)
    energy.write(folder, found)
    card = json.loads((folder / "card.json").read_text())
    assert card["energy"]["frames"] == 2
    assert card["energy"]["wh_per_1000_frames"] > 0
    assert (
        f"{found['wh_per_1000_frames']:.2f} Wh per 1,000 frames"
        in (folder / "README.md").read_text()
    )
    assert model_file.load(folder / "model.onnx").card.version


def test_a_folder_without_frames_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=tmp_path.name):
        energy.measure(model_file.load(model_file.newest_release()), tmp_path, stated_w=15)
