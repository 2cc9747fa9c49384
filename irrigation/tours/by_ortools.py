"""Tours by OR-tools: refilling is part of its model, so it may move anything anywhere.

Refill points are optional nodes that take the used water back down. The model cannot make the time
of filling depend on the water: it counts half a tank; the replay counts the truth, drops what then
does not fit, and `insert_left` puts it elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from irrigation.tours.insert import insert_left
from irrigation.tours.problem import NO_WAY_S, Problem, Solution, Step, Visit
from irrigation.tours.replay import solution_of, steps_of

PENALTY_S = 3_600  # seconds of work that one point of weight is worth
MOST_REFILLS = 60  # nodes for refilling in all


@dataclass(frozen=True, slots=True)
class _Nodes:
    """Nodes of the model: stops, then refills (each point several times), then starts and ends."""

    stops: int
    refills: list[int]  # refill point of each refill node
    places: list[int]  # place of each node

    def step(self, node: int) -> Step:
        """Return the node as a step of a tour."""
        if node < self.stops:
            return ("tree", node)
        return ("refill", self.refills[node - self.stops])


def solve(problem: Problem, *, limit_s: float, start: Solution | None = None) -> Solution:
    """Search for `limit_s`, from a given solution or from the model's own first one."""
    nodes = _nodes(problem)
    manager, routing = _model(problem, nodes, latest_s=_latest(problem, start))
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    strategy = routing_enums_pb2.FirstSolutionStrategy
    parameters.first_solution_strategy = strategy.PARALLEL_CHEAPEST_INSERTION
    heuristic = routing_enums_pb2.LocalSearchMetaheuristic
    parameters.local_search_metaheuristic = heuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(limit_s * 1000))
    name = "ortools" if start is None else f"{start.solver}+ortools"
    if start is None:
        answer = routing.SolveWithParameters(parameters)
    else:
        routing.CloseModelWithParameters(parameters)
        first = routing.ReadAssignmentFromRoutes(_routes(problem, nodes, start), True)
        answer = first and routing.SolveFromAssignmentWithParameters(first, parameters)
    if not answer:
        return start or solution_of(problem, [[] for _ in problem.vehicles], name)
    plans = _read(problem, nodes, manager, routing, answer)
    return insert_left(problem, solution_of(problem, plans, name))


def _nodes(problem: Problem) -> _Nodes:
    litres = sum(one.litres for one in problem.stops)
    smallest_l = min(one.tank_l for one in problem.vehicles)
    wanted = ceil(litres / smallest_l) + 2 * len(problem.vehicles)
    each = min(wanted, MOST_REFILLS // max(1, len(problem.refills)))
    refills = [index for index in range(len(problem.refills)) for _ in range(each)]
    places = [one.place for one in problem.stops]
    places += [problem.refills[index].place for index in refills]
    places += [one.start for one in problem.vehicles] + [one.end for one in problem.vehicles]
    return _Nodes(len(problem.stops), refills, places)


def _latest(problem: Problem, start: Solution | None) -> list[int]:
    """End of each shift; later where the model's filling takes longer than the start's."""
    latest_s = [one.ends_s for one in problem.vehicles]
    for route in start.routes if start else ():
        vehicle = problem.vehicles[route.vehicle]
        more_s = sum(
            max(0, _fill_s(problem, visit.refill, vehicle.tank_l) - _stay_s(visit))
            for visit in route.visits
            if visit.refill is not None
        )
        latest_s[route.vehicle] = max(vehicle.ends_s, route.visits[-1].arrives_s + more_s)
    return latest_s


def _fill_s(problem: Problem, refill: int, tank_l: int) -> int:
    return problem.refills[refill].fill_s(tank_l / 2)


def _stay_s(visit: Visit) -> int:
    return visit.leaves_s - visit.arrives_s


def _model(
    problem: Problem, nodes: _Nodes, *, latest_s: list[int]
) -> tuple[pywrapcp.RoutingIndexManager, pywrapcp.RoutingModel]:
    count, vehicles = len(nodes.places), len(problem.vehicles)
    starts = list(range(count - 2 * vehicles, count - vehicles))
    ends = list(range(count - vehicles, count))
    manager = pywrapcp.RoutingIndexManager(count, vehicles, starts, ends)
    routing = pywrapcp.RoutingModel(manager)
    _add_time(problem, nodes, routing, latest_s)
    _add_water(problem, nodes, manager, routing)
    for node in range(nodes.stops):
        penalty = problem.stops[node].weight * PENALTY_S
        routing.AddDisjunction([manager.NodeToIndex(node)], penalty)
    for node in range(nodes.stops, nodes.stops + len(nodes.refills)):
        routing.AddDisjunction([manager.NodeToIndex(node)], 0)
    return manager, routing


def _add_time(
    problem: Problem,
    nodes: _Nodes,
    routing: pywrapcp.RoutingModel,
    latest_s: list[int],
) -> None:
    drive_s = problem.travel_s[np.ix_(nodes.places, nodes.places)]
    drive_s = np.minimum(drive_s, NO_WAY_S)
    by_tank: dict[int, int] = {}
    callbacks = []
    for number, vehicle in enumerate(problem.vehicles):
        if vehicle.tank_l not in by_tank:
            stay_s = [one.service_s for one in problem.stops]
            stay_s += [_fill_s(problem, index, vehicle.tank_l) for index in nodes.refills]
            stay_s += [0] * (len(nodes.places) - len(stay_s))
            table = drive_s + np.array(stay_s, np.int64)[:, None]
            by_tank[vehicle.tank_l] = routing.RegisterTransitMatrix(table.tolist())
        callbacks.append(by_tank[vehicle.tank_l])
        routing.SetArcCostEvaluatorOfVehicle(callbacks[-1], number)
    routing.AddDimensionWithVehicleTransits(callbacks, 0, max(latest_s), False, "time")
    time = routing.GetDimensionOrDie("time")
    for number, vehicle in enumerate(problem.vehicles):
        time.CumulVar(routing.Start(number)).SetRange(vehicle.begins_s, vehicle.begins_s)
        time.CumulVar(routing.End(number)).SetMax(latest_s[number])


def _add_water(
    problem: Problem,
    nodes: _Nodes,
    manager: pywrapcp.RoutingIndexManager,
    routing: pywrapcp.RoutingModel,
) -> None:
    """Count used water: up at trees, down by any amount at refill points."""
    largest_l = max(one.tank_l for one in problem.vehicles)
    used = [one.litres for one in problem.stops] + [-largest_l for _ in nodes.refills]
    used += [0] * (len(nodes.places) - len(used))
    transit = routing.RegisterUnaryTransitVector(used)
    tanks = [one.tank_l for one in problem.vehicles]
    routing.AddDimensionWithVehicleCapacity(transit, largest_l, tanks, False, "used")
    dimension = routing.GetDimensionOrDie("used")
    for number, vehicle in enumerate(problem.vehicles):
        gone_l = vehicle.tank_l - vehicle.water_l
        dimension.CumulVar(routing.Start(number)).SetRange(gone_l, gone_l)
        dimension.SlackVar(routing.Start(number)).SetValue(0)
    for node in range(nodes.stops):
        dimension.SlackVar(manager.NodeToIndex(node)).SetValue(0)


def _routes(problem: Problem, nodes: _Nodes, start: Solution) -> list[list[int]]:
    """Write a solution as nodes; each visit to a refill point takes a node of its own."""
    free: dict[int, list[int]] = {}
    for offset, index in enumerate(nodes.refills):
        free.setdefault(index, []).append(nodes.stops + offset)
    routes: list[list[int]] = []
    for steps in steps_of(problem, start):
        route = []
        for kind, index in steps:
            if kind == "tree":
                route.append(index)
            elif free.get(index):
                route.append(free[index].pop())
        routes.append(route)
    return routes


def _read(
    problem: Problem,
    nodes: _Nodes,
    manager: pywrapcp.RoutingIndexManager,
    routing: pywrapcp.RoutingModel,
    answer: pywrapcp.Assignment,
) -> list[list[Step]]:
    plans = []
    for number in range(len(problem.vehicles)):
        steps = []
        index = answer.Value(routing.NextVar(routing.Start(number)))
        while not routing.IsEnd(index):
            steps.append(nodes.step(manager.IndexToNode(index)))
            index = answer.Value(routing.NextVar(index))
        plans.append(steps)
    return plans
