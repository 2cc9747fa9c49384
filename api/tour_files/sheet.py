"""The tour sheet: what the crew holds in its hands, in German, with a code to the phone's page."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.pdf import MEDIA_TYPE, pdf_of
from api.tour_files.parts import TourFile, stop_name
from api.tour_files.sketch import draw

__all__ = ["MEDIA_TYPE", "html_of", "write"]
TEMPLATES = Path(__file__).parents[1] / "web" / "templates"


def write(file: TourFile) -> bytes:
    """Write the PDF; raise PdfLibraryError where this machine cannot."""
    return pdf_of(html_of(file), identifier=f"tour-{file.tour.tour_id}".encode())


def html_of(file: TourFile) -> str:
    """Write the complete HTML document that becomes the PDF."""
    stops = file.tour.stops
    return (
        _template_environment()
        .get_template("tour_sheet.html")
        .render(
            file=file,
            tour=file.tour,
            trees=sum(stop.kind == "tree" for stop in stops),
            refills=sum(stop.kind == "refill" for stop in stops),
            stop_name=stop_name,
            sketch=_inline(draw(file).encode()),
            code=_inline(_code(file.address)),
            litres=lambda number: f"{number:,}".replace(",", "."),
            kilometres=f"{file.tour.length_m / 1000:.1f}".replace(".", ","),
            minutes=lambda moment, later: round((later - moment).total_seconds() / 60),
        )
    )


def _inline(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg).decode()}"


def _code(address: str) -> bytes:
    """Draw the address as a QR code."""
    svg: str = segno.make(address, error="m").svg_inline(scale=4, border=2)
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode()


@cache
def _template_environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
