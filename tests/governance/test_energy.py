"""Energy is counted where the processor counts it, and otherwise says on what it rests."""

from __future__ import annotations

from pathlib import Path

import pytest

from governance.energy import Counter, EnergyMeter, counters

RANGE_UJ = 262_143_328_850


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def zone(folder: Path, number: str, name: str, energy_uj: int) -> Path:
    """Write one zone as the kernel shows it."""
    made = folder / f"intel-rapl:{number}"
    made.mkdir(parents=True)
    (made / "name").write_text(f"{name}\n")
    (made / "max_energy_range_uj").write_text(f"{RANGE_UJ}\n")
    (made / "energy_uj").write_text(f"{energy_uj}\n")
    return made


def test_two_packages_and_their_memory_add_up_but_cores_are_not_counted_twice(
    tmp_path: Path,
) -> None:
    first, second = zone(tmp_path, "0", "package-0", 0), zone(tmp_path, "1", "package-1", 5_000)
    core, memory = zone(tmp_path, "0:0", "core", 0), zone(tmp_path, "0:1", "dram", 10)
    clock = Clock()
    with EnergyMeter(folder=tmp_path, clock=clock, stated_w=99) as meter:
        (first / "energy_uj").write_text("1800000000")
        (second / "energy_uj").write_text("1800005000")
        (core / "energy_uj").write_text("999999999")
        (memory / "energy_uj").write_text("3600000010")
        clock.now_s += 12
    assert meter.reading.wh == pytest.approx(2.0)
    assert meter.reading.seconds == 12
    assert meter.reading.method == "RAPL dram, package-0, package-1"


def test_a_counter_that_starts_again_loses_nothing(tmp_path: Path) -> None:
    package = zone(tmp_path, "0", "package-0", RANGE_UJ - 999)
    with EnergyMeter(folder=tmp_path) as meter:
        (package / "energy_uj").write_text("1000")
    assert meter.reading.wh == pytest.approx(2_000 / 3.6e9)


def test_long_work_takes_the_counter_along_each_time_it_wraps(tmp_path: Path) -> None:
    package = zone(tmp_path, "0", "package-0", 0)
    with EnergyMeter(folder=tmp_path) as meter:
        for _ in range(3):  # three whole rounds in six steps
            (package / "energy_uj").write_text(str(RANGE_UJ))
            meter.tick()
            (package / "energy_uj").write_text("0")
            meter.tick()
    assert meter.reading.wh == pytest.approx(3 * (RANGE_UJ + 1) / 3.6e9)


def test_the_whole_platform_stands_in_for_its_packages(tmp_path: Path) -> None:
    zone(tmp_path, "0", "package-0", 0)
    zone(tmp_path, "1", "psys", 0)
    assert [one.name for one in counters(tmp_path)] == ["psys"]


def test_without_a_counter_the_stated_power_counts_and_is_named(tmp_path: Path) -> None:
    clock = Clock()
    with EnergyMeter(folder=tmp_path / "nothing", clock=clock, stated_w=15) as meter:
        clock.now_s += 480
    assert meter.reading.wh == pytest.approx(2.0)
    assert meter.reading.method == "stated 15 W × time"
    field = meter.reading.card_field(500)
    assert (field["wh_per_1000_frames"], field["method"]) == (4.0, "stated 15 W × time")


def test_a_counter_that_may_not_be_read_is_left_out(tmp_path: Path) -> None:
    broken = zone(tmp_path, "0", "package-0", 0)
    (broken / "energy_uj").unlink()
    (broken / "energy_uj").mkdir()  # reading it fails for root as well
    assert counters(tmp_path) == []
    with EnergyMeter(folder=tmp_path) as meter:
        pass
    assert meter.reading.wh is None
    assert meter.reading.per(100) is None


def test_no_pieces_no_energy_per_piece(tmp_path: Path) -> None:
    with EnergyMeter(folder=tmp_path, stated_w=10) as meter:
        pass
    assert meter.reading.per(0) is None
    assert Counter(tmp_path, "package-0", 9).since(5, 5) == 0
