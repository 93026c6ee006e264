"""`cisim verify` finds one altered digit, wherever it stands, and tells it from words that somebody edited."""

from __future__ import annotations

import random
import re

import pytest
from typer.testing import CliRunner

from cisim.cli import app
from cisim.decision.plan import Plan
from cisim.decision.report import origin
from cisim.decision.report.altered import alterations, marks
from cisim.decision.report.findings import Findings, find
from cisim.decision.report.keys import KEY, keys_of, run_key_of
from cisim.decision.report.making import text_of_findings
from cisim.decision.report.question import digest_of, question_of
from cisim.decision.report.verifying import verify
from cisim.errors import SpecError
from cisim.world.scenario import Scenario

WORLD = Scenario(name="six", months=24, roster={"count": 6}, parameters={"potency": 4.25})
PLANS = (Plan(name="full", levers={"backbone_staff": 1, "agenda": 1, "meetings": 2}), Plan(name="staff", levers={"backbone_staff": 1}))  # fmt: skip
EACH = 40
"""Digits altered of each kind and form."""
KINDS = {
    "text of a figure": r'<data value="[^"]*" data-of="[^"]*">([^<]*\d[^<]*)</data>',
    "value of a figure": r'<data value="([^"]*\d[^"]*)"',
    "name of a figure": r'<data [^>]*data-of="([^"]*\d[^"]*)"',
    "point of a picture": r'(?:points|d|cx|cy|x|y)="([^"]*\d[^"]*)"',
    "number on an axis": r"<text [^>]*>([^<]*\d[^<]*)</text>",
    "embedded text": r'<pre data-part="[^"]*">\n(.*?)</pre>',
    "number in a sentence": r"<(?:p|li|td|th|h1|h2)[^>]*>([^<]*\d[^<]*)<",
}


@pytest.fixture(scope="module")
def found() -> Findings:
    return find(question_of(WORLD, PLANS, month=18, replicates=40, seed=4))


@pytest.fixture(scope="module")
def page(found):
    return text_of_findings(found)


@pytest.fixture(scope="module")
def again(found, page):
    """Makes reports anew: of the question that was run without a run."""
    kept = {"html": page, "md": text_of_findings(found, "md")}
    return lambda asked, form: kept[form] if asked == found.question else text_of_findings(find(asked), form)


def altered(text: str, at: int, chance: random.Random) -> str:
    """The text with another digit at one place."""
    other = chance.choice([digit for digit in "0123456789" if digit != text[at]])
    return text[:at] + other + text[at + 1 :]


def test_an_unaltered_report_passes(found, page, again):
    for form in ("html", "md"):
        verdict = verify(text_of_findings(found, form), remake=again)
        assert verdict.status == "unaltered" and not verdict.alterations
    assert verify(page, threads=1).status == "unaltered"
    assert verify(page.replace("\n", "\r\n").replace("\r\n", "\n"), remake=again).status == "unaltered"


@pytest.mark.parametrize("kind", KINDS)
def test_one_altered_digit_of_any_kind_is_found_and_named(page, again, kind):
    chance = random.Random(kind)
    places = [
        at
        for match in re.finditer(KINDS[kind], page, re.DOTALL)
        for at in range(*match.span(1))
        if page[at].isascii() and page[at].isdigit()
    ]
    assert len(places) > 20
    for at in chance.sample(places, min(EACH, len(places))):
        verdict = verify(altered(page, at, chance), remake=again)
        assert verdict.status == "altered", page[at - 40 : at + 20]
        assert verdict.alterations and verdict.alterations[0].where


@pytest.mark.parametrize("form", ["html", "md"])
def test_one_altered_digit_anywhere_at_all_is_found(found, again, form):
    text, chance = text_of_findings(found, form), random.Random(form)
    places = [match.start() for match in re.finditer(r"[0-9]", text)]
    for at in chance.sample(places, 3 * EACH):
        verdict = verify(altered(text, at, chance), remake=again)
        assert verdict.status in ("altered", "other version"), text[at - 40 : at + 20]


def test_a_figure_is_named_by_what_it_is_of(page, again):
    mark = next(mark for mark in marks(page) if mark.of == "severity, full, month 18")
    other = page.replace(f'data-of="{mark.of}">{mark.text}<', f'data-of="{mark.of}">{mark.text}1<')
    verdict = verify(other, remake=again)
    assert {each.where for each in verdict.alterations} == {mark.of}
    assert verdict.alterations[0].shown == f"{mark.text}1" and verdict.alterations[0].expected == mark.text
    assert any(mark.of in sentence for sentence in verdict.sentences)


def test_a_point_is_named_by_its_picture_and_line(page, again):
    start = page.index('points="', page.index("line of B full")) + len('points="')
    at = next(place for place in range(start, len(page)) if page[place].isdigit())
    verdict = verify(altered(page, at, random.Random(0)), remake=again)
    assert verdict.alterations[0].kind == "picture" and "B full" in verdict.alterations[0].where


def test_an_embedded_text_that_was_altered_is_named_and_nothing_is_run(page):
    def never(asked, form):
        raise AssertionError("no figure follows from altered keys")

    verdict = verify(page.replace("potency = 4.25", "potency = 4.26"), remake=never)
    assert [each.where for each in verdict.alterations] == ["the embedded text “world”"]
    assert any("does not match its fingerprint" in sentence for sentence in verdict.sentences)


def test_an_altered_text_with_a_fingerprint_to_match_is_found_by_running_it(page):
    plan = keys_of(page)["plan full"]
    other = plan.replace("meetings = 2.0", "meetings = 3.0")
    assert other != plan
    forged = page.replace(plan, other).replace(digest_of(plan), digest_of(other))
    keys = keys_of(forged)
    old = run_key_of({KEY: keys_of(page)[KEY]})
    forged = forged.replace(f"Run key {old}", f"Run key {run_key_of(keys)}")
    verdict = verify(forged)
    assert verdict.status == "altered"
    assert any(each.where.startswith("severity, full") for each in verdict.alterations)
    assert not any(
        "staff, month" in each.where
        for each in verdict.alterations
        if each.where.startswith("severity, staff")
    )


def test_words_that_somebody_edited_are_told_apart_from_numbers(page, again):
    edited = page.replace("This is no forecast of your community.", "This is no forecast of our town.")
    verdict = verify(edited, remake=again)
    assert verdict.status == "words changed" and [each.where for each in verdict.alterations] == ["Limits"]
    assert "every number and picture is what the keys give" in verdict.sentences[0]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (
            lambda text: text.replace("<h2>Limits</h2>", "<h2>Limits</h2>\n<p>It saves 12 lives.</p>"),
            "number",
        ),
        (lambda text: text.replace("<h2>Limits</h2>", "<h2>Limits</h2>\n<p>The board agrees.</p>"), "words"),
        (lambda text: re.sub(r"<li>Money is .*</li>\n", "", text), "words"),
        (
            lambda text: text.replace("details { display: none }", "details, .small { display: none }"),
            "words",
        ),
        (lambda text: text.replace('class="lead"', 'class="small"', 1), "layout"),
    ],
)
def test_lines_that_were_added_taken_out_or_dressed_are_found(page, again, change, kind):
    assert change(page) != page
    verdict = verify(change(page), remake=again)
    assert kind in {each.kind for each in verdict.alterations}


def test_a_report_of_another_version_says_which_part_differs(page, again, monkeypatch):
    here = dict(origin.made_by())
    monkeypatch.setattr(origin, "made_by", lambda: here | {"theory": "0" * 16, "numpy": "1.0"})
    verdict = verify(page, remake=again)
    assert verdict.status == "other version" and verdict.parts == ("theory",)
    told = "\n".join(verdict.sentences)
    assert "another version" in told and "theory: what the model believes" in told and "numpy" in told
    assert not verdict.edited and verdict.equal == verdict.figures > 0
    moved = verify(page.replace("no forecast of your", "a forecast of your"), remake=again)
    assert moved.status == "other version" and moved.edited


def test_other_libraries_alone_are_told_and_do_not_fail(page, again, monkeypatch):
    here = dict(origin.made_by())
    monkeypatch.setattr(origin, "made_by", lambda: here | {"numpy": "1.0"})
    verdict = verify(page, remake=again)
    assert verdict.status == "unaltered" and "numpy" in verdict.libraries[0]


@pytest.mark.parametrize("text", ["", "<!doctype html><p>A page.</p>", "# A note\n"])
def test_what_is_no_report_is_refused(text):
    with pytest.raises(SpecError, match="no report of cisim"):
        verify(text)


def test_two_equal_texts_differ_in_nothing(page):
    assert alterations(page, page) == []


def test_the_command_leaves_with_a_code_for_each_finding(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def code(text: str, *flags: str) -> tuple[int, str]:
        (tmp_path / "r.html").write_text(text, encoding="utf-8")
        done = CliRunner().invoke(app, ["verify", "r.html", "--quiet", *flags])
        return done.exit_code, done.output

    mark = next(mark for mark in marks(page) if mark.of == "severity, full, month 18")
    number = page.replace(f">{mark.text}</data>", f">{mark.text}0</data>")
    assert code(page)[0] == 0
    assert code(number)[0] == 1 and mark.of in code(number)[1]
    assert code(page.replace("no forecast of your", "a forecast of your"))[0] == 4
    assert code(page.replace("potency = 4.25", "potency = 4.24"))[0] == 1
    assert code("nothing")[0] == 2
    assert '"status": "altered"' in code(number, "--json")[1]


def test_the_code_that_counts_is_all_that_reports_are_made_with_and_no_more():
    used = {
        file.relative_to(origin.HOUSE).as_posix() for file in origin._used("cisim.decision.report.making")
    }
    assert {
        "decision/compare.py",
        "decision/trying.py",
        "decision/report/svg.py",
        "engine/ensemble.py",
    } <= used
    searching = [f"decision/optimize/{name}.py" for name in ("search", "optimum", "frontier", "nearby")]
    assert not [file for file in used if file.startswith(("decision/fork", *searching, "app/", "cli/"))]
    assert {"study/plans/plan.py", "study/plans/prices.py"} <= used
    assert set(origin.PARTS) <= set(origin.made_by()) and len(set(origin.made_by().values())) > len(
        origin.PARTS
    )
