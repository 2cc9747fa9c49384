"""Put stops that were left out where they cost least, the worst to miss first."""

from __future__ import annotations

from dataclasses import replace

from irrigation.tours.problem import NO_WAY_S, Problem, Solution, Step
from irrigation.tours.replay import replay, solution_of, steps_of

CLOSEST = 8  # places to try per stop and vehicle: the cheapest ones by driving time


def insert_left(problem: Problem, solution: Solution) -> Solution:
    """Return a solution that serves all that still fits between the stops, or behind a refill."""
    plans = steps_of(problem, solution)
    order = sorted(solution.left, key=lambda n: (-problem.stops[n].weight, n))
    for number in order:
        _insert(problem, plans, number)
    return replace(solution_of(problem, plans, solution.solver), solver=solution.solver)


def _insert(problem: Problem, plans: list[list[Step]], number: int) -> None:
    tries: list[tuple[int, int, list[Step]]] = []
    for vehicle, steps in enumerate(plans):
        for extra_s, changed in _candidates(problem, vehicle, steps, number):
            tries.append((extra_s, vehicle, changed))
    for _, vehicle, changed in sorted(tries, key=lambda one: one[:2]):
        if replay(problem, vehicle, changed) is not None:
            plans[vehicle] = changed
            return


def _candidates(
    problem: Problem, vehicle: int, steps: list[Step], number: int
) -> list[tuple[int, list[Step]]]:
    """Offer the cheapest gaps, and the end of the tour behind one more refill."""
    here = problem.stops[number].place
    places = [problem.vehicles[vehicle].start]
    places += [(problem.stops if k == "tree" else problem.refills)[i].place for k, i in steps]
    places.append(problem.vehicles[vehicle].end)
    offers: list[tuple[int, list[Step]]] = []
    for gap in range(len(steps) + 1):
        before, after = places[gap], places[gap + 1]
        extra_s = problem.drive_s(before, here) + problem.drive_s(here, after)
        extra_s -= problem.drive_s(before, after)
        if extra_s < NO_WAY_S:
            offers.append((extra_s, [*steps[:gap], ("tree", number), *steps[gap:]]))
    offers = sorted(offers, key=lambda one: one[0])[:CLOSEST]
    for index, refill in enumerate(problem.refills):
        extra_s = problem.drive_s(places[-2], refill.place) + problem.drive_s(refill.place, here)
        extra_s += refill.fill_s(problem.vehicles[vehicle].tank_l)
        offers.append((extra_s, [*steps, ("refill", index), ("tree", number)]))
    return offers
