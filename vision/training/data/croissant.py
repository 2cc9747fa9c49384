"""The datasheet of a data set as Croissant JSON-LD: files with sha256, origin, limits. Pure.

Format: MLCommons Croissant 1.0 with the responsible-AI fields (RAI 1.0). The reader is
`mlcroissant`; a test opens every sheet with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


@dataclass(frozen=True, slots=True)
class SheetFile:
    """One file of the set."""

    name: str  # below the set's folder; also its address where there is no other
    sha256: str
    size_bytes: int
    media_type: str  # image/jpeg, text/csv, application/zip


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a datasheet says about a set besides its files."""

    name: str
    description: str
    licence_url: str
    homepage: str
    citation: str
    version: str
    published_on: str  # ISO date
    creators: tuple[str, ...]
    collection: str  # how the pictures came about
    annotation: str  # who labelled, and how
    biases: str
    personal_data: str
    limits: str


def croissant(sheet: Sheet, files: Sequence[SheetFile]) -> dict[str, Any]:
    """Write the sheet as a dictionary ready for JSON."""
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": [
            "http://mlcommons.org/croissant/1.0",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        "name": sheet.name,
        "description": sheet.description,
        "license": sheet.licence_url,
        "url": sheet.homepage,
        "citeAs": sheet.citation,
        "version": sheet.version,
        "datePublished": sheet.published_on,
        "creator": [{"@type": "sc:Person", "name": name} for name in sheet.creators],
        "rai:dataCollection": sheet.collection,
        "rai:dataAnnotationProtocol": sheet.annotation,
        "rai:dataBiases": sheet.biases,
        "rai:personalSensitiveInformation": sheet.personal_data,
        "rai:dataLimitations": sheet.limits,
        "distribution": [_file_object(one) for one in files],
    }


def _file_object(one: SheetFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": one.name,
        "name": one.name,
        "contentUrl": one.name,
        "contentSize": f"{one.size_bytes} B",
        "encodingFormat": one.media_type,
        "sha256": one.sha256,
    }
