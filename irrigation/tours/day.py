"""The tours of one day from places to lines on the map: snap, solve, check, draw. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from shapely.geometry import LineString

from gis.street_graph import Street, StreetGraph, build, straight_s
from irrigation.tours.parts import Asked, Handling, stops_of
from irrigation.tours.problem import NO_WAY_S, Problem, Refill, Route, Unserved, Vehicle, Visit
from irrigation.tours.solve import solve
from irrigation.tours.wire import DayAnswer, DayRequest, Spot, Tour, TourStop

STREET_GRAPH = "street graph"
CROW = "straight line × factor"
BREAK_ABOVE_S = 6 * 3600  # ArbZG § 4: a break for more than six hours of work


def plan_day(request: DayRequest, progress: Callable[[float], None]) -> DayAnswer:
    """Find the day's tours; raise TourFaultError where the independent check refuses them."""
    trees = [one for one in request.trees if one.spot is not None]
    spots: list[Spot] = [one.spot for one in trees if one.spot is not None]
    for crew in request.crews:
        spots += [crew.start, crew.end]
    spots += [one.spot for one in request.hydrants]
    places = np.array(spots, dtype=np.float64).reshape(-1, 2)
    graph = _graph(request, places)
    problem, unserved = _problem(request, graph, places)
    progress(0.1)
    found = solve(
        problem, limit_s=request.limit_s, progress=lambda share: progress(0.1 + 0.85 * share)
    )
    unserved |= found.unserved
    unserved |= {one.tree_id: Unserved.NO_POSITION for one in request.trees if one.spot is None}
    routes = found.solution.routes
    lines = _lines(graph, places, routes, request.crow_factor)
    return DayAnswer(
        driving_times=CROW if graph is None else STREET_GRAPH,
        solver=found.solution.solver,
        tours=[
            _tour(request, found.problem, route, line, length_m, places)
            for route, (line, length_m) in zip(routes, lines, strict=True)
        ],
        unserved={tree_id: why.value for tree_id, why in unserved.items()},
    )


def _graph(request: DayRequest, places: np.ndarray) -> StreetGraph | None:
    if not request.ways or not len(places):
        return None
    return build([Street(LineString(one.line), one.speed_kmh) for one in request.ways], places)


def _problem(
    request: DayRequest, graph: StreetGraph | None, places: np.ndarray
) -> tuple[Problem, dict[str, Unserved]]:
    trees = [one for one in request.trees if one.spot is not None]
    off_m = np.zeros(len(places)) if graph is None else graph.off_street_m
    asked = [
        Asked(one.tree_id, number, one.litres, one.is_urgent, float(off_m[number]))
        for number, one in enumerate(trees)
    ]
    largest_l = max((one.tank_l for one in request.crews), default=None)
    handling = Handling(**request.handling)
    stops, unserved = stops_of(asked, largest_tank_l=largest_l, handling=handling)
    first = len(trees)
    vehicles = tuple(
        Vehicle(
            vehicle_id=crew.vehicle_id,
            tank_l=crew.tank_l,
            water_l=crew.water_l,
            start=first + 2 * number,
            end=first + 2 * number + 1,
            begins_s=crew.begins_s,
            ends_s=crew.ends_s,
        )
        for number, crew in enumerate(request.crews)
    )
    first += 2 * len(request.crews)
    refills = tuple(
        Refill(one.name, first + number, one.flow_l_min, one.setup_s)
        for number, one in enumerate(request.hydrants)
    )
    travel_s = _travel(request, graph, places)
    return Problem(tuple(stops), vehicles, refills, travel_s), unserved


def _travel(request: DayRequest, graph: StreetGraph | None, places: np.ndarray) -> np.ndarray:
    if graph is None:
        factor, speed = request.crow_factor, request.crow_speed_kmh
        seconds = straight_s(places, factor=factor, speed_kmh=speed)
    else:
        seconds = graph.travel_s()
    return np.where(np.isfinite(seconds), np.ceil(seconds), NO_WAY_S).astype(np.int64)


def _lines(
    graph: StreetGraph | None, places: np.ndarray, routes: Sequence[Route], factor: float
) -> list[tuple[list[Spot], float]]:
    """Draw each route: along the streets, or straight and lengthened by the factor."""
    drawn: list[tuple[list[Spot], float]] = []
    for route in routes:
        stops = [visit.place for visit in route.visits]
        if graph is None:
            line = LineString(places[stops])
            drawn.append((list(line.coords), line.length * factor))
            continue
        ways = graph.ways(list(pairwise(stops)))
        coordinates = [spot for way in ways for spot in way.coords]
        thinned = [coordinates[0], *(b for a, b in pairwise(coordinates) if a != b)]
        if len(thinned) < 2:
            thinned = thinned * 2
        drawn.append((thinned, sum(way.length for way in ways)))
    return drawn


def _tour(
    request: DayRequest,
    problem: Problem,
    route: Route,
    line: list[Spot],
    length_m: float,
    places: np.ndarray,
) -> Tour:
    crew = request.crews[route.vehicle]
    return Tour(
        vehicle_id=crew.vehicle_id,
        begins_full_l=crew.water_l,
        litres=sum(visit.litres for visit in route.visits if visit.kind == "tree"),
        length_m=length_m,
        stops=_with_break(
            [_stop(problem, visit, places) for visit in route.visits], request.break_s
        ),
        line=line,
    )


def _stop(problem: Problem, visit: Visit, places: np.ndarray) -> TourStop:
    x_m, y_m = places[visit.place]
    stop = None if visit.stop is None else problem.stops[visit.stop]
    return TourStop(
        kind=visit.kind,
        spot=(float(x_m), float(y_m)),
        litres=visit.litres,
        arrives_s=visit.arrives_s,
        leaves_s=visit.leaves_s,
        tree_id=stop.tree_id if stop else None,
        part=stop.part if stop else 1,
        parts=stop.parts if stop else 1,
        name="" if visit.refill is None else problem.refills[visit.refill].name,
    )


def _with_break(stops: list[TourStop], break_s: int) -> list[TourStop]:
    """Put the break behind the stop in the middle of a long shift; all later times move.

    The shift counts working time, so the break comes on top of it.
    """
    begins_s, ends_s = stops[0].leaves_s, stops[-1].arrives_s
    if ends_s - begins_s <= BREAK_ABOVE_S or not break_s:
        return stops
    middle_s = (begins_s + ends_s) / 2
    middle = next(n for n, stop in enumerate(stops) if stop.leaves_s >= middle_s)
    middle = min(middle, len(stops) - 2)
    moved = list(stops[:middle])
    for number, stop in enumerate(stops[middle:], start=middle):
        is_here = number == middle
        moved.append(
            TourStop(
                kind=stop.kind,
                spot=stop.spot,
                litres=stop.litres,
                arrives_s=stop.arrives_s + (0 if is_here else break_s),
                leaves_s=stop.leaves_s + break_s,
                break_s=break_s if is_here else 0,
                tree_id=stop.tree_id,
                part=stop.part,
                parts=stop.parts,
                name=stop.name,
            )
        )
    return moved
