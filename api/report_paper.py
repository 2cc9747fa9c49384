"""A kept report as HTML for paper, and as PDF."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from api.pdf import STATIC, pdf_of
from api.web.documents import Words, render
from governance.report.model import Report, digest_of, read_report
from governance.report.view import view
from governance.report.words import Language, say


def paper_of(body: bytes, language: Language) -> bytes:
    """Write the PDF; raise PdfLibraryError where this machine cannot."""
    return pdf_of(html_of(body, language), identifier=digest_of(body).encode())


def html_of(body: bytes, language: Language) -> str:
    """Write the complete HTML document that becomes the PDF."""
    report = read_report(body)
    words = Words(language, ZoneInfo(report.time_zone))
    return render("report_paper.html", words, **shown(report, body, language))


def page_of(body: bytes, language: Language) -> str:
    """Write one HTML file that needs no server: the styles stand inside."""
    html = html_of(body, language)
    for name in ("paper.css", "report.css"):
        style = (STATIC / name).read_text(encoding="utf-8")
        kept = "\n".join(line for line in style.split("\n") if "/static/" not in line)
        html = html.replace(
            f'<link rel="stylesheet" href="/static/{name}">', f"<style>{kept}</style>"
        )
    return html


def shown(report: Report, body: bytes, language: Language) -> dict[str, Any]:
    """Return what the templates of page and paper use."""

    def word(key: str) -> str:
        return say(key, language)

    return {"report": view(report, language), "word": word, "sha256": digest_of(body)}
