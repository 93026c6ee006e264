"""A report says in its first five lines what to do, how sure, and on what it rests; it is whole and the same each time."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from typer.testing import CliRunner

from cisim.cli import app
from cisim.decision.plan import BudgetLine, Plan
from cisim.decision.prices import Prices
from cisim.decision.report import make_report
from cisim.decision.report.altered import marks
from cisim.decision.report.findings import find
from cisim.decision.report.making import text_of_findings
from cisim.decision.report.question import Question, question_of
from cisim.decision.report.wording import NEVER_SAID
from cisim.errors import SpecError
from cisim.world.scenario import Scenario

WORLD = Scenario(name="six", title="Six <partners> & more", months=24, roster={"count": 6})
PLANS = (
    Plan(name="full", title="Full | all five", levers={"backbone_staff": 1, "agenda": 1, "measurement": 1, "meetings": 2}),
    Plan(name="staff", levers={"backbone_staff": 1}, line=(BudgetLine(name="rent", amount=500),)),
)  # fmt: skip


def asked(**changes) -> Question:
    return question_of(WORLD, PLANS, **{"month": 18, "replicates": 40, "seed": 4} | changes)


@pytest.fixture(scope="module")
def found():
    return find(asked())


@pytest.fixture(scope="module")
def page(found):
    return text_of_findings(found)


class Outline(HTMLParser):
    """Tags that open and close, and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.seen: set[str] = set()
        self.faults: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.faults += [
            f"{name}={value}" for name, value in attrs if name in ("src", "href") or name.startswith("on")
        ]
        if tag not in ("meta", "path", "circle", "text"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in ("meta", "path", "circle", "text") and (not self.open or self.open.pop() != tag):
            self.faults.append(f"</{tag}>")

    def handle_startendtag(self, tag, attrs):
        self.seen.add(tag)

    def handle_data(self, data):
        self.texts.append(data)


def test_the_first_five_lines_say_what_to_do_how_sure_and_on_what_it_rests(found, page):
    beginnings = ["Six", "What to do.", "How sure.", "What it rests on.", "What would change it."]
    lines = text_of_findings(found, "md").splitlines()[:5]
    for line, beginning in zip(lines, beginnings, strict=True):
        assert line.lstrip("#* ").startswith(beginning)
    body = page[page.index("<main>") :].splitlines()[1:6]
    for line, beginning in zip(body, beginnings, strict=True):
        assert re.sub("<[^>]*>", "", line).startswith(beginning)
    assert all(re.search(r"\d", line) for line in lines[:4])


def test_a_page_is_whole_needs_no_script_and_nothing_from_outside(page):
    outline = Outline()
    outline.feed(page)
    assert not outline.faults and not outline.open
    assert not outline.seen & {"script", "link", "img", "iframe", "object"}
    assert not re.search(r"url\(|@import|https?://", page)
    assert "Six <partners>" not in page and "Six &lt;partners&gt; &amp; more" in page


def test_no_figure_stands_without_its_interval(page):
    of = {mark.of for mark in marks(page)}
    for name in of:
        if not name.endswith((" end", "over worlds")):
            alone = f"{name}, low end" not in of
            shown = re.search(
                rf'data-of="{re.escape(name)}">[^<]*</data>([^<]*)', page.replace("&#x27;", "'")
            )
            assert not alone or (shown is not None and "in every world" in shown[1]), name


def test_nothing_is_said_that_no_simulation_can_say(found):
    for form in ("html", "md"):
        text = text_of_findings(found, form)
        said = re.sub("<[^>]*>", "", text[: text.index("Sources")]).lower()
        assert not [word for word in NEVER_SAID if word in said]


def test_marked_figures_are_those_of_the_runs(found, page):
    told = {mark.of: float(mark.value) for mark in marks(page)}
    left = [found.tried.path(plan, "severity")[:, 18] for plan in found.places]
    assert told["severity, full, month 18"] == pytest.approx(left[1].mean(), rel=1e-8)
    assert told["spent, staff, month 18"] == pytest.approx(18 * (7_500 + 500), rel=1e-8)
    share = np.mean(left[found.chosen] < left[0])
    name = found.question.plans[found.chosen].name
    if found.chosen:
        assert told[f"worlds in which it does better, {name} against as-it-is, month 18"] == pytest.approx(
            share
        )


def test_the_same_question_gives_the_same_text(found, page):
    assert make_report(asked(), threads=1) == page
    assert make_report(asked(seed=5)) != page


def test_a_question_is_read_back_from_its_parts():
    own = asked(uncertain="ranges", unknown=("potency",), prices=Prices(backbone_fte=9_000, currency="EUR"))
    assert Question.of_parts(own.parts()) == own
    assert Question.of_parts(asked().parts()) == asked()
    drawn = question_of(WORLD.replace(posterior="shipped"), PLANS, month=18)
    assert drawn.world.posterior is None and drawn.uncertain == "posterior"


def test_without_varied_unknowns_a_report_says_so():
    text = make_report(asked(uncertain="nothing", replicates=20), "md")
    assert "none was varied" in text and "No unknown number was varied" in text


def test_all_faults_of_a_question_come_together():
    with pytest.raises(SpecError) as told:
        question_of(WORLD, [], month=99, replicates=3, uncertain="everything", baseline=False)  # type: ignore[arg-type]
    text = str(told.value)
    assert all(
        word in text for word in ("2 to 8 plans", "month must be", "replicates must be", "uncertain must be")
    )


@pytest.fixture
def cisim(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *args: CliRunner().invoke(app, [str(arg) for arg in args])


def test_the_command_writes_both_forms_and_tells_the_answer(cisim, tmp_path):
    WORLD.write(tmp_path / "world.toml")
    PLANS[0].write(tmp_path / "full.toml")
    done = cisim(
        "report", "full.toml", "--world", "world.toml", "--month", 18, "--replicates", 20, "--out", "r.html", "--out",
        "r.md",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "What to do." in done.output and "cisim verify r.html" in done.output
    assert cisim("verify", "r.html").exit_code == 0
    assert cisim("verify", "r.md").exit_code == 0


@pytest.mark.parametrize(
    ("flags", "code", "word"),
    [
        (["--out", "r.pdf"], 2, ".html or .md"),
        (["--out", "nowhere/r.html"], 3, "folder"),
        (["--out", "r.html", "--month", "999"], 2, "month must be"),
        (["--out", "r.html", "--uncertain", "all"], 2, "uncertain must be"),
    ],
)
def test_what_cannot_be_used_is_told_before_anything_runs(cisim, flags, code, word):
    month = [] if "--month" in flags else ["--month", "60"]
    done = cisim("report", "collective-impact", "--world", "collective-impact", *month, *flags)
    assert done.exit_code == code and word in done.output
