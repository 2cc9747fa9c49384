"""The truck stays light: nothing of the city's server or of training is loaded on it."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys

import edge
import vision.runtime

HEAVY = {
    *("gis.postgis", "api", "irrigation", "psycopg", "fastapi", "geopandas"),
    *("torch", "ultralytics", "xgboost", "pandas", "PIL"),
}


def test_no_page_of_the_truck_loads_anything_heavy() -> None:
    pages = [
        f"{package.__name__}.{page.name}"
        for package in (edge, vision.runtime)
        for page in pkgutil.iter_modules(package.__path__)
    ]
    assert len(pages) > 25
    script = (
        "import importlib, json, sys\n"
        f"for page in {pages!r}: importlib.import_module(page)\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert not HEAVY & set(json.loads(done.stdout))
