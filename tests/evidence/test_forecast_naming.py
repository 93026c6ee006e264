"""The observation model, the regressions beside it, and the scores, against known answers."""

from __future__ import annotations

import numpy as np
import pytest
from forecast_partnerships import partnership

from cisim.evidence.forecast.baselines import BASELINES, baseline_chances
from cisim.evidence.forecast.naming import DRIVES, NamingModel, drives, fit_coefficients, shipped
from cisim.evidence.forecast.reading import names_expected
from cisim.evidence.forecast.scores import auc, brier, calibration, intervals, log_score
from cisim.evidence.forecast.simulation import Moment

DRAWS = np.random.default_rng(1)


def moment(size: int, replicates: int = 30) -> Moment:
    """A made-up month: contacts, joint work and trust at random, symmetric where they must be."""
    draws = np.random.default_rng(2)
    contact, work = draws.exponential(1, (2, replicates, size, size))
    contact, work = contact + contact.transpose(0, 2, 1), np.minimum(1, (work + work.transpose(0, 2, 1)) / 4)
    trust = draws.random((replicates, size, size))
    for each in (contact, work, trust):
        each[:, np.arange(size), np.arange(size)] = 0
    return Moment(contact, work, trust, draws.integers(0, 11, (replicates, size)).astype(float))


def test_logistic_regression_of_one_yes_no_column_has_the_log_odds_of_its_table():
    """Named of 40 and of 60: the saturated model has closed coefficients."""
    column = np.repeat([0.0, 1.0], [40, 60])
    answers = np.concatenate([np.repeat([1.0, 0.0], [10, 30]), np.repeat([1.0, 0.0], [45, 15])])
    (intercept,), (slope,) = fit_coefficients(column[None, :, None], answers, ridge=1e-9)
    assert intercept == pytest.approx(np.log(10 / 30), abs=1e-3)
    assert slope == pytest.approx(np.log(45 / 15) - np.log(10 / 30), abs=1e-3)


def test_coefficients_come_back_from_answers_drawn_with_them_though_replicates_are_noisy():
    """20,000 answers of means over 25 replicates; standard errors are below 0.05."""
    true, level = np.array([1.0, -0.5]), -1.0
    rows = DRAWS.normal(size=(1, 20_000, 2)) + 0.7 * DRAWS.normal(size=(25, 20_000, 2))
    chance = (1 / (1 + np.exp(-level - rows @ true))).mean(axis=0)
    answers = (DRAWS.random(20_000) < chance).astype(float)
    (intercept,), found = fit_coefficients(rows, answers)
    np.testing.assert_allclose([intercept, *found], [level, *true], atol=0.15)
    naive = fit_coefficients(rows.mean(axis=0, keepdims=True), answers)[1]
    assert abs(naive[0]) < abs(found[0])  # the mean over replicates is flatter than what each replicate says


def test_each_group_has_its_own_level_and_all_share_the_coefficients():
    rows = DRAWS.normal(size=(1, 8_000, 1))
    groups = np.repeat([0, 1], 4_000)
    chance = 1 / (1 + np.exp(-np.where(groups == 0, -2.0, 0.5) - rows[0, :, 0]))
    answers = (DRAWS.random(8_000) < chance).astype(float)
    levels, (slope,) = fit_coefficients(rows, answers, groups)
    np.testing.assert_allclose([*levels, slope], [-2.0, 0.5, 1.0], atol=0.15)


def test_a_fit_stays_finite_where_the_data_are_separable_or_silent():
    column = np.array([0.0, 0.0, 1.0, 1.0])
    for answers in (column, np.zeros(4), np.ones(4)):
        intercepts, coefficients = fit_coefficients(column[None, :, None], answers)
        assert np.isfinite([*intercepts, *coefficients]).all()


def test_as_many_names_are_expected_as_at_wave_1_and_the_change_says():
    told, month = partnership(size=15), moment(15)
    for change in (0.0, 0.5):
        chance = NamingModel(change, (0.6, 3.0, 5.0)).probabilities(told, month)
        share = names_expected(told)
        expected = 1 / (1 + np.exp(-np.log(share / (1 - share)) - change))
        assert np.nanmean(chance) == pytest.approx(expected, abs=1e-6)
        assert np.isnan(np.diag(chance)).all() and np.isfinite(chance).sum() == 15 * 14


def test_pushes_add_up_to_the_difference_from_the_mean_pair():
    month, naming = moment(9), NamingModel(0.1, (0.6, 3.0, 5.0))
    score = sum(b * drive.mean(axis=0) for b, drive in zip(naming.coefficients, drives(month), strict=True))
    apart = ~np.eye(9, dtype=bool)
    np.testing.assert_allclose(naming.pushes(month).sum(axis=0)[apart], (score - score[apart].mean())[apart])


def test_shipped_coefficients_say_where_they_are_from_and_point_the_right_way():
    naming = shipped()
    assert len(naming.coefficients) == len(DRIVES) and min(naming.coefficients) > 0
    assert "1417 pairs" in naming.provenance["fitted_to"] and naming.provenance["source"] == "berardo2010"


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_learns_from_training_partnerships_alone(name):
    training = [partnership("a", 20, seed=1), partnership("b", 20, seed=2)]
    tested = partnership("c", 20, seed=3)
    (chance,) = baseline_chances(BASELINES[name], training, [tested])
    blind = type(tested)(**{**tested.__dict__, "named_later": 1 - tested.named_later})
    np.testing.assert_array_equal(chance, baseline_chances(BASELINES[name], training, [blind])[0])
    named, others = chance[tested.named == 1], chance[tested.named == 0]
    assert named.mean() > others.mean()


def test_auc_counts_pairs_in_order_with_ties_half():
    answers = np.array([1, 0, 1, 0, 0, 1, 0])
    chances = np.array([0.9, 0.8, 0.8, 0.2, 0.1, 0.1, 0.05])
    wins = [
        (a > b) + 0.5 * (a == b)
        for a in chances[answers == 1] for b in chances[answers == 0]
    ]  # fmt: skip
    assert auc(chances, answers) == pytest.approx(np.mean(wins))
    assert auc(1 - chances, answers) == pytest.approx(1 - np.mean(wins))
    assert np.isnan(auc(chances, np.zeros(7)))


def test_brier_and_log_score_of_known_chances():
    answers, chances = np.array([1.0, 0.0]), np.array([0.8, 0.4])
    assert brier(chances, answers) == pytest.approx((0.2**2 + 0.4**2) / 2)
    assert log_score(chances, answers) == pytest.approx(-(np.log(0.8) + np.log(0.6)) / 2)


def test_tenths_of_true_chances_are_named_as_often_as_said():
    """10,000 pairs: 1,000 in each tenth, so shares have standard errors of at most 0.016."""
    chances = DRAWS.random(10_000)
    answers = (DRAWS.random(10_000) < chances).astype(float)
    tenths = calibration(chances, answers)
    assert [tenth.pairs for tenth in tenths] == [1_000] * 10
    assert max(abs(tenth.chance - tenth.named) for tenth in tenths) < 0.06
    assert tenths[0].chance < 0.1
    assert tenths[-1].chance > 0.9


def test_intervals_over_groups_hold_the_value_and_widen_with_like_answers_in_a_group():
    chances = np.full(400, 0.3)
    groups = np.repeat(np.arange(20), 20)
    alike = np.repeat((DRAWS.random(20) < 0.3).astype(float), 20)
    mixed = (DRAWS.random(400) < 0.3).astype(float)
    wide, narrow = (intervals(chances, answers, groups)["brier"] for answers in (alike, mixed))
    assert wide[0] <= brier(chances, alike) <= wide[1]
    assert wide[1] - wide[0] > 2 * (narrow[1] - narrow[0])
