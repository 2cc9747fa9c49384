"""No model runs without its card."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vision.errors import UnknownModelError
from vision.runtime import model_file
from vision.runtime.model_file import load, newest_release

RELEASE = newest_release()


def copy_of_release(folder: Path, **changes: Any) -> Path:
    model = folder / "model.onnx"
    model.write_bytes(RELEASE.read_bytes())
    card = json.loads(RELEASE.with_name("card.json").read_text()) | changes
    (folder / "card.json").write_text(json.dumps(card))
    return model


def test_a_released_model_loads_and_sees_nothing_on_grey(tmp_path: Path) -> None:
    model = load(copy_of_release(tmp_path))
    assert len(model.detector.detect(np.full((400, 640, 3), 114, np.uint8))) == 0


def test_a_model_without_a_card_does_not_run(tmp_path: Path) -> None:
    copy_of_release(tmp_path)
    (tmp_path / "card.json").unlink()
    with pytest.raises(UnknownModelError, match="without a card"):
        load(tmp_path / "model.onnx")


def test_a_model_with_one_changed_byte_does_not_run(tmp_path: Path) -> None:
    model = copy_of_release(tmp_path)
    model.write_bytes(model.read_bytes()[:-1] + b"\x00")
    with pytest.raises(UnknownModelError, match="refusing to run"):
        load(model)


def test_a_card_that_is_not_a_card_is_named(tmp_path: Path) -> None:
    model = copy_of_release(tmp_path)
    (tmp_path / "card.json").write_text('{"name": 1}')
    with pytest.raises(UnknownModelError, match="not a model card"):
        load(model)


def test_a_model_with_other_classes_does_not_run(tmp_path: Path) -> None:
    model = copy_of_release(tmp_path, classes=["D40"])
    with pytest.raises(UnknownModelError, match="classes"):
        load(model)


def test_an_empty_release_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnknownModelError, match="no released model"):
        newest_release(tmp_path)


def test_version_10_is_newer_than_version_9(tmp_path: Path) -> None:
    for version in ("0.9.0", "0.10.0"):
        (tmp_path / version).mkdir()
        copy_of_release(tmp_path / version, version=version)
    assert newest_release(tmp_path).parent.name == "0.10.0"


def test_every_released_model_is_the_one_its_card_vouches_for() -> None:
    folders = [path.parent for path in model_file.RELEASED.glob("*/model.onnx")]
    assert 1 <= len(folders) <= 2, "two released versions at most stay in the repository"
    for folder in folders:
        model = folder / "model.onnx"
        assert model_file.read_card(folder / "card.json").sha256 == (
            sha256(model.read_bytes()).hexdigest()
        )
        assert model.stat().st_size <= 12_000_000
