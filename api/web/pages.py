"""The page: one HTML document in the reader's language, and the files it loads."""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.staticfiles import StaticFiles

from api.web import vendor

HERE = Path(__file__).parent
STATIC = HERE / "static"
LANGUAGES = ("de", "en")
TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".css": "text/css"}
router = APIRouter(include_in_schema=False)


@router.get("/")
def page(request: Request) -> Response:
    """Show the map, or say what is missing to show it."""
    language = language_of(request)
    template = "page.html" if vendor.is_complete() else "missing_assets.html"
    return HTMLResponse(
        render(template, language),
        status_code=200 if template == "page.html" else 503,
        headers={"Content-Language": language, "Vary": "Accept-Language, Cookie"},
    )


def language_of(request: Request) -> str:
    """Take the stored choice, else the first of the browser's languages that we speak."""
    chosen = request.cookies.get("language")
    if chosen in LANGUAGES:
        return chosen
    for wanted in request.headers.get("accept-language", "").split(","):
        spoken = wanted.split(";")[0].strip().lower()[:2]
        if spoken in LANGUAGES:
            return spoken
    return LANGUAGES[0]


@cache
def words(language: str) -> dict[str, str]:
    """Load all texts of one language."""
    text = (STATIC / "i18n" / f"{language}.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded


@cache
def render(template: str, language: str) -> str:
    """Fill a template with texts; `say` and `label` leave marks for the language switch."""
    known = words(language)
    pages = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
    )

    def say(key: str) -> Markup:
        return Markup('<span data-say="{}">{}</span>').format(key, known[key])

    def label(attribute: str, key: str) -> Markup:
        return Markup('{}="{}" data-{}="{}"').format(attribute, known[key], attribute, key)

    return pages.get_template(template).render(language=language, say=say, label=label)


class Assets(StaticFiles):
    """Static files with exact types; a ready `.gz` neighbour is sent where the browser takes it."""

    def file_response(
        self,
        full_path: Any,
        stat_result: Any,
        scope: MutableMapping[str, Any],
        status_code: int = 200,
    ) -> Response:
        """Send one file; the browser asks again each time and mostly hears 304."""
        path = Path(full_path)
        packed = path.with_name(path.name + ".gz")
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"").decode("latin-1")
        headers = {"Cache-Control": "no-cache"}
        if path.suffix in TYPES:
            headers["Content-Type"] = f"{TYPES[path.suffix]}; charset=utf-8"
        if "gzip" in accepted and packed.is_file():
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            full_path, stat_result = packed, packed.stat()
        plain = super().file_response(full_path, stat_result, scope, status_code)
        if isinstance(plain, FileResponse) or plain.status_code == 304:
            plain.headers.update(headers)
        return plain


def mount_static(app: FastAPI) -> None:
    """Serve everything under `static/` at `/static`."""
    app.mount("/static", Assets(directory=STATIC), name="static")
