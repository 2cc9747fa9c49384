"""Does a truck that looks at frames for a long time need ever more memory?"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


def soak(
    work: Callable[[bytes], None], frames: Sequence[bytes], *, seconds: float
) -> dict[str, Any]:
    """Work through the frames again and again; memory after the first round against the end."""
    ends_at_s = time.monotonic() + seconds
    rounds = 0
    settled_mb = 0.0
    while rounds < 2 or time.monotonic() < ends_at_s:
        for data in frames:
            work(data)
        rounds += 1
        if rounds == 1:
            settled_mb = memory_mb()
    ended_mb = memory_mb()
    return {
        "frames": rounds * len(frames),
        "seconds": round(seconds, 1),
        "after_first_round_mb": round(settled_mb, 1),
        "at_the_end_mb": round(ended_mb, 1),
        "growth_mb": round(ended_mb - settled_mb, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def memory_mb() -> float:
    """Return the resident memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6
