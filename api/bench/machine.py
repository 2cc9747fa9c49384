"""What a benchmark ran on: processor, cores, memory, system."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

CPUINFO, MEMINFO = Path("/proc/cpuinfo"), Path("/proc/meminfo")


def facts() -> dict[str, str | int | float]:
    """Describe this machine; load is that of the last minute, before the run."""
    return {
        "processor": _found(CPUINFO, r"model name\s*: (.*)") or platform.machine(),
        "cores": os.cpu_count() or 1,
        "cores_in_use": len(os.sched_getaffinity(0)),  # fewer under taskset or in a container
        "memory_gb": round(int(_found(MEMINFO, r"MemTotal:\s*(\d+) kB") or 0) / 1e6, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def peak_memory_mb(pid: int) -> float | None:
    """Return a process's highest resident memory; None where the system does not tell."""
    kib = _found(Path(f"/proc/{pid}/status"), r"VmHWM:\s*(\d+) kB")
    return round(int(kib) / 1024, 1) if kib else None


def _found(file: Path, pattern: str) -> str | None:
    try:
        found = re.search(pattern, file.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    return found.group(1).strip() if found else None
