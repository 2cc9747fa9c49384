"""The demo's trees: loaded and balanced by the real programs, beside the truck's drive."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg

from gis.city import read_city

Running = subprocess.Popen[bytes]


class TreesError(Exception):
    """The trees' programs failed; their own words are on the screen."""


def plant(city: Path | None, environ: Mapping[str, str]) -> Running | None:
    """Begin with trees and nights of a city folder that has them; None where it has none.

    A city that is set up already keeps its trees; an invented one gets today's night in any case.
    """
    if city is None or not (city / "trees.toml").is_file():
        return None
    load = [sys.executable, "-m", "irrigation", "load", str(city)]
    nights = [sys.executable, "-m", "irrigation", "simulate", "--nights"]
    steps = [] if _has_trees(environ["DATABASE_URL"]) else [load]
    if read_city(city).facts.simulated:
        steps.append(nights)  # a real city's weather is never invented
    script = "import subprocess, sys\n" + "".join(
        f"subprocess.run({step!r}, check=True, stdout=sys.stderr)\n" for step in steps
    )
    return subprocess.Popen([sys.executable, "-c", script], env={**os.environ, **environ})


def wait(running: Running | None, database_url: str) -> int:
    """Wait for the nights; return how many trees have a balance this morning."""
    if running is None:
        return 0
    if running.wait():
        raise TreesError("the trees could not be loaded; the last words above say why")
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT trees FROM newest_night").fetchone()
    return 0 if row is None else int(row[0])


def _has_trees(database_url: str) -> bool:
    with psycopg.connect(database_url) as connection:
        return connection.execute("SELECT FROM trees LIMIT 1").fetchone() is not None
