"""The Mesa model: walks the month with agents that call the rules. Readable, steppable, subclassable.

It gives the same history, bit for bit, as a replicate of the compiled engine; use it to look inside, to
teach, and to try changes; use `simulate` for many replicates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, ClassVar

import mesa
import numpy as np

from cisim.engine import origin
from cisim.engine.binding import bind
from cisim.engine.organizations import Backbone, Bond, Organization
from cisim.engine.partners import PartnerOrganization
from cisim.engine.rows import InitiativeRow, IssueRow, LeverView, Rows
from cisim.engine.streams import (
    DISSOLUTION,
    EVIDENCE_SHARED,
    ISSUE,
    block,
    check_address,
    normal,
    uniform,
)
from cisim.engine.ties import Tie
from cisim.errors import SpecError, did_you_mean
from cisim.theory.measures import MEASURES
from cisim.theory.month import MONTH
from cisim.theory.rules import rule_set
from cisim.theory.rules.plan import PLAN_ROUNDS, PLAN_TOLERANCE
from cisim.theory.state import State
from cisim.world.blueprint import Blueprint
from cisim.world.scenario import Scenario, check_scenario

__all__ = ["CoalitionModel"]


class CoalitionModel(mesa.Model):
    """One replicate of a scenario as a Mesa model.

    scenario: what is told (default: the collective-impact preset). seed, replicate: whole numbers that
    address every draw. rules: own rule functions by slot (see `cisim.theory.rules`). rng: Mesa's own
    generator, which cisim does not use; a subclass may. Raises SpecError for anything that cannot be used.

    After construction the model stands at month 0; `step()` walks one month; `running` turns False after
    the scenario's last month. `datacollector` holds every measure by name.
    """

    partner_class: type[PartnerOrganization] = PartnerOrganization
    backbone_class: type[Backbone] = Backbone
    own_measures: ClassVar[Mapping[str, Callable[[Any], float]]] = {}
    """{name: function of the model} that a subclass reports each month beside all measures."""

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        seed: int = 0,
        replicate: int = 0,
        rules: Mapping[str, Callable[..., Any]] | None = None,
        rng: Any = None,
    ) -> None:
        if scenario is not None:
            check_scenario(scenario, type(self).__name__)
        check_address(seed, replicate + 1)
        super().__init__(rng=seed if rng is None else rng)
        self.inputs = scenario if scenario is not None else _default_scenario()
        self.blueprint: Blueprint = self.inputs.lower()
        self.rules = rule_set(self.blueprint.choices, rules)
        row = self.blueprint.parameters[replicate % len(self.blueprint.parameters)]
        self.parameters = SimpleNamespace(**{name: float(row[name]) for name in row.dtype.names})
        self.address = (seed, replicate)
        self.month = 0
        self.state = self._build()
        bind(origin.originate, {"rules": self.rules})(self.state, self.parameters, self.at)
        self.convening = 0.0
        self.shared_evidence: list[float] = []
        self.datacollector = mesa.DataCollector(
            model_reporters={name: [_report, [self, name]] for name in MEASURES} | dict(self.own_measures)
        )
        self.datacollector.collect(self)

    @property
    def at(self) -> tuple[int, int, int]:
        """(seed, replicate, month): the address of this month's draws."""
        return (*self.address, self.month)

    @property
    def partners(self) -> list[PartnerOrganization]:
        """All partner organizations, in order."""
        return self.state.organizations.views[:-1]

    @property
    def backbone(self) -> Backbone:
        """The backbone; without staff it does nothing."""
        return self.state.organizations.views[-1]

    @property
    def ties(self) -> list[Tie]:
        """All possible ties, in order."""
        return self.state.ties.views

    @property
    def initiative(self) -> Any:
        """What belongs to the coalition as a whole."""
        return self.state.initiative[0]

    @property
    def issue_row(self) -> Any:
        """The social issue, with and without the coalition."""
        return self.state.issue[0]

    @property
    def levers(self) -> Any:
        """The levers in force this month."""
        return self.state.levers[0]

    @property
    def members(self) -> int:
        """Members, backbone not counted."""
        return sum(partner.member for partner in self.partners)

    def measure(self, name: str) -> float:
        """A measure by name, as of now. Raises SpecError with the nearest known name."""
        if name not in MEASURES:
            raise SpecError(
                f"there is no measure {name!r}.{did_you_mean(str(name), MEASURES)}", source="Measures"
            )
        return float(MEASURES[name].function(self.state, self.parameters))

    def step(self) -> None:
        """One month, in the order of `MONTH`."""
        self.month += 1
        for phase in MONTH:
            getattr(self, phase.name)()
        self.datacollector.collect(self)
        self.running = self.month < self.blueprint.months

    def run(self) -> CoalitionModel:
        """Walk to the scenario's last month."""
        while self.month < self.blueprint.months:
            self.step()
        return self

    # the phases of the month

    def events(self) -> None:
        """Levers and effects of the month."""
        month = min(self.month, self.blueprint.months)
        self.state.levers.array[0] = self.blueprint.levers[month]
        if self.initiative.alive == 0:
            for name in self.state.levers.array.dtype.names:
                if not name.startswith("focus_"):
                    self.state.levers.array[name] = 0.0
        for organization in self.state.organizations:
            organization.left_this_month = organization.joined_this_month = 0
            organization.new_representative = 0
        for effect in self.blueprint.effects:
            if effect["month"] == self.month:
                code, a, b, x = (effect[name].item() for name in ("code", "a", "b", "x"))
                self.rules.apply_effect(self.state, code, a, b, x)

    def contact(self) -> None:
        """Whom everybody meets, and how often."""
        p = self.parameters
        self._partners_do("hear_backbone")
        self.backbone.attention = self.rules.attention(p.outside_option, p)
        self.backbone.room = self.backbone.relational_capacity
        self.backbone.meet_members()
        self.convening = self.rules.carried_out(
            self.rules.convening(self.levers.meetings, p), self.initiative.execution
        )
        for tie in self.ties:
            if not tie.with_backbone:
                tie.renew()
        self._partners_do("weigh_contacts")
        for tie in self.ties:
            if not tie.with_backbone:
                tie.meet()

    def trust(self) -> None:
        """Promises kept and broken."""
        for organization in self.state.organizations:
            organization.take_reputation()
        for tie in self.ties:
            tie.keep_promises()
        for organization in self.state.organizations:
            organization.drift()

    def agenda(self) -> None:
        """What everybody believes the problem needs, and what emerges as the common agenda."""
        words = [block(self.at, EVIDENCE_SHARED, k, 0) for k in range(len(self.initiative.agenda))]
        self.shared_evidence = [normal(word[0], word[1]) for word in words]
        self._partners_do("listen")
        self._partners_do("reframe")
        weight = 0.0
        members = [partner for partner in self.partners if partner.member == 1]
        for partner in members:
            weight += partner.capacity
        for k in range(len(self.initiative.agenda)):
            total = 0.0
            for partner in members:
                total += partner.capacity * partner.framing[k]
            if weight > 0.0:
                self.initiative.agenda[k] = total / weight
        self.backbone.carry()
        for tie in self.ties:
            tie.compare_framings()

    def plan(self) -> None:
        """Roles that together cover the agenda."""
        self.rules.assign_roles(
            self.state.organizations, self.initiative.agenda, self.initiative.factors, PLAN_ROUNDS,
            PLAN_TOLERANCE,
        )  # fmt: skip

    def activities(self) -> None:
        """What everybody does."""
        for organization in self.state.organizations:
            organization.take_stock()
        self._partners_do("realign")
        for tie in self.ties:
            tie.compare_work()

    def measurement(self) -> None:
        """Indicators, and what is learnt."""
        self._partners_do("adopt")
        weight, covered, best = 0.0, 0.0, 0.0
        for partner in self.partners:
            if partner.member == 1:
                weight += partner.capacity
                covered += partner.capacity * partner.adoption
                best = max(best, partner.practice)
        initiative = self.initiative
        initiative.coverage = covered / weight if weight > 0.0 else 0.0
        initiative.visibility = self.rules.visibility(initiative.coverage, self.parameters)
        self._partners_do("take_lessons")
        for partner in self.partners:
            partner.improve(best)

    def delivery(self) -> None:
        """What gets done, with and without the coalition."""
        weight = 0.0
        for partner in self.partners:
            if partner.member == 1:
                weight += partner.capacity
        pooled_per_fte = self.levers.pooled_funding / weight if weight > 0.0 else 0.0
        width = len(self.issue_row.need)
        work, alone = [0.0] * width, [0.0] * width
        for partner in self.partners:
            partner.deliver(pooled_per_fte)
            output, output_alone = partner.output, partner.output_alone()
            for k in range(width):
                work[k] += output * float(partner.portfolio[k])
                alone[k] += output_alone * float(partner.mission[k])
        self.initiative.staff_cost += self.levers.backbone_staff
        self.initiative.pooled_cost += self.levers.pooled_funding if pooled_per_fte > 0.0 else 0.0
        self.issue_row.effective = self._combined(work)
        self.issue_row.effective_alone = self._combined(alone)

    def issue(self) -> None:
        """System change and severity, with and without the coalition."""
        rules, p, issue = self.rules, self.parameters, self.issue_row
        words = block(self.at, ISSUE, 0, 0)
        issue.drift = rules.next_drift(issue.drift, normal(words[0], words[1]), p)
        for suffix in ("", "_alone"):
            effective = getattr(issue, f"effective{suffix}")
            system = rules.lagged(getattr(issue, f"system{suffix}"), effective, p.system_lag)
            level = rules.severity_level(system, issue.system_start, issue.drift, p)
            severity = rules.lagged(getattr(issue, f"severity{suffix}"), level, p.population_lag)
            setattr(issue, f"system{suffix}", system)
            setattr(issue, f"severity{suffix}", severity)
        issue.severity_observed = rules.observed(issue.severity, normal(words[2], words[3]), p)

    def engagement(self) -> None:
        """What members see, and what they make of it."""
        initiative, issue = self.initiative, self.issue_row
        initiative.progress = self.rules.visible_progress(issue.severity_observed, initiative.visibility)
        initiative.wins = self.rules.early_wins(issue.system, issue.system_start, self.parameters)
        alone = self.rules.engagement_alone(self.parameters)
        for partner in self.partners:
            partner.weigh_membership(alone)

    def membership(self) -> None:
        """Who leaves, who joins, who sends somebody new; whether the coalition goes on."""
        initiative = self.initiative
        invited = sum(
            partner.member == 0 and partner.may_join == 1 and partner.present == 1
            for partner in self.partners
        )
        for partner in self.partners:
            partner.stay_or_leave(invited)
        if any(partner.new_representative for partner in self.partners):
            for tie in self.ties:
                tie.succeed()
        initiative.exits = sum(partner.left_this_month for partner in self.partners)
        initiative.joins = sum(partner.joined_this_month for partner in self.partners)
        initiative.members = self.members
        if initiative.members >= self.parameters.fewest_members:
            initiative.formed = 1
        if initiative.formed == 1 and initiative.alive == 1:
            words = block(self.at, DISSOLUTION, 0, 0)
            chance = self.rules.dissolution_chance(initiative.members, self.levers.funded, self.parameters)
            if uniform(words[0]) < chance:
                initiative.alive = initiative.members = 0
                for partner in self.partners:
                    partner.member = 0

    # parts

    def _partners_do(self, method: str) -> None:
        for partner in self.partners:
            getattr(partner, method)()

    def _combined(self, work: list[float]) -> float:
        issue = self.issue_row
        total = self.rules.work_start()
        for need, done in zip(issue.need.tolist(), work, strict=True):
            term = self.rules.work_term(need, done, issue.required, self.parameters)
            total = self.rules.work_join(total, term)
        return float(self.rules.work_whole(total, self.parameters))

    def _build(self) -> State:
        plan = self.blueprint
        agents: list[Organization] = [self.partner_class(self, name) for name in plan.ids[:-1]]
        agents.append(self.backbone_class(self, plan.ids[-1]))
        pairs = zip(plan.ties["i"].tolist(), plan.ties["j"].tolist(), strict=True)
        ties = [Tie(self, (agents[i], agents[j])) for i, j in pairs]
        for tie in ties:
            for side in (0, 1):
                tie.ends[side].bonds.append(Bond(tie, tie.ends[1 - side], side))
        return State(
            Rows(plan.organizations.copy(), agents),
            Rows(plan.ties.copy(), ties),
            Rows(plan.initiative.copy(), [InitiativeRow()]),
            Rows(plan.issue.copy(), [IssueRow()]),
            Rows(np.array(plan.levers[0:1]), [LeverView()]),
            plan.incident,
            plan.starts,
        )


def _report(model: CoalitionModel, name: str) -> float:
    return model.measure(name)


def _default_scenario() -> Scenario:
    from cisim.world.presets import load

    return load("collective-impact")
