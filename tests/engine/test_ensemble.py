"""An ensemble is labelled results; what cannot be run is refused with a reason."""

from __future__ import annotations

import numpy as np
import pytest

import cisim
from cisim import verbs
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import UNCERTAINTIES, record
from cisim.world.scenario import Scenario

LEVERS = {"agenda": 1, "measurement": 1, "coordination": 1, "meetings": 2, "backbone_staff": 2}


def scenario(**told) -> Scenario:
    return Scenario(**{"name": "small", "months": 12, "roster": {"count": 6}, "levers": LEVERS} | told)


@pytest.fixture(scope="module")
def ensemble():
    return cisim.simulate(scenario(), 5, seed=3, keep_history=[1, 4])


def test_values_are_replicates_by_months_by_measures(ensemble):
    assert ensemble.values.shape == (5, 13, len(MEASURES))
    assert ensemble.measures == tuple(MEASURES)
    assert list(ensemble.months) == list(range(13)) and list(ensemble.replicates) == list(range(5))
    assert ensemble.seed == 3 and ensemble.scenario == scenario()
    assert (ensemble["severity"][:, 0] == 1.0).all()
    assert ensemble["members"][0, 0] == 6


def test_measures_come_in_the_order_asked_for():
    few = cisim.simulate(scenario(), 2, measures=["trust_mean", "alive", "severity"])
    assert few.measures == ("trust_mean", "alive", "severity")
    assert (few["alive"][:, 0] == 1).all()
    assert np.array_equal(few["severity"], few.values[:, :, 2])


def test_sel_takes_a_month_a_replicate_or_both(ensemble):
    assert ensemble.sel("severity").shape == (5, 13)
    assert ensemble.sel("severity", month=4).shape == (5,)
    assert ensemble.sel("severity", replicate=4).shape == (13,)
    assert ensemble.sel("severity", month=4, replicate=2) == ensemble["severity"][2, 4]


def test_replicates_are_found_by_number():
    some = cisim.simulate(scenario(), [7, 3], seed=3)
    assert list(some.replicates) == [7, 3]
    assert np.array_equal(some.sel("severity", replicate=3), some["severity"][1])
    with pytest.raises(cisim.SpecError, match="no replicate 0"):
        some.sel("severity", replicate=0)


def test_quantiles_are_those_of_numpy_and_silent_about_nan(ensemble):
    levels = (0.05, 0.5, 0.95)
    assert np.array_equal(
        ensemble.quantiles("severity", levels), np.quantile(ensemble["severity"], levels, axis=0)
    )
    cost = ensemble.quantiles("cost_per_contribution")
    assert cost.shape == (3, 13) and np.isnan(cost[:, 0]).all()


def test_months_to_target_is_the_first_month_at_or_below_it():
    easy = scenario(months=60, issue={"target": 0.97}, parameters={"system_lag": 3, "population_lag": 3})
    ensemble = cisim.simulate(easy, 6)
    for months, severity in zip(ensemble.months_to_target(), ensemble["severity"], strict=True):
        below = np.flatnonzero(severity <= 0.97)
        assert months == below[0] if len(below) else np.isnan(months)
    assert np.isfinite(ensemble.months_to_target()).any()
    never = cisim.simulate(scenario(issue={"target": 0.0}), 2)
    assert np.isnan(never.months_to_target()).all()


def test_histories_are_kept_where_asked(ensemble):
    history = ensemble.history(4)
    assert history.organizations.shape == (13, 7) and history.ties.shape == (13, 21)
    assert history.ids[-1] == "backbone"
    by_hand = history.organizations["output"].sum(axis=1)
    assert by_hand == pytest.approx(ensemble.sel("output", replicate=4), rel=1e-12)
    with pytest.raises(cisim.SpecError, match=r"history of replicate 0 was not kept; kept: 1, 4"):
        ensemble.history(0)


def test_tables_have_a_row_a_replicate_and_month(ensemble):
    table = ensemble.to_polars()
    assert table.shape == (65, 2 + len(MEASURES))
    row = table.row(13 * 2 + 5, named=True)
    assert (row["replicate"], row["month"]) == (2, 5) and row["severity"] == ensemble["severity"][2, 5]
    frame = ensemble.to_pandas()
    assert frame.loc[(2, 5), "severity"] == ensemble["severity"][2, 5]
    assert list(frame.columns) == list(MEASURES)


def test_progress_counts_every_replicate_once():
    seen: list[tuple[int, int]] = []
    cisim.simulate(scenario(), 9, threads=4, progress=lambda done, whole: seen.append((done, whole)))
    assert seen[-1] == (9, 9) and [done for done, _ in seen] == sorted({done for done, _ in seen})


def test_numpy_numbers_are_numbers():
    ours = cisim.simulate(scenario(), np.array([0, 1]), seed=2)
    assert np.array_equal(ours.values, cisim.simulate(scenario(), 2, seed=2).values, equal_nan=True)


# What is refused


@pytest.mark.parametrize("replicates", [0, -1, [], [-1], [2**32], True])
def test_numbers_of_replicates_that_have_no_address_are_refused(replicates):
    with pytest.raises(cisim.SpecError, match="replicates must be"):
        cisim.simulate(scenario(), replicates)


@pytest.mark.parametrize("seed", [-1, 2**32, 1.0, "1", None, True])
def test_seeds_that_have_no_address_are_refused(seed):
    with pytest.raises(cisim.SpecError, match="seed must be a whole number"):
        cisim.simulate(scenario(), 1, seed)


def test_unknown_measures_are_refused_all_at_once_with_the_nearest_name():
    with pytest.raises(cisim.SpecError) as refused:
        cisim.simulate(scenario(), 1, measures=["severty", "trust_man"])
    assert "Did you mean 'severity'?" in str(refused.value) and "trust_mean" in str(refused.value)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"measures": "severity"}, r"write measures=\['severity'\]"),
        ({"measures": 3}, r"measures must be a list, given 3"),
        ({"keep_history": 1}, r"write keep_history=\[1\]"),
    ],
)
def test_one_name_or_number_is_no_list(asked, said):
    with pytest.raises(cisim.SpecError, match=said) as refused:
        cisim.simulate(scenario(), 2, **asked)
    assert len(refused.value.faults) == 1


def test_the_verb_refuses_one_name_in_place_of_a_list():
    with pytest.raises(cisim.SpecError, match=r"write measures=\['severity'\]") as refused:
        verbs.run("isolated-impact", replicates=2, measures="severity")
    assert len(refused.value.faults) == 1


@pytest.mark.parametrize(("levels", "said"), [(0.5, r"write levels=\[0\.5\]"), ([0.5, 90], "from 0 to 1")])
def test_quantiles_take_a_list_of_shares(ensemble, levels, said):
    with pytest.raises(cisim.SpecError, match=said):
        ensemble.quantiles("severity", levels)


def test_unknown_names_of_results_are_refused_with_the_nearest_name(ensemble):
    with pytest.raises(cisim.SpecError, match="Did you mean 'severity'"):
        ensemble["severty"]


def test_histories_of_replicates_that_are_not_run_are_refused():
    with pytest.raises(cisim.SpecError, match=r"keep_history names replicates that are not run: \[3\]"):
        cisim.simulate(scenario(), 2, keep_history=[3])


def test_parameters_of_another_form_are_refused():
    with pytest.raises(cisim.SpecError, match="parameters must be 1 or 3 rows"):
        cisim.simulate(scenario(), 3, parameters=np.concatenate([record({}, UNCERTAINTIES)] * 2))
    with pytest.raises(cisim.SpecError, match="parameters must be"):
        cisim.simulate(scenario(), 3, parameters=np.zeros(3))


@pytest.mark.parametrize("threads", [0, -2])
def test_no_threads_are_refused_or_mean_all(threads):
    try:
        again = cisim.simulate(scenario(), 2, seed=3, threads=threads)
    except cisim.SpecError as refused:
        assert "threads" in str(refused)
    else:
        assert again.values.shape[0] == 2


def test_only_a_scenario_can_be_simulated():
    with pytest.raises((cisim.SpecError, TypeError)):
        cisim.simulate("collective-impact", 1)
