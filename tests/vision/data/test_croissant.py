"""A datasheet that the format's own reader opens."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.vision.data.test_voc import archive, box
from vision.__main__ import main
from vision.training.data import manifest
from vision.training.data.voc import convert

SHEET = Path(__file__).parents[3] / "datasets/sheets/roaddamage.toml"
READ = (
    "import mlcroissant, sys; set = mlcroissant.Dataset(sys.argv[1]); "
    "assert not set.metadata.ctx.issues.errors, set.metadata.ctx.issues.errors; "
    "print(len(set.metadata.distribution))"
)


def test_mlcroissant_opens_the_sheet_and_finds_every_file(tmp_path: Path) -> None:
    data = tmp_path / "set"
    source = archive(tmp_path / "japan.zip", {"Japan_000001": box("D40", 20, 10, 60, 50)})
    convert(source, data, country="Japan", licence="CC-BY-SA-4.0")
    assert main(["data", "datasheet", "--data", str(data), "--sheet", str(SHEET)]) == 0
    told = json.loads((data / "croissant.json").read_text())
    digests = {one["name"]: one["sha256"] for one in told["distribution"]}
    assert digests["images/train/Japan_Japan_000001.jpg"] == manifest.read(data)[0].sha256
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ, str(data / "croissant.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "2"), done.stderr
