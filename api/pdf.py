"""Paper: the one place that turns HTML into tagged PDF. Needs Pango; nothing else of the city does.

Addresses in the HTML may name files under `/static/` or `data:`; everything else is refused, so a
document can neither fetch from the network nor read the disk.
"""

from __future__ import annotations

import logging
import mimetypes
import threading
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from PIL import ImageFile

from api.problems import Problem

logger = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "web" / "static"
ONE_AT_A_TIME = threading.Lock()  # a page takes a core and tens of megabytes
BASE = "https://paper.invalid/"  # RFC 2606: resolves to nothing, ever
MEDIA_TYPE = "application/pdf"
REMEDY = (
    "install them, as root: apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
    "libharfbuzz-subset0 fonts-dejavu-core"
)


class PdfLibraryError(Exception):
    """The libraries that write PDFs are not installed; the message names them."""

    exit_code = 3


def pdf_of(html: str, *, identifier: bytes | None = None) -> bytes:
    """Write a tagged PDF (PDF/UA-1) from a complete HTML document with `lang` and `<title>`.

    The same HTML with the same `identifier` gives the same bytes. Takes about a second: call
    it outside the event loop (`fastapi.concurrency.run_in_threadpool`).

    Raises PdfLibraryError where Pango is missing, ValueError for a document without language
    or title, which a screen reader could not announce.
    """
    if "<title>" not in html or "lang=" not in html:
        raise ValueError("a PDF needs <html lang=…> and <title>: a screen reader announces them")
    paper = weasyprint()
    with ONE_AT_A_TIME:
        document = paper.HTML(
            string=html, base_url=BASE, url_fetcher=_fetcher(), media_type="print"
        )
        written = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    return bytes(written)


@cache
def weasyprint() -> Any:
    """Load WeasyPrint; raise PdfLibraryError with the packages to install."""
    try:
        module = import_module("weasyprint")
    except (OSError, ImportError) as error:
        first = str(error).strip().split("\n", 1)[0]
        raise PdfLibraryError(f"no PDF: libraries are missing ({first}); {REMEDY}") from error
    # it tells Pillow to accept torn pictures, for the whole process; the city takes none
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return module


def pdf_problem(error: PdfLibraryError) -> Problem:
    """Say over HTTP that this installation writes no PDFs; the HTML page holds the same figures."""
    logger.error("pdf libraries missing reason=%s", error)
    return Problem(503, "no-pdf", str(error), headers={"Retry-After": "3600"})


@cache
def _fetcher() -> Any:
    """Return a fetcher that knows `/static/` and `data:`, and refuses the rest."""
    module = import_module("weasyprint.urls")

    class Static(module.URLFetcher):  # type: ignore[misc, name-defined]  # loaded late, so Any
        """Files the page itself would load."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Return one file; raise ValueError for an address outside `/static/`."""
            if url.startswith("data:"):
                return super().fetch(url, headers)
            file = static_file(url)
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return module.URLFetcherResponse(
                url, body=file.read_bytes(), headers={"Content-Type": kind}
            )

    return Static()


def static_file(url: str) -> Path:
    """Return the file of a `/static/` address; raise ValueError for any other."""
    parts = urlsplit(url)
    file = (STATIC / unquote(parts.path).removeprefix("/static/")).resolve()
    inside = parts.path.startswith("/static/") and file.is_relative_to(STATIC.resolve())
    if not url.startswith(BASE) or not inside or not file.is_file():
        raise ValueError(f"a PDF may load files under /static/ alone, not {url}")
    return file
