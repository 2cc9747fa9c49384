"""A full, damaged or shared spool: pictures go first, geometry last, and never a crash loop."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from contracts.picture import MaskReceipt
from contracts.sighting import Sighting
from edge.errors import SpoolError, SpoolFullError
from edge.progress import Progress
from edge.spool import Closed, Spool
from tests.edge.test_upload import SHA, closed

PICTURE_BYTES = 50_000
SMALL_BYTES = 600_000


def with_picture(number: int, size_bytes: int = PICTURE_BYTES) -> Closed:
    jpeg = os.urandom(size_bytes)
    receipt = MaskReceipt(
        picture_sha256=sha256(jpeg).hexdigest(),
        mask_model_sha256=SHA,
        mask_threshold=0.1,
        masked=0,
        crop=[0, 0, 9, 9],
        damage=[1, 1, 2, 2],
    )
    bare = closed(number).sighting
    return Closed(msgspec.structs.replace(bare, picture=receipt), jpeg)


def stored(spool: Spool) -> list[Sighting]:
    rows = spool.file.all("SELECT body FROM sighting ORDER BY seq")
    return [msgspec.json.decode(body, type=Sighting) for (body,) in rows]


def test_a_full_spool_drops_the_oldest_pictures_and_keeps_every_place(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db", limit_bytes=SMALL_BYTES)
    for number in range(40):
        spool.save("drive", Progress(frames_seen=number), [with_picture(number)])
    kept = stored(spool)
    content = spool.content()
    assert len(kept) == 40
    assert content.dropped["picture"] + content.pictures == 40
    assert content.dropped["sighting"] == 0
    has_picture = [one.picture is not None for one in kept]
    assert has_picture == sorted(has_picture)  # the newest ones have theirs
    assert has_picture[-1]
    announced = {one.picture.picture_sha256 for one in kept if one.picture}
    assert announced == {row[0] for row in spool.file.all("SELECT sha256 FROM picture")}
    spool.close()
    assert (tmp_path / "spool.db").stat().st_size <= SMALL_BYTES


def test_a_picture_larger_than_the_spool_is_left_out_and_counted(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db", limit_bytes=SMALL_BYTES)
    progress = Progress(sightings=1, pictures=1)
    spool.save("drive", progress, [with_picture(1, 2 * SMALL_BYTES)])
    assert (progress.pictures, progress.pictures_withheld) == (0, {"spool full": 1})
    assert [one.picture for one in stored(spool)] == [None]
    spool.close()


def test_only_when_no_picture_is_left_do_the_oldest_places_go(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db", limit_bytes=SMALL_BYTES)
    for number in range(0, 2000, 50):
        many = [closed(number + index) for index in range(50)]
        spool.save("drive", Progress(frames_seen=number), many)
    kept = [one.sighting_id for one in stored(spool)]
    dropped = spool.content().dropped["sighting"]
    assert dropped > 0
    assert len(kept) == 2000 - dropped
    assert kept == [closed(number).sighting.sighting_id for number in range(dropped, 2000)]
    spool.close()


def test_a_spool_that_can_drop_nothing_stops_cleanly_and_unchanged(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db", limit_bytes=SMALL_BYTES)
    spool.save("drive", Progress(frames_seen=1), [])
    huge = Progress(frames_seen=2, frames_dropped={"x" * SMALL_BYTES: 1})
    with pytest.raises(SpoolFullError, match="free space on its disk, raise EDGE_SPOOL_LIMIT_MB"):
        spool.save("drive", huge, [])
    assert spool.progress_of("drive")[0].frames_seen == 1
    spool.close()


def test_two_programs_never_share_a_spool(tmp_path: Path) -> None:
    first = Spool(tmp_path / "spool.db", limit_bytes=SMALL_BYTES)
    with pytest.raises(SpoolError, match="another program uses the spool"):
        Spool(tmp_path / "spool.db", limit_bytes=SMALL_BYTES)
    first.close()
    Spool(tmp_path / "spool.db", limit_bytes=SMALL_BYTES).close()


@pytest.mark.parametrize(
    "content", [b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 4000]
)
def test_a_damaged_spool_is_kept_and_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "spool.db"
    path.write_bytes(content)
    with pytest.raises(SpoolError, match="move it aside and keep it"):
        Spool(path, limit_bytes=SMALL_BYTES)
    assert path.read_bytes() == content


def test_a_spool_in_an_impossible_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolError, match="Name a writable file with --spool"):
        Spool(tmp_path / "file" / "spool.db", limit_bytes=SMALL_BYTES)


def test_a_spool_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.db", limit_bytes=SMALL_BYTES)
    spool.file.all("PRAGMA user_version = 99")
    spool.close()
    with pytest.raises(SpoolError, match="has format 99"):
        Spool(tmp_path / "spool.db", limit_bytes=SMALL_BYTES)


FILL = """
import sys
from pathlib import Path
from edge.errors import SpoolError
from edge.progress import Progress
from edge.spool import Spool
from tests.edge.test_spool import with_picture
spool = Spool(Path(sys.argv[1]) / "spool.db", limit_bytes=1_000_000_000)
for number in range(120):
    spool.save("drive", Progress(frames_seen=number), [with_picture(number)])
content = spool.content()
print(content.waiting, content.dropped["sighting"], content.dropped["picture"])
spool.close()
again = Spool(Path(sys.argv[1]) / "spool.db", limit_bytes=1_000_000_000)
assert again.content() == content
"""
TMPFS = """
mount -t tmpfs -o size=6m tmpfs "$1" && exec "$2" -c "$3" "$1"
"""


def test_a_disk_that_is_really_full_costs_pictures_and_no_place(tmp_path: Path) -> None:
    shell = ["unshare", "--mount", "--map-root-user", "sh", "-c", TMPFS, "sh", str(tmp_path)]
    if subprocess.run([*shell, "true", ""], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk")
    done = subprocess.run(
        [*shell, sys.executable, FILL],
        capture_output=True,
        check=False,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr[-2000:]
    waiting, sightings_dropped, pictures_dropped = map(int, done.stdout.split())
    assert (waiting, sightings_dropped) == (120, 0)
    assert 30 < pictures_dropped < 120
    assert "ballast dropped" in done.stderr
