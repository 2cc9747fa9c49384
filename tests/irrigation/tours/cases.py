"""Made-up days: trees along a grid of streets, vehicles with tanks, hydrants."""

from __future__ import annotations

import numpy as np
from shapely.geometry import LineString

from gis.street_graph import Street, build
from irrigation.tours.parts import Asked, Handling, stops_of
from irrigation.tours.problem import NO_WAY_S, Problem, Refill, Vehicle

BLOCK_M = 150.0
SHIFT_S = int(7.5 * 3600)
BEGINS_S = 6 * 3600


def grid(blocks: int) -> list[Street]:
    """Streets of a square town; every fifth is a quicker one."""
    streets = []
    for row in range(blocks + 1):
        speed_kmh = 40.0 if row % 5 == 0 else 20.0
        for column in range(blocks):
            a, b, other = column * BLOCK_M, (column + 1) * BLOCK_M, row * BLOCK_M
            streets.append(Street(LineString([(a, other), (b, other)]), speed_kmh))
            streets.append(Street(LineString([(other, a), (other, b)]), speed_kmh))
    return streets


def day(
    *,
    trees: int,
    tanks_l: tuple[int, ...] = (1400, 12000),
    refills: int = 2,
    blocks: int = 20,
    litres: tuple[int, int] = (50, 150),
    shift_s: int = SHIFT_S,
    seed: int = 1,
) -> Problem:
    """A day of a made-up town; the depot is its south-western corner, where a hydrant stands."""
    rng = np.random.default_rng(seed)
    side_m = blocks * BLOCK_M
    along = rng.uniform(0, side_m, trees)
    street = rng.integers(0, blocks + 1, trees) * BLOCK_M
    turned = rng.random(trees) < 0.5
    spots = np.column_stack([np.where(turned, street, along), np.where(turned, along, street)])
    hydrants = rng.uniform(0, side_m, (refills, 2))
    if refills:
        hydrants[0] = (0.0, 0.0)
    places = np.vstack([spots, [[0.0, 0.0]], hydrants])
    graph = build(grid(blocks), places)
    travel = graph.travel_s()
    travel_s = np.where(np.isfinite(travel), np.ceil(travel), NO_WAY_S).astype(np.int64)
    asked = [
        Asked(f"t{n:04}", n, int(rng.integers(litres[0], litres[1]) // 10 * 10), n % 3 == 0, 5.0)
        for n in range(trees)
    ]
    stops, _ = stops_of(asked, largest_tank_l=max(tanks_l, default=None), handling=Handling())
    return Problem(
        stops=tuple(stops),
        vehicles=tuple(
            Vehicle(f"v{n}", tank, tank, trees, trees, BEGINS_S, BEGINS_S + shift_s)
            for n, tank in enumerate(tanks_l)
        ),
        refills=tuple(Refill(f"hydrant {n}", trees + 1 + n, 400.0, 300) for n in range(refills)),
        travel_s=travel_s,
    )
