"""The way of a city's engineer: fetch over a bad line, convert, split, check, write the papers."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.vision.data.drawn import road, write_folder
from tests.vision.data.ranged_server import Shelf, ranged_server
from vision.__main__ import main
from vision.training.data import manifest, sheets

REAL = Path(__file__).parents[4] / "shared/data/roaddamage"
SHEETS = Path(__file__).parents[3] / "datasets/sheets"
READ = (  # the format's own reader
    "import mlcroissant, sys; set = mlcroissant.Dataset(sys.argv[1]); "
    "assert not set.metadata.ctx.issues.errors, set.metadata.ctx.issues.errors; "
    "print(len(set.metadata.distribution))"
)
ARCHIVE = "Cracks-and-Potholes-in-Road-Images.zip"


def drawn_archive(path: Path) -> bytes:
    """Write six roads with one picture each as Passos et al. lay their archive out."""
    with ZipFile(path, "w") as file:
        for number in range(6):
            write_folder(
                file,
                f"{number}_RS_386_386RS{number:06d}_00100",
                picture=road(number),
                pothole=[(100, 300, 160, 330)],
                crack=[(600, 100, 610, 500)] if number % 2 else [],
            )
    return path.read_bytes()


def source_file(path: Path, shelf: Shelf, digest: str | None) -> Path:
    known = f'sha256 = "{digest}"\ndigest_from = "drawn"' if digest else 'digest_from = "none yet"'
    path.write_text(
        f'name = "Drawn"\nlicence = "CC-BY-4.0"\nhomepage = "{shelf.url}"\ncitation = "none"\n'
        f'labels = "masks"\ncountry = "Brazil"\n'
        f'[[file]]\nname = "{ARCHIVE}"\nurl = "{shelf.url}/{ARCHIVE}"\n{known}\n'
    )
    return path


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_masks_come_from_an_address_to_a_split_set_with_its_datasheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served = tmp_path / "served"
    served.mkdir()
    content = drawn_archive(served / ARCHIVE)
    archive, data, out = tmp_path / f"archives/{ARCHIVE}", tmp_path / "set", tmp_path / "split"
    with ranged_server(served) as shelf:
        source = str(source_file(tmp_path / "drawn.toml", shelf, None))
        fetch = ["data", "fetch", "--source", source, "--out", str(archive.parent)]
        shelf.cut_after_bytes = [50_000]
        assert main(fetch) == 4
        waiting = capsys.readouterr()
        assert json.loads(waiting.out)["files"] == {"waits: unpinned": 1}
        digest = sha256(content).hexdigest()
        assert f'write sha256 = "{digest}" into the source file' in waiting.err
        source_file(tmp_path / "drawn.toml", shelf, digest)
        assert main(fetch) == 0
        assert said(capsys)["files"] == {"fetched": 1}
        assert shelf.ranges == [None, "bytes=50000-"]

    convert = ["data", "convert", "--archive", str(archive), "--source", source]
    assert main([*convert, "--width-px", "320", "--out", str(data)]) == 0
    assert said(capsys) == {"pictures": 6, "boxes": 9, "dropped": {}}
    shares = ["--shares", "train=0.5,val=0.25,test=0.25"]
    assert main(["data", "split", "--data", str(data), "--out", str(out), *shares]) == 0
    splits = said(capsys)["splits"]
    assert sum(one["pictures"] for one in splits.values()) == 6
    assert splits["train"]["boxes"].keys() == {"D00", "D40"}
    assert main(["data", "leaks", "--data", str(out)]) == 0
    assert (answer := said(capsys))["leaks"] == 0
    assert answer["divided_groups"] == {}
    assert main(["data", "leaks", "--data", str(out), str(data)]) == 1  # all of it stands in train
    assert (answer := said(capsys))["leaks"] >= 3
    assert len(answer["divided_groups"]) == 6 - splits["train"]["pictures"]
    assert (
        main(["data", "datasheet", "--data", str(out), "--sheet", str(SHEETS / "passos_dnit.toml")])
        == 0
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ, str(out / "croissant.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "7"), done.stderr
    sheet = json.loads((out / "croissant.json").read_text())
    told = {one["name"]: one["sha256"] for one in sheet["distribution"]}
    pictures = manifest.read(out)
    manifest.verify(pictures)
    assert told.items() >= {(one.path.relative_to(out).as_posix(), one.sha256) for one in pictures}


def test_every_sheet_of_the_project_says_all_that_a_datasheet_must() -> None:
    names = set()
    for path in sorted(SHEETS.glob("*.toml")):
        sheet = sheets.read(path)
        names.add(path.stem)
        assert sheet.licence_url.startswith("https://creativecommons.org/licenses/by")
        assert all([sheet.annotation, sheet.biases, sheet.personal_data, sheet.limits])
    assert names >= {"passos_dnit", "rdd2022", "roaddamage", "roaddamage_negatives"}


@pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/data/roaddamage")
def test_the_real_set_comes_with_its_labels_over_a_bad_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (REAL / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::100]
    names = [row["file"] for row in rows]
    names += [f"labels{name.removeprefix('images')[:-4]}.txt" for name in names]
    digests = {name: sha256((REAL / name).read_bytes()).hexdigest() for name in names}
    sums = tmp_path / "SHA256SUMS"
    sums.write_text("".join(f"{digest}  ./{name}\n" for name, digest in digests.items()))
    out = tmp_path / "out"
    with ranged_server(REAL) as shelf:
        fetch = ["data", "fetch", "--manifest", str(sums), "--base-url", shelf.url]
        fetch += ["--out", str(out), "--timeout-s", "5"]
        shelf.changed = {names[3]: b"\x00" + (REAL / names[3]).read_bytes()[1:]}
        shelf.cut_after_bytes = [1000]
        assert main(fetch) == 4  # one byte of the fourth picture is another
        assert f"{names[3]} gave sha256" in capsys.readouterr().err
        assert not (out / names[3]).exists()
        shelf.changed, shelf.missing = {}, {names[5]}
        assert main(fetch) == 4
        assert "answers 404: fetch it by hand into" in capsys.readouterr().err
        shelf.missing = set()
        assert main(fetch) == 0
        assert said(capsys)["files"] == {"had already": 5, "fetched": len(names) - 5}
    assert {name: sha256((out / name).read_bytes()).hexdigest() for name in names} == digests
    assert not list(out.rglob("*.part*"))
