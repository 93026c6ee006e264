"""What the Stage says in sentences; every one carries how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["by_when", "harmed_sentence", "headline", "reached_sentence"]

Figures = Mapping[str, float | None]


def headline(
    reached: Figures, severity: Sequence[float], contribution: Sequence[float], target: float, months: int
) -> str:
    """The first sentence of the page; severity, contribution: 10, 25, 50, 75, 90 % of runs at the end."""
    runs = int(reached["runs"] or 0)
    if runs == 1:
        verb = "reaches" if reached["count"] else "does not reach"
        return f"This one run {verb} the target {by_when(months)}; its severity then is {_percent(severity[2])}. Run more to see how sure that is."  # fmt: skip
    return (
        f"In {_of(reached)} runs the target is reached {by_when(months)}; severity then is {_percent(severity[2])} in the "
        f"middle run, and between {100 * severity[0]:.0f} and {_percent(severity[4])} in four of five. {_taken(contribution)}"
    )


def reached_sentence(reached: Figures, target: float, months: int) -> str:
    """The share of runs that reach the target, its interval, and when the middle run gets there."""
    told = f"Severity comes down to {_percent(target)} in {_of(reached)} runs {by_when(months)} ({_interval(reached)})"
    middle = reached["months"]
    if middle is None:
        return f"{told}; the middle run does not get there in time."
    return f"{told}; the middle run gets there in month {middle:.0f}."


def harmed_sentence(harmed: Figures, months: int) -> str:
    """The share of runs in which the coalition did not help, and in how many of them it did harm."""
    told = f"In {_of(harmed)} runs working together took nothing worth mentioning away from the problem {by_when(months)}"
    worse = int(harmed["worse"] or 0)
    more = f"; in {worse} of these it made things worse" if worse else ""
    return f"{told} ({_interval(harmed)}){more}."


def by_when(months: int) -> str:
    """The horizon in words."""
    return f"by year {months // 12}" if months % 12 == 0 else f"by month {months}"


def _percent(severity: float) -> str:
    """Of what severity was at the start, as the charts say it."""
    return f"{100 * severity:.0f} %"


def _of(figures: Figures) -> str:
    return f"{int(figures['count'] or 0)} of {int(figures['runs'] or 0)}"


def _interval(figures: Figures) -> str:
    low, high = (100 * (figures[name] or 0.0) for name in ("low", "high"))
    return f"95 % interval {low:.0f} to {high:.0f} %"


def _taken(contribution: Sequence[float]) -> str:
    """What the coalition itself did, in the middle run."""
    middle, low, high = (100 * contribution[at] for at in (2, 0, 4))
    verb = "took away" if middle >= 0 else "added"
    return (
        f"The coalition itself {verb} {abs(middle):.0f} % of the problem in the middle run "
        f"({low:.0f} to {high:.0f} % in four of five)."
    )
