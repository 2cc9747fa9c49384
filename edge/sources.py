"""Frames of a drive, in the order they were taken, from a folder of pictures or a video.

A frame is opened only when it is worth a look, and stays in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.errors import DriveError
from vision.runtime.pictures import MAX_PIXELS, BadPicture, BadPictureError, open_picture

MOST_BYTES = 40_000_000  # of one picture file; a 12-megapixel JPEG has about 6 MB
ENOUGH_WIDTH_PX = 960  # network and rules look at 640; more only costs time and shows more people
NO_CAPTURE_TIME = "no capture time"
MISSING_PICTURE = "missing picture"


class FrameUnusableError(Exception):
    """A frame cannot be looked at; the message is the counted reason."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture that may be opened; `captured_at` is None where nobody wrote it down."""

    name: str
    captured_at: datetime | None
    open: Callable[[], NDArray[np.uint8]]  # BGR (h, w, 3); raises FrameUnusableError


class Source(Protocol):
    """Where frames come from."""

    def __len__(self) -> int:
        """Return how many frames there are."""

    def frames(self, *, first: int) -> Iterator[Frame]:
        """Yield the frames from index `first` on."""

    def signature(self) -> str:
        """Describe the frames so that another drive reads differently."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Pictures in a folder with the times they were taken, in the order of the camera."""

    path: Path
    captured: tuple[tuple[str, datetime | None], ...]

    def __len__(self) -> int:
        return len(self.captured)

    def frames(self, *, first: int) -> Iterator[Frame]:
        """Yield the pictures from index `first` on."""
        for name, captured_at in self.captured[first:]:
            yield Frame(name, captured_at, partial(_open_file, self.path / name))

    def signature(self) -> str:
        """Name every picture with its time and size in bytes."""
        lines = []
        for name, at in self.captured:
            file = self.path / name
            size_bytes = file.stat().st_size if file.is_file() else -1
            lines.append(f"{name} {at.isoformat() if at else '-'} {size_bytes}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Video:
    """A film whose first frame was taken at `start`."""

    path: Path
    start: datetime
    count: int
    frames_per_s: float

    def __len__(self) -> int:
        return self.count

    def frames(self, *, first: int) -> Iterator[Frame]:
        """Yield the film's frames from index `first` on; what cannot be read is broken."""
        film = cv2.VideoCapture(str(self.path))
        try:
            for index in range(self.count):
                grabbed = film.grab()
                if index >= first:
                    at = self.start + timedelta(seconds=index / self.frames_per_s)
                    yield Frame(f"frame-{index:06d}", at, partial(_retrieve, film, grabbed))
        finally:
            film.release()

    def signature(self) -> str:
        """Name the film with its start and size in bytes."""
        return f"{self.path.name} {self.start.isoformat()} {self.path.stat().st_size}"


def open_video(path: Path, *, start: datetime) -> Video:
    """Read a film's head.

    Raises DriveError when it is no film or its pictures are too large.
    """
    film = cv2.VideoCapture(str(path))
    try:
        count = int(film.get(cv2.CAP_PROP_FRAME_COUNT))
        frames_per_s = film.get(cv2.CAP_PROP_FPS)
        width_px = int(film.get(cv2.CAP_PROP_FRAME_WIDTH))
        height_px = int(film.get(cv2.CAP_PROP_FRAME_HEIGHT))
    finally:
        film.release()
    if count < 1 or not 0.1 <= frames_per_s <= 1_000:
        raise DriveError(f"{path} is no readable film: convert it to an H.264 mp4.")
    if width_px * height_px > MAX_PIXELS:
        raise DriveError(
            f"{path} has pictures of {width_px} x {height_px} px, more than 12 megapixels: "
            "scale it down."
        )
    return Video(path, start, count, frames_per_s)


def _open_file(file: Path) -> NDArray[np.uint8]:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise FrameUnusableError(BadPicture.TOO_LARGE.value)
        return open_picture(file.read_bytes(), enough_width_px=ENOUGH_WIDTH_PX)
    except OSError as error:
        raise FrameUnusableError(MISSING_PICTURE) from error
    except BadPictureError as error:
        raise FrameUnusableError(error.why.value) from error


def _retrieve(film: cv2.VideoCapture, grabbed: bool) -> NDArray[np.uint8]:
    read, frame = film.retrieve() if grabbed else (False, None)
    if not read or frame is None:
        raise FrameUnusableError(BadPicture.BROKEN.value)
    return np.asarray(frame, np.uint8)
