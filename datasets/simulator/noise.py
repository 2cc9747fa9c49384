"""Noise that repeats without a seam: the stuff that asphalt, gravel and grass are made of.

Everything a pixel is computed from uses only additions, products and square roots, or
was computed in 64 bit before: another processor's last bit does not change a picture.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Texture = NDArray[np.float32]
Numbers = NDArray[np.float64]


def smooth(rng: np.random.Generator, *, size: int, blur: float) -> Texture:
    """Return a periodic texture `(size, size)`, mean 0 and deviation 1, `blur` texels soft."""
    white = rng.standard_normal((size, size))
    if blur > 0:
        margin = int(4 * blur) + 1
        padded = np.pad(white, margin, mode="wrap")
        soft = np.asarray(cv2.GaussianBlur(padded, (0, 0), blur), np.float64)
        white = soft[margin:-margin, margin:-margin]
    white -= white.mean()
    return np.asarray(white / white.std(), np.float32)


def look_up(texture: Texture, x: Numbers, y: Numbers, *, texel: float) -> Texture:
    """Read the texture at the nearest texel, repeating it without end."""
    size = texture.shape[0]
    column = np.floor(x / texel).astype(np.int64) % size
    row = np.floor(y / texel).astype(np.int64) % size
    return np.asarray(texture[row, column])


def look_up_smoothly(texture: Texture, x: Numbers, y: Numbers, *, texel: float) -> Texture:
    """Read the texture between its texels, for noise that is coarser than a pixel."""
    size = texture.shape[0]
    u, v = x / texel, y / texel
    column, row = np.floor(u), np.floor(v)
    fu, fv = (u - column).astype(np.float32), (v - row).astype(np.float32)
    c0, r0 = column.astype(np.int64) % size, row.astype(np.int64) % size
    c1, r1 = (c0 + 1) % size, (r0 + 1) % size
    top = texture[r0, c0] * (1 - fu) + texture[r0, c1] * fu
    bottom = texture[r1, c0] * (1 - fu) + texture[r1, c1] * fu
    return np.asarray(top * (1 - fv) + bottom * fv)
