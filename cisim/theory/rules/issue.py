"""The issue: system change follows effective work, the population indicator follows system change.

Two first-order lags, each stepped exactly: `Z ← Z + (1 − e^(−1/τ_Z)) (Y − Z)`,
`S ← S + (1 − e^(−1/τ_S)) (level − S)`, level = exp(drift − potency · (Z − Z_status quo)). With constant Y,
Z is the closed form of its differential equation; Z depreciates at the same rate when work stops.
The world without the coalition takes the same steps on the same drift.

Source: lag of years, ORS Impact & Spark 2018; form and potency, assumption.
"""

from __future__ import annotations

import math
from typing import Any


def lagged(now: float, goal: float, lag: float) -> float:
    """One month of a first-order lag; fixed point: `goal`; exact for a constant goal."""
    return now + (1.0 - math.exp(-1.0 / lag)) * (goal - now)


def severity_level(system: float, status_quo: float, drift: float, p: Any) -> float:
    """The severity that present system change implies in the long run, at most 3."""
    return min(3.0, math.exp(min(2.0, drift - p.potency * (system - status_quo))))


def next_drift(drift: float, z: float, p: Any) -> float:
    """Exogenous log severity: the trend per year and a random shock, z a standard normal draw."""
    return drift + p.trend / 12.0 + p.trend_shock * z


def observed(severity: float, z: float, p: Any) -> float:
    """The published indicator: severity with noise, never below 0."""
    return max(0.0, severity + p.observation_noise * z)


RULES = {
    "lagged": lagged,
    "severity_level": severity_level,
    "next_drift": next_drift,
    "observed": observed,
}
CHOICES: dict[str, dict[str, dict[str, Any]]] = {}
SOURCES: dict[str, str] = {"ors2018": "systems and populations change with lags of years"}
VARIANT_SOURCES: dict[tuple[str, str], dict[str, str]] = {}
