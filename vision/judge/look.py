"""Look for faces and plates in one picture: enlarged, because uploads are small and so are they."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.judge.findings import Finding
from vision.judge.installed import models
from vision.judge.plates import Plates

ENLARGED = (2.0, 3.0)  # uploads are 640 px at most; the networks see little below 20 px
LONGEST_PX = 1600  # larger than this nothing is looked at: time grows with the area
WIDEST_SHARE = 0.35  # of the picture: what the plate network takes for a plate and is wider is none
FLATTEST, TALLEST = 8.0, 1.0  # width to height of a plate, seen slantwise or in two lines
FACE_OVERLAP = 0.3

Picture = NDArray[np.uint8]


class Judge:
    """Both networks in memory; not for two threads at once."""

    def __init__(self, folder: Path, *, face_score: float, plate_score: float) -> None:
        asked = models()
        self._faces = cv2.FaceDetectorYN.create(
            str(folder / asked.face_name), "", (320, 320), face_score, FACE_OVERLAP
        )
        self._plates = Plates(folder / asked.plate_name)
        self._plate_score = plate_score

    def look(self, picture: Picture) -> list[Finding]:
        """Return what is seen, the surest first."""
        found: list[Finding] = []
        for scale in sizes(picture):
            large = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
            shown = np.asarray(large, np.uint8)
            found += self._see_faces(shown, scale)
            found += self._see_plates(shown, scale)
        return sorted(found, key=lambda one: -one.score)

    def _see_faces(self, picture: Picture, scale: float) -> list[Finding]:
        self._faces.setInputSize((picture.shape[1], picture.shape[0]))
        _, faces = self._faces.detect(picture)
        rows = [] if faces is None else faces
        return [
            _finding(
                "face", float(row[-1]), (row[0], row[1], row[0] + row[2], row[1] + row[3]), scale
            )
            for row in rows
        ]

    def _see_plates(self, picture: Picture, scale: float) -> list[Finding]:
        boxes, scores = self._plates.find(picture, score_from=self._plate_score)
        return [
            _finding("plate", float(score), box, scale)
            for box, score in zip(boxes, scores, strict=True)
            if is_like_a_plate(box, picture.shape[1], picture.shape[0])
        ]


def sizes(picture: Picture) -> list[float]:
    """Return by how much a picture is enlarged, or shrunk where it is too large."""
    longest_px = max(picture.shape[:2])
    return sorted({min(scale, LONGEST_PX / longest_px) for scale in ENLARGED})


def is_like_a_plate(box: NDArray[np.float32], width_px: int, height_px: int) -> bool:
    """Refuse what no plate can be: mostly outside the picture, too wide, or too tall.

    The network was trained on Chinese plates near the camera; on road it also draws boxes as
    large as the picture.
    """
    x1, y1, x2, y2 = (float(edge) for edge in box)
    wide_px, tall_px = x2 - x1, y2 - y1
    reach_px = 0.1 * wide_px
    return (
        x1 > -reach_px
        and y1 > -reach_px
        and x2 < width_px + reach_px
        and y2 < height_px + reach_px
        and 0 < wide_px <= WIDEST_SHARE * width_px
        and tall_px > 0
        and TALLEST <= wide_px / tall_px <= FLATTEST
    )


def _finding(kind: str, score: float, box: object, scale: float) -> Finding:
    edges = [round(float(edge) / scale) for edge in np.asarray(box, np.float64)]
    return Finding(
        "face" if kind == "face" else "plate",
        round(min(max(score, 0.0), 1.0), 3),
        (edges[0], edges[1], edges[2], edges[3]),
    )
