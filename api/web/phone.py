"""A tour on the phone: its page, the worker that keeps the page offline, and the manifest."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from api.web.pages import STATIC, language_of, render

router = APIRouter(prefix="/tour", include_in_schema=False)
MANIFEST: dict[str, Any] = {
    "name": "Stadtwart",
    "short_name": "Stadtwart",
    "start_url": "/tour/",
    "scope": "/tour/",
    "display": "standalone",
    "background_color": "#f4f5f8",
    "theme_color": "#123a7a",
    "icons": [{"src": "/static/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
}


@router.get("/worker.js")
def worker() -> Response:
    """Send the worker from here: a worker rules only the addresses beside and below its own."""
    return FileResponse(
        STATIC / "phone/worker.js",
        media_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


@router.get("/manifest.webmanifest")
def manifest() -> Response:
    """Say how the phone shows the page on its home screen."""
    return JSONResponse(MANIFEST, media_type="application/manifest+json")


@router.get("/")
@router.get("/{tour_id}")
def page(request: Request) -> Response:
    """Show a tour; the page is the same for all of them, so that one copy serves offline."""
    language = language_of(request)
    return HTMLResponse(
        render("phone.html", language),
        headers={"Content-Language": language, "Vary": "Accept-Language, Cookie"},
    )
