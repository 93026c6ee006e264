"""The assumptions that matter most for the coalition's contribution, for the foot of a result."""

from __future__ import annotations

from typing import NamedTuple

from cisim.app.state.controls import declared_controls
from cisim.theory.parameters import UNCERTAINTIES
from cisim.world.scenario import Scenario

__all__ = ["MATTER_MOST", "Matters", "assumption_rows"]


class Matters(NamedTuple):
    """A parameter's share of the variance of the contribution (total Sobol index) with its 95 % interval."""

    name: str
    share: float
    low: float
    high: float


MATTER_MOST = (
    Matters("capacity_median", 0.184, 0.072, 0.296),
    Matters("need_intensity", 0.166, 0.123, 0.210),
    Matters("potency", 0.127, 0.085, 0.170),
    Matters("agreement_expected", 0.054, 0.030, 0.079),
    Matters("execution_median", 0.052, 0.034, 0.071),
    Matters("kept_base", 0.052, 0.031, 0.072),
)
"""From docs/assumptions.csv, which 56,320 runs of the preset collective-impact gave; a test holds both together."""


def assumption_rows(scenario: Scenario) -> list[tuple[str, str, str, str]]:
    """(meaning, value in this plan, its basis, share of variance) of each, the one that matters most first."""
    return [
        (
            declared_controls()[one.name]["meaning"],
            _value(scenario, one.name),
            declared_controls()[one.name]["basis"],
            f"{100 * one.share:.0f} % ({100 * one.low:.0f} to {100 * one.high:.0f} %)",
        )
        for one in MATTER_MOST
    ]


def _value(scenario: Scenario, name: str) -> str:
    declared, posterior = UNCERTAINTIES[name], scenario.posterior
    if posterior is not None and name in posterior.free(scenario.parameters):
        spread = posterior.summary()[name]
        return f"{spread.low:.3g} to {spread.high:.3g} {declared.unit} (drawn)"
    value = scenario.parameters.get(name, declared.default)
    return f"{value:g} {declared.unit}, held (plausible {declared.low:g} to {declared.high:g})"
