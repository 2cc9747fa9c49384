"""A data set arrives whole and unchanged, however often the line is cut."""

from __future__ import annotations

import csv
import json
import logging
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.vision.data.ranged_server import Shelf, ranged_server
from vision.__main__ import main
from vision.errors import DataError
from vision.training.data import sources
from vision.training.data.fetch import Outcome, fetch
from vision.training.data.sources import RemoteFile

CONTENT = bytes(range(256)) * 4000
DIGEST = sha256(CONTENT).hexdigest()
REAL = Path(__file__).parents[4] / "shared/data/roaddamage"
SOURCES = Path(__file__).parents[3] / "datasets/sources"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "set.zip").write_bytes(CONTENT)
    with ranged_server(folder) as served:
        yield served


def no_wait(_: float) -> None:
    """Try again at once."""


def of(shelf: Shelf, digest: str | None = DIGEST) -> list[RemoteFile]:
    return [RemoteFile("set.zip", f"{shelf.url}/set.zip", digest)]


def test_a_file_arrives_and_is_not_fetched_again(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert fetch(of(shelf), out, sleep=no_wait)[0].outcome is Outcome.FETCHED
    assert fetch(of(shelf), out, sleep=no_wait)[0].outcome is Outcome.HAD
    assert (out / "set.zip").read_bytes() == CONTENT
    assert len(shelf.ranges) == 1


def test_a_cut_line_goes_on_where_it_was(shelf: Shelf, tmp_path: Path) -> None:
    shelf.cut_after_bytes = [300_000, 200_000]
    fetch(of(shelf), tmp_path / "out", sleep=no_wait)
    assert (tmp_path / "out/set.zip").read_bytes() == CONTENT
    assert shelf.ranges == [None, "bytes=300000-", "bytes=500000-"]


def test_a_killed_fetch_goes_on_in_the_next_start(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "set.zip.part").write_bytes(CONTENT[:1000])
    fetch(of(shelf), out, sleep=no_wait)
    assert (out / "set.zip").read_bytes() == CONTENT
    assert shelf.ranges == ["bytes=1000-"]


def test_a_part_that_was_already_whole_is_recognised(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "set.zip.part").write_bytes(CONTENT)
    assert fetch(of(shelf), out, sleep=no_wait)[0].outcome is Outcome.FETCHED


def test_a_server_without_ranges_begins_anew(shelf: Shelf, tmp_path: Path) -> None:
    shelf.knows_range = False
    shelf.cut_after_bytes = [300_000]
    fetch(of(shelf), tmp_path / "out", sleep=no_wait)
    assert (tmp_path / "out/set.zip").read_bytes() == CONTENT


def test_a_changed_file_is_refused_and_leaves_nothing_behind(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="changed there or on the way"):
        fetch(of(shelf, "0" * 64), tmp_path / "out", sleep=no_wait)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_on_disk_that_differs_is_named(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "set.zip").write_bytes(b"other")
    with pytest.raises(DataError, match="delete it and fetch again"):
        fetch(of(shelf), out, sleep=no_wait)


def test_an_unpinned_file_is_said_loudly_and_pinned_from_then_on(
    shelf: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    out = tmp_path / "out"
    with caplog.at_level(logging.WARNING):
        assert fetch(of(shelf, None), out, sleep=no_wait)[0].outcome is Outcome.UNPINNED
    assert f"UNPINNED file=set.zip sha256={DIGEST}" in caplog.text
    assert json.loads((out / "pins.json").read_text()) == {"set.zip": DIGEST}
    (out / "set.zip").unlink()
    (shelf.folder / "set.zip").write_bytes(b"another day, another file")
    with pytest.raises(DataError, match="changed there"):
        fetch(of(shelf, None), out, sleep=no_wait)


def test_a_busy_server_is_asked_again_and_a_refusing_one_is_not(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.statuses = [503, 500]
    fetch(of(shelf), tmp_path / "out", sleep=no_wait)
    assert len(shelf.ranges) == 3
    shelf.statuses = [403]
    with pytest.raises(DataError, match="answers 403: fetch it by hand"):
        fetch(of(shelf), tmp_path / "other", sleep=no_wait)
    assert len(shelf.ranges) == 4


def test_no_list_may_write_outside_its_folder(tmp_path: Path) -> None:
    listed = tmp_path / "manifest.csv"
    listed.write_text(f"file,sha256\na/../../evil,{DIGEST}\n")
    with pytest.raises(DataError, match="leads out of the folder"):
        sources.of_manifest(listed, base_url="http://127.0.0.1")


def test_every_source_of_the_project_can_be_read_and_names_its_licence() -> None:
    files = sorted(SOURCES.glob("*.toml"))
    assert len(files) >= 3
    for file in files:
        source = sources.read(file)
        assert source.licence.startswith("CC-BY")
        assert all(one.url.startswith("https://") for one in source.file)


@pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/data/roaddamage")
def test_the_real_set_is_fetched_by_its_manifest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (REAL / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::60]
    listed = tmp_path / "manifest.csv"
    with listed.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    out = tmp_path / "out"
    with ranged_server(REAL) as served:
        served.cut_after_bytes = [1000]
        told = ["data", "fetch", "--manifest", str(listed), "--base-url", served.url]
        for outcome in ("fetched", "had already"):
            assert main([*told, "--out", str(out)]) == 0
            assert json.loads(capsys.readouterr().out)["files"] == {outcome: len(rows)}
    assert sha256((out / rows[0]["file"]).read_bytes()).hexdigest() == rows[0]["sha256"]
