"""Patterns of success: what it takes, in which order it comes, whether conditions need each other, its bounds."""

from __future__ import annotations

import math

import numpy as np

from cisim.evidence.pattern import ABOVE_NOTHING, Band, Figure, Pattern, Rows, RowsOf
from cisim.evidence.patterns.coalitions import (
    CONDITIONS,
    FIVE_YEARS,
    FULL,
    ISOLATED,
    NO_CONDITION,
    SUPPORTED,
    ended,
    single,
    with_conditions,
)
from cisim.evidence.trials import Trial, Trials

__all__ = ["BOUNDS", "EFFECTIVENESS", "INTERACTION", "ORDER"]

FIFTH = 0.2
"""An effective coalition has changed the system so far that, kept, it takes a fifth off severity. Assumption."""
STAFF, MONEY = 3.0, 12.0
"""Backbone staff and pooled funding, FTE."""
TWO_YEARS, FOUR_YEARS, TEN_YEARS, TWENTY_YEARS = 24, 48, 120, 240
ORDER_OF = ("trust_in_contacts", "alignment", "system_change", "contribution")
STOPPED = ended(TEN_YEARS, TWENTY_YEARS)


def effective(trials: Trials, trial: Trial, month: int) -> Rows:
    """1 for each replicate whose system change, if kept, takes a fifth off severity."""
    needed = -math.log(1.0 - FIFTH) / trials.parameter(trial, "potency")
    return (trials.measure(trial, "system_change")[:, month] >= needed).astype(float)


def effective_with(present: bool, staff: float, money: float, month: int = FIVE_YEARS) -> RowsOf:
    trial = with_conditions(present, staff, money)
    return lambda trials: effective(trials, trial, month)


def substitutes(trials: Trials) -> Rows:
    """P(effective) with backbone and money, less each alone, plus neither: negative if one replaces the other."""
    both, staff, money, none = (
        effective(trials, with_conditions(True, b, m), FIVE_YEARS)
        for b, m in ((STAFF, MONEY), (STAFF, 0.0), (0.0, MONEY), (0.0, 0.0))
    )
    return both - staff - money + none


def paths(trials: Trials) -> Rows:
    """(replicates, 4 × 121): the paths of an early, two system and a population measure."""
    return np.hstack([trials.measure(FULL, name)[:, : TEN_YEARS + 1] for name in ORDER_OF])


def half_times(rows: Rows) -> list[int]:
    """First month in which the mean path has made half of its change over ten years, for each measure."""
    found = []
    for path in rows.mean(axis=0).reshape(len(ORDER_OF), -1):
        change = path - path[0]
        found.append(int(np.argmax(change >= 0.5 * change[-1])))
    return found


def trust_to_alignment(rows: Rows) -> float:
    """Months from the half-time of trust to the later one of the two system measures."""
    trust, alignment, system, _ = half_times(rows)
    return float(max(alignment, system) - trust)


def system_to_population(rows: Rows) -> float:
    *_, system, population = half_times(rows)
    return float(population - system)


def early_to_population(rows: Rows) -> float:
    times = half_times(rows)
    return float(times[-1] - times[0])


def fading(trials: Trials) -> Rows:
    """Contribution ten years after support ended, less what it would be with support."""
    return (
        trials.measure(STOPPED, "contribution")[:, TWENTY_YEARS]
        - trials.measure(SUPPORTED, "contribution")[:, TWENTY_YEARS]
    )


def gains(trials: Trials) -> Rows:
    """(replicates, 6): contribution after ten years beyond members without conditions: full, each condition alone."""
    none = trials.measure(NO_CONDITION, "contribution")[:, TEN_YEARS]
    trials_of = [FULL, *map(single, CONDITIONS)]
    return np.column_stack([trials.measure(t, "contribution")[:, TEN_YEARS] - none for t in trials_of])


def full_less_sum(rows: Rows) -> float:
    means = rows.mean(axis=0)
    return float(means[0] - means[1:].sum())


def strongest_alone(rows: Rows) -> float:
    """The largest gain of a single condition over the gain of all."""
    means = rows.mean(axis=0)
    return float(means[1:].max() / means[0])


def reached(trials: Trials) -> Rows:
    target = FULL.scenario.issue.target
    return (trials.measure(FULL, "severity")[:, : FIVE_YEARS + 1] <= target).any(axis=1).astype(float)


def improving(trials: Trials) -> Rows:
    return (trials.measure(FULL, "severity_observed")[:, FOUR_YEARS] < 1.0).astype(float)


def no_better(trials: Trials) -> Rows:
    """1 where severity after five years is not below its start, whatever the coalition did."""
    return (trials.measure(FULL, "severity")[:, FIVE_YEARS] >= 1.0).astype(float)


def advantage(trials: Trials) -> Rows:
    """Severity of isolated impact less that of full collective impact in the same world, after five years."""
    return (trials.measure(ISOLATED, "severity") - trials.measure(FULL, "severity"))[:, FIVE_YEARS]


def no_help(trials: Trials) -> Rows:
    """1 where five years of full collective impact leave severity no lower than isolated impact in the same world."""
    return (advantage(trials) <= 0.0).astype(float)


EFFECTIVENESS = Pattern(
    11, "effectiveness", "Effectiveness needs age, the conditions, and money or a backbone.",
    (
        Figure("two years, everything", "Share effective after two years, with conditions, backbone and money",
               Band(0.0, 0.05), effective_with(True, STAFF, MONEY, TWO_YEARS),
               axis="of the coalitions", percent=True),
        Figure("five years, with backbone", "Share effective after five years with the conditions and a backbone",
               Band(0.5, 1.0), effective_with(True, STAFF, 0.0), axis="of the coalitions", percent=True),
        Figure("five years, with money", "The same with the conditions and pooled money",
               Band(0.5, 1.0), effective_with(True, 0.0, MONEY), axis="of the coalitions", percent=True),
        Figure("five years, conditions alone", "The same with the conditions, without backbone and money",
               Band(0.0, 0.25), effective_with(True, 0.0, 0.0), axis="of the coalitions", percent=True),
        Figure("five years, without conditions", "The same with backbone and money, without the conditions",
               Band(0.0, 0.25), effective_with(False, STAFF, MONEY), axis="of the coalitions", percent=True),
        Figure("interaction", "What backbone and money add together, less what each adds alone",
               Band(-1.0, -ABOVE_NOTHING, "raab2015"), substitutes,
               axis="of the coalitions", percent=True),
    ),
    ("raab2015",),
    reading="Effective: a system change that, kept, takes a fifth off severity. High is at least one half, "
    "low at most a quarter, about 0 at most one in twenty.",
)  # fmt: skip
ORDER = Pattern(
    12, "order of change", "Partners change first, systems next, the population last; effects fade without support.",
    (
        Figure("early to system", "Months from half of the change in trust to half of that in the system",
               Band(1.0, basis="ors2018"), paths, trust_to_alignment, "months", axis="months"),
        Figure("system to population", "Months from half of the system's change to half of the population's",
               Band(1.0, basis="ors2018"), paths, system_to_population, "months", axis="months"),
        Figure("early to population", "Months from half of the change in trust to half of the population's",
               Band(24.0, basis="ors2018"), paths, early_to_population, "months", axis="months"),
        Figure("fading", "Change in what is solved ten years after support ended, against support that goes on",
               Band(-1.0, -ABOVE_NOTHING, "ctc"), fading, unit="severity",
               axis="of the problem as it was at the start", percent=True),
    ),
    ("ors2018", "ctc"),
    reading="The time of a change is the month by which half of its ten years' change is made.",
)  # fmt: skip
INTERACTION = Pattern(
    14, "conditions need each other", "Together the five conditions give more than the sum of each alone.",
    (
        Figure("beyond the sum", "How much more is solved after ten years with all five than the sum of each alone",
               Band(ABOVE_NOTHING, 1.0, "kania2011"), gains, full_less_sum, "severity",
               axis="of the problem as it was at the start", percent=True),
        Figure("strongest alone", "Gain of the strongest single condition over the gain of all five",
               Band(-1.0, 0.5), gains, strongest_alone,
               axis="of what all five give", percent=True),
    ),
    ("kania2011",), must=False,
    reading="Weak alone: at most half of what all five give. Gains are over members without any condition, all else alike.",
    reason="With the default settings, and with most others that come near what is known, shared measurement alone gives "
    "more than half: partners learn from the best member whom shared data show, which in this model needs neither agenda "
    "nor backbone.",
)  # fmt: skip
BOUNDS = Pattern(
    19, "bounds of success", "Success is real but bounded, and it takes years.",
    (
        Figure("target reached", "Share of coalitions that reach the target within five years",
               Band(0.02, 0.15), reached, seen=0.07, axis="of the coalitions", percent=True),
        Figure("improving", "Share whose published indicator is better than at the start after four years",
               Band(0.50, 0.77, "kania2011"), improving, seen=34 / 53,
               axis="of the coalitions", percent=True),
        Figure("no better", "Share in which the problem is no smaller after five years than at the start",
               Band(0.05, 0.45), no_better, axis="of the coalitions", percent=True),
        Figure("advantage", "How much smaller the problem is after five years than with isolated impact",
               Band(ABOVE_NOTHING, 0.3), advantage, unit="severity",
               axis="of the problem as it was at the start", percent=True),
        Figure("no help", "Share in which five years of full collective impact are no better than isolated impact",
               Band(0.02, 0.33), no_help, axis="of the coalitions", percent=True),
    ),
    ("kania2011", "strivetogether"), must=False,
    reading='"About 7 %" is read as 2 to 15 %; 34 of 53 indicators as its 95 % interval.',
)  # fmt: skip
