"""The facilitator's guide, as a page can show it beside itself."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt

__all__ = ["guide_html"]


@lru_cache(maxsize=1)
def guide_html() -> str:
    """The guide as HTML, headings one level lower, since the page has a title of its own."""
    text = Path(__file__).with_name("guide.md").read_text(encoding="utf-8")
    html: str = MarkdownIt("commonmark").enable("table").render(re.sub(r"<!--.*?-->\n", "", text))
    for level in (3, 2, 1):
        html = html.replace(f"<h{level}>", f"<h{level + 1}>").replace(f"</h{level}>", f"</h{level + 1}>")
    return html.replace("<table>", '<table class="cis-table">')
