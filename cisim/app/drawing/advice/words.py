"""What was asked, in words, to stand beside its answer; and how its numbers are written."""

from __future__ import annotations

import re

from cisim.app.drawing.advice.asked import Question
from cisim.app.drawing.desk_compared import LETTERS
from cisim.app.drawing.desk_outcomes import DESK_OUTCOMES
from cisim.decision.comparison_words import money, percent
from cisim.decision.optimize.problem import GOALS
from cisim.decision.prices import Prices

__all__ = ["asked_in_words", "in_full"]

_POWER = re.compile(r"([-\N{MINUS SIGN}]?)(\d(?:\.\d+)?e([+-])\d+)")

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


def in_full(text: str) -> str:
    """A sentence without powers of ten: what is nearer to 0 than 0.0001 says so, and large numbers have all digits."""

    def written(found: re.Match[str]) -> str:
        minus, number, sign = found.groups()
        if sign == "+":
            return f"{minus}{float(number):,.0f}"
        return "less than 0.0001 below 0" if minus else "less than 0.0001"

    return _POWER.sub(written, text)
