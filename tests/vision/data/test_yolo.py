"""Sets with YOLO labels come in by their own classes; what we do not know is no sound road."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import cv2
import numpy as np
import pytest

from vision.errors import DataError
from vision.training.data import manifest
from vision.training.data.convert import convert
from vision.training.data.sources import RemoteFile, Source

JPEG = cv2.imencode(".jpg", np.full((100, 200, 3), 90, np.uint8))[1].tobytes()
SOURCE = Source(
    name="Iraq",
    licence="CC-BY-4.0",
    homepage="https://city.example/set",
    citation="a paper",
    labels="yolo",
    file=[RemoteFile("set.zip", "https://city.example/set.zip", country="Iraq")],
    classes={"3": "D40"},
)


def archive(path: Path, labels: dict[str, str | None]) -> Path:
    with ZipFile(path, "w") as file:
        for name, text in labels.items():
            file.writestr(f"data/images/{name}.jpg", JPEG)
            if text is not None:
                file.writestr(f"data/labels-YOLO/{name}.txt", text)
    return path


def test_upright_and_slanted_boxes_become_upright_ones(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "set.zip",
        {"a_0001": "3 0.5 0.5 0.2 0.4\n", "a_0002": "3 0.2 0.1 0.4 0.3 0.2 0.5 -0.1 0.3\n"},
    )
    done = convert(path, SOURCE, tmp_path / "out")
    assert (done.pictures, done.boxes, done.dropped) == (2, 2, {})
    pictures = manifest.read(tmp_path / "out")
    manifest.verify(pictures)
    assert [one.labels.read_text() for one in pictures] == [
        "3 0.500000 0.500000 0.200000 0.400000\n",
        "3 0.200000 0.300000 0.400000 0.400000\n",
    ]
    assert {(one.country, one.licence) for one in pictures} == {("Iraq", "CC-BY-4.0")}


def test_only_a_picture_that_somebody_labelled_as_empty_is_sound_road(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "set.zip",
        {"sound_1": "", "unknown_2": None, "crack_3": "0 0.5 0.5 0.2 0.4\n", "odd_4": "3 a b c d"},
    )
    done = convert(path, SOURCE, tmp_path / "out")
    assert [one.path.name for one in manifest.read(tmp_path / "out")] == [
        "Iraq-data-images-sound_1.jpg"
    ]
    assert done.dropped == {
        "picture without label file": 1,
        "class 0": 1,
        "box without extent": 1,
        "picture with nothing but what was left out": 2,
    }


def test_where_nobody_says_the_country_the_user_must(tmp_path: Path) -> None:
    path = archive(tmp_path / "other.zip", {"a_1": ""})
    with pytest.raises(DataError, match=r"other\.zip: the source names no country"):
        convert(path, SOURCE, tmp_path / "out")
    assert convert(path, SOURCE, tmp_path / "out", country="Chile").pictures == 1
