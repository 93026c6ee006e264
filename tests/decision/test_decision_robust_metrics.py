"""Robustness metrics and ranks equal tables worked by hand, and what Rhodium and RAPID say of the same table."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cisim.decision.robust import METRICS, Settings
from cisim.decision.robust import metrics as m
from cisim.decision.robust.ranks import agreement, first_shares, ranks_of
from cisim.errors import SpecError

OTHERS = json.loads((Path(__file__).parent / "robustness" / "robustness.json").read_text(encoding="utf-8"))
TABLE = np.array(OTHERS["table"])
ROUNDING = 1e-12
STATES = np.array([[10.0, 5.0, 6.0], [2.0, 5.0, 4.0], [0.0, 5.0, 8.0], [8.0, 5.0, 6.0]])
"""Four worlds, three plans: a gamble, a sure thing, and something between."""


def close(told, expected):
    return np.allclose(told, expected, rtol=0, atol=ROUNDING)


def test_each_metric_equals_the_table_worked_by_hand():
    assert close(m.mean(STATES), [5, 5, 6])
    assert close(m.worst(STATES), [0, 5, 4])
    assert close(m.percentile(STATES, 0.5), [5, 5, 6])
    assert close(m.percentile(STATES, 1 / 3), [2, 5, 6])
    assert close(m.hurwicz(STATES, 0.5), [5, 5, 6])
    assert close(m.hurwicz(STATES, 0.25), [2.5, 5, 5])
    assert close(m.regret(STATES), [[0, 5, 4], [3, 0, 1], [8, 3, 0], [0, 3, 2]])
    assert close(m.regret_most(STATES), [8, 5, 4])
    assert close(m.regret_percentile(STATES, 1 / 3), [0, 3, 1])
    spread = np.sqrt([68 / 3, 0, 8 / 3])
    assert close(m.mean_less_spread(STATES, 2.0), [5, 5, 6] - 2 * spread)
    assert close(m.signal_to_noise(STATES), np.array([6, 6, 7]) / (spread + 1))
    assert close(m.satisficing(STATES >= 5), [0.5, 1, 0.75])


def test_hurwicz_goes_from_maximin_to_maximax():
    assert close(m.hurwicz(TABLE, 0.0), TABLE.min(axis=0))
    assert close(m.hurwicz(TABLE, 1.0), TABLE.max(axis=0))


def test_signal_to_noise_is_not_told_where_it_would_reward_noise():
    quiet, loud = np.full(4, -5.0), np.array([-9.0, -1.0, -9.0, -1.0])
    assert np.isnan(m.signal_to_noise(np.column_stack([quiet, loud]))).all()


def test_a_metric_is_shown_as_the_outcome_is():
    by_name = {metric.name: metric for metric in METRICS}
    severity = STATES / 10
    met = severity <= 0.5
    for name, shown in (
        ("mean", [0.5, 0.5, 0.6]),
        ("worst world", [1.0, 0.5, 0.8]),
        ("satisficing", [0.5, 1.0, 0.25]),
    ):
        metric = by_name[name]
        assert close(metric.shown(metric.scores(-severity, met, Settings()), -1.0), shown)
    regret = by_name["largest regret"]
    assert close(regret.shown(regret.scores(-severity, met, Settings()), -1.0), [0.5, 0.5, 0.8])


@pytest.mark.parametrize(("way", "sign"), [("more", 1.0), ("less", -1.0)])
def test_metrics_equal_those_of_the_code_of_mcphail_et_al(way, sign):
    rapid, gains = OTHERS[way]["rapid"], TABLE * sign
    assert close(m.worst(gains), rapid["maximin"])
    assert close(m.mean(gains), rapid["laplace"])
    assert close(m.hurwicz(gains, 0.75), rapid["hurwicz 0.25"])  # RAPID weighs the worst world
    assert close(-m.regret_most(gains), rapid["minimax_regret"])
    assert close(-m.regret_percentile(gains, 0.9), rapid["percentile_regret"])
    assert close(m.signal_to_noise(gains), rapid["mean_variance"])
    assert close(m.satisficing(gains >= OTHERS["threshold"] * sign), rapid["starrs_domain"])


@pytest.mark.parametrize(("way", "sign"), [("more", 1.0), ("less", -1.0)])
def test_regret_and_satisficing_equal_those_of_rhodium(way, sign):
    rhodium, gains = OTHERS[way]["rhodium"], TABLE * sign
    relative = m.regret(gains) / TABLE  # Rhodium tells regret as a share of the plan's own outcome
    assert close(np.percentile(relative, 90, axis=0), rhodium["regret_type2"])
    assert close(m.satisficing(gains >= OTHERS["threshold"] * sign), rhodium["satisficing_type1"])


def test_ranks_share_ties_and_forgive_rounding():
    scores = np.array([[3.0, 1.0, 3.0], [0.1 + 0.2, 0.3, 0.0], [0.0, 0.0, 0.0]])
    assert ranks_of(scores).tolist() == [[1.5, 3, 1.5], [1.5, 1.5, 3], [2, 2, 2]]
    assert close(first_shares(ranks_of(scores)), [[0.5, 0, 0.5], [0.5, 0.5, 0], [1 / 3, 1 / 3, 1 / 3]])


def test_kendalls_w_equals_examples_worked_by_hand():
    assert agreement(np.array([[1.0, 2, 3], [1, 2, 3], [1, 2, 3]])) == pytest.approx(1)
    assert agreement(np.array([[1.0, 2, 3], [3, 2, 1]])) == pytest.approx(0)
    # sums 4, 5, 9 around 6: S = 14
    assert agreement(np.array([[1.0, 2, 3], [1, 2, 3], [2, 1, 3]])) == pytest.approx(12 * 14 / (9 * 24))
    # with ties: sums 2.5, 3.5, 6: S = 6.5; a pair tied: T = 2^3 - 2
    assert agreement(np.array([[1.5, 1.5, 3], [1.0, 2, 3]])) == pytest.approx(12 * 6.5 / (4 * 24 - 2 * 6))
    assert np.isnan(agreement(np.full((2, 3), 2.0)))


def test_settings_out_of_range_are_told_all_at_once():
    with pytest.raises(SpecError) as told:
        Settings(percentile=0, optimism=2, regret=1, spread=-1)
    assert len(told.value.faults) == 4
