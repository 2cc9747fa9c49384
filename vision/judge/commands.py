"""`stadtwart judge`: fetch the second detector's models, and say whether they are there."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tomllib
from pathlib import Path

import msgspec

from gis.postgis.data_folder import data_folder
from vision.errors import VisionError
from vision.judge.installed import LIST, Standing, standing_of

FOLDER = "judge"  # in the data folder; API_JUDGE_FOLDER names another


def main(argv: list[str] | None = None) -> int:
    """Run one verb; results go to stdout, progress to stderr."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    parser = argparse.ArgumentParser(prog="stadtwart judge", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    get = verbs.add_parser("fetch", help="fetch its models by sha256; goes on after a cut")
    get.set_defaults(run=_fetch)
    state = verbs.add_parser("state", help="whether they are installed; exit code 1 if not")
    state.set_defaults(run=_say)
    for verb in (get, state):
        verb.add_argument("--folder", type=Path, help="without: judge in the data folder")
    get.add_argument("--list", type=Path, default=LIST, help="TOML of files, for a mirror")
    given = parser.parse_args(argv)
    try:
        return int(given.run(given))
    except VisionError as error:
        sys.stderr.write(f"judge: {error}\n")
        return error.exit_code


def default_folder() -> Path:
    """Return where the server looks for the models."""
    return data_folder(os.environ) / FOLDER


def _fetch(given: argparse.Namespace) -> int:
    from vision.training.data.fetch import fetch
    from vision.training.data.sources import RemoteFile

    listed = tomllib.loads(given.list.read_text(encoding="utf-8"))["file"]
    fetch(msgspec.convert(listed, list[RemoteFile]), given.folder or default_folder())
    return _say(given)


def _say(given: argparse.Namespace) -> int:
    folder = given.folder or default_folder()
    standing = standing_of(folder)
    sys.stdout.write(json.dumps({"folder": str(folder), "standing": standing.value}) + "\n")
    return 0 if standing is Standing.INSTALLED else 1


if __name__ == "__main__":
    sys.exit(main())
