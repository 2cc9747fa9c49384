"""The server brings the sequencer along: kept running, ended with it, even by kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from api.companion import Kept, Night, next_night
from tests.flows.processes import environment, free_port, start, wait_until_healthy

WAIT_S = 180


def wait_for(what: str, is_so: object) -> None:
    """Wait until a condition holds."""
    assert callable(is_so)
    deadline = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < deadline, f"{what}: not within {WAIT_S} s"
        time.sleep(0.05)


def signed(url: str) -> int:
    """How many entries are signed."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT coalesce(max(size), 0) FROM audit_checkpoint").fetchone()
    return int(row[0]) if row else 0


def sequencers(url: str) -> list[int]:
    """The backends that hold the sequencer's lock."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            "WHERE locktype = 'advisory' AND granted AND datname = current_database()"
        ).fetchall()
    return [row[0] for row in rows]


def test_a_served_city_signs_its_log_and_stops_signing_with_the_server(
    city_url: str, tmp_path: Path
) -> None:
    port = free_port()
    environ = environment(tmp_path, DATABASE_URL=city_url)
    server = start(
        "api", "serve", "--port", str(port), environ=environ, log=tmp_path / "server.log"
    )
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}")
        wait_for("the city's loading is signed", lambda: signed(city_url) >= 2)
        assert len(sequencers(city_url)) == 1
        server.terminate()
        assert server.wait(timeout=WAIT_S) == 0
        assert sequencers(city_url) == [], "ended before the server did"
    finally:
        server.kill()
        server.wait()


def test_a_server_killed_outright_leaves_no_sequencer_behind(city_url: str, tmp_path: Path) -> None:
    port = free_port()
    environ = environment(tmp_path, DATABASE_URL=city_url)
    server = start(
        "api", "serve", "--port", str(port), environ=environ, log=tmp_path / "server.log"
    )
    try:
        wait_for("a sequencer works", lambda: len(sequencers(city_url)) == 1)
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        wait_for("the sequencer has noticed", lambda: sequencers(city_url) == [])
    finally:
        server.kill()
        server.wait()


def test_a_companion_that_dies_is_started_again(tmp_path: Path) -> None:
    module = tmp_path / "dies.py"
    module.write_text("open('runs', 'a').write('x')\nraise SystemExit(3)\n")
    environ = dict(os.environ) | {"PYTHONPATH": str(tmp_path)}
    kept = Kept(("dies",), environ, first_pause_s=0.01)
    before = Path.cwd()
    os.chdir(tmp_path)
    thread = threading.Thread(target=kept.run)
    thread.start()
    try:
        runs = tmp_path / "runs"
        wait_for("three runs", lambda: runs.exists() and len(runs.read_text()) >= 3)
    finally:
        kept.end()
        thread.join()
        os.chdir(before)


def test_the_night_goes_on_after_a_step_that_failed(tmp_path: Path) -> None:
    (tmp_path / "fails.py").write_text("raise SystemExit(1)\n")
    (tmp_path / "works.py").write_text("")
    environ = dict(os.environ) | {"PYTHONPATH": str(tmp_path)}
    night = Night(environ, hour=1, steps=(("fails",), ("works",)))
    assert night.work() == {"fails": 1, "works": 0}


def test_the_nights_work_is_made_of_programs_that_exist(database_url: str, tmp_path: Path) -> None:
    environ = environment(tmp_path, DATABASE_URL=database_url)
    codes = Night(environ, hour=1).work()
    assert codes["gis.postgis.retention run"] == codes["gis.postgis backup"] == 0
    assert 2 not in codes.values()  # argparse: no such verb
    done = subprocess.run(
        [sys.executable, "-m", "gis.postgis", "backups"],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "stadtwart-" in done.stdout


def test_the_next_night_is_today_or_tomorrow() -> None:
    evening = datetime(2027, 3, 1, 22, 30, tzinfo=UTC)
    assert next_night(evening, 1) == datetime(2027, 3, 2, 1, tzinfo=UTC)
    assert next_night(evening, 23) == datetime(2027, 3, 1, 23, tzinfo=UTC)
    assert next_night(evening.replace(hour=1, minute=0), 1) == datetime(2027, 3, 2, 1, tzinfo=UTC)
