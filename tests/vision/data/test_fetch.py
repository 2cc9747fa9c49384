"""A data set arrives whole and unchanged, however often the line is cut."""

from __future__ import annotations

import csv
import json
import logging
from collections.abc import Iterator
from hashlib import md5, sha256
from pathlib import Path

import pytest

from tests.vision.data.ranged_server import Shelf, ranged_server
from vision.__main__ import main
from vision.errors import DataError
from vision.training.data import sources
from vision.training.data.fetch import Outcome, fetch, how_to_pin
from vision.training.data.sources import RemoteFile

CONTENT = bytes(range(256)) * 4000
DIGEST = sha256(CONTENT).hexdigest()
REAL = Path(__file__).parents[4] / "shared/data/roaddamage"
RDD2022_COUNTRIES = {
    *("Japan", "India", "Czech", "Norway", "United_States", "China_MotorBike", "China_Drone"),
}
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


def test_a_file_that_nobody_vouches_for_waits_until_a_person_decides(
    shelf: Shelf, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for _ in range(2):  # asked again, it is not downloaded again
        done = fetch(of(shelf, None), out, sleep=no_wait)[0]
        assert done.outcome is Outcome.UNPINNED
        assert not (out / "set.zip").exists()
    assert len(shelf.ranges) == 1
    assert f'write sha256 = "{DIGEST}" into the source file' in how_to_pin(done)
    assert "1024000 bytes" in how_to_pin(done)
    assert fetch(of(shelf), out, sleep=no_wait)[0].outcome is Outcome.FETCHED
    assert (out / "set.zip").read_bytes() == CONTENT
    assert len(shelf.ranges) == 1


def test_a_file_taken_at_a_persons_risk_is_compared_from_then_on(
    shelf: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    out = tmp_path / "out"
    with caplog.at_level(logging.WARNING):
        done = fetch(of(shelf, None), out, accept_unpinned=True, sleep=no_wait)[0]
    assert done.outcome is Outcome.ACCEPTED
    assert f"UNPINNED file=set.zip sha256={DIGEST}" in caplog.text
    assert json.loads((out / "pins.json").read_text()) == {"set.zip": DIGEST}
    assert fetch(of(shelf, None), out, sleep=no_wait)[0].outcome is Outcome.HAD
    (out / "set.zip").unlink()
    (shelf.folder / "set.zip").write_bytes(b"another day, another file")
    with pytest.raises(DataError, match="changed there"):
        fetch(of(shelf, None), out, accept_unpinned=True, sleep=no_wait)


def test_an_md5_or_a_size_of_the_publisher_is_compared_where_that_is_all(
    shelf: Shelf, tmp_path: Path
) -> None:
    good = RemoteFile("set.zip", f"{shelf.url}/set.zip", md5=md5(CONTENT).hexdigest())  # noqa: S324
    assert fetch([good], tmp_path / "a", sleep=no_wait)[0].outcome is Outcome.FETCHED
    bad = RemoteFile("set.zip", f"{shelf.url}/set.zip", md5="0" * 32, digest_from="a page")
    with pytest.raises(DataError, match=r"not md5 0+ \(a page\)"):
        fetch([bad], tmp_path / "b", sleep=no_wait)
    short = RemoteFile("set.zip", f"{shelf.url}/set.zip", DIGEST, size_bytes=7)
    with pytest.raises(DataError, match="1024000 bytes, not 7 bytes"):
        fetch([short], tmp_path / "c", sleep=no_wait)


def test_a_file_larger_than_the_disk_is_refused_before_the_first_byte(
    shelf: Shelf, tmp_path: Path
) -> None:
    huge = RemoteFile("set.zip", f"{shelf.url}/set.zip", DIGEST, size_bytes=10**18)
    with pytest.raises(DataError, match=r"needs 1000000000\.0 GB more"):
        fetch([huge], tmp_path / "out", sleep=no_wait)
    assert shelf.ranges == []


def test_a_server_that_falls_silent_is_asked_for_the_rest(shelf: Shelf, tmp_path: Path) -> None:
    shelf.stall_after_bytes = [300_000]
    done = fetch(of(shelf), tmp_path / "out", timeout_s=0.5, sleep=no_wait)
    assert done[0].outcome is Outcome.FETCHED
    assert (tmp_path / "out/set.zip").read_bytes() == CONTENT
    assert shelf.ranges[0] is None
    assert all(asked is not None for asked in shelf.ranges[1:])


def test_what_was_changed_between_two_tries_is_not_mixed(shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shelf.cut_after_bytes = [300_000]

    def publisher_changes(_: float) -> None:
        (shelf.folder / "set.zip").write_bytes(CONTENT[::-1])

    done = fetch(of(shelf, None), out, accept_unpinned=True, sleep=publisher_changes)
    assert done[0].sha256 == sha256(CONTENT[::-1]).hexdigest()
    assert sorted(path.name for path in out.iterdir()) == ["pins.json", "set.zip"]


def test_a_line_that_gives_a_little_each_time_is_never_given_up(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.cut_after_bytes = [50_000] * 20
    fetch(of(shelf), tmp_path / "out", sleep=no_wait)
    assert len(shelf.ranges) == 21


def test_a_line_that_gives_nothing_is_given_up_and_what_came_is_kept(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.cut_after_bytes = [300_000, *[0] * 10]
    with pytest.raises(DataError, match=r"0\.3 MB are kept: run the same command again"):
        fetch(of(shelf), tmp_path / "out", sleep=no_wait)
    assert (tmp_path / "out/set.zip.part").stat().st_size == 300_000


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


def test_every_source_of_the_project_names_licence_address_and_what_is_known_of_its_digest() -> (
    None
):
    files = {path.stem: sources.read(path) for path in sorted(SOURCES.glob("*.toml"))}
    assert {one.country for one in files["rdd2022"].file} == RDD2022_COUNTRIES
    assert {"passos_dnit", "rdd2022_whole", "irdd_iraq", "rome", "bucko_dashcam"} <= set(files)
    for source in files.values():
        assert source.licence.startswith("CC-BY")
        assert source.labels != "yolo" or source.classes
        for one in source.file:
            assert one.url.startswith("https://")
            assert one.digest_from is not None
            assert bool(one.sha256 or one.md5) != one.digest_from.startswith("none ")


def test_a_source_that_hides_where_its_digest_is_from_is_refused(tmp_path: Path) -> None:
    text = (SOURCES / "passos_dnit.toml").read_text()
    listed = tmp_path / "set.toml"
    listed.write_text("\n".join(n for n in text.splitlines() if not n.startswith("digest_from")))
    with pytest.raises(DataError, match="does not say where its digest is from"):
        sources.read(listed)


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
