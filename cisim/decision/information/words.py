"""What the value of information says, in sentences: what all of it is worth, then each unknown worth measuring."""

from __future__ import annotations

from collections.abc import Mapping

from cisim.decision.estimates import Estimate
from cisim.decision.information.estimate import Known, Part
from cisim.decision.information.worth import Information
from cisim.insight.discovery.boxes import number
from cisim.theory.parameters import UNCERTAINTIES
from cisim.world.posterior import Posterior

__all__ = ["amount", "information_said", "switch_said"]

MOST = 5
"""Unknowns told in sentences."""
PARTS = 3
"""Parts of a range that are told one by one."""


def information_said(
    told: Information, called: Mapping[str, str], posterior: Posterior | None, *, as_told: bool = False
) -> tuple[str, ...]:
    """The choice as it stands, the bounds, and a sentence for each unknown that is worth measuring.

    called: plans' titles by name. posterior: what spreads the parameters; None: their declared ranges. as_told: a study
    spreads them as its factors say.
    """
    above = [one for one in told.parameters if one.above_chance]
    starts = [one for one in told.starts if one.above_chance]
    sentences = [_now(told, called), _bounds(told)]
    if not above and not starts:
        sentences.append(
            "No unknown is worth measuring by itself before deciding: none shows more than chance alone would "
            f"({amount_of(told, _floor(told.parameters))})."
        )
    sentences += [_one(one, told, called, _spread(one.name, posterior, as_told)) for one in above[:MOST]]
    sentences += [_one(one, told, called, "", " at the start") for one in starts[:MOST]]
    hidden = len(told.parameters) - len(above)
    if above and hidden:
        sentences.append(
            f"The other {hidden} of {len(told.parameters)} parameters show no more than chance alone would for the "
            f"largest of them ({amount_of(told, _floor(told.parameters))})."
        )
    return tuple(sentences)


def amount(told: Information, worth: Estimate) -> str:
    """A figure with its interval, in the unit of the gains."""
    interval = f"{100 * told.level:g} % interval {_short(told, worth.low)} to {_short(told, worth.high)}"
    return f"{_short(told, worth.value)} {_unit(told)} ({interval})"


def amount_of(told: Information, value: float) -> str:
    """A figure without an interval: a floor of chance."""
    return f"{_short(told, value)} {_unit(told)}"


def switch_said(one: Known, told: Information, called: Mapping[str, str]) -> str:
    """Which plan is best where, along the range of an unknown."""
    if len(one.parts) > PARTS:
        return (
            f"which plan is best changes {len(one.parts) - 1} times along its range, more than can be trusted"
        )
    return "; ".join(f"{called[told.plans[part.plan]]} where it is {_where(one, part)}" for part in one.parts)


def _now(told: Information, called: Mapping[str, str]) -> str:
    best = called[told.plans[told.now]]
    ahead = amount(told, told.lead)
    sure = "" if told.lead.tells else ", which cannot be told from no lead at all"
    return f"Without knowing more, {best} is best on average, ahead of the next by {ahead}{sure}."


def _bounds(told: Information) -> str:
    at_least = f"at least {amount(told, told.together)}" if told.together.low > 0 else (
        f"no more than this analysis can show ({amount(told, told.together)})"
    )  # fmt: skip
    return (
        f"Knowing all {len(told.parameters)} parameters at once before choosing would be worth {at_least} on average; "
        f"knowing luck as well, which nobody can, {amount(told, told.everything)}: no study is worth more."
    )


def _one(one: Known, told: Information, called: Mapping[str, str], spread: str, when: str = "") -> str:
    meant = "" if when else f" ({UNCERTAINTIES[one.name].meaning})"
    return (
        f"Knowing {one.name}{when}{meant} is worth {amount(told, one.worth)}: it would change the choice in "
        f"{100 * one.changed:.0f} % of worlds: {switch_said(one, told, called)}.{spread}"
    )


def _spread(name: str, posterior: Posterior | None, as_told: bool) -> str:
    declared = UNCERTAINTIES[name]
    if posterior is not None and name in posterior.names:
        return " It varies as its posterior does."
    if as_told:
        return " It varies as the study says (*assumption*)."
    basis = "*assumption*" if declared.basis == "assumption" else f"*assumption* around {declared.basis}"
    return f" Its range of {declared.low:g} to {declared.high:g} {declared.unit}: {basis}."


def _where(one: Known, part: Part) -> str:
    first, last = one.parts[0], one.parts[-1]
    if part is first and part is last:
        return "anything"
    if part is first:
        return f"up to {number(_rounded(part.high))}"
    if part is last:
        return f"from {number(_rounded(part.low))}"
    return f"between {number(_rounded(part.low))} and {number(_rounded(part.high))}"


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def _floor(told: tuple[Known, ...]) -> float:
    return told[0].chance_of_largest if told else 0.0


def _unit(told: Information) -> str:
    return told.unit if told.price is not None else f"of {told.unit}"


def _short(told: Information, value: float) -> str:
    return (
        f"{value:,.0f}"
        if told.price is not None
        else f"{value:.3g}"
        if abs(value) >= 1e-4 or value == 0
        else f"{value:.1g}"
    )
