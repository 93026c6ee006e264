"""The pattern of shared measurement: a modest gain."""

from __future__ import annotations

import numpy as np

from cisim.evidence.pattern import ABOVE_NOTHING, Band, Figure, Pattern, Rows
from cisim.evidence.patterns.coalitions import FULL, HALF_MEASURED, UNMEASURED
from cisim.evidence.trials import Trials

__all__ = ["MEASUREMENT"]

MONTH = 24


def failure(trials: Trials) -> Rows:
    """(replicates, 3): 1 - practice after two years with measurement, with half of it, with none."""
    trials_of = (FULL, HALF_MEASURED, UNMEASURED)
    return np.column_stack([1.0 - trials.measure(trial, "practice")[:, MONTH] for trial in trials_of])


def relative(rows: Rows) -> float:
    """Relative change of the failure rate by measurement."""
    full, _, none = rows.mean(axis=0)
    return float(full / none - 1.0)


def more_with_more(rows: Rows) -> float:
    """Relative change by full measurement less that by half of it."""
    full, half, none = rows.mean(axis=0)
    return float((full - half) / none)


def gain_of_low(trials: Trials) -> Rows:
    """Gain in practice by measurement of partners that began below the median, less that of the others."""
    state, without = (trials.at(trial, MONTH).organizations[:, :-1] for trial in (FULL, UNMEASURED))
    gain = state["practice"] - without["practice"]
    start = state["practice_alone"]
    low = start < np.median(start, axis=1, keepdims=True)
    below = (gain * low).sum(axis=1) / low.sum(axis=1)
    return np.asarray(below - (gain * ~low).sum(axis=1) / (~low).sum(axis=1))


MEASUREMENT = Pattern(
    16, "shared measurement", "Shared measurement is a modest gain.",
    (
        Figure("failure rate", "Change of the rate of poor practice by shared measurement in two years",
               Band(-0.26, -0.04, "ivers2012"), failure, relative, seen=-0.15,
               axis="change of poor practice", percent=True),
        Figure("more with more", "Change by a full system of measurement, less that by half a system",
               Band(-1.0, -ABOVE_NOTHING, "ivers2012"), failure, more_with_more,
               axis="change of poor practice", percent=True),
        Figure("low baseline", "How much more those gain that began with poor practice than the others",
               Band(ABOVE_NOTHING, 1.0, "ivers2012"), gain_of_low, unit="practice",
               axis="0: no difference; practice goes from 0 to 1"),
    ),
    ("ivers2012",),
    reading="Audit and feedback to professionals is a proxy for shared measurement among organizations; the rate "
    "of failure is 1 - practice.",
)  # fmt: skip
