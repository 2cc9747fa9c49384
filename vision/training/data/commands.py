"""`stadtwart vision data`: fetch sets, convert them, look for leaks, write datasheets."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections import Counter
from pathlib import Path

from vision.errors import DataError
from vision.training.data import manifest, sheets, sources
from vision.training.data.convert import convert
from vision.training.data.croissant import SheetFile, croissant
from vision.training.data.fetch import Outcome, digest_of, fetch, how_to_pin
from vision.training.data.leaks import fingerprint, leaks
from vision.training.data.manifest import Picture
from vision.training.data.split import Plan, read_frame, split

SHARES = {"train": 0.7, "val": 0.1, "test": 0.2}
MEDIA = {".jpg": "image/jpeg", ".png": "image/png", ".txt": "text/plain", ".csv": "text/csv"}


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `data` and its verbs."""
    data = verbs.add_parser("data", help="fetch, convert and check data sets")
    under = data.add_subparsers(required=True, metavar="VERB")
    get = under.add_parser("fetch", help="fetch a set; the same command goes on after a cut")
    chosen = get.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--source", type=Path, help="datasets/sources/NAME.toml")
    chosen.add_argument("--manifest", type=Path, help="manifest.csv, or SHA256SUMS")
    get.add_argument("--base-url", help="address above the manifest's files")
    get.add_argument("--only", nargs="*", default=[], help="names of files; without: all")
    get.add_argument("--out", type=Path, required=True)
    get.add_argument(
        "--accept-unpinned", action="store_true", help="take files that no digest is known of"
    )
    get.add_argument("--timeout-s", type=float, default=60, help="silence before it asks again")
    get.set_defaults(run=_fetch)
    change = under.add_parser("convert", help="an archive to pictures, labels, manifest")
    change.add_argument("--archive", type=Path, required=True)
    change.add_argument("--source", type=Path, required=True, help="datasets/sources/NAME.toml")
    change.add_argument("--country", help="without: the one the source names")
    change.add_argument("--width-px", type=int, help="shrink pictures; without: as they are")
    change.add_argument("--out", type=Path, required=True)
    change.set_defaults(run=_convert)
    divide = under.add_parser("split", help="roads to splits, checked for leaks")
    divide.add_argument("--data", type=Path, required=True, help="folder with manifest.csv")
    divide.add_argument("--out", type=Path, required=True, help="a new folder, of links")
    divide.add_argument(
        "--shares", type=_shares, default=SHARES, help="of pictures; train=0.7,val=0.1,test=0.2"
    )
    divide.add_argument("--seed", type=int, default=0)
    divide.add_argument(
        "--test-country", action="append", default=[], help="whole in the test; may be repeated"
    )
    divide.add_argument("--looked-at", type=Path, help="pairs that show two roads: first,second")
    divide.set_defaults(run=_split)
    look = under.add_parser("leaks", help="one view or one road in two splits; exit code 1 if any")
    look.add_argument("--data", type=Path, nargs="+", required=True, help="folders with manifest")
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
    done = fetch(
        wanted, given.out, accept_unpinned=given.accept_unpinned, timeout_s=given.timeout_s
    )
    counted = Counter(one.outcome.value for one in done)
    _say({"folder": str(given.out), "files": counted})
    waiting = [how_to_pin(one) for one in done if one.outcome is Outcome.UNPINNED]
    if waiting:
        raise DataError("\n".join(waiting))
    return 0


def _convert(given: argparse.Namespace) -> int:
    source = sources.read(given.source)
    done = convert(given.archive, source, given.out, country=given.country, width_px=given.width_px)
    _say({"pictures": done.pictures, "boxes": done.boxes, "dropped": done.dropped})
    return 0


def _shares(text: str) -> dict[str, float]:
    """Read NAME=SHARE,NAME=SHARE.

    >>> _shares("train=0.8,test=0.2")
    {'train': 0.8, 'test': 0.2}
    """
    try:
        pairs = [part.split("=") for part in text.split(",")]
        return {name.strip(): float(share) for name, share in pairs}
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not of the form train=0.7,val=0.1,test=0.2"
        ) from None


def _split(given: argparse.Namespace) -> int:
    plan = Plan(given.shares, given.seed, given.test_country)
    _say(split(given.data, given.out, plan, looked_at=given.looked_at))
    return 0


def _leaks(given: argparse.Namespace) -> int:
    pictures = [picture for folder in given.data for picture in manifest.read(folder)]
    by_split: dict[str, list[Picture]] = {}
    for picture in pictures:
        by_split.setdefault(picture.split, []).append(picture)
    prints = {picture.sha256: fingerprint(read_frame(picture.path)) for picture in pictures}
    found = leaks({split: list(members) for split, members in by_split.items()}, prints)
    divided = manifest.divided((picture.group, picture.split) for picture in pictures)
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
            "divided_groups": divided,
        }
    )
    return 1 if found or divided else 0


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
