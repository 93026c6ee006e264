"""What the plans of a study commit, told before anything is run."""

from __future__ import annotations

from dataclasses import dataclass

from cisim.decision.comparison_words import money
from cisim.decision.prices import PAID, Prices, committed
from cisim.study.study import Study

__all__ = ["Committed", "committed_in", "committed_said"]


@dataclass(frozen=True)
class Committed:
    """A plan of a study and the money of the initiative that it commits by the horizon, the most that it can spend.

    parts: {price or budget line: its share of that}, of those that cost something.
    """

    level: str
    name: str
    called: str
    total: float
    parts: dict[str, float]


def committed_in(study: Study) -> tuple[Committed, ...]:
    """Each plan of a study in its base world, at the study's prices or the declared ones; nothing without plans."""
    prices, months = study.told.prices or Prices(), study.months
    found = []
    for level, plan in study.plans.items():
        levers = plan.on(study.base).plan().levers()
        bare = plan.model_copy(update={"line": ()})
        none = Prices(currency=prices.currency, **dict.fromkeys(PAID, 0.0))
        parts = {
            name: committed(levers, bare, none.model_copy(update={name: getattr(prices, name)}), months)
            for name in PAID
        }
        for line in plan.line:
            parts[line.name] = parts.get(line.name, 0.0) + line.amount * max(
                0, min(line.until, months) - line.month + 1
            )
        total = committed(levers, plan, prices, months)
        found.append(
            Committed(
                level, plan.name, plan.called, total, {name: paid for name, paid in parts.items() if paid}
            )
        )
    return tuple(found)


def committed_said(study: Study) -> tuple[str, ...]:
    """The same in words, a line a plan, and on what prices it rests."""
    prices = study.told.prices or Prices()
    tell = money(prices.currency)
    lines = []
    for plan in committed_in(study):
        parts = ", ".join(
            f"{name.replace('_', ' ')} {tell(paid)}"
            for name, paid in sorted(plan.parts.items(), key=lambda part: -part[1])
        )
        what = f"at most {tell(plan.total)} by month {study.months} ({parts})" if plan.parts else "nothing"
        lines.append(f"{plan.called} ({plan.name}) costs the initiative {what}.")
    if lines:
        own = "prices that the study tells" if study.told.prices else "declared prices, assumptions"
        lines.append(f"Reckoned in {study.base.name} at {own}; less where a coalition dissolves before.")
    return tuple(lines)
