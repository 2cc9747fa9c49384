"""What a thousand frames cost in energy, written into a released model's card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from governance.energy import EnergyMeter
from vision.errors import DataError
from vision.runtime.model_file import Model


def measure(model: Model, frames: Path, *, stated_w: float | None) -> dict[str, Any]:
    """Read and detect every frame of a folder once; return the card's field `energy`.

    `stated_w`: the machine's power in watts, used where the processor has no readable counter.
    """
    paths = sorted(path for path in frames.glob("*") if path.suffix.lower() in {".jpg", ".png"})
    if not paths:
        raise DataError(f"{frames} holds no .jpg or .png: name a folder of frames")
    with EnergyMeter(stated_w=stated_w) as meter:
        for path in paths:
            picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
            if picture is None:
                raise DataError(f"{path} is no picture: take it out of the folder")
            model.detector.detect(np.asarray(picture, np.uint8))
            meter.tick()
    return meter.reading.card_field(len(paths)) | {"work": "read, detect; two threads"}


def write(folder: Path, energy: dict[str, Any]) -> None:
    """Put the field into a model folder's card.json and README.md."""
    from vision.training.release import card

    card.amend(folder, energy=energy)
