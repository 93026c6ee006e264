"""What was asked, in words, to stand beside its answer."""

from __future__ import annotations

from cisim.app.drawing.advice.asked import Question
from cisim.app.drawing.desk_compared import LETTERS
from cisim.app.drawing.desk_outcomes import DESK_OUTCOMES
from cisim.decision.comparison_words import money, percent
from cisim.decision.optimize.problem import GOALS
from cisim.decision.prices import Prices

__all__ = ["asked_in_words"]

UNKNOWN = {
    "ranges": "every assumption anywhere in its range",
    "posterior": "assumptions drawn from the posterior",
    "nothing": "chance alone",
}


def asked_in_words(question: Question) -> str:
    """The question with its inputs, as one sentence."""
    asked, month = question.advice, question.month
    letter = LETTERS[asked.plan]
    if asked.question == "best":
        cash = money(Prices().currency)(asked.budget)
        return f"Asked: {GOALS[asked.goal]} by month {month}, as large as {cash} can make it, beginning from plan {letter}."
    if asked.question == "reach":
        aim = question.scenario.issue.target if asked.severity is None else asked.severity
        how = "the least change of" if asked.by == "changes" else "the cheapest way, beginning from"
        return f"Asked: severity {aim:g} by month {month} with probability {percent(asked.probability)}; {how} plan {letter}."
    if asked.question == "fork":
        return (
            f"Asked: one change of plan {letter} in month {asked.fork_month}, run {question.replicate + 1}."
        )
    nouns = {outcome.name: outcome.noun for outcome in DESK_OUTCOMES}
    noun = nouns.get(asked.outcome, asked.outcome.replace("_", " "))
    return f"Asked: {len(question.scenarios)} plans by {noun} in month {month}; worlds differ by {UNKNOWN[asked.unknown]}."
