"""The digest of a model: of its file, or of the list of its files; as claimed and as measured."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

ONE_FILE = "model.onnx"


def bundle_sha256(files: Mapping[str, str]) -> str:
    """Return the sha256 of what `sha256sum` prints for the files, sorted by path.

    >>> bundle_sha256({"a.ubj": "00" * 32})[:16]
    '01de60175125a821'
    """
    lines = (f"{digest}  {path}\n" for path, digest in sorted(files.items()))
    return sha256("".join(lines).encode()).hexdigest()


def files_claimed(card: Mapping[str, Any]) -> dict[str, str]:
    """Return path and sha256 of each file the card vouches for."""
    if "sha256" in card:
        return {ONE_FILE: str(card["sha256"])}
    parts = {
        f"{part}/{file}": str(digest)
        for part, about in card.get("parts", {}).items()
        for file, digest in about["sha256"].items()
    }
    ranked = {f"dry-{name}.ubj": str(digest) for name, digest in card.get("rankings", {}).items()}
    return parts | ranked


def claimed_sha256(card: Mapping[str, Any]) -> str:
    """Return the digest the card vouches for."""
    return _digest(files_claimed(card))


def measured_sha256(folder: Path, card: Mapping[str, Any]) -> str | None:
    """Return the digest of the files that lie there; None when one is missing."""
    paths = list(files_claimed(card))
    if not paths or not all((folder / path).is_file() for path in paths):
        return None
    return _digest({path: sha256((folder / path).read_bytes()).hexdigest() for path in paths})


def _digest(files: Mapping[str, str]) -> str:
    return files[ONE_FILE] if set(files) == {ONE_FILE} else bundle_sha256(files)
