"""Divide roads among splits: no road in two, each class and country in every one. Pure.

Roads are dealt out, large ones first, each to the split that lacks most of what it shows; then
single roads change places while that helps. What few pictures show counts less: four boxes
cannot be divided into 70, 15 and 15 percent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.errors import DataError

FEW = 20.0  # boxes or pictures from which on a class of a country counts half; a guess
ROUNDS = 20  # of changing places; it ends by itself long before
PICTURES = ("all", "pictures")
PICTURES_WEIGHT = 4.0  # the shares of pictures are what the user asked for


@dataclass(frozen=True, slots=True)
class Facts:
    """What the division looks at of one picture."""

    road: str  # what is never divided
    country: str
    boxes: dict[str, int]  # by class; empty for sound road


def divide(pictures: Sequence[Facts], shares: dict[str, float], *, seed: int) -> dict[str, str]:
    """Return the split of each road; the same seed and pictures give the same division.

    Raises DataError for shares that are no shares and for fewer roads than splits.
    """
    names = list(shares)
    fits = bool(names) and min(shares.values()) > 0 and abs(sum(shares.values()) - 1) < 1e-6
    if not fits or not all(name.isidentifier() for name in names):
        told = ", ".join(f"{name}={share:g}" for name, share in shares.items())
        raise DataError(
            f"shares {told or 'missing'} are not NAME=SHARE above 0 with the sum 1: correct them"
        )
    roads = sorted({picture.road for picture in pictures})
    if len(roads) < len(shares):
        raise DataError(
            f"{len(roads)} roads cannot fill {len(shares)} splits: fetch more, or name fewer splits"
        )
    table, weights = _table(pictures, roads)
    wanted = np.array(list(shares.values()))
    order = np.random.default_rng(seed).permutation(len(roads))
    order = order[np.argsort(-table[order].sum(axis=1), kind="stable")]
    chosen = _deal(table, weights, wanted, order)
    chosen = _change_places(table, weights, wanted, chosen, order)
    return {road: names[number] for road, number in zip(roads, chosen.tolist(), strict=True)}


def _table(
    pictures: Sequence[Facts], roads: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return for each road its share of each feature `(roads, features)`, and their weights."""
    counted: dict[str, Counter[tuple[str, str]]] = {road: Counter() for road in roads}
    for picture in pictures:
        here = counted[picture.road]
        here[PICTURES] += 1
        here[picture.country, "pictures"] += 1
        if not picture.boxes:
            here[picture.country, "sound"] += 1
        for name, boxes in picture.boxes.items():
            here[picture.country, name] += boxes
    features = sorted({feature for here in counted.values() for feature in here})
    table = np.array([[counted[road][one] for one in features] for road in roads], np.float64)
    totals = table.sum(axis=0)
    weights = totals / (totals + FEW)
    weights[features.index(PICTURES)] = PICTURES_WEIGHT
    return table / totals, weights


def _deal(
    table: NDArray[np.float64],
    weights: NDArray[np.float64],
    wanted: NDArray[np.float64],
    order: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Give each road to the split that it fits best; the last roads fill empty splits."""
    chosen = np.full(len(table), -1)
    have = np.zeros((len(wanted), table.shape[1]))
    for place, road in enumerate(order):
        after = have + table[road]
        cost = (((after - wanted[:, None]) ** 2 - (have - wanted[:, None]) ** 2) * weights).sum(1)
        empty = [split for split in range(len(wanted)) if not (chosen == split).any()]
        open_splits = empty if len(order) - place <= len(empty) else range(len(wanted))
        split = min(open_splits, key=lambda number: float(cost[number]))
        chosen[road] = split
        have[split] += table[road]
    return chosen


def _change_places(
    table: NDArray[np.float64],
    weights: NDArray[np.float64],
    wanted: NDArray[np.float64],
    chosen: NDArray[np.int64],
    order: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Move single roads while the error falls; never the last one of a split."""
    have = np.stack([table[chosen == split].sum(axis=0) for split in range(len(wanted))])

    def change(split: int, step: NDArray[np.float64]) -> float:
        off = have[split] - wanted[split]
        return float((((off + step) ** 2 - off**2) * weights).sum())

    for _ in range(ROUNDS):
        moved = False
        for road in order:
            here = int(chosen[road])
            if (chosen == here).sum() == 1:
                continue
            leaving = change(here, -table[road])
            costs = {s: leaving + change(s, table[road]) for s in range(len(wanted)) if s != here}
            there = min(costs, key=lambda split: costs[split], default=here)
            if there != here and costs[there] < -1e-12:
                have[here] -= table[road]
                have[there] += table[road]
                chosen[road], moved = there, True
        if not moved:
            break
    return chosen
