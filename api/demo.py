"""`stadtwart demo`: one drive through the real parts, from the camera to the map.

The truck is the real edge program in its own process, the city is the real server in
its own process, and between them is real HTTP. This page only starts and waits.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import psycopg

from api import demo_trees, demo_truth
from api.tokens import Role, ensure_tokens
from gis import bare_city
from gis.postgis.data_folder import data_folder
from gis.postgis.database import embedded_cluster, start_database
from gis.postgis.errors import DatabaseError
from gis.postgis.governance import demo as governance
from gis.postgis.governance.load import load as load_governance
from gis.postgis.load_city import load_city
from gis.postgis.migrate import migrate

SAMPLE_CITY = Path(__file__).parents[1] / "datasets/musterstadt"
HOST = "127.0.0.1"
START_TIMEOUT_S = 180  # a slow or busy machine; an ordinary one needs seconds
MERGE_TIMEOUT_S = 300
ANSWER_TIMEOUT_S = 60
Running = subprocess.Popen[bytes]


class DemoError(Exception):
    """A part of the demo did not start; the message names the remedy."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where this demo lives: its own data folder, so that a foreign drive meets no Musterstadt."""

    drive: list[str]  # how the edge program is told which drive
    city: Path | None  # None: a bare city is drawn around the drive
    environ: dict[str, str]  # with STADTWART_DATA
    url: str

    @property
    def folder(self) -> Path:
        """The data folder of this demo."""
        return data_folder(self.environ)


def main(argv: list[str] | None = None) -> int:
    """Run the demo; the summary goes to stdout, progress to stderr."""
    given = _parser().parse_args(argv)
    try:
        _demo(given)
    except (DemoError, demo_trees.TreesError, DatabaseError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("stopped; the data stay, the next start takes seconds")
    return 0


def _demo(given: argparse.Namespace) -> None:
    started = time.monotonic()
    place = _place(given)
    place.folder.mkdir(parents=True, exist_ok=True)
    say("starting PostGIS")
    database_url = start_database(place.environ)
    migrate(database_url)
    with _city_hall(place, database_url):
        _load_city(place, database_url)
        _govern(place, database_url)
        tokens = ensure_tokens(place.folder / "tokens.json")
        trees = demo_trees.plant(place.city, place.environ | {"DATABASE_URL": database_url})
        truck = _replay(place, given.device_id)
        city = _wait_for_merge(place, tokens["road"])
        governance.check(database_url, place.environ)
        summary = _summary(place, truck, city, tokens["road"]) | {
            "trees": demo_trees.wait(trees, database_url),
            "audit_log": _audit_log(place, database_url),
            "seconds": round(time.monotonic() - started, 1),
        }
        if given.json:
            print(json.dumps(summary, indent=1, ensure_ascii=False), flush=True)
        else:
            print(_in_words(summary), flush=True)
        if not given.once:
            _serve_until_stopped(place, tokens)
    if not os.environ.get("DATABASE_URL"):
        embedded_cluster(place.environ).stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stadtwart demo", description=__doc__)
    parser.add_argument("--drive", type=Path, help="folder of pictures or mp4 with a track")
    parser.add_argument("--track", type=Path, help="GPX or CSV, where it lies elsewhere")
    parser.add_argument("--city", type=Path, help="city folder; without it a bare one is drawn")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--device-id", default="demo-truck")
    parser.add_argument("--once", action="store_true", help="end after the summary")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    return parser


def _place(given: argparse.Namespace) -> Place:
    # a demo of one's own drive is no simulated city, and nobody has an account in it
    environ = dict(os.environ) | {"API_ALLOW_ROLE_TOKENS": "true"}
    drive = (given.drive or SAMPLE_CITY / "drive").resolve()
    if not drive.exists():
        raise DemoError(f"{drive} does not exist: name a folder of pictures or an mp4")
    city = given.city.resolve() if given.city else None if given.drive else SAMPLE_CITY
    if city is not None and not (city / "city.toml").is_file():
        raise DemoError(f"{city} has no city.toml: name a city folder (docs/database.md)")
    if given.drive or given.city:
        name = sha256(f"{drive}|{city}".encode()).hexdigest()[:12]
        environ["STADTWART_DATA"] = str(data_folder(environ) / "drives" / name)
    port = _free_port() if given.once else given.port
    if not given.once and not _is_free(port):
        raise DemoError(f"port {port} is taken: end the other program or add --port {port + 1}")
    told = ["--drive", str(drive)]
    if given.track:
        told += ["--track", str(given.track.resolve())]
    return Place(told, city, environ, f"http://{HOST}:{port}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def _program(place: Place, database_url: str, arguments: list[str]) -> Iterator[Running]:
    """Run one of the city's programs as its own process until the block ends."""
    environ = place.environ | {"DATABASE_URL": database_url}
    with _log_of(place).open("a") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments], env=environ, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=START_TIMEOUT_S)


@contextmanager
def _city_hall(place: Place, database_url: str) -> Iterator[None]:
    """Run the city's server, which brings the audit log's sequencer along."""
    say("starting the city's server and its audit log")
    host, port = HOST, place.url.rsplit(":", 1)[1]
    serve = ["api", "serve", "--host", host, "--port", port]
    with _program(place, database_url, serve) as server:
        _wait_for_health(place.url, server, _log_of(place))
        yield


def _log_of(place: Place) -> Path:
    return place.folder / "server.log"


def _audit_log(place: Place, database_url: str) -> dict[str, Any]:
    """Wait until every event has its place in the signed log; return how the log stands."""
    deadline = time.monotonic() + START_TIMEOUT_S
    environ = place.environ | {"DATABASE_URL": database_url}
    while True:
        answer = subprocess.run(
            [sys.executable, "-m", "gis.postgis.audit", "status"],
            env=environ,
            stdout=subprocess.PIPE,
            check=False,
        )
        found = json.loads(answer.stdout) if answer.returncode == 0 else {"waiting": None}
        if found["waiting"] == 0 and found.get("size"):
            return {name: found[name] for name in ("origin", "size", "root")}
        if time.monotonic() > deadline:
            raise DemoError(f"the audit log does not keep up: see {_log_of(place)}")
        time.sleep(0.2)


def _wait_for_health(url: str, process: Running, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/api/v1/health", timeout=2).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    last = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
    raise DemoError(f"the server did not start; {log} ends with:\n{last}")


def _load_city(place: Place, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        if connection.execute("SELECT FROM city").fetchone() is not None:
            return
    folder = place.city
    if folder is None:
        folder = place.folder / "city"
        bounds = json.loads(_edge(place, ["bounds", *place.drive]))
        bare_city.write(folder, name=Path(place.drive[1]).name, bounds=bounds)
    say(f"loading the city from {folder.name}")
    load_city(database_url, folder)


def _govern(place: Place, database_url: str) -> None:
    """Let an invented person approve the models; in a real city they wait for a real one."""
    say("guideline, register and model cards")
    with psycopg.connect(database_url, autocommit=True) as connection:
        row = connection.execute("SELECT simulated FROM city").fetchone()
        if row is None or not row[0]:
            load_governance(connection)
            return
    governance.approve(database_url, place.environ)


def _replay(place: Place, device_id: str) -> dict[str, Any]:
    """Run the edge program over the drive; return its summary."""
    say(f"replaying {place.drive[1]}")
    spool = place.folder / "spool" / "demo.sqlite"
    spool.parent.mkdir(parents=True, exist_ok=True)
    token_file = place.folder / "vehicle.token"
    token_file.touch(mode=0o600)
    token_file.write_text(ensure_tokens(place.folder / "tokens.json")["vehicle"])
    arguments = ["run", *place.drive, "--spool", str(spool), "--url", place.url]
    arguments += ["--token-file", str(token_file), "--device-id", device_id]
    return dict(json.loads(_edge(place, [*arguments, "--json", "--progress"])))


def _edge(place: Place, arguments: list[str]) -> str:
    """Run the edge program; its progress is shown, its result returned."""
    done = subprocess.run(
        [sys.executable, "-m", "edge", *arguments],
        env=place.environ,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DemoError(
            f"the edge program ended with code {done.returncode}; its last words are above"
        )
    return done.stdout


def _wait_for_merge(place: Place, token: str) -> dict[str, Any]:
    say("merging sightings into damages")
    deadline = time.monotonic() + MERGE_TIMEOUT_S
    while httpx.get(f"{place.url}/api/v1/health", timeout=ANSWER_TIMEOUT_S).json()["merge_backlog"]:
        if time.monotonic() > deadline:
            raise DemoError(f"merging took over {MERGE_TIMEOUT_S} s: see {_log_of(place)}")
        time.sleep(0.2)
    address = f"{place.url}/api/v1/summary"
    answer = httpx.get(address, headers=_as(token), timeout=ANSWER_TIMEOUT_S)
    return dict(answer.raise_for_status().json())


def _summary(
    place: Place, truck: dict[str, Any], city: dict[str, Any], token: str
) -> dict[str, Any]:
    states = ("waiting", "confirmed", "dismissed", "unsure", "ordered", "repaired")
    summary = {
        "frames": truck["frames_seen"],
        "frames_assessed": truck["frames_assessed"],
        "frames_dropped": truck["frames_dropped"],
        "frames_per_s": truck["frames_per_s"],
        "metres": truck["metres"],
        "sightings": city["sightings"],
        "quarantined": city["quarantined"],
        "pictures": city["pictures"],
        "pictures_withheld": truck["pictures_withheld"],
        "parked": truck["parked"],
        "damages": sum(city[state] for state in states),
        "model_sha256": truck["model_sha256"],
    }
    truth = place.city / "truth.geojson" if place.city else None
    if truth and truth.is_file():
        damages = httpx.get(
            f"{place.url}/api/v1/damages",
            params={"limit": 500},
            headers=_as(token),
            timeout=ANSWER_TIMEOUT_S,
        )
        summary["simulator"] = demo_truth.compare(
            json.loads(truth.read_text()), damages.raise_for_status().json()["items"]
        )
    return summary


def _in_words(summary: dict[str, Any]) -> str:
    dropped = ", ".join(f"{n} {reason}" for reason, n in summary["frames_dropped"].items())
    looked = ", ".join(f"{metres:.0f} m {what}" for what, metres in summary["metres"].items())
    lines = [
        f"frames     {summary['frames']} seen, {summary['frames_assessed']} assessed"
        + (f", dropped: {dropped}" if dropped else ""),
        f"streets    {looked or 'no street of the map was looked at'}",
        f"sightings  {summary['sightings']} ({summary['pictures']} with a masked picture)",
        f"damages    {summary['damages']} on the map, waiting for a person",
        f"trees      {summary['trees']} with a water balance this morning (simulated weather)",
        f"audit log  {summary['audit_log']['size']} signed events",
        f"time       {summary['seconds']} s",
    ]
    if simulator := summary.get("simulator"):
        lines.insert(4, demo_truth.in_words(simulator))
    return "\n".join(lines)


def _serve_until_stopped(place: Place, tokens: Mapping[Role, str]) -> None:
    say("ready; end with Ctrl-C")
    roles: tuple[Role, ...] = ("road", "parks", "auditor")
    for role in roles:
        print(f"open as {role:<8} {place.url}/#token={tokens[role]}", flush=True)
    while True:
        time.sleep(3600)


def _as(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def say(text: str) -> None:
    """Tell the person in front of the screen what happens now."""
    print(f"» {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
