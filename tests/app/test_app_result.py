"""The result on one page: self-contained, honest, and enough to repeat every figure."""

from __future__ import annotations

import re
import shlex
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from cisim import verbs
from cisim.app.drawing.desk import MEASURES_NEEDED, compared_of, desk_picture
from cisim.app.drawing.result_page import command_lines, plan_lines, result_page
from cisim.app.drawing.result_svg import Course, chart
from cisim.engine.ensemble import simulate
from cisim.theory.parameters import UNCERTAINTIES
from cisim.theory.sources import ASSUMPTION
from cisim.world.posterior import Posterior
from cisim.world.scenario import Scenario

ASSUMPTIONS = Path(__file__).parents[2] / "docs" / "assumptions.csv"
DRIVERS = [
    {"condition": "backbone", "label": "Backbone", "better": True, "amount": -0.03, "amount_low": -0.04,
     "amount_high": -0.02, "share": 0.7, "low": 0.5, "high": 0.9},
    {"condition": "agenda", "label": "Common agenda", "better": True, "amount": -0.01, "amount_low": -0.02,
     "amount_high": 0.0, "share": None, "low": None, "high": None},
]  # fmt: skip


def compared(*scenarios, worlds=8, titles=None):
    return compared_of([simulate(one, worlds, 4, measures=MEASURES_NEEDED) for one in scenarios], titles)


def plan(name="collective-impact", **told):
    return verbs.preset(name).replace(months=40, **told)


@pytest.fixture(scope="module")
def pair():
    draws = Posterior.read("shipped")
    return compared(plan(posterior=draws), plan("funder-leaves", posterior=draws))


@pytest.fixture(scope="module")
def page(pair):
    state = {"state": "done", "text": "4 combinations, 50 worlds each."}
    return result_page(pair, desk_picture(pair, drivers=DRIVERS, drivers_state=state), made="1 May 2026")


class Tags(HTMLParser):
    """Every tag and attribute of a page, and whether tags close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "path", "polygon", "polyline"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_it_loads_nothing_and_runs_nothing(page):
    tags = Tags(page)
    assert tags.open == []
    names = {name for name, _ in tags.found}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    for _, attributes in tags.found:
        assert not {"src", "href", "action"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    assert "url(" not in page and "@import" not in page
    assert set(re.findall(r"https?://[^\"\s<]+", page)) <= {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in page


def test_titles_of_a_hostile_hand_stay_text():
    hostile = '<script>alert(1)</script>"><img src=x onerror=y>'
    told = compared(plan(title=hostile[:200]), plan("funder-leaves", title="</pre></style><b>"), worlds=3)
    page = result_page(told, desk_picture(told))
    assert not {"script", "img", "b"} & {name for name, _ in Tags(page).found}
    assert "&lt;script&gt;" in page


def test_no_difference_stands_without_its_interval(page):
    table = page.split("Differences in the same worlds")[1].split("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table)[1:]
    assert len(rows) == 8
    for row in rows:
        cells = [unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        for cell in cells[2:]:
            assert " to " in cell or cell in ("too few worlds", "neither way is better"), cell
    assert "cannot be told" in page  # the share that has no interval


def test_it_claims_no_more_than_the_evidence(page):
    assert "tool to think with" in page and "no forecast" in page and "no proof" in page
    guesses = sum(one.basis == ASSUMPTION for one in UNCERTAINTIES.values())
    assert f"{guesses} of {len(UNCERTAINTIES)}" in page
    assert not re.search(r"\b(will reach|proves|guarantee|predicts)\b", page)


def test_its_files_and_line_repeat_every_figure_bit_for_bit(pair, page):
    files = [unescape(text) for text in re.findall(r"<details>.*?<pre>(.*?)</pre>", page, flags=re.DOTALL)]
    (line,) = command_lines(pair)
    words = shlex.split(line)
    assert words[:2] == ["cisim", "run"] and line in unescape(page)
    told = {flag: words[words.index(flag) + 1] for flag in ("--replicates", "--seed", "--posterior")}
    draws = Posterior.read(told["--posterior"])
    for text, ensemble, name in zip(files, pair.ensembles, words[2:4], strict=True):
        scenario = Scenario.from_toml(text).replace(posterior=draws)
        assert f"{scenario.name}.toml" == name
        again = simulate(scenario, int(told["--replicates"]), int(told["--seed"]), measures=MEASURES_NEEDED)
        assert np.array_equal(again.values, ensemble.values, equal_nan=True)


def test_draws_of_ones_own_stand_in_the_file(pair):
    shipped = Posterior.read("shipped")
    own = Posterior.from_table(shipped.names, shipped.rows[:7], origin="shipped")
    told = compared(plan(posterior=own), plan("funder-leaves", posterior=own), worlds=3)
    assert "--posterior" not in command_lines(told)[0]
    page = result_page(told, desk_picture(told))
    files = [unescape(text) for text in re.findall(r"<details>.*?<pre>(.*?)</pre>", page, flags=re.DOTALL)]
    assert Scenario.from_toml(files[0]).posterior == own


def test_one_plan_and_many_plans_have_a_page_too():
    alone = compared(plan(), worlds=3)
    assert "Differences" not in result_page(alone, desk_picture(alone))
    many = compared(
        *(plan(name) for name in ("collective-impact", "funder-leaves", "isolated-impact", "backbone-alone")),
        worlds=3,
    )
    page = result_page(many, desk_picture(many, month=12))
    assert page.count('class="plan"') == 4 and "4 plans compared" in page and "by month 12" in page
    Tags(page)


def test_a_plan_in_words_has_its_levers_and_events():
    lines = plan_lines(verbs.preset("funder-leaves"))
    assert "Backbone support: 3 FTE" in lines
    assert any(line.startswith("Month 36: the funder leaves") for line in lines)


def test_a_chart_holds_its_lines_and_survives_gaps():
    course = Course("Plan A", [None, 1.0, 2.0], [None, 0.5, None], [None, 1.5, None], 0)
    svg = chart("A & B", [course], (0.0, 1.0), month=1, level=(0.7, "target"))
    assert 'aria-label="A &amp; B"' in svg and svg.count("<polyline") == 1 and "target" in svg
    numbers = [float(n) for n in re.findall(r"\d+\.\d", re.search(r'<polyline points="([^"]*)"', svg)[1])]
    assert all(0 <= n <= 330 for n in numbers)
