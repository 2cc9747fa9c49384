"""Training windows: a part of a picture at a random scale, under the weather a truck meets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import Dataset

from vision.runtime.letterbox import PADDING_GREY
from vision.training.fit import conditions
from vision.training.fit.paste import POTHOLE, can_give, paste
from vision.training.recipe import Crops

MIN_SHARE_LEFT = 0.4  # an object cut by the window's edge counts while this share of it is inside

Labels = NDArray[np.float32]
"""`(n, 5)` as class x1 y1 x2 y2 in pixels."""


class Windows(Dataset[dict[str, Any]]):
    """Random windows of the pictures in a folder, in the form Ultralytics' trainer takes."""

    def __init__(self, images: Path, labels: Path, crops: Crops, *, seed: int) -> None:
        self.paths = sorted(images.iterdir())
        self.crops = crops
        self.random = np.random.default_rng(seed)
        tables = [read_labels((labels / path.name).with_suffix(".txt")) for path in self.paths]
        self.labels = [{"cls": rows[:, :1], "bboxes": rows[:, 1:]} for rows in tables]
        self.pictures = [path.read_bytes() for path in self.paths]
        self.potholes = self._potholes() if crops.pasted else []

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> dict[str, Any]:
        frame, rows = self._picture(index)
        if self.potholes and self.random.random() < self.crops.pasted:
            giver, row = self.potholes[self.random.integers(len(self.potholes))]
            other, others = self._picture(giver)
            frame, rows = paste(frame, rows, other, others[row], self.random)
        window, rows = cut(frame, rows, self.crops, self.random)
        if self.random.random() < 0.5:
            window, rows = mirror(window, rows)
        if self.crops.weather:
            window = conditions.meet(window, self.random)
        return _sample(window, rows, self.paths[index])

    def _picture(self, index: int) -> tuple[NDArray[np.uint8], Labels]:
        """Decode a picture; its labels in pixels."""
        encoded = np.frombuffer(self.pictures[index], np.uint8)
        frame = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
        labels = self.labels[index]
        return frame, to_pixels(np.concatenate([labels["cls"], labels["bboxes"]], axis=1), frame)

    def _potholes(self) -> list[tuple[int, int]]:
        """Find the potholes worth copying, as numbers of picture and label."""
        found = []
        for index in range(len(self.paths)):
            if (self.labels[index]["cls"] == POTHOLE).any():
                rows = self._picture(index)[1]
                found += [(index, number) for number, row in enumerate(rows) if can_give(row)]
        return found


def read_labels(path: Path) -> Labels:
    """Read YOLO lines as `(n, 5)` class cx cy w h in shares of the picture."""
    rows = [[float(x) for x in line.split()] for line in path.read_text().splitlines() if line]
    return np.array(rows, np.float32).reshape(-1, 5)


def to_pixels(rows: Labels, frame: NDArray[np.uint8]) -> Labels:
    """Turn class cx cy w h in shares into class x1 y1 x2 y2 in pixels."""
    height_px, width_px = frame.shape[:2]
    size = np.array([width_px, height_px], np.float32)
    centre, half = rows[:, 1:3] * size, rows[:, 3:5] * size / 2
    return np.asarray(np.concatenate([rows[:, :1], centre - half, centre + half], axis=1))


def cut(
    frame: NDArray[np.uint8], rows: Labels, crops: Crops, random: np.random.Generator
) -> tuple[NDArray[np.uint8], Labels]:
    """Scale the frame at random and cut a window that, if it can, holds a damage."""
    low, high = np.log([crops.smallest_frame_width_px, crops.largest_frame_width_px])
    scale = float(np.exp(random.uniform(low, high))) / frame.shape[1]
    size = (round(frame.shape[1] * scale), round(frame.shape[0] * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(frame, size, interpolation=method)
    rows = rows.copy()
    rows[:, 1:] *= scale
    left, top = _corner(size, rows, crops, random)
    window = np.full((crops.height_px, crops.width_px, 3), PADDING_GREY, np.uint8)
    x1, y1 = max(left, 0), max(top, 0)
    x2, y2 = min(left + crops.width_px, size[0]), min(top + crops.height_px, size[1])
    window[y1 - top : y2 - top, x1 - left : x2 - left] = scaled[y1:y2, x1:x2]
    return window, _inside(rows, left, top, crops)


def _corner(
    size: tuple[int, int], rows: Labels, crops: Crops, random: np.random.Generator
) -> tuple[int, int]:
    """Pick the window's corner: around a random object four times in five, else anywhere."""
    spare = np.array([size[0] - crops.width_px, size[1] - crops.height_px])
    low, high = np.minimum(spare, 0), np.maximum(spare, 0)
    if len(rows) and random.random() < 0.8:
        row = rows[random.integers(len(rows))]
        centre = (row[1:3] + row[3:5]) / 2
        window = np.array([crops.width_px, crops.height_px])
        aim = centre - window * random.uniform(0.2, 0.8, 2)
        corner = np.clip(aim, low, high)
    else:
        corner = random.uniform(low, high + 1e-6)
    return int(corner[0]), int(corner[1])


def _inside(rows: Labels, left: int, top: int, crops: Crops) -> Labels:
    moved = rows.copy()
    moved[:, 1:] -= np.array([left, top, left, top], np.float32)
    whole = (moved[:, 3:5] - moved[:, 1:3]).prod(axis=1)
    moved[:, 1::2] = np.clip(moved[:, 1::2], 0, crops.width_px)
    moved[:, 2::2] = np.clip(moved[:, 2::2], 0, crops.height_px)
    sides = moved[:, 3:5] - moved[:, 1:3]
    keep = (sides.prod(axis=1) >= MIN_SHARE_LEFT * whole) & (sides.min(axis=1) >= 2)
    return np.asarray(moved[keep])


def mirror(window: NDArray[np.uint8], rows: Labels) -> tuple[NDArray[np.uint8], Labels]:
    """Flip left and right."""
    rows = rows.copy()
    rows[:, [1, 3]] = window.shape[1] - rows[:, [3, 1]]
    return np.ascontiguousarray(window[:, ::-1]), rows


def _sample(window: NDArray[np.uint8], rows: Labels, path: Path) -> dict[str, Any]:
    height_px, width_px = window.shape[:2]
    size = np.array([width_px, height_px], np.float32)
    centre = (rows[:, 1:3] + rows[:, 3:5]) / 2 / size
    sides = (rows[:, 3:5] - rows[:, 1:3]) / size
    rgb = np.ascontiguousarray(window[:, :, ::-1].transpose(2, 0, 1))
    return {
        "img": torch.from_numpy(rgb),
        "cls": torch.from_numpy(rows[:, :1].copy()),
        "bboxes": torch.from_numpy(np.concatenate([centre, sides], axis=1)),
        "batch_idx": torch.zeros(len(rows)),
        "im_file": str(path),
    }
