"""The Mesa model is what a Mesa user expects, and an agent is a view of the state."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref

import mesa
import numpy as np
import pytest

import cisim
from cisim.engine.organizations import Backbone
from cisim.engine.partners import PartnerOrganization
from cisim.errors import SpecError
from cisim.theory.measures import MEASURES
from cisim.theory.month import MONTH
from cisim.theory.state import INITIATIVE, ISSUE, ORGANIZATION, TIE
from cisim.world.scenario import Scenario


def scenario(**told) -> Scenario:
    levers = {"agenda": 1, "measurement": 1, "coordination": 1, "meetings": 2, "backbone_staff": 2}
    return Scenario(**{"name": "mesa", "months": 8, "roster": {"count": 6}, "levers": levers} | told)


def model(**told) -> cisim.CoalitionModel:
    return cisim.CoalitionModel(scenario(), **told)


def history(walked: cisim.CoalitionModel) -> np.ndarray:
    return np.array([walked.datacollector.model_vars[name] for name in MEASURES])


def equal(left: cisim.CoalitionModel, right: cisim.CoalitionModel) -> bool:
    return np.array_equal(history(left), history(right), equal_nan=True)


# What Mesa gives


def test_it_is_a_mesa_model_that_stands_at_month_0_and_stops_after_the_last():
    walked = model()
    assert isinstance(walked, mesa.Model) and walked.running and walked.month == 0
    months = 0
    while walked.running:
        walked.step()
        months += 1
    assert months == walked.month == 8
    assert walked.run() is walked and walked.month == 8


def test_the_default_scenario_is_collective_impact():
    assert cisim.CoalitionModel().blueprint.name == "collective-impact"


def test_the_datacollector_holds_every_measure_of_every_month():
    walked = model().run()
    frame = walked.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(MEASURES) and len(frame) == 9
    assert frame["severity"].iloc[-1] == walked.measure("severity")
    with pytest.raises(SpecError, match="Did you mean 'severity'"):
        walked.measure("severty")


def test_agents_are_the_partners_and_the_backbone():
    walked = model()
    assert len(walked.agents) == 7 and len(walked.partners) == 6
    assert set(walked.agents_by_type) == {PartnerOrganization, Backbone}
    assert list(walked.agents_by_type[Backbone]) == [walked.backbone]
    assert [partner.name for partner in walked.partners] == [f"partner-{n}" for n in range(1, 7)]
    assert [agent.unique_id for agent in walked.agents] == list(range(1, 8))
    assert [agent.unique_id for agent in model().agents] == list(range(1, 8))  # counted anew in each model


def test_agent_sets_select_get_set_and_do():
    walked = model()
    partners = walked.agents_by_type[PartnerOrganization]
    big = partners.select(lambda partner: partner.capacity > 1.0)
    assert len(big) == sum(partner.capacity > 1.0 for partner in walked.partners)
    assert partners.get("engagement") == [partner.engagement for partner in walked.partners]
    partners.set("engagement", 0.25)
    assert (walked.state.organizations.array["engagement"][:-1] == 0.25).all()
    before = partners.get("propensity")
    walked.month = 1
    partners.do("drift")
    assert partners.get("propensity") != before
    assert sorted(partners, key=lambda p: p.capacity) == list(partners.sort("capacity", ascending=True))


@pytest.mark.parametrize("rng", [None, 7, np.random.default_rng(3), np.random.SeedSequence(5)])
def test_any_generator_is_accepted_and_none_is_used(rng):
    walked = model(rng=rng, seed=4).run()
    assert equal(walked, model(seed=4).run())
    assert isinstance(walked.rng, np.random.Generator)


def test_seed_and_replicate_make_the_world():
    assert equal(model(seed=1, replicate=2).run(), model(seed=1, replicate=2).run())
    assert not equal(model(seed=1, replicate=2).run(), model(seed=1, replicate=3).run())
    assert not equal(model(seed=1, replicate=2).run(), model(seed=2, replicate=2).run())


@pytest.mark.parametrize(
    "bad", [{"seed": -1}, {"seed": 2**32}, {"seed": 1.5}, {"replicate": -1}, {"seed": True}]
)
def test_what_cannot_be_an_address_is_refused(bad):
    with pytest.raises(cisim.SpecError, match="whole number"):
        model(**bad)


def test_every_phase_of_the_month_is_a_method():
    by_hand, walked = model(), model()
    by_hand.month = 1
    for phase in MONTH:
        getattr(by_hand, phase.name)()
    walked.step()
    for part in ("organizations", "ties", "initiative", "issue"):
        ours, theirs = getattr(by_hand.state, part).array, getattr(walked.state, part).array
        for name in ours.dtype.names:
            assert np.array_equal(ours[name], theirs[name]), name


# Agents are views


def test_writing_to_an_agent_writes_to_the_state():
    walked = model()
    partner = walked.partners[2]
    partner.engagement = 0.125
    assert walked.state.organizations.array["engagement"][2] == 0.125
    walked.state.organizations.array["engagement"][2] = 0.5
    assert partner.engagement == 0.5
    partner.framing[1] = 0.75
    assert walked.state.organizations.array["framing"][2, 1] == 0.75
    walked.ties[0].contact = 3.0
    assert walked.state.ties.array["contact"][0] == 3.0
    walked.issue_row.severity = 0.5
    assert walked.measure("severity") == 0.5
    walked.initiative.coverage = 0.5
    assert walked.measure("indicator_coverage") == 0.5
    assert walked.levers.meetings == walked.state.levers.array["meetings"][0]


def test_every_field_of_the_state_is_readable_by_name():
    walked = model()
    for fields, row in (
        (ORGANIZATION, walked.partners[0]), (TIE, walked.ties[0]), (INITIATIVE, walked.initiative),
        (ISSUE, walked.issue_row),
    ):  # fmt: skip
        for field in fields:
            width = {1: (), 2: (2,), "K": (5,)}[field.width]
            assert np.shape(getattr(row, field.name)) == width, field.name


def test_partners_know_whom_they_trust_and_meet():
    walked = model().run()
    first, second = walked.partners[:2]
    tie = next(tie for tie in walked.ties if set(tie.ends) == {first, second})
    assert first.trust_in(second) == tie.trust[0] and second.trust_in(first) == tie.trust[1]
    assert first.contact_with(second) == second.contact_with(first) == tie.contact
    assert first.contact_with(walked.backbone) > 0 and 0 < first.trust_in(walked.backbone) <= 1
    with pytest.raises(KeyError, match="no possible tie"):
        first.trust_in(first)


def test_names_are_no_organizations_and_the_message_says_what_is_meant():
    walked = model()
    first = walked.partners[0]
    for name, meant in (
        ("partner-2", r"pass model\.partners\[1\]"),
        (walked.backbone.name, r"pass model\.backbone\."),
        ("nobody", r"model\.backbone or one of model\.partners"),
    ):
        for ask in (first.trust_in, first.contact_with, first.bond_with):
            with pytest.raises(SpecError, match=f"given '{name}'.*{meant}"):
                ask(name)


def test_only_a_scenario_makes_a_model():
    with pytest.raises(SpecError, match=r"given 'collective-impact'.*cisim\.preset"):
        cisim.CoalitionModel("collective-impact")


def test_without_a_possible_tie_there_is_nothing_to_ask():
    sparse = scenario(network={"possible": "sparse", "ties_per_partner": 0})
    walked = cisim.CoalitionModel(sparse)
    with pytest.raises(KeyError, match="partner-1 and partner-2"):
        walked.partners[0].contact_with(walked.partners[1])


def test_a_change_by_hand_changes_what_follows():
    changed, walked = model(), model()
    changed.run_until = None  # a user's own attribute is no concern of ours
    changed.partners[0].engagement = 0.0
    assert not equal(changed.run(), walked.run())


# Subclasses


class Reluctant(PartnerOrganization):
    """Never adopts indicators."""

    def adopt(self) -> None:
        self.adoption = 0.0


class ReluctantCoalition(cisim.CoalitionModel):
    partner_class = Reluctant


def test_a_partner_class_of_ones_own_takes_part():
    walked = ReluctantCoalition(scenario()).run()
    assert set(walked.agents_by_type) == {Reluctant, Backbone}
    assert walked.measure("indicator_coverage") == 0.0 < model().run().measure("indicator_coverage")


def test_a_model_may_do_more_in_a_month():
    class Counting(cisim.CoalitionModel):
        def step(self) -> None:
            super().step()
            self.seen = getattr(self, "seen", 0) + 1

    walked = Counting(scenario(), rng=1).run()
    assert walked.seen == 8 and equal(walked, model().run())


def test_a_blueprint_is_not_written_to():
    plan = scenario()
    first = cisim.CoalitionModel(plan)
    kept = first.blueprint.organizations.copy(), first.blueprint.levers.copy()
    first.run()
    for before, after in zip(kept, (first.blueprint.organizations, first.blueprint.levers), strict=True):
        for name in before.dtype.names:
            assert np.array_equal(before[name], after[name], equal_nan=before[name].dtype.kind == "f")


# Copies, and what remains


def half_way() -> cisim.CoalitionModel:
    walked = model()
    for _ in range(4):
        walked.step()
    return walked


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_made_half_way_walks_on_alike(copied):
    original = half_way()
    twin = copied(original)
    assert equal(twin, original) and twin is not original
    twin.run()
    assert original.month == 4  # the copy has a state of its own
    assert equal(twin, original.run()) and equal(twin, model().run())
    twin.partners[0].engagement = 0.0
    assert original.partners[0].engagement > 0.0
    assert twin.state.organizations.array["engagement"][0] == 0.0  # and is a view of it
    assert twin.partners[0].model is twin and twin.ties[0].model is twin
    assert twin.datacollector.get_model_vars_dataframe().shape == (9, len(MEASURES))


def test_models_do_not_share_anything():
    """Two models that take turns walk as each would alone."""
    first, second = model(seed=1), model(seed=2)
    while first.running:
        first.step()
        second.step()
    assert equal(first, model(seed=1).run()) and equal(second, model(seed=2).run())


def test_a_model_that_nobody_holds_is_freed():
    freed = [weakref.ref(model()) for _ in range(3)] + [weakref.ref(model().run())]
    gc.collect()
    assert [ref() for ref in freed] == [None] * 4


def test_running_leaves_no_trace_in_the_modules():
    import cisim.engine.model as module
    from cisim.engine import organizations, origin, partners, ties

    def traces():
        modules = (organizations, partners, ties, module, origin)
        return [{name: id(value) for name, value in vars(m).items()} for m in modules]

    before = traces()
    model(seed=6).run()
    assert traces() == before
    assert origin.rules is None  # rules are bound to a twin, never to the module
