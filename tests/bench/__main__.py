"""Run benchmarks and keep their figures: `python -m tests.bench [NAME ...]`.

The page docs/benchmarks.md is rewritten section by section.
Each benchmark is `python -m tests.bench.<name>`, prints one JSON object, and holds ratios
against a peer or limit measured in the same run.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs/benchmarks.md"


def main() -> None:
    """Run the named benchmarks, or all, and put each result into its section."""
    known = sorted(path.parent.name for path in HERE.glob("*/__main__.py"))
    for name in sys.argv[1:] or known:
        if name not in known:
            sys.exit(f"no benchmark {name!r}: choose from {', '.join(known)}")
        print(f"» {name}", file=sys.stderr)
        done = subprocess.run(
            [sys.executable, "-m", f"tests.bench.{name}"], stdout=subprocess.PIPE, check=True
        )
        PAGE.write_text(put(PAGE.read_text(), name, section(name, json.loads(done.stdout))))


def section(name: str, result: dict[str, object]) -> str:
    """Write one benchmark's section: when, where, what."""
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return (
        f"## {name}\n\n`python -m tests.bench {name}` on {when}, {machine()}\n\n"
        f"```json\n{json.dumps(result, indent=1)}\n```\n"
    )


def machine() -> str:
    """Describe this machine: processor, cores in use, system, load."""
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    processor = found.group(1) if found else platform.machine()
    load = os.getloadavg()[0]
    return f"{processor}, {os.cpu_count()} cores, {platform.platform()}, load {load:.1f}"


def put(page: str, name: str, text: str) -> str:
    """Replace the section of `name`, or add it at the end."""
    parts = re.split(r"(?m)^(?=## )", page)
    kept = [part.rstrip() + "\n" for part in parts if not part.startswith(f"## {name}\n")]
    return "\n".join([*kept, text])


if __name__ == "__main__":
    main()
