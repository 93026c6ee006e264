"""What a search found, kept as levels: a report tells its frontier and how firm it is, and anyone can check that."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from cisim.cli import app
from cisim.decision.optimize import Effort, Problem, frontier
from cisim.decision.optimize.optimum import found_by, trials_of
from cisim.decision.optimize.searched import FILE, Search, search_of, tried_anew
from cisim.decision.plan import Plan
from cisim.decision.report.findings import find
from cisim.decision.report.making import text_of_findings
from cisim.decision.report.question import question_of
from cisim.decision.report.verifying import verify
from cisim.decision.worlds import OTHER_WORLDS
from cisim.errors import SpecError
from cisim.world.scenario import Scenario

PROBLEM = Problem(
    name="six", title="Six partners", goal="contribution", month=18, budget=150_000, periods=(1, 10), seed=3,
    uncertain="nothing", world=Scenario(name="six", months=24, roster={"count": 6}),
    levers={"backbone_staff": (0, 2), "meetings": (0, 3)},
    effort=Effort(candidates=12, worlds=2, finalists=3, final_worlds=6, fresh=40),
)  # fmt: skip


@pytest.fixture(scope="module")
def told():
    """(optimum, frontier, what was found)."""
    trials = trials_of(PROBLEM)
    optimum = found_by(trials)
    money = frontier(trials, optimum)
    return optimum, money, search_of(PROBLEM, optimum.winner, optimum.near, money)


@pytest.fixture(scope="module")
def found(told):
    search = told[2]
    seed = PROBLEM.seed + OTHER_WORLDS
    return find(question_of(PROBLEM.world, [search.plan], month=18, replicates=40, seed=seed, uncertain="nothing", search=search))  # fmt: skip


def test_levels_are_enough_to_find_every_figure_again(told):
    optimum, money, search = told
    read = Search.from_toml(search.to_toml(), PROBLEM.world, PROBLEM.prices)
    assert read == search and read.plan == optimum.plan
    again = tried_anew(read)
    assert again.winner.figures == optimum.winner.figures and again.winner.spent == optimum.winner.spent
    assert [one.loses for one in again.near.neighbours] == [one.loses for one in optimum.near.neighbours]
    assert again.frontier is not None
    for one, other in zip(again.frontier.points, money.points, strict=True):
        assert (one.budget, one.gain, one.best.figures) == (other.budget, other.gain, other.best.figures)
        assert np.array_equal(one.best.levels, other.best.levels)


def test_progress_comes_to_what_was_planned(told):
    done: list[int] = []
    tried_anew(told[2], progress=done.append)
    assert sum(done) == told[2].planned


def test_the_report_tells_each_budget_with_intervals_and_how_firm_the_plan_is(found, told):
    page = text_of_findings(found, "md")
    section = page.partition("## What money buys")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if re.match(r"\| \d\. ", line)]
    assert len(rows) == len(told[1].points) and "as asked" in section
    for row in rows[1:]:
        spent, goal, gain = row.split("|")[2:5]
        assert all("(" in cell or "cannot be told" in cell for cell in (spent, goal, gain)), row
    assert "How firm the plan is" in section and "tried beside it" in section
    assert "<svg" in text_of_findings(found) and "picture What money buys" in text_of_findings(found)


def test_without_other_budgets_only_firmness_is_told(told):
    search = replace(told[2], budgets=())
    asked = question_of(
        PROBLEM.world, [search.plan], month=18, replicates=20, seed=9, uncertain="nothing", search=search
    )
    page = text_of_findings(find(asked), "md")
    assert "How firm the plan is" in page and "for each budget" not in page


@pytest.mark.slow
@pytest.mark.parametrize("form", ["html", "md"])
def test_verify_finds_one_altered_digit_of_the_frontier_and_of_what_it_rests_on(found, form):
    page = text_of_findings(found, form)
    assert verify(page).status == "unaltered"
    at = page.index("as asked")
    digit = re.compile(r"\d(?=[^\d]*\()").search(page, page.index("|" if form == "md" else "</td>", at))
    assert digit is not None
    other = str((int(digit[0]) + 1) % 10)
    verdict = verify(page[: digit.start()] + other + page[digit.end() :])
    assert verdict.status == "altered" and {each.kind for each in verdict.alterations} <= {
        "number",
        "picture",
    }
    kept = page.index("money = 0.0" if "money = 0.0" in page else "money =")
    verdict = verify(page[:kept] + "money = 1.0" + page[kept + len("money = 0.0") :])
    assert "the embedded text “search”" in str(verdict.alterations[0])


def test_a_report_takes_no_figures_from_worlds_in_which_the_search_chose(told):
    search = told[2]
    with pytest.raises(SpecError, match="the worlds in which the search chose"):
        question_of(
            PROBLEM.world, [search.plan], month=18, seed=PROBLEM.seed, uncertain="nothing", search=search
        )
    with pytest.raises(SpecError, match="month must be that of the search, 18"):
        question_of(PROBLEM.world, [search.plan], month=12, uncertain="nothing", search=search)


def test_levels_that_cannot_be_are_refused_all_at_once(told):
    search = told[2]
    dear = ((3.0, 3.0), (2.0, 2.0))  # meetings, then staff
    broken = replace(
        search, budgets=((0.0, dear), (9e9, ((9.0, 0.0), (0.0, 0.0)))), beside=(("odd", ((0.0,),)),)
    )
    with pytest.raises(SpecError) as error:
        Search.from_toml(broken.to_toml(), PROBLEM.world, PROBLEM.prices)
    said = "\n".join(error.value.faults)
    assert (
        "more than its budget of 0" in said
        and "outside its range" in said
        and "odd: levels must be 2 rows of 2" in said
    )
    for text in ("winner = 3", search.to_toml().replace("goal = ", "gaol = "), "x"):
        with pytest.raises(SpecError):
            Search.from_toml(text, PROBLEM.world, PROBLEM.prices)


@pytest.mark.slow
def test_from_a_budget_to_a_report_that_can_be_verified(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "six.toml").write_text(PROBLEM.to_toml())

    def cisim(*args):
        return CliRunner().invoke(app, [str(arg) for arg in args])

    assert cisim("optimize", "six.toml", "--out", "best").exit_code == 0
    told = cisim("report", "isolated-impact", "--search", "best", "--replicates", 40, "--out", "told.html")
    assert told.exit_code == 0, told.output
    assert Search.read("best").plan.name in (tmp_path / "told.html").read_text()
    assert cisim("verify", "told.html").exit_code == 0
    (tmp_path / "best" / FILE).unlink()
    refused = cisim("report", "--search", "best", "--out", "told.html")
    assert refused.exit_code == 2 and "run cisim optimize PROBLEM --out best" in refused.stderr


def test_a_plan_that_costs_more_than_the_budget_is_told_to(told):
    dear = Plan(name="dear", title="Dear", levers={"backbone_staff": 4.0, "agenda": 1.0, "meetings": 2.0})
    search = told[2]
    asked = question_of(PROBLEM.world, [search.plan, dear], month=18, replicates=40, seed=9, uncertain="nothing", search=search)  # fmt: skip
    page = text_of_findings(find(asked), "md")
    assert "beyond the budget of 150 thousand USD: “Dear”" in page
    first = page.splitlines()[1]
    assert ("more than the budget" in first) == ("“Dear”:" in first)
