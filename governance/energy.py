"""Energy of a piece of work: the processor's own counter where it can be read, else power × time.

RAPL counts microjoules of a processor package (and its memory, where the machine tells) in a
file that wraps around. The counter sees no camera, disk, screen or power supply, and it counts
everything that ran meanwhile: it is the machine's energy during the work, not the work's alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

POWERCAP = Path("/sys/class/powercap")
MICROJOULES_PER_WH = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a piece of work took, and how that was found."""

    wh: float | None  # None: no counter, and nobody stated a power
    seconds: float
    method: str

    def per(self, pieces: int, *, of: int = 1000) -> float | None:
        """Return the watt-hours per `of` pieces; None where energy or pieces are unknown."""
        return None if self.wh is None or pieces <= 0 else self.wh / pieces * of

    def card_field(self, pieces: int) -> dict[str, float | int | str | None]:
        """Return the field `energy` of a model card."""
        wh = self.per(pieces)
        return {
            "wh_per_1000_frames": None if wh is None else round(wh, 4),
            "frames": pieces,
            "seconds": round(self.seconds, 3),
            "method": self.method,
        }


@dataclass(frozen=True, slots=True)
class Counter:
    """One RAPL zone: a folder with `name`, `energy_uj` and `max_energy_range_uj`."""

    folder: Path
    name: str
    range_uj: int  # the counter starts again at 0 after this value

    def read_uj(self) -> int:
        """Read the counter; raise OSError where it may not be read."""
        return int((self.folder / "energy_uj").read_text())

    def since(self, before_uj: int, now_uj: int) -> int:
        """Return the difference; one wrap-around is allowed for."""
        return now_uj - before_uj if now_uj >= before_uj else now_uj + self.range_uj + 1 - before_uj


def counters(folder: Path = POWERCAP) -> list[Counter]:
    """Return the counters of whole packages and of memory that this process may read.

    Zones inside a package (core, uncore) are part of it and would be counted twice; `psys`
    holds the packages and stands in for them where it exists.
    """
    found = []
    for zone in sorted(folder.glob("intel-rapl*:*")):
        try:
            name = (zone / "name").read_text().strip()
            one = Counter(zone, name, int((zone / "max_energy_range_uj").read_text()))
            one.read_uj()
        except (OSError, ValueError):
            continue  # since 2020 the kernel shows the counter to root alone
        found.append(one)
    whole = [one for one in found if one.name == "psys"]
    return whole or [one for one in found if one.name.startswith(("package", "dram"))]


class EnergyMeter:
    """Measure the energy of a block: `with EnergyMeter(stated_w=15) as meter: …`, then `reading`.

    The counter wraps after some minutes at full load: it is read by `tick` in between, which long
    work calls at least once a minute.
    """

    def __init__(
        self,
        *,
        stated_w: float | None = None,
        folder: Path = POWERCAP,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._stated_w = stated_w
        self._folder = folder
        self._clock = clock
        self._counters: list[Counter] = []
        self._last_uj: list[int] = []
        self._used_uj = 0
        self._began = 0.0
        self.reading = Reading(None, 0.0, "not measured")

    def __enter__(self) -> Self:
        self._counters = counters(self._folder)
        self._last_uj = [one.read_uj() for one in self._counters]
        self._used_uj = 0
        self._began = self._clock()
        return self

    def tick(self) -> None:
        """Take the counters along before they wrap a second time."""
        for index, one in enumerate(self._counters):
            now_uj = one.read_uj()
            self._used_uj += one.since(self._last_uj[index], now_uj)
            self._last_uj[index] = now_uj

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        seconds = self._clock() - self._began
        if self._counters:
            self.tick()
            names = ", ".join(sorted(one.name for one in self._counters))
            self.reading = Reading(self._used_uj / MICROJOULES_PER_WH, seconds, f"RAPL {names}")
        elif self._stated_w is not None:
            wh = self._stated_w * seconds / 3600
            self.reading = Reading(wh, seconds, f"stated {self._stated_w:g} W × time")
        else:
            self.reading = Reading(None, seconds, "no counter, no stated power")
