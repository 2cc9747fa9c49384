"""A register comes in from a file or a WFS, again and again, and a tree stays the same tree."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from gis.postgis.load_city import load_city
from irrigation.errors import CadastreError
from irrigation.trees import cadastre, cadastre_mapping, load, wfs
from irrigation.trees.cadastre_mapping import Mapping
from irrigation.trees.load import Wanted
from irrigation.trees.register import Imported
from irrigation.trees.tree_profile import TreeProfile
from tests.irrigation.a_city import DAY, MUSTERSTADT


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement.encode()).fetchall()


@pytest.fixture
def mapping() -> Mapping:
    return cadastre_mapping.load(str(MUSTERSTADT / "trees.toml"))


def bring(url: str, file: Path, mapping: Mapping) -> Imported:
    return load.load(url, Wanted([file], mapping, TreeProfile(), None, simulated=True), on=DAY)


def test_a_tree_that_is_renumbered_keeps_its_history_and_one_that_is_gone_is_kept(
    database_url: str, mapping: Mapping, tmp_path: Path
) -> None:
    load_city(database_url, MUSTERSTADT)
    lines = (MUSTERSTADT / "trees.csv").read_text().splitlines()
    first = bring(database_url, MUSTERSTADT / "trees.csv", mapping)
    assert first.difference["added"] == first.rows == 600
    before = dict(rows(database_url, "SELECT number, tree_id FROM trees"))
    changed = [
        line.replace("1001;", "9001;", 1) if line.startswith("1001;") else line for line in lines
    ]
    gone = [line for line in changed if not line.startswith("1002;")]
    file = tmp_path / "trees.csv"
    file.write_text("\n".join([*gone, ""]))
    second = bring(database_url, file, mapping)
    assert second.difference["renumbered"] == second.difference["removed"] == 1
    assert second.difference["added"] == 0
    assert rows(database_url, "SELECT tree_id FROM trees WHERE number = '9001'") == [
        (before["1001"],)
    ]
    assert rows(database_url, "SELECT status FROM trees WHERE number = '1002'") == [("gone",)]
    third = bring(database_url, MUSTERSTADT / "trees.csv", mapping)
    assert third.difference["added"] == 1, "the tree that was gone is there again"
    after = dict(rows(database_url, "SELECT number, tree_id FROM trees"))
    assert after["1001"] == before["1001"]
    assert after["1002"] == before["1002"]
    imports = rows(database_url, "SELECT rows_read FROM register_import ORDER BY import_id")
    assert imports == [(600,), (599,), (600,)]


def test_every_odd_row_is_in_the_database_with_its_flag(
    database_url: str, mapping: Mapping
) -> None:
    load_city(database_url, MUSTERSTADT)
    bring(database_url, MUSTERSTADT / "trees.csv", mapping)
    flags = dict(
        rows(database_url, "SELECT flag, count(*) FROM trees, unnest(flags) AS flag GROUP BY 1")
    )
    assert flags["number repeated"] == 24
    assert flags["girth_cm implausible"] == 3
    kinds = dict(rows(database_url, "SELECT status, count(*) FROM trees GROUP BY status"))
    assert kinds == {"standing": 574, "felled": 18, "group": 5, "gap": 3}
    assumed = rows(
        database_url, "SELECT count(*) FROM tree_inputs WHERE pit_is_default AND pit_m2 = 4"
    )
    assert assumed[0][0] > 100


@dataclass
class Server:
    """A city's WFS that answers at most `most` features, and may fail or not know paging."""

    features: list[dict[str, Any]]
    most: int = 250
    pages: bool = True
    failures_left: int = 0
    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, query: dict[str, str]) -> tuple[int, bytes]:
        """The status and the body for one GetFeature."""
        self.asked.append(query)
        if self.failures_left:
            self.failures_left -= 1
            return 503, b"busy"
        if query["typeNames"] != "trees":
            return 200, b"<ows:ExceptionReport>unknown type name</ows:ExceptionReport>"
        start = int(query["startIndex"]) if self.pages else 0
        part = self.features[start : start + min(int(query["count"]), self.most)]
        collection = {
            "type": "FeatureCollection",
            "features": part,
            "numberMatched": len(self.features),
            "numberReturned": len(part),
        }
        return 200, json.dumps(collection).encode()


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: value[0] for name, value in parse_qs(urlsplit(self.path).query).items()}
            status, body = server.answer(asked)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Be quiet."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{listener.server_address[1]}/wfs"
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join(timeout=10)


@pytest.fixture
def features() -> list[dict[str, Any]]:
    """Musterstadt's register as GeoJSON features, as a WFS would send it."""
    import csv

    text = (MUSTERSTADT / "trees.csv").read_text().splitlines()
    return [
        {
            "type": "Feature",
            "properties": {name: row[name] for name in row if name not in ("laenge", "breite")},
            "geometry": {
                "type": "Point",
                "coordinates": [float(row["laenge"]), float(row["breite"])],
            },
        }
        for row in csv.DictReader(text, delimiter=";")
    ]


def test_a_wfs_that_caps_its_answers_is_read_page_by_page(
    features: list[dict[str, Any]], mapping: Mapping, tmp_path: Path
) -> None:
    with serving(Server(features, failures_left=1)) as server:
        file = wfs.fetch(server.url, "trees", tmp_path / "trees.geojson", page=400, wait_s=0.01)
        starts = [asked["startIndex"] for asked in server.asked]
    assert starts == ["0", "0", "250", "500"], "one short failure, then three pages"
    found = cadastre.load([file], mapping, on=DAY)
    table = cadastre.load([MUSTERSTADT / "trees.csv"], mapping, on=DAY)
    assert cadastre.summary(found) == cadastre.summary(table)


def test_a_wfs_that_knows_no_paging_or_no_such_layer_is_refused_with_the_reason(
    features: list[dict[str, Any]], tmp_path: Path
) -> None:
    target = tmp_path / "trees.geojson"
    with serving(Server(features, pages=False)) as server:
        with pytest.raises(CadastreError, match="startIndex"):
            wfs.fetch(server.url, "trees", target, wait_s=0.01)
        with pytest.raises(CadastreError, match="unknown type name"):
            wfs.fetch(server.url, "bushes", target, wait_s=0.01)
    with pytest.raises(CadastreError, match="3 tries"):
        wfs.fetch("http://127.0.0.1:9/wfs", "trees", target, wait_s=0.01)
    assert not target.exists()
