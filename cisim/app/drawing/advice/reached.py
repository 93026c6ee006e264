"""What would it take? The fewest and smallest changes, or the cheapest plan, that reach a severity by a month."""

from __future__ import annotations

from typing import Literal

from cisim.app.drawing.advice.asked import Answered, Offer, Question, Report
from cisim.app.drawing.advice.figures import ends
from cisim.app.drawing.advice.searched import Ground, added, ground_of
from cisim.app.pictures import Table
from cisim.app.state.controls import label_of
from cisim.decision.comparison_words import percent, with_interval
from cisim.decision.optimize import Problem
from cisim.decision.reach import Reach, Wanted, ask, planned_reach_runs, reach
from cisim.decision.reach_words import sentences

__all__ = ["answered", "check"]


def check(question: Question) -> None:
    """Raise SpecError with what is wrong with the question."""
    _problem(question, ground_of(question))


def answered(question: Question, report: Report) -> Answered:
    """The answer."""
    ground = ground_of(question)
    by: Literal["cost", "changes"] = "cost" if question.advice.by == "cost" else "changes"
    problem = _problem(question, ground)
    more = added(report, planned_reach_runs(problem, by))
    return _told(ground, reach(problem, _wanted(question), by=by, threads=1, progress=more))


def _wanted(question: Question) -> Wanted:
    severity = question.advice.severity
    target = question.scenario.issue.target if severity is None else severity
    return Wanted(target, question.month, question.advice.probability)


def _problem(question: Question, ground: Ground) -> Problem:
    return ask(
        ground.world, _wanted(question), start=ground.start, levers=ground.levers, periods=ground.periods,
        uncertain=question.uncertain, seed=question.seed, effort=question.workload.reach,
    )  # fmt: skip


def _told(ground: Ground, told: Reach) -> Answered:
    *found, rests = sentences(told)
    lines = [_in_short(told), *found]
    rows = [
        {"label": "Without any change", **ends(told.before)},
        {"label": "Best plan found" if told.verdict == "not reachable" else "With these changes", **ends(told.probability)},
    ]  # fmt: skip
    return Answered(
        lines=lines,
        sections=[("What it rests on", [rests])],
        tables=[_changes(told)] if told.changes else [],
        offers=_offers(ground, told),
        picture={
            "kind": "reach", "verdict": told.verdict, "wanted": told.wanted.probability, "rows": rows,
            "aim": f"severity {told.wanted.severity:g} or less by month {told.wanted.month}",
        },
    )  # fmt: skip


def _in_short(told: Reach) -> str:
    """Whether it can be done, in one sentence for a room."""
    wanted = told.wanted
    aim = f"severity falls to {percent(wanted.severity)} or less by month {wanted.month}"
    found = f"{aim} in {percent(told.probability.value)} of worlds, and {percent(wanted.probability)} were asked for"
    starts = {
        "needs nothing": "Nothing needs to change:",
        "reachable": "Yes: with the changes below,",
        "not reachable": "No: even with the best plan found,",
    }
    return (
        f"{starts.get(told.verdict, 'Perhaps, as it is too close to tell: with the changes below,')} {found}."
    )


def _changes(told: Reach) -> Table:
    rows = [
        [label_of(change.lever), _levels(change.before), _levels(change.after), f"{100 * change.size:.0f} %"]
        for change in told.changes
    ]
    return Table(caption="What changes", columns=["Lever", "From", "To", "Of its range"], rows=rows)


def _levels(levels: tuple[float, ...]) -> str:
    same = len(set(levels)) == 1
    return f"{levels[0]:.3g}" if same else ", then ".join(f"{level:.3g}" for level in levels)


def _offers(ground: Ground, told: Reach) -> dict[str, Offer]:
    if not told.changes:
        return {}
    title = "What it would take" if told.verdict == "reachable" else "The best found"
    text = f"probability of reaching it: {with_interval(told.probability, percent, 0.95)}"
    return {"reach": Offer(title, text, ground.whole(told.plan, title).to_toml())}
