"""What a robust choice says, in sentences: how firm the ranks are first, then who is first, then when plans fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from cisim.decision.estimates import Estimate
from cisim.decision.robust.choice import RobustChoice
from cisim.decision.robust.failing import Failing
from cisim.decision.robust.thresholds import Threshold
from cisim.decision.worlds import Worlds
from cisim.insight.discovery.boxes import number
from cisim.insight.words import found_in_tree
from cisim.theory.parameters import UNCERTAINTIES

__all__ = ["choice_said", "failing_said", "meanings_said", "percent", "worlds_said"]

FIRM = 0.95
"""Share of resamples above which a first place is called firm."""


def choice_said(told: RobustChoice, called: Mapping[str, str]) -> tuple[str, ...]:
    """How firm the ranks are, who is first by which metrics, and what was left out. called: plans' titles by name."""
    sentences = [_agreement(told, called), _stability(told, called), *_split(told, called)]
    if told.left_out:
        sentences.append(f"Left out: {' '.join(told.left_out)}")
    return tuple(sentences)


def worlds_said(worlds: Worlds) -> str:
    """Which worlds the plans met, and what is assumed of them."""
    if worlds.told:
        return (
            f"It rests on {worlds.told}; what study and scenario do not set is at its default (*assumption*)."
        )
    count = f"{worlds.replicates:,} worlds"
    if worlds.uncertain == "ranges":
        assumed = sum(UNCERTAINTIES[name].basis == "assumption" for name in worlds.unknown)
        return (
            f"{count}: {len(worlds.unknown)} parameters spread evenly and independently over their declared ranges "
            f"(*assumption*; {assumed} of these ranges have no published basis), each with chance of its own."
        )
    if worlds.unknown:
        return f"{count}: draws of {len(worlds.unknown)} parameters from a posterior, all else at its default (*assumption*)."
    return f"{count} that differ by chance alone; every parameter is at the value of the scenario (*assumption*)."


def failing_said(one: Failing, thresholds: Sequence[Threshold], called: Mapping[str, str]) -> str:
    """When a plan fails, as tested in worlds that had no part in finding out."""
    plan = called[one.plan]
    fails = f"{plan} fails in {percent(one.failed)} of fresh worlds (where {' or '.join(t.missed for t in thresholds)})"
    if one.box is None or one.scored is None or one.elsewhere is None or one.inside is None:
        return f"{fails}; no box is told, as {one.why_not}."
    box = one.box.box.sentence()
    if one.scored.inside == 0:
        return f"{fails}; a box was found ({box}), but no fresh world lies in it."
    tested = (
        f"{percent(one.inside)} of fresh worlds where {box}, against {percent(one.elsewhere)} elsewhere; that is "
        f"{number(round(100 * one.scored.mass.value))} % of worlds and "
        f"{number(round(100 * one.scored.coverage.value))} % of failures "
        f"({100 * one.scored.coverage.low:.0f} to {100 * one.scored.coverage.high:.0f} %)"
    )
    if not one.holds:
        return f"{fails}; no box is sure: the one found does not clearly hold in fresh worlds ({tested})."
    second = "" if one.opinion is None else f" {found_in_tree(one.opinion)}"
    return f"{fails}: in {tested}.{second}"


def meanings_said(names: Sequence[str]) -> tuple[str, ...]:
    """What parameters mean that sentences before have named; nothing for what is no parameter."""
    told = [
        f"{name}: {UNCERTAINTIES[name].meaning} ({UNCERTAINTIES[name].unit})"
        for name in dict.fromkeys(names)
        if name in UNCERTAINTIES
    ]
    return (f"In words: {'; '.join(told)}.",) if told else ()


def percent(share: Estimate) -> str:
    """A share with its interval."""
    if share.n == 0:
        return "an unknown share"
    return f"{100 * share.value:.0f} % ({100 * share.low:.0f} to {100 * share.high:.0f})"


def _agreement(told: RobustChoice, called: Mapping[str, str]) -> str:
    w = told.agreement
    if np.isnan(w.value):
        return "Every metric ties all plans: on this outcome they cannot be told apart."
    how = "agree" if w.value > 0.9 else "mostly agree" if w.value > 0.6 else "disagree"
    interval = f"{100 * told.level:g} % interval {w.low:.2f} to {w.high:.2f}"
    lead = int(np.argmax(told.firsts))
    most = told.firsts[lead]
    first = (
        f"{called[told.plans[lead]]} is first by {'all' if most == len(told.metrics) else f'{most:.3g} of'} "
        f"{len(told.metrics)} metrics"
    )
    return f"The metrics {how} on the order of plans (Kendall's W {w.value:.2f}, {interval}): {first}."


def _stability(told: RobustChoice, called: Mapping[str, str]) -> str:
    held = told.first[np.arange(len(told.metrics)), told.ranks.argmin(axis=1)]
    weak = [
        f"{metric.name} ({100 * share:.0f} %)"
        for metric, share in sorted(zip(told.metrics, held, strict=True), key=lambda pair: pair[1])
        if share < FIRM
    ]
    same = f"the whole order stays the same in {100 * told.same.min():.0f} to {100 * told.same.max():.0f} %"
    if not weak:
        return f"In resampled worlds, the plan that is first by a metric stays first in {100 * FIRM:.0f} % or more; {same}."
    return (
        f"In resampled worlds, the plan that is first by a metric stays first in {100 * held.min():.0f} to "
        f"{100 * held.max():.0f} %, and {same}. Not firm: {', '.join(weak)}."
    )


def _split(told: RobustChoice, called: Mapping[str, str]) -> list[str]:
    """Who is first by what, where the metrics do not name one plan; and how often each is best."""
    winners = told.ranks.argmin(axis=1)
    sentences = []
    if len(set(winners.tolist())) > 1:
        parts = [
            f"{called[plan]} by {', '.join(m.name for m, first in zip(told.metrics, winners, strict=True) if first == at)}"
            for at, plan in enumerate(told.plans)
            if at in winners
        ]
        sentences.append(
            f"Who is first: {'; '.join(parts)}. Which metric counts is a choice of how much risk to bear."
        )
    best = ", ".join(
        f"{called[plan]} {percent(share)}" for plan, share in zip(told.plans, told.best, strict=True)
    )
    return [*sentences, f"Share of worlds in which each plan is the best of these: {best}."]
