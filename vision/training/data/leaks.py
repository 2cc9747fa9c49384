"""Look for pictures of the same place in two roles, by a hash that had no part in the split.

The split of the shared set was made with a DCT hash and keypoints; this is a difference hash of
16 x 16 gradients (Krawetz 2013, "dHash"). It finds the same view, not the same road from
elsewhere: groups must be right by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

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


def fingerprint(picture: NDArray[np.uint8]) -> NDArray[np.bool_] | None:
    """Return 256 gradient signs of a BGR picture; None where it is too smooth to tell."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (SIDE + 1, SIDE), interpolation=cv2.INTER_AREA).astype(np.int16)
    if float(np.abs(np.diff(small, axis=1)).mean()) < LEAST_CONTRAST / 4:
        return None
    return np.asarray((np.diff(small, axis=1) > 0).ravel())


def leaks(
    by_role: dict[str, Sequence[Picture]], prints: dict[str, NDArray[np.bool_] | None]
) -> list[Leak]:
    """Compare every picture with those of the other roles; `prints` by sha256."""
    found = []
    roles = sorted(by_role)
    for index, role in enumerate(roles):
        for other in roles[index + 1 :]:
            found += _between(by_role[role], by_role[other], prints)
    return sorted(found, key=lambda leak: leak.bits)


def _between(
    some: Sequence[Picture],
    others: Sequence[Picture],
    prints: dict[str, NDArray[np.bool_] | None],
) -> list[Leak]:
    left = [(one, mark) for one in some if (mark := prints[one.sha256]) is not None]
    right = [(one, mark) for one in others if (mark := prints[one.sha256]) is not None]
    if not left or not right:
        return []
    table = np.stack([mark for _, mark in right])
    found = []
    for one, mark in left:
        bits = (table != mark).sum(axis=1)
        for near in np.flatnonzero(bits <= MOST_BITS):
            other = right[near][0]
            found.append(
                Leak(one.path.name, other.path.name, int(bits[near]), one.group == other.group)
            )
    return found
