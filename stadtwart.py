"""The command `stadtwart`: one table of verbs, each loading its package only when called."""

from __future__ import annotations

import importlib
import sys

VERBS = {  # verb: module with main(argv), words put before the rest of the line, help
    "demo": ("api.demo", [], "replay a drive through the whole system and serve the map"),
    "serve": ("api.__main__", ["serve"], "serve the API and the map"),
    "city": ("api.__main__", ["city"], "load a city: streets, districts, boundary"),
    "people": ("api.__main__", ["people"], "who is inside; the emergency account"),
    "tokens": ("api.__main__", ["tokens"], "show the role tokens of this installation"),
    "db": ("gis.postgis.__main__", [], "start, stop and migrate the embedded PostGIS"),
    "edge": ("edge.__main__", [], "the truck: run a drive, check the device, see the spool"),
    "irrigation": ("irrigation.__main__", [], "read a tree register; measure the soil forecast"),
    "governance": ("gis.postgis.governance.__main__", [], "guideline, AI register, model cards"),
    "audit": ("gis.postgis.audit.__main__", [], "sequence, publish and check the audit log"),
    "retention": (
        "gis.postgis.retention.__main__",
        [],
        "how long data are kept; delete what is older; erase on request",
    ),
    "judge": ("vision.judge.commands", [], "the second detector: fetch its models, is it there?"),
    "report": ("api.report_command", [], "a report to the committee: JSON, page, PDF"),
    "templates": ("api.template_command", [], "the city's AI papers, filled from its profile"),
    "bench": ("api.bench.__main__", [], "measure this machine; is the local one enough?"),
    "vision": ("vision.__main__", [], "measure, train and release the detector"),
}


def main() -> int:
    """Run the verb on the command line; the exit code is the verb's."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if wanted in ("--help", "-h", "help"):
        print(_help())
        return 0
    if wanted not in VERBS:
        print(f"stadtwart: unknown verb {wanted!r}\n\n{_help()}", file=sys.stderr)
        return 2
    module, first, _ = VERBS[wanted]
    return int(importlib.import_module(module).main([*first, *sys.argv[2:]]) or 0)


def _help() -> str:
    rows = "\n".join(f"  {verb:<9} {text}" for verb, (_, _, text) in VERBS.items())
    return f"usage: stadtwart VERB [...]; 'stadtwart VERB --help' says more\n\n{rows}"


if __name__ == "__main__":
    sys.exit(main())
