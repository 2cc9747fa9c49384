"""Fetch a tree register from a city's WFS 2.0, page by page, into one GeoJSON file.

A server says how many features it holds (`numberMatched`) and may cap each answer; pages are asked
for until all are there. Short failures are tried again.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import httpx

from irrigation.errors import CadastreError

PAGE = 5_000
TRIES = 3
WAIT_S = 1.0  # doubles with each try
TIMEOUT_S = 60.0


def local(source: str, layer: str | None, folder: Path) -> Path:
    """The path of a file; a WFS is fetched into the folder first."""
    if not source.startswith(("http://", "https://")):
        return Path(source)
    if not layer:
        raise CadastreError(f"{source} is a WFS: name its feature type with --layer")
    return fetch(source, layer, folder / "register.geojson")


def fetch(url: str, layer: str, file: Path, *, page: int = PAGE, wait_s: float = WAIT_S) -> Path:
    """Write all features of a layer to a GeoJSON file.

    Raises CadastreError when the server refuses, answers no GeoJSON, or repeats itself.
    """
    features: list[dict[str, Any]] = []
    crs = None
    with httpx.Client(timeout=TIMEOUT_S, follow_redirects=True) as client:
        while True:
            answer = _page(client, url, layer, start=len(features), page=page, wait_s=wait_s)
            crs = crs or answer.get("crs")
            got = answer["features"]
            if got and features and got[0] == features[0]:
                raise CadastreError(
                    f"{url} answers every page with the same features: it knows no startIndex. "
                    "Ask for the register as a file instead."
                )
            features += got
            total = answer.get("numberMatched", answer.get("totalFeatures"))
            if not got or (isinstance(total, int) and len(features) >= total):
                break
            if not isinstance(total, int) and len(got) < page:
                break
    if isinstance(total, int) and len(features) < total:
        raise CadastreError(f"{url} promised {total} features and sent {len(features)}: try again")
    if not features:
        raise CadastreError(f"{url} has no feature of type {layer!r}")
    collection = {"type": "FeatureCollection", "features": features}
    file.write_text(json.dumps(collection | ({"crs": crs} if crs else {})), encoding="utf-8")
    return file


def _page(
    client: httpx.Client, url: str, layer: str, *, start: int, page: int, wait_s: float
) -> dict[str, Any]:
    asked = {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": layer,
        "outputFormat": "application/json",
        "startIndex": str(start),
        "count": str(page),
    }
    answer = _ask(client, url, asked, wait_s=wait_s)
    try:
        content = answer.json()
        if isinstance(content["features"], list):
            return dict(content)
    except (ValueError, KeyError, TypeError):
        pass
    said = answer.text.strip().replace("\n", " ")[:200]
    raise CadastreError(f"{url} answers no GeoJSON for {layer!r}, but: {said}")


def _ask(client: httpx.Client, url: str, asked: dict[str, str], *, wait_s: float) -> httpx.Response:
    """Ask, and again after short failures; a refusal (4xx) is final."""
    trouble = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(wait_s * 2 ** (attempt - 1))
        try:
            answer = client.get(url, params=asked)
        except httpx.TransportError as error:
            trouble = f"{type(error).__name__}: {error}"
            continue
        if answer.status_code < 500:
            if answer.is_success:
                return answer
            raise CadastreError(f"{url} refuses: HTTP {answer.status_code}")
        trouble = f"HTTP {answer.status_code}"
    raise CadastreError(f"{url} did not answer in {TRIES} tries, last: {trouble}")
