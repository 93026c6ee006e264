"""With a posterior, replicate r has draw r % P, in both engines, however the replicates are run."""

from __future__ import annotations

import numpy as np
import pytest

import cisim
from cisim.engine.batch import kernel_for, run_batch
from cisim.errors import SpecError
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import UNCERTAINTIES, record
from cisim.world.posterior import Posterior
from cisim.world.scenario import Scenario

MONTHS, SEED = 12, 5
LEVERS = {"agenda": 1, "measurement": 1, "coordination": 0.7, "meetings": 2, "backbone_staff": 2}
NAMES = ["trust_gain", "trust_mean", "engagement_by_trust", "contact_density"]
ROWS = [[0.02, 0.45, 0.5, 0.2], [0.06, 0.6, 1.5, 0.3], [0.1, 0.75, 2.5, 0.5]]
DRAWS = Posterior.from_table(NAMES, ROWS)


def plan(**told) -> Scenario:
    return Scenario(**{"name": "drawn", "months": MONTHS, "levers": LEVERS, "roster": {"count": 8}} | told)


def with_draw(at: int, **told) -> Scenario:
    """The scenario in which one draw is written out as parameters."""
    return plan(parameters=dict(zip(NAMES, ROWS[at], strict=True)) | told)


def same(left: np.ndarray, right: np.ndarray) -> bool:
    return np.array_equal(left, right, equal_nan=True)


@pytest.fixture(scope="module")
def drawn() -> cisim.Ensemble:
    return cisim.simulate(plan(posterior=DRAWS), 8, SEED)


def test_each_replicate_has_the_draw_of_its_number(drawn):
    for at in range(3):
        written_out = cisim.simulate(with_draw(at), 8, SEED)
        mine = np.arange(8) % 3 == at
        assert same(drawn.values[mine], written_out.values[mine])
        assert not np.isclose(
            drawn["trust_in_contacts"][~mine, -1], written_out["trust_in_contacts"][~mine, -1]
        ).any()


def test_neither_threads_nor_the_choice_of_replicates_matter(drawn, monkeypatch):
    monkeypatch.setattr("cisim.engine.ensemble.BATCH", 1)  # each replicate alone
    assert same(cisim.simulate(plan(posterior=DRAWS), 8, SEED, threads=2).values, drawn.values)
    chosen = [7, 2, 4]
    assert same(cisim.simulate(plan(posterior=DRAWS), chosen, SEED).values, drawn.values[chosen])


def test_both_engines_agree_to_the_last_bit(drawn):
    for replicate in (0, 1, 2, 7):
        model = cisim.CoalitionModel(plan(posterior=DRAWS), seed=SEED, replicate=replicate).run()
        assert model.parameters.trust_gain == ROWS[replicate % 3][0]
        told = model.datacollector.model_vars
        for at, name in enumerate(drawn.measures):
            assert same(np.array(told[name], float), drawn.values[replicate, :, at]), name


def test_what_the_scenario_says_holds_in_place_of_the_draws(drawn):
    own = plan(posterior=DRAWS, parameters={"trust_mean": 0.5, "trend": 0.01})
    found = cisim.simulate(own, 6, SEED)
    for at in range(3):
        written_out = cisim.simulate(with_draw(at, trust_mean=0.5, trend=0.01), 6, SEED)
        mine = np.arange(6) % 3 == at
        assert same(found.values[mine], written_out.values[mine])
    assert not same(found.values, drawn.values[:6])


def test_parameters_given_to_simulate_hold_in_place_of_all(drawn):
    row = record({"trust_gain": 0.05}, UNCERTAINTIES)
    plain = cisim.simulate(plan(parameters={"trust_gain": 0.05}), 4, SEED)
    given = cisim.simulate(plan(posterior=DRAWS), 4, SEED, parameters=row)
    assert same(given.values, plain.values)
    rows = DRAWS.parameters({})[[2, 0, 0, 1]]
    assert same(
        cisim.simulate(plan(), [2, 3, 6, 7], SEED, parameters=rows).values,
        drawn.values[[2, 3, 6, 7]],
    )
    with pytest.raises(
        SpecError, match="parameters must be 1 or 4 rows of every declared parameter, given 3"
    ):
        cisim.simulate(plan(posterior=DRAWS), 4, SEED, parameters=DRAWS.parameters({}))


def test_scenarios_with_one_posterior_stay_paired(drawn):
    """The same replicate is the same world with the same draw, whatever the plan."""
    alone = cisim.simulate(plan(posterior=DRAWS, levers={}), 8, SEED)
    assert same(alone["severity_alone"], drawn["severity_alone"])
    other = cisim.simulate(plan(posterior=Posterior.from_table(["potency"], [[1.0], [5.0]])), 8, SEED)
    assert not same(other["severity_alone"], drawn["severity_alone"])


def test_draws_of_the_defaults_change_no_bit():
    names = list(UNCERTAINTIES)
    defaults = Posterior.from_table(names, [[UNCERTAINTIES[name].default for name in names]] * 2)
    assert same(
        cisim.simulate(plan(posterior=defaults), 4, SEED).values, cisim.simulate(plan(), 4, SEED).values
    )
    single = Posterior.from_table(["trust_gain"], [[UNCERTAINTIES["trust_gain"].default]])
    assert same(
        cisim.simulate(plan(posterior=single), 4, SEED).values, cisim.simulate(plan(), 4, SEED).values
    )


def test_a_batch_has_the_draws_of_its_replicates(drawn):
    blueprint, numbers = plan(posterior=DRAWS).lower(), np.array([5, 1, 3], np.int64)
    out = np.empty((3, MONTHS + 1, len(MEASURES)))
    run_batch(kernel_for(blueprint), blueprint, SEED, numbers, out, measures=list(MEASURES))
    assert same(out, drawn.values[numbers])
    assert blueprint.parameters.shape == (3,)
