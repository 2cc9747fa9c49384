"""A document in Markdown as the files an office works with: ODT to edit, PDF to print."""

from __future__ import annotations

import io
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from odfdo import (
    Cell,
    Document,
    Header,
    LineBreak,
    List,
    ListItem,
    Paragraph,
    Row,
    Span,
    Style,
    Table,
)

from api.pdf import pdf_of

STYLES = {"strong": "Fett", "em": "Kursiv", "code": "Teletype"}


def reader() -> MarkdownIt:
    """Read Markdown with tables; raw HTML stays text."""
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")


def html_of(text: str, *, title: str, footer: str, language: str = "de") -> str:
    """Write a complete HTML page for paper."""
    body = reader().render(text)
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        '<link rel="stylesheet" href="/static/paper.css"></head>'
        f'<body><p class="paper-footer">{escape(footer)}</p><main>{body}</main></body></html>'
    )


def pdf_from(text: str, *, title: str, footer: str) -> bytes:
    """Write the PDF; raise api.pdf.PdfLibraryError where this machine cannot."""
    return pdf_of(html_of(text, title=title, footer=footer), identifier=title.encode())


def odt_from(text: str, *, title: str) -> bytes:
    """Write an OpenDocument text with real headings, lists and tables."""
    made = Document("text")
    made.language = "de-DE"
    made.meta.title = title
    made.insert_style(Style("text", name="Fett", area="text", bold=True))
    made.insert_style(Style("text", name="Kursiv", area="text", italic=True))
    made.body.clear()
    tokens = reader().parse(text)
    _blocks(made.body, tokens, 0, len(tokens))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _blocks(into: Any, tokens: list[Token], begin: int, end: int) -> None:
    """Append block tokens `begin` to `end` to a document, list item or cell."""
    place = begin
    while place < end:
        token = tokens[place]
        close = _closing(tokens, place)
        if token.type == "heading_open":
            into.append(_inline(Header(int(token.tag[1])), tokens[place + 1]))
        elif token.type == "paragraph_open":
            into.append(_inline(Paragraph(), tokens[place + 1]))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            into.append(_list(tokens, place, close))
        elif token.type == "table_open":
            into.append(_table(tokens, place, close))
        elif token.type == "fence":
            into.append(Paragraph(token.content))
        place = close + 1


def _closing(tokens: list[Token], place: int) -> int:
    """Return where the block that opens at `place` ends."""
    depth = 0
    for later in range(place, len(tokens)):
        depth += tokens[later].nesting
        if depth == 0:
            return later
    raise ValueError(f"the block {tokens[place].type} never ends")


def _list(tokens: list[Token], begin: int, end: int) -> List:
    made = List()
    place = begin + 1
    while place < end:
        close = _closing(tokens, place)
        item = ListItem()
        _blocks(item, tokens, place + 1, close)
        made.append(item)
        place = close + 1
    return made


def _table(tokens: list[Token], begin: int, end: int) -> Table:
    made = Table(f"Tabelle{begin}")
    row = Row()
    for token in tokens[begin + 1 : end]:
        if token.type == "tr_open":
            row = Row()
        elif token.type == "inline":
            cell = Cell()
            cell.append(_inline(Paragraph(), token))
            row.append(cell)
        elif token.type == "tr_close":
            made.append(row)
    return made


def _inline(into: Any, token: Token) -> Any:
    """Append the words of one line; bold, italic and code become spans."""
    looks: list[str] = []
    for piece in token.children or []:
        if piece.type in ("strong_open", "em_open"):
            looks.append(piece.type.removesuffix("_open"))
        elif piece.type in ("strong_close", "em_close"):
            looks.pop()
        elif piece.type in ("softbreak", "hardbreak"):
            into.append(LineBreak())
        elif piece.type == "code_inline":
            into.append(Span(piece.content, style=STYLES["code"]))
        elif looks:
            into.append(Span(piece.content, style=STYLES[looks[-1]]))
        else:
            into.append(piece.content)
    return into
