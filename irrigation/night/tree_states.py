"""Trees that nobody can tell apart share one state of the soil, and it is computed once.

Equal inputs give equal results, bit by bit: the test compares with every tree by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from irrigation.arrays import Numbers, Singles
from irrigation.balance.water_balance import Plots

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Given:
    """Water given: one row for each tree and day, in litres."""

    tree: Whole  # place of the tree in the list
    day: Whole  # place of the day in the past days
    litres: Singles


@dataclass(frozen=True, slots=True)
class States:
    """Distinct states, and which one each tree is in."""

    plots: Plots
    litres: Singles  # (past days, states)
    shift: Singles  # (states,) by how much REW sensors move the balance
    anchored: NDArray[np.bool_]  # (states,) the tree's own sensor speaks
    due: NDArray[np.bool_]  # (states,) the rule says: water it
    of_tree: Whole  # (trees,)

    def __len__(self) -> int:
        return len(self.shift)


def distinct(
    plots: Plots,
    given: Given,
    *,
    days: int,
    shift: Singles,
    anchored: NDArray[np.bool_],
    due: NDArray[np.bool_],
    merge: bool = True,
) -> States:
    """Find the distinct states; without `merge` every tree is one (to compare with)."""
    count = len(plots.pit_m2)
    cans, watered = _cans(given, days=days, trees=count)
    if merge:
        columns = [getattr(plots, field.name) for field in fields(plots)]
        first, of_tree = distinct_rows([*columns, shift, anchored, due, cans])
    else:
        first = of_tree = np.arange(count)
    chosen = np.asarray(first)
    return States(
        plots=Plots(**{f.name: getattr(plots, f.name)[chosen] for f in fields(plots)}),
        litres=np.ascontiguousarray(watered[cans[chosen]].T),
        shift=shift[chosen],
        anchored=anchored[chosen],
        due=due[chosen],
        of_tree=np.asarray(of_tree, np.int64),
    )


def _cans(given: Given, *, days: int, trees: int) -> tuple[Whole, Singles]:
    """Number the distinct histories of watering; 0 is "never". Rows `(histories, days)`."""
    who, place = np.unique(given.tree, return_inverse=True)
    table = np.zeros((len(who), days), dtype=np.float32)
    np.add.at(table, (place, given.day), given.litres)
    never = np.zeros((1, days), dtype=np.float32)
    number = np.zeros(trees, dtype=np.int64)
    if not len(who) or not days:
        return number, never
    rows = np.ascontiguousarray(table).view(np.dtype((np.void, table.itemsize * days))).ravel()
    _, first, inverse = np.unique(rows, return_index=True, return_inverse=True)
    number[who] = inverse + 1
    return number, np.vstack([never, table[first]])


def distinct_rows(columns: Sequence[NDArray[Any]]) -> tuple[Whole, Whole]:
    """Rows of equal values: the first row of each kind, and the kind of each row; kinds in order.

    >>> kinds = distinct_rows([np.array([1.5, 2.0, 1.5]), np.array([7, 7, 7])])
    >>> [values.tolist() for values in kinds]
    [[0, 1], [0, 1, 0]]
    """
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        kind, values = pd.factorize(column, use_na_sentinel=False)  # hashing: no million is sorted
        if len(values) > 1:
            code, _ = pd.factorize(code * len(values) + kind)
    first = np.flatnonzero(~pd.Series(code).duplicated().to_numpy())
    order = np.lexsort([column[first] for column in reversed(columns)])
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return first[order], place[code]


def spread(of_state: Numbers, states: States) -> Numbers:
    """Values of states `(…, states)` as values of trees `(…, trees)`."""
    of_trees: Numbers = of_state[..., states.of_tree]
    return of_trees
