"""The line on what would change the answer: unknown numbers that turn the order round, and what more of it costs."""

from __future__ import annotations

from cisim.decision.report.change import Split
from cisim.decision.report.document import Text
from cisim.decision.report.findings import Findings
from cisim.decision.report.numbers import figure, money
from cisim.theory.parameters import UNCERTAINTIES

__all__ = ["turning"]


def turning(found: Findings) -> Text:
    """Which unknown numbers turn the order round, and what more of it costs."""
    return (*_unknowns(found), *_worth(found))


def _unknowns(found: Findings) -> Text:
    """Which unknown numbers turn the order round."""
    if not found.tried.worlds.unknown:
        return (
            "No unknown number was varied, so nothing can be told of them (--uncertain posterior varies some).",
        )
    if found.result in ("alike", "unclear"):
        return _close(found)
    whole = found.less(found.chosen, found.rival)
    turning = [split for split in found.splits if split.turn(whole) != "holds"]
    if not turning:
        return (
            f"None of the {len(found.splits)} unknown numbers that were varied turns the order of ",
            f"{found.called(found.chosen)} and {found.called(found.rival)} round, one at a time; ",
            "numbers that were held may, and so may what the model leaves out.",
        )
    told = "; ".join(_when(found, split) for split in turning[:2])
    more = f"; {len(turning) - 2} more may do so" if len(turning) > 2 else ""
    return (f"{told[:1].upper()}{told[1:]}{more}. Measure these first.",)


def _close(found: Findings) -> Text:
    """Of plans that are close: where one does better by an amount that matters."""
    least = found.question.least
    for split in found.splits:
        for side, end, part in (("at most", split.up_to, split.low), ("at least", split.from_, split.high)):
            if part.low > least or part.high < -least:
                better = found.chosen if part.value > 0 else found.rival
                declared = UNCERTAINTIES[split.name]
                return (
                    f"{found.called(better)} does better by an amount that matters where ",
                    f"{split.name} ({declared.meaning}) is {side} {end:.3g} {declared.unit}. Measure that first.",
                )
    return ("More worlds, a later month or other prices: by outcome these plans are too close for a choice.",)


def _when(found: Findings, split: Split) -> str:
    """In which third of worlds a difference is gone, in words."""
    whole = found.less(found.chosen, found.rival)
    sign = 1.0 if whole.value >= 0 else -1.0
    lower = split.low.value * sign < split.high.value * sign
    side, end = ("low", split.up_to) if lower else ("high", split.from_)
    declared = UNCERTAINTIES[split.name]
    turned = "turns round" if split.turn(whole) == "turns round" else "can no longer be told"
    way = "at most" if lower else "at least"
    return f"the order {turned} where {split.name} ({declared.meaning}) is {side}, {way} {end:.3g} {declared.unit}"


def _worth(found: Findings) -> Text:
    """What each 1 % of the problem costs beyond the plan that the answer is held against, where that can be told."""
    rival, chosen = found.rival, found.chosen
    each = found.each.extra_cost_per_hundredth(chosen, rival)
    if chosen != found.leader or not each.bounded or each.low <= 0:
        return ()
    unit = money(found.question.prices.currency, each.value)
    told = figure(f"money for each 1 % of the problem, {found.pair_named(chosen, rival)}", each, unit)
    return (
        " Each 1 % of the problem taken away beyond ", found.called(rival), " costs ", *told,
        ": if that is too much for you, take that plan.",
    )  # fmt: skip
