"""Is the local machine enough? The answer follows from the two files and the stated load alone."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from api.bench.__main__ import DEFAULTS, main, read_assumptions
from api.bench.compare import compare

STEPS = ("detector", "ingest", "merge", "watering", "users")


def result(**rates: float) -> dict[str, Any]:
    """A file of `bench run`; rates a second by step, for users the p95 in milliseconds."""
    chosen = {"detector": 8.0, "ingest": 5000.0, "merge": 2000.0, "watering": 4000.0, "users": 90.0}
    steps: dict[str, Any] = {
        name: {
            "n": 100,
            "per_s": rate,
            "seconds": 2.0,
            "energy": {"wh": 0.02, "method": "stated 40 W × time"},
        }
        for name, rate in (chosen | rates).items()
    }
    steps["users"] |= {"p95_ms": (chosen | rates)["users"], "at_once": 5}
    return {
        "version": 1,
        "made_at": "2026-11-22T08:00:00+00:00",
        "software": "0.1.0",
        "scale": {"frames": 186},
        "machine": {
            "processor": "Büro <b>",
            "cores": 4,
            "memory_gb": 16.0,
            "system": "Linux",
            "python": "3.11",
            "load_before": 0.1,
        },
        "steps": steps,
        "peak_memory_mb": {"server": 200.0, "largest_process": 400.0},
    }


TOLD = read_assumptions(DEFAULTS)


def test_an_office_machine_with_room_to_spare_is_enough() -> None:
    answer = compare(result(), result(detector=40.0), TOLD)
    assert answer.a_is_enough
    assert answer.b_is_enough
    assert (answer.tightest.key, answer.tightest.a_times) == ("detector", 4.0)


@pytest.mark.parametrize(
    ("step", "rate"),
    [("detector", 3.9), ("ingest", 1.6), ("merge", 1.6), ("watering", 60.0), ("users", 501.0)],
)
def test_one_shortfall_below_the_margin_is_enough_to_say_no(step: str, rate: float) -> None:
    answer = compare(result(**{step: rate}), result(), TOLD)
    assert not answer.a_is_enough
    assert answer.b_is_enough
    assert [row.key for row in answer.rows if not row.a_is_enough] == [step]


def test_a_machine_held_to_fewer_cores_and_a_busy_one_are_called_so(tmp_path: Path) -> None:
    a, b, out = tmp_path / "a.json", tmp_path / "b.json", tmp_path / "report.html"
    small, whole = result(), result()
    small["machine"] |= {"cores_in_use": 1, "load_before": 0.9}
    whole["machine"] |= {"cores_in_use": 4}
    a.write_text(json.dumps(small))
    b.write_text(json.dumps(whole))
    for language, said in (
        ("de", ("im Rathaus (nachgestellt)", "nur 1 benutzen", "Last 0,9", "denselben Rechner")),
        ("en", ("town hall (stand-in)", "to use only 1", "load 0.9", "the same machine")),
    ):
        assert main(["compare", str(a), str(b), "--out", str(out), "--lang", language]) == 0
        text = out.read_text(encoding="utf-8")
        assert [one for one in said if one not in text] == []
        assert text.count('class="note"') == 3
    told = tmp_path / "answer.json"
    assert main(["compare", str(b), str(b), "--out", str(told)]) == 0
    assert len(json.loads(told.read_text())["notes"]) == 1


def test_other_workloads_are_not_compared() -> None:
    other = copy.deepcopy(result())
    other["scale"] = {"frames": 4}
    with pytest.raises(ValueError, match="other workloads"):
        compare(result(), other, TOLD)


def test_more_people_than_measured_wait_in_proportion() -> None:
    told = read_assumptions(DEFAULTS)
    crowd = type(told)(
        load=type(told.load)(
            **{
                **{f: getattr(told.load, f) for f in told.load.__struct_fields__},
                "users_at_once": 20.0,
            }
        ),
        energy=told.energy,
        machine=told.machine,
    )
    assert compare(result(), result(), crowd).rows[-1].a == 360.0


def test_a_year_costs_what_the_stated_prices_say() -> None:
    cost = compare(result(), result(), TOLD).a_cost
    assert cost.kwh == pytest.approx(35 * 24 * 365.25 / 1000, abs=0.1)
    assert cost.total_eur == pytest.approx(1200 / 5 + cost.kwh * 0.30, abs=0.05)


@pytest.mark.parametrize(("language", "yes"), [("de", "Ja."), ("en", "Yes.")])
def test_the_page_answers_the_question_and_names_its_assumptions(
    tmp_path: Path, language: str, yes: str
) -> None:
    a, b, out = tmp_path / "a.json", tmp_path / "b.json", tmp_path / "report.html"
    a.write_text(json.dumps(result()))
    b.write_text(json.dumps(result()))
    assert main(["compare", str(a), str(b), "--out", str(out), "--lang", language]) == 0
    text = out.read_text(encoding="utf-8")
    assert f">{yes}<" in text
    assert "Büro &lt;b&gt;" in text
    assert "€/kWh" in text
    a.write_text(json.dumps(result(users=5000.0)))
    assert main(["compare", str(a), str(b), "--out", str(out), "--lang", language]) == 1


def test_a_wrong_file_or_assumption_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, told = tmp_path / "a.json", tmp_path / "city.toml"
    a.write_text("{}")
    assert main(["compare", str(a), str(a)]) == 2
    assert "a.json was not written by" in capsys.readouterr().err
    a.write_text(json.dumps(result()))
    told.write_text(DEFAULTS.read_text().replace("margin = 2.0", "margin = 0.5"))
    assert main(["compare", str(a), str(a), "--assumptions", str(told)]) == 2
    assert "margin" in capsys.readouterr().err


def test_the_workload_runs_on_a_small_scale(tmp_path: Path) -> None:
    """Everything real: detector, PostGIS, server, register, night."""
    out = tmp_path / "here.json"
    assert main(["run", "--quick", "--power-w", "40", "--out", str(out)]) == 0
    found = json.loads(out.read_text())
    assert tuple(found["steps"]) == STEPS
    assert found["steps"]["ingest"]["n"] == found["steps"]["merge"]["n"] == 200
    assert found["steps"]["watering"]["n"] > 500
    for name, step in found["steps"].items():
        assert step["per_s"] > 0, name
        assert step["energy"]["method"], name
    assert main(["compare", str(out), str(out), "--out", str(tmp_path / "same.json")]) in (0, 1)
    same = json.loads((tmp_path / "same.json").read_text())["answer"]["rows"]
    assert all(row["a"] == row["b"] for row in same)
