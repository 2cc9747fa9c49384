"""Tours by VROOM: its local search is quick, but it knows no refilling.

So each shift is cut into trips of equal length, each with one tank, that begin and end at a refill
point; several ways of cutting are tried, what fits is driven through the day, and what was left
out is put in where it costs least.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import vroom

from irrigation.tours.insert import insert_left
from irrigation.tours.problem import NO_WAY_S, Problem, Solution, Step, Vehicle, score
from irrigation.tours.replay import solution_of

EXPLORATION = 0  # of 0..5: more took three times as long and left no fewer trees (tests/bench)
MOST_TRIPS = 12  # per vehicle and shift
CROWDED = 1.15  # offer at most so much more work than the shifts can hold


def solve(problem: Problem, *, limit_s: float, threads: int = 2) -> Solution:
    """Return the best of several ways to cut the shifts."""
    cuts = _cuts(problem)
    found = []
    for trips in cuts:
        plans = _solve_cut(problem, trips, limit_s=limit_s / len(cuts), threads=threads)
        found.append(insert_left(problem, solution_of(problem, plans, "vroom")))
    return min(found, key=lambda one: score(problem, one))


def _cuts(problem: Problem) -> list[tuple[int, ...]]:
    """Guess how many tanks each vehicle empties in its shift, and one more and one less."""
    guessed = tuple(_trips(problem, one) for one in problem.vehicles)
    if not problem.refills:
        return [tuple(1 for _ in guessed)]
    shifted = [tuple(min(max(1, n + by), MOST_TRIPS) for n in guessed) for by in (0, 1, -1)]
    return list(dict.fromkeys(shifted))


def _trips(problem: Problem, vehicle: Vehicle) -> int:
    litres = max(1.0, float(np.mean([one.litres for one in problem.stops] or [1])))
    service_s = float(np.mean([one.service_s for one in problem.stops] or [0]))
    stops = max(1.0, vehicle.tank_l / litres)
    trip_s = stops * (service_s + _usual_drive_s(problem)) + _fill_s(problem, vehicle)
    return min(max(1, round(vehicle.works_s / max(trip_s, 1.0))), MOST_TRIPS)


def _usual_drive_s(problem: Problem) -> float:
    """Guess the drive between neighbouring stops: the median of the way to the fifth nearest."""
    places = [one.place for one in problem.stops]
    if len(places) < 2:
        return 0.0
    near = np.sort(problem.travel_s[np.ix_(places, places)], axis=1)
    return float(np.median(near[:, min(5, len(places) - 1)]))


def _fill_s(problem: Problem, vehicle: Vehicle) -> int:
    return min((one.fill_s(vehicle.tank_l) for one in problem.refills), default=0)


def _solve_cut(
    problem: Problem, trips: Sequence[int], *, limit_s: float, threads: int
) -> list[list[Step]]:
    given = vroom.Input()
    given.set_durations_matrix("car", np.minimum(problem.travel_s, NO_WAY_S).astype(np.uint32))
    names = _add_trips(given, problem, trips)
    given.add_job([_job(problem, number) for number in _shortlist(problem)])
    answer = given.solve(EXPLORATION, nb_threads=threads, timeout=timedelta(seconds=limit_s))
    routes = answer.routes
    jobs = routes[routes["type"] == "job"]
    by_trip = {
        names[int(number)]: [("tree", int(job)) for job in rows["id"]]
        for number, rows in jobs.groupby("vehicle_id", sort=True)
    }
    return _joined(problem, trips, by_trip)


def _job(problem: Problem, number: int) -> vroom.Job:
    stop = problem.stops[number]
    return vroom.Job(
        id=number,
        location=stop.place,
        default_service=stop.service_s,
        delivery=vroom.Amount([stop.litres]),
        priority=stop.weight,
    )


def _shortlist(problem: Problem) -> list[int]:
    """Leave out what certainly does not fit, the lightest and farthest first.

    VROOM spends its time on hopeless stops otherwise; `insert_left` offers them again.
    """
    drive_s = _usual_drive_s(problem)
    depots = sorted({one.start for one in problem.vehicles})
    away_s = problem.travel_s[depots].min(axis=0)
    order = sorted(
        range(len(problem.stops)),
        key=lambda n: (-problem.stops[n].weight, away_s[problem.stops[n].place], n),
    )
    room_s = CROWDED * sum(one.works_s for one in problem.vehicles)
    worked_s = np.cumsum([problem.stops[number].service_s + drive_s for number in order])
    return order[: max(1, int(np.searchsorted(worked_s, room_s)))]


def _add_trips(
    given: vroom.Input, problem: Problem, trips: Sequence[int]
) -> dict[int, tuple[int, int]]:
    """Offer each trip as a vehicle of its own; return which vehicle and trip each one is."""
    names: dict[int, tuple[int, int]] = {}
    for number, (vehicle, count) in enumerate(zip(problem.vehicles, trips, strict=True)):
        slice_s = vehicle.works_s // count
        for trip in range(count):
            base = _base(problem, vehicle) if count > 1 else None
            last = trip == count - 1
            begins_s = vehicle.begins_s + trip * slice_s
            fill_s = 0 if last else _fill_s(problem, vehicle)
            names[len(names)] = (number, trip)
            given.add_vehicle(
                vroom.Vehicle(
                    len(names) - 1,
                    start=vehicle.start if trip == 0 else base,
                    end=vehicle.end if last else base,
                    capacity=[vehicle.water_l if trip == 0 else vehicle.tank_l],
                    time_window=vroom.TimeWindow(
                        begins_s, max(begins_s + slice_s - fill_s, begins_s + 1)
                    ),
                )
            )
    return names


def _base(problem: Problem, vehicle: Vehicle) -> int:
    """The refill point nearest to the trees on the whole, where trips begin and end."""
    trees = [one.place for one in problem.stops] or [vehicle.start]

    def away_s(place: int) -> float:
        return float(np.median(problem.travel_s[trees, place]))

    return min((one.place for one in problem.refills), key=away_s)


def _joined(
    problem: Problem,
    trips: Sequence[int],
    by_trip: dict[tuple[int, int], list[Step]],
) -> list[list[Step]]:
    """String each vehicle's trips together, with the refill point that lies best in between."""
    plans: list[list[Step]] = []
    for number, count in enumerate(trips):
        steps: list[Step] = []
        for trip in range(count):
            following = by_trip.get((number, trip), [])
            if trip and following:
                before = _place(problem, steps, problem.vehicles[number])
                after = problem.stops[following[0][1]].place
                steps.append(("refill", best_refill(problem, before, after)))
            steps += following
        plans.append(steps)
    return plans


def best_refill(problem: Problem, before: int, after: int) -> int:
    """Return the refill point that is the smallest way round between two places."""
    return min(
        range(len(problem.refills)),
        key=lambda index: (
            problem.drive_s(before, problem.refills[index].place)
            + problem.drive_s(problem.refills[index].place, after)
        ),
    )


def _place(problem: Problem, steps: Sequence[Step], vehicle: Vehicle) -> int:
    return problem.stops[steps[-1][1]].place if steps else vehicle.start
