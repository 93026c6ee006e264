"""The issue follows work through two lags: the closed form, and the differential equations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cisim.theory.rules.issue import lagged, next_drift, severity_level

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


@pytest.mark.parametrize("trend", [-0.03, 0.03])
def test_severity_under_a_trend_and_work_that_grows_solves_its_differential_equations(numbers, trend):
    """Work rises over ten years, and log severity drifts by a trend without shocks."""
    p = numbers(trend=trend, trend_shock=0.0, potency=3.0)

    def work(month):
        return START + (WORK - START) * min(1.0, month / 120.0)

    def change(month, now):
        z, s = now
        level = severity_level(z, START, trend / 12.0 * month, p)
        return [(work(month) - z) / SYSTEM_LAG, (level - s) / POPULATION_LAG]

    system, severity, levels, drift = [START], [1.0], [1.0], 0.0
    for month in MONTHS[1:]:
        drift = next_drift(drift, 1.7, p)  # the draw does nothing without shocks
        system.append(lagged(system[-1], work(month), SYSTEM_LAG))
        levels.append(severity_level(system[-1], START, drift, p))
        severity.append(lagged(severity[-1], levels[-1], POPULATION_LAG))
    solved = solve_ivp(
        change, (0, MONTHS[-1]), [START, 1.0], t_eval=MONTHS, rtol=1e-10, atol=1e-12, max_step=1.0
    )
    # Each lag sees its goal as it stands at the end of a month, so up to a month early; two lags, two months.
    assert np.abs(system - solved.y[0]).max() <= (WORK - START) / 120.0
    assert np.abs(severity - solved.y[1]).max() <= 2 * np.abs(np.diff(levels)).max()
    assert drift == pytest.approx(trend * 20)


def test_severity_starts_and_stays_where_nothing_changes(numbers):
    """At the status quo without drift the level is exactly 1."""
    p = numbers()
    assert severity_level(START, START, 0.0, p) == 1.0
    assert lagged(1.0, 1.0, POPULATION_LAG) == 1.0
