"""`stadtwart vision data`: fetch sets, convert them, look for leaks, write datasheets."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import DataError
from vision.training.data import manifest, sheets, sources
from vision.training.data.croissant import SheetFile, croissant
from vision.training.data.fetch import digest_of, fetch
from vision.training.data.leaks import fingerprint, leaks
from vision.training.data.manifest import Picture
from vision.training.data.voc import convert

MEDIA = {".jpg": "image/jpeg", ".png": "image/png", ".txt": "text/plain", ".csv": "text/csv"}


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `data` and its verbs."""
    data = verbs.add_parser("data", help="fetch, convert and check data sets")
    under = data.add_subparsers(required=True, metavar="VERB")
    get = under.add_parser("fetch", help="fetch a set; the same command goes on after a cut")
    chosen = get.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--source", type=Path, help="datasets/sources/NAME.toml")
    chosen.add_argument("--manifest", type=Path, help="manifest.csv with file and sha256")
    get.add_argument("--base-url", help="address above the manifest's files")
    get.add_argument("--only", nargs="*", default=[], help="names of files; without: all")
    get.add_argument("--out", type=Path, required=True)
    get.set_defaults(run=_fetch)
    change = under.add_parser("convert", help="RDD2022 archive to pictures, labels, manifest")
    change.add_argument("--archive", type=Path, required=True)
    change.add_argument("--country", required=True)
    change.add_argument("--licence", default="CC-BY-SA-4.0")
    change.add_argument("--out", type=Path, required=True)
    change.set_defaults(run=_convert)
    look = under.add_parser("leaks", help="pictures of one view in two splits; exit code 1 if any")
    look.add_argument("--data", type=Path, required=True, help="folder with manifest.csv")
    look.set_defaults(run=_leaks)
    learn = under.add_parser("triage", help="what people confirmed and dismissed, as a data set")
    learn.add_argument("--out", type=Path, required=True, help="a new folder")
    learn.set_defaults(run=_triage)
    sheet = under.add_parser("datasheet", help="write croissant.json beside manifest.csv")
    sheet.add_argument("--data", type=Path, required=True, help="folder with manifest.csv")
    sheet.add_argument("--sheet", type=Path, required=True, help="what to say: TOML")
    sheet.add_argument("--out", type=Path, help="file to write; without: DATA/croissant.json")
    sheet.add_argument(
        "--short", action="store_true", help="name the manifest only: it names every file"
    )
    sheet.set_defaults(run=_datasheet)


def _fetch(given: argparse.Namespace) -> int:
    if given.source:
        files = sources.read(given.source).file
    elif given.base_url:
        files = sources.of_manifest(given.manifest, base_url=given.base_url)
    else:
        raise DataError("--manifest needs --base-url: the address above its files")
    unknown = set(given.only) - {one.name for one in files}
    if unknown:
        raise DataError(f"--only {sorted(unknown)[0]!r}: the list does not name it")
    wanted = [one for one in files if not given.only or one.name in given.only]
    done = fetch(wanted, given.out)
    counted: dict[str, int] = {}
    for one in done:
        counted[one.outcome.value] = counted.get(one.outcome.value, 0) + 1
    _say({"folder": str(given.out), "files": counted})
    return 0


def _convert(given: argparse.Namespace) -> int:
    done = convert(given.archive, given.out, country=given.country, licence=given.licence)
    _say({"pictures": done.pictures, "boxes": done.boxes, "dropped": done.dropped})
    return 0


def _leaks(given: argparse.Namespace) -> int:
    pictures = manifest.read(given.data)
    by_split: dict[str, list[Picture]] = {}
    for picture in pictures:
        by_split.setdefault(picture.split, []).append(picture)
    prints = {picture.sha256: fingerprint(_read(picture.path)) for picture in pictures}
    found = leaks({split: list(members) for split, members in by_split.items()}, prints)
    smooth = sum(mark is None for mark in prints.values())
    shown = [
        {"first": one.first, "second": one.second, "bits": one.bits, "same_group": one.same_group}
        for one in found[:50]
    ]
    _say(
        {
            "pictures": len(pictures),
            "too_smooth_to_tell": smooth,
            "leaks": len(found),
            "first": shown,
        }
    )
    return 1 if found else 0


def _triage(given: argparse.Namespace) -> int:
    from gis.postgis.database import start_database
    from vision.training.data.triage import collect, require_new

    require_new(given.out)
    done = collect(start_database(), given.out)
    _say(dataclasses.asdict(done) | {"folder": str(given.out)})
    return 0


def _datasheet(given: argparse.Namespace) -> int:
    pictures = manifest.read(given.data)
    listed = [given.data / "manifest.csv"]
    if not given.short:
        listed += [picture.path for picture in pictures]
    known = {picture.path: picture.sha256 for picture in pictures}
    files = [
        SheetFile(
            path.relative_to(given.data).as_posix(),
            known.get(path) or digest_of(path),
            path.stat().st_size,
            MEDIA.get(path.suffix.lower(), "application/octet-stream"),
        )
        for path in listed
    ]
    out = given.out or given.data / "croissant.json"
    text = json.dumps(croissant(sheets.read(given.sheet), files), indent=1, ensure_ascii=False)
    out.write_text(text + "\n", encoding="utf-8")
    _say(str(out))
    return 0


def _say(result: object) -> None:
    """Write the result to stdout; progress goes to the log."""
    text = result if isinstance(result, str) else json.dumps(result, indent=1)
    sys.stdout.write(text + "\n")


def _read(path: Path) -> NDArray[np.uint8]:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise DataError(f"{path} is not a readable picture: fetch it again")
    return np.asarray(picture, np.uint8)
