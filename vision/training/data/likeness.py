"""Which pictures look alike: a DCT hash that joins scenes before a split, and near pairs of marks.

The hash is that of Zauner (2010) and of the imagehash package with 16 x 16 coefficients. It
makes the split; leaks.py looks at the result with another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 16
SAMPLES = 64
MOST_BITS = 44  # of 256; the shared set's limit: no two roads there are nearer than 45
LEAST_CONTRAST = 4.0  # grey levels: of an even picture the hash is noise

Mark = NDArray[np.bool_]  # (256,)


def scene_mark(picture: NDArray[np.uint8]) -> Mark | None:
    """Return the signs of the lowest 16 x 16 frequencies; None where it is too even to tell."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (SAMPLES, SAMPLES), interpolation=cv2.INTER_AREA)
    if float(small.std()) < LEAST_CONTRAST:
        return None
    low = cv2.dct(small.astype(np.float32))[:SIDE, :SIDE]
    return np.asarray((low > np.median(low)).ravel())


def near_pairs(
    some: Sequence[Mark | None], others: Sequence[Mark | None], *, most_bits: int
) -> Iterator[tuple[int, int, int]]:
    """Yield (index in some, index in others, differing bits) of every pair that is near."""
    left = [index for index, mark in enumerate(some) if mark is not None]
    right = [index for index, mark in enumerate(others) if mark is not None]
    if not left or not right:
        return
    table = _packed([others[index] for index in right])
    for index, row in zip(left, _packed([some[index] for index in left]), strict=True):
        bits = np.bitwise_count(table ^ row).sum(axis=1)
        for near in np.flatnonzero(bits <= most_bits):
            yield index, right[int(near)], int(bits[near])


def scenes(groups: Sequence[str], marks: Sequence[Mark | None]) -> dict[str, str]:
    """Join groups that show a picture in common; return each group's scene, its first group.

    >>> scenes(["a", "b"], [None, None])
    {'a': 'a', 'b': 'b'}
    """
    parent = {group: group for group in groups}

    def first(group: str) -> str:
        while parent[group] != group:
            group = parent[group]
        return group

    for one, other, _ in near_pairs(marks, marks, most_bits=MOST_BITS):
        low, high = sorted((first(groups[one]), first(groups[other])))
        parent[high] = low
    return {group: first(group) for group in parent}


def _packed(marks: Sequence[Mark | None]) -> NDArray[np.uint64]:
    """Pack 256 bits each into four words."""
    return np.packbits(np.stack([m for m in marks if m is not None]), axis=1).view(np.uint64)
