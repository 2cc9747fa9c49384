"""What changed between two imports of a register: new, gone, renumbered, moved, corrected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pyproj import Geod
from scipy.spatial import cKDTree

from irrigation.arrays import Numbers

SAME_SPOT_M = 0.5  # a guess: two surveys of one trunk differ less, two trunks stand further apart
COMPARED = ("kind", "species", "girth_cm", "height_m", "crown_m", "planted_year")
WGS84 = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Difference:
    """Two imports side by side; keys of the newer one unless named otherwise."""

    added: list[str]
    removed: list[str]  # keys of the older import
    renumbered: list[tuple[str, str]]  # older key, newer key: same spot, other number or street
    moved: list[tuple[str, float]]  # same key, metres between the two positions
    changed: dict[str, list[str]]  # field: keys


def compare(before: pd.DataFrame, after: pd.DataFrame) -> Difference:
    """Match rows by key, the rest by spot (mutually nearest within `SAME_SPOT_M`)."""
    old, new = before.set_index("tree_key"), after.set_index("tree_key")
    both = new.index.intersection(old.index)
    gone, come = old.loc[old.index.difference(both)], new.loc[new.index.difference(both)]
    renumbered = _same_spot(gone, come)
    pairs = [*zip(both, both, strict=True), *renumbered]
    old_rows = old.loc[[pair[0] for pair in pairs]]
    new_rows = new.loc[[pair[1] for pair in pairs]]
    metres = _metres(old_rows, new_rows)
    moved = [
        (str(key), round(float(gap), 1))
        for key, gap in zip(new_rows.index, metres, strict=True)
        if gap > SAME_SPOT_M
    ]
    lost, found = {pair[0] for pair in renumbered}, {pair[1] for pair in renumbered}
    return Difference(
        added=[str(key) for key in come.index if key not in found],
        removed=[str(key) for key in gone.index if key not in lost],
        renumbered=[(str(a), str(b)) for a, b in renumbered],
        moved=moved,
        changed={field: _changed(old_rows[field], new_rows[field]) for field in COMPARED},
    )


def _changed(old: pd.Series, new: pd.Series) -> list[str]:
    before, after = old.to_numpy(), new.to_numpy()
    same = (before == after) | (pd.isna(before) & pd.isna(after))
    return [str(key) for key in new.index[~same]]


def _metres(old: pd.DataFrame, new: pd.DataFrame) -> Numbers:
    if old.empty:
        return np.empty(0)
    west, south = (old[c].to_numpy() for c in ("longitude_deg", "latitude_deg"))
    east, north = (new[c].to_numpy() for c in ("longitude_deg", "latitude_deg"))
    _, _, metres = WGS84.inv(west, south, east, north)
    return np.nan_to_num(np.asarray(metres, np.float64))


def _same_spot(gone: pd.DataFrame, come: pd.DataFrame) -> list[tuple[str, str]]:
    """Pairs of rows that lie mutually nearest and close."""
    gone, come = (f.dropna(subset=["longitude_deg", "latitude_deg"]) for f in (gone, come))
    if gone.empty or come.empty:
        return []
    here, there = _plane(gone, gone), _plane(come, gone)
    reach, nearest = cKDTree(there).query(here)
    _, back = cKDTree(here).query(there)
    rows = np.arange(len(here))
    good = (reach <= SAME_SPOT_M) & (back[nearest] == rows)
    return list(zip(gone.index[good], come.index[nearest[good]], strict=True))


def _plane(trees: pd.DataFrame, anchor: pd.DataFrame) -> Numbers:
    """Metres east and north of the anchor's middle; exact to millimetres within a spot."""
    middle = np.radians(anchor["latitude_deg"].mean())
    scale = 111_320.0
    east = (trees["longitude_deg"] - anchor["longitude_deg"].mean()) * scale * np.cos(middle)
    north = (trees["latitude_deg"] - anchor["latitude_deg"].mean()) * scale
    return np.column_stack([east, north])
