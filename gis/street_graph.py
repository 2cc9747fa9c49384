"""Driving times over the city's own street segments: snap places to streets, take quickest ways.

Pure values in metres of the city's CRS. The segments say nothing of one-way streets, turn bans or
traffic, so neither does the graph: each segment is driven both ways at the speed of its class.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import KDTree
from shapely import STRtree, points
from shapely.geometry import LineString
from shapely.ops import substring

Numbers = NDArray[np.float64]
JOIN_M = 1.0  # ends of segments this close are one junction
SHORTEST_M = 0.01  # scipy's graphs lose edges of length zero
AT_ONCE = 64  # starts per search: keeps the table of a large city in memory


@dataclass(frozen=True, slots=True)
class Street:
    """A segment as the graph needs it."""

    line: LineString  # in metres
    speed_kmh: float


@dataclass(frozen=True, slots=True)
class StreetGraph:
    """Streets cut at junctions and at the `n` places asked for; node `i < n` is place `i`."""

    off_street_m: Numbers  # (n,) from each place to its street
    seconds: csr_array  # edges
    pieces: dict[tuple[int, int], LineString] = field(repr=False)
    places: Numbers = field(repr=False)  # (n, 2) as given

    def travel_s(self) -> Numbers:
        """Seconds between all places `(n, n)`; infinite where no street leads."""
        count = len(self.places)
        found = np.empty((count, count))
        for start in range(0, count, AT_ONCE):
            sources = np.arange(start, min(start + AT_ONCE, count))
            found[sources] = dijkstra(self.seconds, indices=sources)[:, :count]
        return found

    def ways(self, legs: Sequence[tuple[int, int]]) -> list[LineString]:
        """Draw the quickest way of each leg; raise ValueError for one no street leads along."""
        drawn: dict[tuple[int, int], LineString] = {}
        starts = sorted({start for start, _ in legs})
        for first in range(0, len(starts), AT_ONCE):
            sources = starts[first : first + AT_ONCE]
            _, before = dijkstra(self.seconds, indices=sources, return_predecessors=True)
            rows = dict(zip(sources, before, strict=True))
            for start, end in legs:
                if start in rows:
                    drawn[start, end] = self._way(rows[start], start, end)
        return [drawn[leg] for leg in legs]

    def _way(self, before: NDArray[np.int32], start: int, end: int) -> LineString:
        nodes = [end]
        while nodes[-1] != start:
            step = int(before[nodes[-1]])
            if step < 0:
                raise ValueError(f"no street leads from place {start} to place {end}")
            nodes.append(step)
        coordinates: list[tuple[float, float]] = []
        for a, b in zip(nodes[:0:-1], nodes[-2::-1], strict=True):
            coordinates += self.pieces[a, b].coords
        if len(coordinates) < 2:
            x_m, y_m = self.places[start]
            coordinates = [(x_m, y_m), (x_m, y_m)]
        return LineString(coordinates)


def build(streets: Sequence[Street], places: Numbers) -> StreetGraph:
    """Join the streets where they meet and put each place `(n, 2)` on its nearest street.

    An end that touches another street midway is a junction too: registers often leave the through
    road uncut. Crossings without an end stay uncut: they may be bridges.

    Raises ValueError without streets.
    """
    if not streets:
        raise ValueError("a street graph needs at least one street")
    lines = [one.line for one in streets]
    tree = STRtree(lines)
    spots = points(places)
    nearest = tree.nearest(spots)
    cuts: list[list[tuple[float, int]]] = [[] for _ in streets]
    off_street_m = np.empty(len(places))
    for place, (street, spot) in enumerate(zip(nearest, spots, strict=True)):
        cuts[street].append((lines[street].project(spot), place))
        off_street_m[place] = lines[street].distance(spot)
    nodes = len(places) + _add_junctions(lines, tree, cuts, first_node=len(places))
    return _cut(streets, cuts, nodes, off_street_m, places)


def _add_junctions(
    lines: list[LineString], tree: STRtree, cuts: list[list[tuple[float, int]]], *, first_node: int
) -> int:
    """Number the junctions, cut each street where it has one, and return how many there are."""
    ends = np.array([end for line in lines for end in (line.coords[0], line.coords[-1])])[:, :2]
    pairs = KDTree(ends).query_pairs(JOIN_M, output_type="ndarray")
    touching = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=[len(ends)] * 2)
    count, junction = connected_components(touching, directed=False)
    own = np.repeat(np.arange(len(lines)), 2)
    touched = tree.query(points(ends), predicate="dwithin", distance=JOIN_M)
    for end, street in zip(*touched, strict=True):
        line, node = lines[street], first_node + int(junction[end])
        if own[end] != street:
            cuts[street].append((line.project(points(ends[end])), node))
    for end, street in enumerate(own):
        cuts[street].append(
            (0.0 if end % 2 == 0 else lines[street].length, first_node + junction[end])
        )
    return int(count)


def _cut(
    streets: Sequence[Street],
    cuts: list[list[tuple[float, int]]],
    nodes: int,
    off_street_m: Numbers,
    places: Numbers,
) -> StreetGraph:
    seconds: dict[tuple[int, int], float] = {}
    pieces: dict[tuple[int, int], LineString] = {}
    for a, b, piece, takes_s in _pieces(streets, cuts):
        if takes_s < seconds.get((a, b), np.inf):
            seconds[a, b] = seconds[b, a] = takes_s
            pieces[a, b], pieces[b, a] = piece, piece.reverse()
    keys = np.array(list(seconds), dtype=np.int64).reshape(-1, 2)
    edges = csr_array(
        (np.fromiter(seconds.values(), float), (keys[:, 0], keys[:, 1])), shape=(nodes, nodes)
    )
    return StreetGraph(off_street_m, edges, pieces, places)


def _pieces(
    streets: Sequence[Street], cuts: list[list[tuple[float, int]]]
) -> Iterator[tuple[int, int, LineString, float]]:
    """Yield the streets from cut to cut: both nodes, the line and the seconds."""
    for street, marks in zip(streets, cuts, strict=True):
        ordered = sorted(marks)
        for (from_m, a), (to_m, b) in pairwise(ordered):
            if a == b:
                continue
            length_m = max(to_m - from_m, SHORTEST_M)
            piece = substring(street.line, from_m, to_m)
            if piece.geom_type == "Point":
                piece = LineString([piece.coords[0], piece.coords[0]])
            yield int(a), int(b), piece, length_m / street.speed_kmh * 3.6


def straight_s(places: Numbers, *, factor: float, speed_kmh: float) -> Numbers:
    """Seconds between places `(n, 2)` as the crow flies × factor: for a city without streets."""
    apart_m = np.linalg.norm(places[:, None, :] - places[None, :, :], axis=2)
    return np.asarray(apart_m * factor / speed_kmh * 3.6, np.float64)
