"""Plant Musterstadt's street trees, with the faults a real register has, and their sensors.

Numbers repeat, years are unknown, a girth is in millimetres, trees are felled, stands are one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from simulator.plan import DISTRICTS, WIDTH_M
from simulator.town import Segment, segments

TREES = 600
SENSOR_SHARE = 0.05
SPACING_M = 13.0
FROM_JUNCTION_M = 9.0
BEHIND_KERB_M = 1.6
SURVEYED_IN = 2026
SPECIES = {  # botanical name: German name, girth in cm gained a year
    "Tilia cordata": ("Winterlinde", 2.6),
    "Acer platanoides": ("Spitzahorn", 2.8),
    "Acer campestre": ("Feldahorn", 2.0),
    "Platanus x hispanica": ("Ahornblättrige Platane", 3.4),
    "Quercus robur": ("Stieleiche", 2.3),
    "Aesculus hippocastanum": ("Gewöhnliche Rosskastanie", 2.7),
    "Robinia pseudoacacia": ("Robinie", 2.6),
    "Betula pendula": ("Hängebirke", 2.4),
    "Fraxinus excelsior": ("Gemeine Esche", 2.6),
    "Carpinus betulus": ("Hainbuche", 1.9),
    "Prunus avium": ("Vogelkirsche", 2.2),
}
NAMED_AFTER = {
    "Lindenstraße": "Tilia cordata",
    "Kastanienallee": "Aesculus hippocastanum",
    "Birkenweg": "Betula pendula",
    "Ahornweg": "Acer platanoides",
    "Eichenweg": "Quercus robur",
}
GROUND = {  # invented geology: the two commonest soils of a district, the first twice as common
    "Altstadt": ("lehmiger Sand", "Sand"),
    "Nordstadt": ("Schluff", "Lehm"),
    "Ostviertel": ("Sand", "sandiger Lehm"),
    "Westviertel": ("sandiger Lehm", "Lehm"),
    "Mühlenvorstadt": ("Ton", "Schluff"),
}
PLANTED_IN = "Pflanzsubstrat"
PLANTED_IN_SINCE = 2011
SOIL_KNOWN = 0.8  # share of trees whose ground somebody wrote down
UNREADABLE = "siehe Akte"


@dataclass(frozen=True, slots=True)
class StreetTree:
    """One row of the register; None is an empty field."""

    number: str
    species: str
    german: str
    planted_year: int | None
    girth_cm: int | None
    crown_m: float | None
    height_m: float | None
    pit_m2: float | None
    soil: str  # as the town hall wrote it; "" is an empty field
    street: str
    district: str
    felled: bool
    x_m: float
    y_m: float


def plant(*, seed: int) -> list[StreetTree]:
    """Return the register, the same for the same seed."""
    random = np.random.default_rng([seed, 7])
    spots = list(_spots())
    chosen = sorted(random.permutation(len(spots))[:TREES].tolist())
    trees = [_tree(random, *spots[place], number=1001 + row) for row, place in enumerate(chosen)]
    return _with_soil(np.random.default_rng([seed, 9]), _with_faults(random, trees))


def sensor_trees(trees: list[StreetTree], *, seed: int) -> list[StreetTree]:
    """Return the trees that carry a sensor: standing, with a number of their own."""
    numbers = [tree.number for tree in trees]
    able = [
        tree
        for tree in trees
        if not tree.felled and tree.species in SPECIES and numbers.count(tree.number) == 1
    ]
    random = np.random.default_rng([seed, 8])
    places = sorted(random.permutation(len(able))[: round(TREES * SENSOR_SHARE)].tolist())
    return [able[place] for place in places]


def _spots() -> Iterator[tuple[Segment, float, float]]:
    """Yield the places for trees: both sides of every street that is wide enough."""
    for piece in segments():
        if piece.road_class == "living_street":
            continue  # lanes of the old town: no room
        points = np.array(piece.line, float)
        steps = np.hypot(*np.diff(points, axis=0).T)
        along = np.concatenate([[0.0], np.cumsum(steps)])
        beside = WIDTH_M[piece.road_class] / 2 + BEHIND_KERB_M
        for at_m in np.arange(FROM_JUNCTION_M, along[-1] - FROM_JUNCTION_M, SPACING_M):
            leg = min(int(np.searchsorted(along, at_m, side="right")) - 1, len(steps) - 1)
            ahead = (points[leg + 1] - points[leg]) / steps[leg]
            middle = points[leg] + ahead * (at_m - along[leg])
            for side in (-1.0, 1.0):
                x_m, y_m = middle + side * beside * np.array([ahead[1], -ahead[0]])
                yield piece, float(x_m), float(y_m)


def _tree(
    random: np.random.Generator, piece: Segment, x_m: float, y_m: float, *, number: int
) -> StreetTree:
    names = list(SPECIES)
    species = NAMED_AFTER.get(piece.name) or names[int(random.integers(len(names)))]
    german, growth_cm = SPECIES[species]
    is_young = random.random() < 0.3
    age = int(random.integers(0, 6)) if is_young else int(random.integers(8, 75))
    girth_cm = round(18 + growth_cm * age * float(random.uniform(0.8, 1.15)))
    crown_m = round(1.6 + 0.055 * girth_cm * float(random.uniform(0.85, 1.15)) * 2) / 2
    is_known = is_young or random.random() < 0.45  # old plantings were never written down
    pit_m2 = round(float(random.uniform(2.0, 9.0)) * 2) / 2
    return StreetTree(
        number=str(number),
        species=species,
        german=german,
        planted_year=SURVEYED_IN - age if is_known else None,
        girth_cm=girth_cm,
        crown_m=crown_m,
        height_m=round(2.5 + 0.11 * girth_cm, 1),
        pit_m2=pit_m2 if random.random() < 0.6 else None,
        soil="",
        street=piece.name,
        district=DISTRICTS[piece.district_id][0],
        felled=False,
        x_m=x_m,
        y_m=y_m,
    )


def _with_faults(random: np.random.Generator, trees: list[StreetTree]) -> list[StreetTree]:
    """Put in what every register holds: each fault at other trees, in a fixed order."""
    rows = random.permutation(len(trees)).tolist()
    told = list(trees)
    for row in rows[:18]:
        told[row] = replace(told[row], felled=True)
    for row in rows[18:23]:
        told[row] = replace(
            told[row], species="Baumgruppe", german="", girth_cm=None, planted_year=None
        )
    for row in rows[23:26]:
        told[row] = replace(told[row], species="Leerstelle", german="", girth_cm=None)
    for row, other in zip(rows[26:38], rows[38:50], strict=True):
        told[row] = replace(told[row], number=told[other].number)
    for row in rows[50:53]:
        told[row] = replace(told[row], girth_cm=(told[row].girth_cm or 0) * 10 + 900)
    told[rows[53]] = replace(told[rows[53]], planted_year=2206)  # a swapped digit
    for row in rows[54:60]:
        told[row] = replace(told[row], species="unbekannt", german="", planted_year=None)
    for row in rows[60:75]:
        told[row] = replace(told[row], girth_cm=None, crown_m=None, planted_year=None)
    return told


def _with_soil(random: np.random.Generator, trees: list[StreetTree]) -> list[StreetTree]:
    """Write down the ground: what grew there by street, substrate in the pits of young trees."""
    grown: dict[tuple[str, str], str] = {}
    told = []
    for tree in trees:
        common, rarer = GROUND[tree.district]
        draw, known = random.random(2)
        here = grown.setdefault((tree.district, tree.street), common if draw < 2 / 3 else rarer)
        soil = PLANTED_IN if (tree.planted_year or 0) >= PLANTED_IN_SINCE else here
        told.append(replace(tree, soil=soil if known < SOIL_KNOWN else ""))
    for row in random.permutation(len(told))[:4].tolist():
        told[row] = replace(told[row], soil=UNREADABLE)
    return told
