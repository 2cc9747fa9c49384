"""What is missing before a truck can work: each check with its remedy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from edge.boundary import read_boundary
from edge.city import City, read_token
from edge.city_news import News
from edge.errors import EdgeError
from edge.settings import Settings, spool_file, token_file
from edge.spool import Spool
from edge.upload import Fate, explain, fate_of
from vision.errors import UnknownModelError
from vision.runtime import model_file


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    check: str
    is_good: bool
    says: str


def examine(settings: Settings, model: Path | None) -> list[Finding]:
    """Carry out every check; none stops the others."""
    return [
        _check("model", lambda: _model(settings, model)),
        _check("spool", lambda: _spool(settings)),
        _check("boundary", lambda: _boundary(settings)),
        _check("city", lambda: _city(settings)),
        _check("approval", lambda: _approval(settings, model)),
    ]


def _check(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except (EdgeError, UnknownModelError) as error:
        return Finding(name, False, str(error))


def _model(settings: Settings, path: Path | None) -> str:
    path = path or model_file.newest_release()
    model = model_file.load(path, threads=settings.threads, engine_name=settings.engine)
    engine = model.detector.engine
    model.detector.detect(np.zeros((engine.height_px, engine.width_px, 3), np.uint8))
    card = model.card
    return f"{card.name} {card.version} {card.sha256[:12]} matches its card, runs on {engine.name}"


def _spool(settings: Settings) -> str:
    path = spool_file(settings)
    spool = Spool(path, limit_bytes=settings.spool_limit_mb * 1_000_000)
    try:
        content = spool.content()
    finally:
        spool.close()
    return (
        f"{path} is writable; waiting {content.waiting}, pictures {content.pictures}, "
        f"parked {content.parked}, dropped {sum(content.dropped.values())}"
    )


def _boundary(settings: Settings) -> str:
    if settings.boundary_file is None:
        return "none: frames are looked at everywhere in Germany"
    west, south, east, north = read_boundary(settings.boundary_file).area.bounds
    return f"{settings.boundary_file} reaches from {west:.4f} {south:.4f} to {east:.4f} {north:.4f}"


def _city(settings: Settings) -> str:
    if settings.url is None:
        return "none: sightings stay in the spool until EDGE_URL is set"
    token = read_token(token_file(settings))
    with City(settings.url, token, timeout_s=settings.request_timeout_s) as city:
        answer = city.health()
    if fate_of(answer.status) is not Fate.DONE:
        raise EdgeError(explain(answer))
    return f"{settings.url} answers {answer.status}"


def _approval(settings: Settings, path: Path | None) -> str:
    """Ask the city which models it has approved; without a city, say what it said last."""
    sha256 = model_file.read_card(
        (path or model_file.newest_release()).with_name("card.json")
    ).sha256
    news, now = News(spool_file(settings)), datetime.now(UTC)
    if settings.url is not None:
        token = read_token(token_file(settings))
        with City(settings.url, token, timeout_s=settings.request_timeout_s) as city:
            news.ask(city, now=now)
    standing = news.standing(sha256, now=now)
    if standing.state == "not approved" or (standing.state == "unknown" and settings.url):
        raise EdgeError(standing.says)
    return standing.says
