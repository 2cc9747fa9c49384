"""Archives as they come from publishers: whole or not, one in the other, never trusted for size."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from zipfile import BadZipFile, ZipFile

from vision.errors import DataError

MOST_BYTES = 40_000_000  # of one picture, mask or label file inside an archive


@contextmanager
def opened(archive: Path, *, country: str | None = None) -> Iterator[ZipFile]:
    """Open an archive; of one that holds only archives, the one of `country` or the single one.

    The inner archive is copied to a temporary file beside the outer one, for reading it in
    place would begin anew at each step back. Raises DataError for a broken archive, and where
    no inner archive or more than one fits.
    """
    try:
        with ExitStack() as stack:
            file = stack.enter_context(ZipFile(archive))
            inner = _inner(file, archive, country)
            if inner is not None:
                copy = stack.enter_context(TemporaryFile(dir=archive.parent))
                with file.open(inner) as source:
                    shutil.copyfileobj(source, copy, 1 << 22)
                file = stack.enter_context(ZipFile(copy))
            yield file
    except BadZipFile as error:
        raise DataError(f"{archive} is no whole .zip: delete it and fetch it again") from error
    except FileNotFoundError as error:
        raise DataError(f"{archive} is missing: fetch it with `vision data fetch`") from error


def _inner(file: ZipFile, archive: Path, country: str | None) -> str | None:
    """Name the archive inside the archive that is meant; None where files lie in it directly."""
    names = names_of(file)
    inside = [name for name in names if name.lower().endswith(".zip")]
    if not inside or any(name.lower().endswith((".jpg", ".jpeg", ".png")) for name in names):
        return None
    wanted = inside if len(inside) == 1 else [n for n in inside if _is_of(n, country)]
    if len(wanted) != 1:
        held = ", ".join(sorted(PurePosixPath(name).stem for name in inside))
        raise DataError(f"{archive} holds {held}: name one of them with --country")
    return wanted[0]


def _is_of(name: str, country: str | None) -> bool:
    return country is not None and PurePosixPath(name).stem.removeprefix("RDD2022_") == country


def names_of(file: ZipFile) -> list[str]:
    """Return the names of its files without what macOS leaves behind."""
    return [n for n in file.namelist() if "__MACOSX" not in n and not n.endswith("/")]


def read_all(file: ZipFile, names: list[str], dropped: Counter[str]) -> list[bytes] | None:
    """Read files that belong together; None, counted, where one is too large."""
    if max(file.getinfo(name).file_size for name in names) > MOST_BYTES:
        dropped["file too large"] += 1
        return None
    return [file.read(name) for name in names]


def write_pair(out: Path, name: str, picture: bytes, lines: list[str]) -> str:
    """Write a picture and its labels below `out`; return the picture's name in the manifest."""
    image, label = out / "images/train" / name, out / f"labels/train/{Path(name).stem}.txt"
    for path in (image, label):
        path.parent.mkdir(parents=True, exist_ok=True)
    image.write_bytes(picture)
    label.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return f"images/train/{name}"
