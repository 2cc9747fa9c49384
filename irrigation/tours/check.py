"""An independent check of finished tours: it shares no code with what made them.

A tour that fails here is a fault of the program and is never stored.
"""

from __future__ import annotations

from irrigation.tours.problem import NO_WAY_S, Problem, Route, Solution


def faults(problem: Problem, solution: Solution) -> list[str]:
    """Name everything wrong with the tours; an empty list is a sound solution."""
    found: list[str] = []
    seen: dict[int, int] = {}
    for route in solution.routes:
        found += _route_faults(problem, route)
        for visit in route.visits:
            if visit.kind == "tree" and visit.stop is not None:
                seen[visit.stop] = seen.get(visit.stop, 0) + 1
    vehicles = [route.vehicle for route in solution.routes]
    if len(vehicles) != len(set(vehicles)):
        found.append("a vehicle drives two tours at once")
    for number, stop in enumerate(problem.stops):
        times = seen.get(number, 0) + solution.left.count(number)
        if times != 1:
            found.append(f"tree {stop.tree_id} part {stop.part} appears {times} times, not once")
    return found


def _route_faults(problem: Problem, route: Route) -> list[str]:
    vehicle = problem.vehicles[route.vehicle]
    name = f"vehicle {vehicle.vehicle_id}"
    found: list[str] = []
    first, last = route.visits[0], route.visits[-1]
    if (first.kind, first.place) != ("depot", vehicle.start):
        found.append(f"{name} does not begin where it stands")
    if (last.kind, last.place) != ("depot", vehicle.end):
        found.append(f"{name} does not end at its depot")
    if first.leaves_s < vehicle.begins_s:
        found.append(f"{name} leaves before its shift")
    if last.arrives_s > vehicle.ends_s:
        found.append(f"{name} is back {last.arrives_s - vehicle.ends_s} s after its shift")
    tank_l = vehicle.water_l
    for before, visit in zip(route.visits[:-1], route.visits[1:], strict=True):
        way_s = problem.travel_s[before.place, visit.place]
        if way_s >= NO_WAY_S:
            found.append(f"{name} drives where no street leads")
        if visit.arrives_s < before.leaves_s + way_s:
            found.append(f"{name} arrives sooner than it can drive")
        if visit.kind == "refill" and visit.refill is not None:
            point = problem.refills[visit.refill]
            least_s = point.setup_s + int(visit.litres * 60 / point.flow_l_min) - 1
            tank_l += visit.litres
            if visit.litres < 0 or tank_l > vehicle.tank_l:
                found.append(f"{name} fills {tank_l} L into a tank of {vehicle.tank_l} L")
        elif visit.kind == "tree" and visit.stop is not None:
            stop = problem.stops[visit.stop]
            least_s = stop.service_s
            tank_l -= visit.litres
            if visit.litres != stop.litres or visit.place != stop.place:
                found.append(f"{name} gives tree {stop.tree_id} other litres than planned")
            if tank_l < 0:
                found.append(f"{name} gives {-tank_l} L more than it carries")
        else:
            least_s = 0
            if visit is not last:
                found.append(f"{name} returns to the depot in the middle of its tour")
        if visit.leaves_s - visit.arrives_s < least_s:
            found.append(f"{name} stays shorter than the work takes")
    return found
