"""A million trees to and from PostgreSQL as its own binary rows, made and read by numpy.

Formats: https://www.postgresql.org/docs/15/sql-copy.html (Binary Format), and `array_send`: a
header, then for each element its length and its value, big-endian. No element may be NULL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + b"\0" * 8
TRAILER = b"\xff\xff"
ARRAY_HEADER_BYTES = 20  # dimensions, flags, element type, length, lower bound
EPOCH = date(2000, 1, 1)
KEYS = (("for_day", ">i4"), ("run_id", ">i8"), ("tree_id", ">i8"), ("state_id", ">i4"))
LITRES = ("litres", "litres_low", "litres_high")


def column(parts: Sequence[bytes], kind: str) -> NDArray[Any]:
    """Read the values of `array_send` answers, `kind` as ">f8", one after the other."""
    element = np.dtype([("length", ">i4"), ("value", kind)])
    arrays = [np.frombuffer(part, element, offset=ARRAY_HEADER_BYTES)["value"] for part in parts]
    found: NDArray[Any] = np.concatenate(arrays) if arrays else np.empty(0, kind)
    return found.astype(found.dtype.newbyteorder("="))


def tree_rows(
    for_day: date,
    run_id: int,
    tree_id: NDArray[Any],
    of_tree: NDArray[Any],
    litres: NDArray[Any],
    *,
    at_once: int = 100_000,
) -> Iterator[bytes]:
    """The rows of `forecast_trees` for COPY; litres `(3, trees)` of -1 become NULL."""
    yield SIGNATURE
    for start in range(0, len(tree_id), at_once):
        part = slice(start, start + at_once)
        known = litres[0, part] >= 0
        for these in (known, ~known):
            keys = (tree_id[part][these], of_tree[part][these])
            yield _rows(for_day, run_id, keys, litres[:, part][:, these]).tobytes()
    yield TRAILER


def _rows(
    for_day: date, run_id: int, keys: tuple[NDArray[Any], NDArray[Any]], litres: NDArray[Any]
) -> NDArray[Any]:
    """Rows of one kind: with litres, or with NULL for all three."""
    has_litres = bool((litres >= 0).all())
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in (*KEYS, *((name, ">i2") for name in LITRES)):
        fields.append((f"{name} bytes", ">i4"))
        if has_litres or name not in LITRES:
            fields.append((name, kind))
    rows = np.zeros(len(keys[0]), np.dtype(fields))
    rows["fields"] = len(KEYS) + len(LITRES)
    for name, kind in KEYS:
        rows[f"{name} bytes"] = np.dtype(kind).itemsize
    rows["for_day"], rows["run_id"] = (for_day - EPOCH).days, run_id
    rows["tree_id"], rows["state_id"] = keys
    for name, values in zip(LITRES, litres, strict=True):
        rows[f"{name} bytes"] = 2 if has_litres else -1
        if has_litres:
            rows[name] = values
    return rows
