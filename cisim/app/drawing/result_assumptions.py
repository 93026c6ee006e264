"""The assumptions that matter most for the coalition's contribution, for the foot of a result."""

from __future__ import annotations

from cisim.app.state.controls import declared_controls
from cisim.evidence.matter import MATTER_MOST
from cisim.theory.parameters import UNCERTAINTIES
from cisim.world.scenario import Scenario

__all__ = ["assumption_rows"]


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
