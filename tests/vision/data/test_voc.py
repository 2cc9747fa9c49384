"""RDD2022 archives become pictures with labels of one form, and nothing is lost unsaid."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import cv2
import numpy as np
import pytest

from vision.errors import DataError
from vision.training.data import manifest
from vision.training.data.voc import convert


def box(name: str, x1: float, y1: float, x2: float, y2: float) -> str:
    corners = f"<xmin>{x1}</xmin><ymin>{y1}</ymin><xmax>{x2}</xmax><ymax>{y2}</ymax>"
    return f"<object><name>{name}</name><bndbox>{corners}</bndbox></object>"


def archive(path: Path, annotations: dict[str, str]) -> Path:
    picture = cv2.imencode(".jpg", np.full((100, 200, 3), 90, np.uint8))[1].tobytes()
    with ZipFile(path, "w") as file:
        for stem, inner in annotations.items():
            file.writestr(f"Japan/train/images/{stem}.jpg", picture)
            file.writestr(
                f"Japan/train/annotations/xmls/{stem}.xml", f"<annotation>{inner}</annotation>"
            )
        file.writestr("Japan/test/images/Japan_000900.jpg", picture)
    return path


def test_boxes_become_shares_and_the_rest_is_counted(tmp_path: Path) -> None:
    source = archive(
        tmp_path / "japan.zip",
        {
            "Japan_000001": box("D40", 20, 10, 60, 50) + box("Repair", 0, 0, 9, 9),
            "Japan_000002": box("D00", -5, 0, 20, 300) + box("D10", 5, 5, 5, 5),
            "Japan_000250": "",
        },
    )
    done = convert(source, tmp_path / "out", country="Japan", licence="CC-BY-SA-4.0")
    assert (done.pictures, done.boxes) == (3, 2)
    assert done.dropped == {"class Repair": 1, "box without extent": 1}
    pictures = manifest.read(tmp_path / "out")
    manifest.verify(pictures)
    assert [one.group for one in pictures] == ["Japan_0000", "Japan_0000", "Japan_0002"]
    assert pictures[0].labels.read_text() == "3 0.200000 0.300000 0.200000 0.400000\n"
    assert pictures[1].labels.read_text() == "0 0.050000 0.500000 0.100000 1.000000\n"
    assert pictures[2].labels.read_text() == ""


def test_an_archive_converted_again_changes_nothing(tmp_path: Path) -> None:
    source = archive(tmp_path / "japan.zip", {"Japan_000001": box("D20", 1, 1, 50, 50)})
    for _ in range(2):
        convert(source, tmp_path / "out", country="Japan", licence="CC-BY-SA-4.0")
    assert len(manifest.read(tmp_path / "out")) == 1


def test_a_picture_whose_annotation_cannot_be_read_is_no_sound_road(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "japan.zip",
        {
            "Japan_000001": "<!DOCTYPE a [<!ENTITY b 'c'>]>",
            "Japan_000002": "<object>",
            "Japan_000003": box("D40", 20, 10, 60, 50),
        },
    )
    done = convert(path, tmp_path / "out", country="Japan", licence="CC-BY-SA-4.0")
    assert done.pictures == 1
    assert done.dropped == {"annotation with entities": 1, "annotation not readable": 1}


def test_a_patched_road_is_sound_and_one_with_foreign_cracks_is_no_example(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "japan.zip",
        {
            "Japan_000001": box("Repair", 20, 10, 60, 50) + box("D44", 20, 10, 60, 50),
            "Japan_000002": box("D01", 20, 10, 60, 50),
            "Japan_000003": box("D01", 20, 10, 60, 50) + box("D40", 20, 10, 60, 50),
        },
    )
    done = convert(path, tmp_path / "out", country="Japan", licence="CC-BY-SA-4.0")
    assert done.dropped["picture with damage of other classes alone"] == 1
    labels = {one.path.stem[-1]: one.labels.read_text() for one in manifest.read(tmp_path / "out")}
    assert labels == {"1": "", "3": "3 0.200000 0.300000 0.200000 0.400000\n"}


def test_a_country_is_taken_out_of_the_archive_of_archives(tmp_path: Path) -> None:
    inner = {
        "Japan": archive(tmp_path / "japan.zip", {"Japan_000001": box("D40", 20, 10, 60, 50)}),
        "Czech": archive(tmp_path / "czech.zip", {"Czech_000001": box("D00", 20, 10, 30, 90)}),
    }
    whole = tmp_path / "whole.zip"
    with ZipFile(whole, "w") as file:
        for country, path in inner.items():
            file.write(path, f"RDD2022/{country}.zip")
    convert(whole, tmp_path / "out", country="Czech", licence="CC-BY-SA-4.0")
    assert [one.country for one in manifest.read(tmp_path / "out")] == ["Czech"]
    with pytest.raises(DataError, match="holds Czech, Japan: name one of them with --country"):
        convert(whole, tmp_path / "out", country="Atlantis", licence="CC-BY-SA-4.0")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off"])
def test_a_broken_archive_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.zip"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"no whole \.zip"):
        convert(path, tmp_path / "out", country="Japan", licence="CC-BY-SA-4.0")
