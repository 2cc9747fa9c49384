"""Tours keep tank, shift and streets; the check that says so is not the code that made them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from irrigation.tours import by_ortools, by_vroom
from irrigation.tours.check import faults
from irrigation.tours.parts import Asked, Handling, stops_of, why_left, without_unreachable
from irrigation.tours.problem import NO_WAY_S, Solution, Unserved, score
from irrigation.tours.replay import replay, solution_of, steps_of, tidy
from irrigation.tours.solve import solve
from tests.irrigation.tours.cases import day


def unseen(share: float) -> None:
    """Nobody watches the progress, but it stays a share."""
    assert 0 <= share <= 1


def served(solution: Solution) -> set[int]:
    return {
        visit.stop for route in solution.routes for visit in route.visits if visit.stop is not None
    }


def test_both_solvers_make_sound_tours_with_refills_and_the_best_is_kept() -> None:
    problem = day(trees=36, tanks_l=(1400,), blocks=6)
    by_one = by_vroom.solve(problem, limit_s=2)
    by_other = by_ortools.solve(problem, limit_s=2)
    best = solve(problem, limit_s=2, progress=unseen).solution
    for solution in (by_one, by_other, best):
        assert faults(problem, solution) == []
        assert len(served(solution)) == 36
        assert any(visit.kind == "refill" for visit in solution.routes[0].visits)
    quickest_s = min(score(problem, by_one)[1], score(problem, by_other)[1])
    assert score(problem, best)[1] <= 1.05 * quickest_s  # searches end by the clock


def test_a_short_shift_leaves_out_the_lighter_trees_and_says_why() -> None:
    problem = day(trees=30, tanks_l=(1400,), blocks=6, shift_s=2 * 3600)
    found = solve(problem, limit_s=2, progress=unseen)
    assert faults(found.problem, found.solution) == []
    assert set(found.unserved.values()) == {Unserved.NO_HOURS}
    urgent = [number for number, stop in enumerate(problem.stops) if stop.weight == 10]
    kept = served(found.solution)
    assert len(kept & set(urgent)) > len(kept - set(urgent))


def test_a_demand_above_the_tank_comes_in_parts_that_add_up() -> None:
    asked = [Asked("thirsty", 0, 3000, True, 0.0), Asked("small", 1, 100, False, 0.0)]
    stops, unserved = stops_of(asked, largest_tank_l=1400, handling=Handling())
    assert unserved == {}
    assert [(one.litres, one.part, one.parts) for one in stops] == [
        (1000, 1, 3),
        (1000, 2, 3),
        (1000, 3, 3),
        (100, 1, 1),
    ]
    big = replace(day(trees=4, blocks=3, tanks_l=(1400,)), stops=())
    problem = replace(big, stops=tuple(stops))
    found = solve(problem, limit_s=1, progress=unseen)
    assert faults(problem, found.solution) == []
    assert found.unserved == {}


def test_trees_nobody_can_serve_are_named_by_their_reason() -> None:
    problem = day(trees=6, blocks=3, tanks_l=(1400,))
    travel = problem.travel_s.copy()
    travel[2, :] = travel[:, 2] = NO_WAY_S
    reachable, unserved = without_unreachable(replace(problem, travel_s=travel))
    assert unserved == {"t0002": Unserved.NOT_REACHABLE}
    assert len(reachable.stops) == 5
    far = replace(problem, stops=(replace(problem.stops[0], service_s=10**6),))
    assert why_left(far, Solution((), (0,), "none")) == {"t0000": Unserved.TOO_FAR}
    dry = replace(problem, refills=(), stops=tuple(replace(s, litres=900) for s in problem.stops))
    alone = solve(dry, limit_s=1, progress=unseen)
    assert set(alone.unserved.values()) == {Unserved.NO_REFILL}
    assert stops_of([Asked("a", 0, 50, True, 0.0)], largest_tank_l=None, handling=Handling())[
        1
    ] == {"a": Unserved.NO_VEHICLE}
    assert stops_of([Asked("a", 0, 50, True, 900.0)], largest_tank_l=99, handling=Handling())[
        1
    ] == {"a": Unserved.NO_STREET}


def test_a_day_without_trees_or_without_vehicles_is_no_tour() -> None:
    problem = day(trees=3, blocks=3)
    for empty in (replace(problem, stops=()), replace(problem, vehicles=())):
        found = solve(empty, limit_s=1, progress=unseen)
        assert found.solution.routes == ()


def test_an_empty_tank_or_a_long_way_is_refused_and_refills_are_tidied() -> None:
    problem = day(trees=20, blocks=6, tanks_l=(1400,))
    assert replay(problem, 0, [("tree", number) for number in range(20)]) is None
    assert tidy([("tree", 1), ("refill", 0), ("refill", 1), ("tree", 2), ("refill", 0)]) == [
        ("tree", 1),
        ("refill", 1),
        ("tree", 2),
    ]
    steps = [("tree", 0), ("refill", 0), ("tree", 1)]
    solution = solution_of(problem, [steps], "hand")
    assert steps_of(problem, solution) == [steps]
    assert len(solution.left) == 18


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        ({"arrives_s": 0}, "sooner than it can drive"),
        ({"litres": 5}, "other litres than planned"),
        ({"place": 3}, "other litres than planned"),
        ({"leaves_s": 21_700}, "shorter than the work takes"),
    ],
)
def test_the_check_finds_what_is_wrong(spoil: dict[str, Any], complaint: str) -> None:
    problem = day(trees=5, blocks=3, tanks_l=(1400,))
    route = solution_of(problem, [[("tree", 0), ("tree", 1)]], "hand").routes[0]
    broken = replace(route.visits[1], **spoil)
    visits = (route.visits[0], broken, *route.visits[2:])
    wrong = Solution((replace(route, visits=visits),), (2, 3, 4), "hand")
    assert any(complaint in one for one in faults(problem, wrong))


def test_the_check_finds_a_tree_twice_a_tree_forgotten_and_an_overrun() -> None:
    problem = day(trees=3, blocks=3, tanks_l=(1400,))
    solution = solution_of(problem, [[("tree", 0), ("tree", 1)]], "hand")
    assert faults(problem, solution) == []
    assert any("2 times" in one for one in faults(problem, replace(solution, left=(1, 2))))
    assert any("0 times" in one for one in faults(problem, replace(solution, left=())))
    short = replace(problem.vehicles[0], ends_s=problem.vehicles[0].begins_s + 60, water_l=10)
    found = faults(replace(problem, vehicles=(short,)), solution)
    assert any("after its shift" in one for one in found)
    assert any("more than it carries" in one for one in found)
