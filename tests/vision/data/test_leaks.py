"""The same place in training and test is found by a look that did not make the split."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.training.data.leaks import fingerprint, leaks
from vision.training.data.manifest import Picture

FRAMES = Path(__file__).parents[3] / "datasets/musterstadt/drive/frames"


def frame(number: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.imread(str(FRAMES / f"musterstadt_{number:04d}.jpg")), np.uint8)


def picture(name: str, group: str) -> Picture:
    return Picture(Path(f"{name}.jpg"), Path(f"{name}.txt"), "train", group, "CC0-1.0", name)


def test_the_same_view_compressed_again_is_a_leak_and_another_street_is_none() -> None:
    here = frame(20)
    again = cv2.imdecode(cv2.imencode(".jpg", here, [1, 30])[1], cv2.IMREAD_COLOR)
    prints = {
        "a": fingerprint(here),
        "b": fingerprint(np.asarray(again, np.uint8)),
        "c": fingerprint(frame(70)),
    }
    by_role = {"train": [picture("a", "x"), picture("c", "z")], "test": [picture("b", "y")]}
    found = leaks({role: list(members) for role, members in by_role.items()}, prints)
    assert [(one.first, one.second, one.same_group) for one in found] == [("b.jpg", "a.jpg", False)]


def test_a_smooth_road_is_not_compared_and_an_empty_role_has_no_leak() -> None:
    assert fingerprint(np.full((100, 200, 3), 90, np.uint8)) is None
    assert leaks({"train": [picture("a", "x")], "test": []}, {"a": fingerprint(frame(20))}) == []
