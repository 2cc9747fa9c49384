"""Paper of the city: readable aloud, from our own files alone, honest when it cannot be."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdf
import pytest

from api.pdf import pdf_of, static_file

PAGE = (
    '<!doctype html><html lang="de"><head><title>Tourenblatt Süd</title>'
    '<link rel="stylesheet" href="/static/paper.css"></head>'
    '<body><p class="paper-footer">Musterstadt</p><main><h1>Tourenblatt Süd</h1>{}</main></body>'
    "</html>"
)


def test_a_document_of_the_city_can_be_read_aloud_by_a_screen_reader() -> None:
    paper = pypdf.PdfReader(io.BytesIO(pdf_of(PAGE.format("<p>120 l für die Linde</p>"))))
    root: Any = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "de"
    assert paper.metadata is not None
    assert paper.metadata.title == "Tourenblatt Süd"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert "120 l für die Linde" in paper.pages[0].extract_text()


def test_the_same_document_gives_the_same_bytes() -> None:
    page = PAGE.format("<p>7</p>")
    assert pdf_of(page, identifier=b"7") == pdf_of(page, identifier=b"7")


def test_a_document_without_language_or_title_is_refused() -> None:
    with pytest.raises(ValueError, match="screen reader"):
        pdf_of("<html><body>a</body></html>")


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/spy.png",
        "file:///etc/passwd",
        "https://paper.invalid/etc/passwd",
        "https://paper.invalid/static/../templates/page.html",
        "https://paper.invalid/static/%2e%2e/pages.py",
        "https://paper.invalid/static/missing.css",
    ],
)
def test_a_document_loads_nothing_but_the_pages_own_files(address: str) -> None:
    with pytest.raises(ValueError, match="under /static/ alone"):
        static_file(address)


def test_a_picture_from_elsewhere_stays_out_and_the_document_is_written(tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="9">secret</text></svg>')
    paper = pypdf.PdfReader(
        io.BytesIO(pdf_of(PAGE.format(f'<img alt="Bild" src="{secret.as_uri()}"><p>Ende</p>')))
    )
    text = paper.pages[0].extract_text()
    assert "Ende" in text
    assert "secret" not in text


def test_missing_libraries_are_named_with_the_command_that_installs_them(tmp_path: Path) -> None:
    """A machine without Pango: WeasyPrint's own import ends in an OSError there."""
    (tmp_path / "weasyprint.py").write_text("raise OSError(\"cannot load library 'libpango'\")\n")
    program = (
        "from api.pdf import PdfLibraryError, pdf_of, pdf_problem\n"
        "try:\n    pdf_of('<html lang=\"de\"><title>a</title></html>')\n"
        "except PdfLibraryError as error:\n    print(pdf_problem(error).status_code, error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{Path.cwd()}"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.startswith("503 ")
    assert "libpango" in said
    assert "apt-get install libpango-1.0-0" in said
