"""An archive of any form that a source file names, to our form."""

from __future__ import annotations

from pathlib import Path

from vision.errors import DataError
from vision.training.data import masks, sources, voc, yolo
from vision.training.data.manifest import Converted
from vision.training.data.sources import Source


def convert(
    archive: Path,
    source: Source,
    out: Path,
    *,
    country: str | None = None,
    width_px: int | None = None,
) -> Converted:
    """Write pictures, labels and manifest; licence, form and country are the source's.

    Raises DataError for a broken archive, one of another form, or one whose country is unknown.
    """
    where = country or sources.country_of(source, archive)
    if source.labels == "masks":
        return masks.convert(archive, out, country=where, licence=source.licence, width_px=width_px)
    if width_px is not None:
        raise DataError("--width-px is for sets with masks: leave it out")
    if source.labels == "voc":
        return voc.convert(archive, out, country=where, licence=source.licence)
    return yolo.convert(archive, source, out, country=where)
