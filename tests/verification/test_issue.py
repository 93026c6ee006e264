"""The issue follows work through two lags: the closed form, and the differential equations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cisim.theory.rules.issue import lagged, severity_level

MONTHS = np.arange(241)
SYSTEM_LAG, POPULATION_LAG = 18.0, 36.0
WORK, START = 0.45, 0.2  # constant effective work; the status quo


def two_lags(level):
    """(system, severity) by month: the rule twice, as the engines call it."""
    system, severity = [START], [level(START)]
    for _ in MONTHS[1:]:
        system.append(lagged(system[-1], WORK, SYSTEM_LAG))
        severity.append(lagged(severity[-1], level(system[-1]), POPULATION_LAG))
    return np.array(system), np.array(severity)


def test_one_lag_is_the_closed_form():
    system, _ = two_lags(lambda z: z)
    exact = WORK + (START - WORK) * np.exp(-MONTHS / SYSTEM_LAG)
    assert np.abs(system - exact).max() < 1e-13  # rounding of 240 steps


def test_two_lags_in_steps_of_a_month_are_their_own_closed_form():
    _, second = two_lags(lambda z: z)
    a, b = np.exp(-1 / SYSTEM_LAG), np.exp(-1 / POPULATION_LAG)
    part = (1 - b) * (START - WORK) * a / (a - b)
    exact = WORK + part * a**MONTHS + (START - WORK - part) * b**MONTHS
    assert np.abs(second - exact).max() < 1e-12  # rounding of 240 steps


def test_two_lags_follow_the_continuous_closed_form_within_a_month():
    system, second = two_lags(lambda z: z)
    t, u, v = MONTHS, SYSTEM_LAG, POPULATION_LAG
    exact = WORK + (START - WORK) * (v * np.exp(-t / v) - u * np.exp(-t / u)) / (v - u)
    # The second lag sees its goal as it stands at the end of each month, so by up to a month early: the
    # difference is at most what the goal moves in a month.
    assert np.abs(second - exact).max() <= np.abs(np.diff(system)).max()


@pytest.mark.parametrize("potency", [1.0, 3.0, 6.0])
def test_system_and_severity_solve_their_differential_equations(numbers, potency):
    p = numbers(potency=potency)

    def level(z):
        return severity_level(z, START, 0.0, p)

    def change(_, now):
        z, s = now
        return [(WORK - z) / SYSTEM_LAG, (level(z) - s) / POPULATION_LAG]

    system, severity = two_lags(level)
    solved = solve_ivp(change, (0, MONTHS[-1]), [START, 1.0], t_eval=MONTHS, rtol=1e-11, atol=1e-13)
    assert np.abs(system - solved.y[0]).max() < 1e-9  # the solver's own error
    largest_step = np.abs(np.diff([level(z) for z in system])).max()  # a month early, as above
    assert np.abs(severity - solved.y[1]).max() <= largest_step
    assert severity[-1] == pytest.approx(level(WORK), abs=0.02)  # 240 months: e^(-240/36) is 0.1 %


def test_severity_starts_and_stays_where_nothing_changes(numbers):
    """At the status quo without drift the level is exactly 1."""
    p = numbers()
    assert severity_level(START, START, 0.0, p) == 1.0
    assert lagged(1.0, 1.0, POPULATION_LAG) == 1.0
