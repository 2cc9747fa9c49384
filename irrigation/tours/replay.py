"""Drive steps through the day: times, tank, shift. Solvers propose, this counts."""

from __future__ import annotations

from collections.abc import Sequence

from irrigation.tours.problem import NO_WAY_S, Problem, Route, Solution, Step, Vehicle, Visit


def replay(problem: Problem, number: int, steps: Sequence[Step]) -> Route | None:
    """Return the vehicle's route, or None when tank or shift do not allow it.

    Every refill fills the tank to the brim.
    """
    vehicle = problem.vehicles[number]
    here, now_s, water_l = vehicle.start, vehicle.begins_s, vehicle.water_l
    visits = [Visit("depot", here, now_s, now_s, 0)]
    for kind, index in steps:
        place = (problem.stops if kind == "tree" else problem.refills)[index].place
        drive_s = problem.drive_s(here, place)
        if drive_s >= NO_WAY_S:
            return None
        visit = _visit(problem, vehicle, kind, index, now_s + drive_s, water_l)
        water_l += visit.litres if kind == "refill" else -visit.litres
        if water_l < 0:
            return None
        visits.append(visit)
        here, now_s = place, visit.leaves_s
    home_s = now_s + problem.drive_s(here, vehicle.end)
    if home_s > vehicle.ends_s:
        return None
    visits.append(Visit("depot", vehicle.end, home_s, home_s, 0))
    return Route(number, tuple(visits))


def _visit(
    problem: Problem, vehicle: Vehicle, kind: str, index: int, arrives_s: int, water_l: int
) -> Visit:
    if kind == "refill":
        refill = problem.refills[index]
        litres = vehicle.tank_l - water_l
        leaves_s = arrives_s + refill.fill_s(litres)
        return Visit("refill", refill.place, arrives_s, leaves_s, litres, refill=index)
    stop = problem.stops[index]
    leaves_s = arrives_s + stop.service_s
    return Visit("tree", stop.place, arrives_s, leaves_s, stop.litres, stop=index)


def solution_of(problem: Problem, plans: Sequence[Sequence[Step]], solver: str) -> Solution:
    """Turn one list of steps per vehicle into a solution; a plan that does not fit is shortened.

    The last stops go first: solvers put the time they are sure of in front.
    """
    routes = []
    for number, steps in enumerate(plans):
        kept = tidy(steps)
        while kept and (route := replay(problem, number, kept)) is None:
            kept = tidy(kept[:-1])
        if kept and route is not None:
            routes.append(route)
    served = {visit.stop for route in routes for visit in route.visits}
    left = tuple(number for number in range(len(problem.stops)) if number not in served)
    return Solution(tuple(routes), left, solver)


def steps_of(problem: Problem, solution: Solution) -> list[list[Step]]:
    """Turn a solution back into one list of steps per vehicle."""
    plans: list[list[Step]] = [[] for _ in problem.vehicles]
    for route in solution.routes:
        for visit in route.visits:
            if visit.stop is not None:
                plans[route.vehicle].append(("tree", visit.stop))
            elif visit.refill is not None:
                plans[route.vehicle].append(("refill", visit.refill))
    return plans


def tidy(steps: Sequence[Step]) -> list[Step]:
    """Drop refills that nothing follows, and all but the last of several in a row."""
    kept: list[Step] = []
    for step in steps:
        if step[0] == "refill" and kept and kept[-1][0] == "refill":
            kept[-1] = step
        else:
            kept.append(step)
    while kept and kept[-1][0] == "refill":
        kept.pop()
    return kept
