"""The facilitator's guide tells what the model gives, and the page can show it."""

from __future__ import annotations

import pytest

from cisim.app.guide import guide_html
from tests.app.guide_figures import COMMAND, GUIDE, mended


@pytest.mark.slow
def test_the_table_of_the_guide_is_what_the_model_gives():
    text = GUIDE.read_text(encoding="utf-8")
    assert text == mended(text), f"mend it with: {COMMAND}"


def test_the_guide_is_shown_below_the_title_of_the_page():
    html = guide_html()
    assert "<h1>" not in html
    assert html.startswith("<h2>Forty-five minutes with a coalition</h2>")
    assert '<table class="cis-table">' in html
    assert "<!--" not in html and "<script" not in html
