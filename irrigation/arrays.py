"""The array types of the formulas: numbers in, numbers out, no dates and no tables."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
Singles = NDArray[np.floating[Any]]  # float32 where a million trees must fit the cache
Truths = NDArray[np.bool_]
NumbersLike = ArrayLike
