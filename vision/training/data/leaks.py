"""Look for pictures of the same place in two roles, by a hash that had no part in the split.

Splits are made with a DCT hash (likeness.py; the shared set with that and keypoints); this is a
difference hash of 16 x 16 gradients (Krawetz 2013, "dHash"). It finds the same view, not the
same road from elsewhere: groups must be right by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.training.data.likeness import Mark, near_pairs
from vision.training.data.manifest import Picture

SIDE = 16
MOST_BITS = 32  # of 256; at 34 to 36 stand six pairs; the two looked at: one camera, two roads
LEAST_CONTRAST = 4.0  # grey levels: a smooth road has no gradients that could be compared


@dataclass(frozen=True, slots=True)
class Leak:
    """Two pictures of different roles that look alike."""

    first: str
    second: str
    bits: int
    same_group: bool


def fingerprint(picture: NDArray[np.uint8]) -> Mark | None:
    """Return 256 gradient signs of a BGR picture; None where it is too smooth to tell."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (SIDE + 1, SIDE), interpolation=cv2.INTER_AREA).astype(np.int16)
    if float(np.abs(np.diff(small, axis=1)).mean()) < LEAST_CONTRAST / 4:
        return None
    return np.asarray((np.diff(small, axis=1) > 0).ravel())


def leaks(by_role: dict[str, Sequence[Picture]], prints: dict[str, Mark | None]) -> list[Leak]:
    """Compare every picture with those of the other roles; `prints` by sha256."""
    found = []
    roles = sorted(by_role)
    for index, role in enumerate(roles):
        for other in roles[index + 1 :]:
            found += _between(by_role[role], by_role[other], prints)
    return sorted(found, key=lambda leak: leak.bits)


def _between(
    some: Sequence[Picture], others: Sequence[Picture], prints: dict[str, Mark | None]
) -> list[Leak]:
    left, right = ([prints[one.sha256] for one in side] for side in (some, others))
    return [
        Leak(
            some[here].path.name,
            others[there].path.name,
            bits,
            some[here].group == others[there].group,
        )
        for here, there, bits in near_pairs(left, right, most_bits=MOST_BITS)
    ]
