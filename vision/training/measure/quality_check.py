"""How often the quality rules refuse clean and spoiled frames: thresholds on trial. No torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vision.errors import DataError
from vision.runtime import quality
from vision.training.measure.corruptions import CORRUPTIONS, SEVERITIES, Picture, corrupt


def check(paths: Sequence[Path]) -> dict[str, Any]:
    """Judge every picture as it is and spoiled in each way; shares of one, by reason."""
    clean: Counter[str] = Counter()
    spoiled: dict[str, Counter[str]] = {
        f"{kind} {severity}": Counter() for kind in CORRUPTIONS for severity in SEVERITIES
    }
    for seed, path in enumerate(paths):
        picture = _read(path)
        clean[_reason(picture)] += 1
        for kind in CORRUPTIONS:
            for severity in SEVERITIES:
                bad = corrupt(picture, kind, severity, seed=seed)
                spoiled[f"{kind} {severity}"][_reason(bad)] += 1
    return {
        "pictures": len(paths),
        "clean": _shares(clean),
        "spoiled": {name: _shares(counted) for name, counted in spoiled.items()},
    }


def _reason(picture: Picture) -> str:
    found = quality.assess(picture)
    return "assessable" if found is None else found.value


def _shares(counted: Counter[str]) -> dict[str, float]:
    total = max(sum(counted.values()), 1)
    return {reason: round(number / total, 3) for reason, number in counted.most_common()}


def _read(path: Path) -> Picture:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise DataError(f"{path} is not a readable picture: remove or replace it")
    return np.asarray(picture, np.uint8)
