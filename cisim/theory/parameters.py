"""Every number of the model, declared once: default, range, unit, meaning, role, basis.

Checks, sliders, command-line flags, sampling ranges and the tables in the documentation are read
from these declarations. A *lever* is chosen by the coalition and may change in any month; an
*uncertainty* is a property of the world that nobody chooses.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cisim.errors import did_you_mean
from cisim.theory.sources import ASSUMPTION

__all__ = ["LEVERS", "UNCERTAINTIES", "LeverRow", "Parameter", "ParameterRow", "faults_of", "record"]


@dataclass(frozen=True)
class Parameter:
    """One declared number.

    `low` to `high` is the range worth exploring (sliders, sampling); `least` to `most` is what the
    equations allow (checks).
    """

    name: str
    default: float
    low: float
    high: float
    unit: str
    meaning: str
    basis: str = ASSUMPTION  # a key of SOURCES, or "assumption"
    part: str = ""  # the mechanism it belongs to
    role: Literal["uncertainty", "lever"] = "uncertainty"
    least: float = 0.0
    most: float = 1.0

    def fault(self, value: object) -> str | None:
        """One sentence that says why `value` cannot be used, or None."""
        allowed = f"allowed is {self.least:g} to {self.most:g} {self.unit}".rstrip()
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return f"{self.role} {self.name!r} must be a number, given {value!r}; {allowed}."
        if not math.isfinite(value) or not self.least <= value <= self.most:
            return f"{self.role} {self.name!r} = {value!r} is out of range; {allowed}."
        return None


def _part(part: str, *rows: Parameter) -> tuple[Parameter, ...]:
    return tuple(Parameter(**{**row.__dict__, "part": part}) for row in rows)


P = Parameter
_UNCERTAINTIES = (
    *_part(
        "origin",
        P("capacity_median", 2.0, 0.5, 6, "FTE", "median staff that a partner has for this issue",
          least=0.01, most=1000),
        P("capacity_spread", 0.6, 0.2, 1.2, "log SD", "spread of partners' capacity (lognormal)", most=3),
        P("mission_spread", 1.0, 0.3, 2, "log SD", "how far partners' missions differ from each other",
          most=4),
        P("need_spread", 0.5, 0, 1.2, "log SD", "how unevenly the true need lies over the workstreams",
          most=4),
        P("framing_insight", 0.25, 0, 0.8, "share",
          "share of the true need in what a partner believes at first; the rest is its own mission"),
        P("framing_noise", 0.5, 0, 1.2, "log SD", "error in what a partner believes of the need at first",
          most=4),
        P("relational_capacity_median", 28, 12, 50, "contacts/month",
          "contacts a month that a partner can sustain in all (median)", "luke2013", most=300),
        P("relational_capacity_spread", 0.35, 0.1, 0.8, "log SD", "its spread over partners (lognormal)",
          most=2),
        P("blind_spot", 0.8, 0, 1.2, "log SD", "error in the need that a whole community shares at first", most=4),
        P("practice_start", 0.4, 0.2, 0.6, "share", "quality of practice at first, mean"),
        P("practice_start_spread", 0.12, 0.05, 0.2, "SD", "its spread over partners", most=0.5),
        P("contact_density", 0.3, 0.1, 0.65, "share of pairs",
          "pairs of partners in contact at the start, where no survey says it", "partner"),
        P("contact_popularity", 0.8, 0, 1.5, "log SD",
          "how unequally partners attract their first contacts", most=3),
        P("collaboration_start", 0.3, 0.1, 0.6, "share", "joint work of a pair in contact at the start"),
    ),
    *_part(
        "contact",
        P("bilateral_rate", 4.0, 1, 10, "value", "worth of bilateral work with a fully trusted, agreeing partner",
          most=100),
        P("affinity_spread", 0.6, 0.2, 1.4, "log SD", "how differently pairs of partners have to do with each other", most=4),
        P("affinity_persistence", 0.5, 0.2, 0.9, "per year", "persistence of that, as programmes end and begin"),
        P("attraction", 1.0, 0, 1.5, "exponent", "how strongly popular partners draw contact", most=5),
        P("sector_bonus", 2.0, 0, 4, "share", "bonus on bilateral work within a sector", most=10),
        P("work_bonus", 3.0, 0, 6, "share", "bonus on bilateral work for fully shared work", most=10),
        P("habit_bonus", 0.7, 0, 4, "share", "bonus on bilateral work for a pair that already collaborates",
          most=50),
        P("convened_rate", 0.5, 0.1, 1.5, "value", "worth of convened contact per unit of log(1 + meetings)",
          most=100),
        P("working_group_share", 0.7, 0.3, 0.9, "share",
          "part of convened contact that happens in working groups (the rest is plenary)"),
        P("broker_rate", 1.5, 0, 4, "value", "worth of an introduction by a fully helpful backbone", most=100),
        P("attention_focus", 1.8, 1.2, 3, "exponent",
          "how strongly relational capacity goes where it is worth most", least=1, most=8),
        P("outside_option", 2.0, 0.5, 6, "value", "worth of time not spent on contacts",
          least=0.01, most=100),
        P("tie_cost", 0.15, 0.05, 0.4, "contacts/month", "a tie that would be used less than this lapses",
          least=0, most=10),
        P("contact_rate", 0.12, 0.05, 0.4, "per month", "speed at which contact follows what is wanted"),
        P("backbone_pull", 8.0, 3, 16, "contacts/month",
          "contact that a fully engaged member wants with a fully trusted backbone", most=300),
    ),
    *_part(
        "execution",
        P("execution_median", 0.75, 0.4, 0.95, "share",
          "share of what is put in place that is carried out, in the median coalition", "durlak2008",
          least=0.01, most=0.99),
        P("execution_spread", 1.7, 0, 2.5, "SD of logit", "how far coalitions differ in that", most=10),
    ),
    *_part(
        "backbone",
        P("contacts_per_fte", 14, 8, 40, "contacts/month",
          "contacts a month that one backbone FTE can hold (13 partners twice a month)", most=500),
        P("backbone_skill", 0.8, 0.4, 1, "share", "skill of the backbone's staff"),
        P("trust_in_backbone", 0.6, 0.3, 0.8, "share", "partners' trust in a backbone they do not know yet"),
    ),
    *_part(
        "trust",
        P("kept_base", -0.3, -0.5, 1.5, "logit", "chance that a contact keeps its promise: base",
          least=-10, most=10),
        P("kept_by_agreement", 1.0, 0, 2, "logit", "… per unit of agreement", most=20),
        P("kept_by_engagement", 0.8, 0, 2, "logit", "… per unit of the other's engagement", most=20),
        P("kept_by_help", 0.8, 0, 2, "logit", "… per unit of facilitation by the backbone", most=20),
        P("trust_gain", 0.035, 0.01, 0.08, "per contact", "share of missing trust won by a kept promise"),
        P("trust_loss_ratio", 1.5, 1, 4, "ratio", "loss by a broken promise over gain by a kept one (direction: Slovic 1993)",
          most=20),
        P("trust_mean", 0.59, 0.5, 0.8, "share", "mean propensity to trust", "berardo2010", least=0.02),
        P("trust_spread", 0.2, 0.1, 0.25, "SD", "its spread over organizations", "berardo2010", most=0.5),
        P("trust_in_popular", 0.25, 0, 0.5, "SD per log", "first trust won by popularity, in spreads of trust", most=5),
        P("trust_of_pairs", 0.5, 0.2, 0.8, "ratio", "spread of first trust over an organization's pairs, in spreads of trust", most=2),
        P("trust_relaxation", 0.03, 0.01, 0.05, "per month",
          "speed at which unused trust returns to reputation and propensity", "berardo2010"),
        P("propensity_persistence", 0.955, 0.93, 0.99, "per month", "persistence of the propensity to trust",
          "berardo2010"),
        P("propensity_shock", 0.047, 0.01, 0.06, "SD per month", "shock to the propensity to trust",
          "berardo2010", most=0.5),
        P("joint_start", 0.09, 0.03, 0.3, "per month",
          "chance that joint work of a pair in full contact, trust and overlap deepens by a level"),
        P("joint_end", 0.03, 0.01, 0.08, "per month", "chance that joint work goes back by a level"),
    ),
    *_part(
        "agenda",
        P("influence_rate", 0.06, 0.02, 0.2, "per month", "speed at which framing follows trusted contacts"),
        P("openness", 0.3, 0.15, 0.5, "distance", "framings further apart than this do not influence each other",
          "hegselmann2002"),
        P("stubbornness", 0.3, 0, 0.7, "share", "weight of the own initial framing", ),
        P("self_weight", 1.0, 0.2, 3, "weight", "weight of the own present framing among contacts'",
          least=0.001, most=100),
        P("facilitation_rate", 0.1, 0.03, 0.25, "per month", "pull of a mature agenda process with full backbone help"),
        P("unaided_agenda", 0.35, 0.1, 0.7, "share", "part of that pull that remains without backbone help"),
        P("evidence_rate", 0.05, 0.01, 0.15, "per month", "pull of full evidence of the need"),
        P("evidence_gain", 15, 5, 40, "ratio", "sources whose errors full coverage averages out", most=10000),
        P("prototype_information", 0.5, 0.2, 1, "share", "information of full prototyping over that of full coverage"),
        P("evidence_noise", 0.5, 0.2, 1, "log SD", "noise of evidence from a single source", most=4),
        P("blind_indicators", 0.7, 0, 1, "share",
          "part of a community's common error that stays in its indicators and prototypes"),
    ),
    *_part(
        "activities",
        P("specialization", 2.0, 1, 3, "exponent",
          "how far a role goes to what a partner excels at; 1 = the whole of its mission, in proportion", "kania2011",
          most=20),
        P("realignment_rate", 0.08, 0.03, 0.2, "per month", "speed at which activities follow the plan"),
        P("unaided_coordination", 0.4, 0.1, 0.7, "share",
          "coordination that contact among partners alone can reach, without backbone"),
    ),
    *_part(
        "measurement",
        P("adoption_rate", 0.18, 0.05, 0.3, "per month", "speed of adopting common indicators"),
        P("unaided_adoption", 0.4, 0.1, 0.7, "share", "part of that speed without backbone help"),
        P("adoption_decay", 0.03, 0.01, 0.1, "per month", "decay of indicator use that nobody asks for"),
        P("learning_rate", 0.13, 0.03, 0.25, "per month", "learning from better partners' practice", "scd2021"),
        P("pooled_learning", 0.88, 0.5, 0.95, "share",
          "share of learning that pooled data can carry without direct contact", "scd2021"),
        P("experience_rate", 0.001, 0, 0.006, "per month", "improvement of practice by own experience"),
        P("discovery_rate", 0.02, 0.005, 0.06, "per month", "improvement of practice by prototyping"),
        P("passing_base", -2.5, -3.5, -1.5, "logit", "chance a year that a practice passes between two partners without joint work",
          "luke2013", least=-20, most=20),
        P("passing_by_collaboration", 4.4, 2, 6, "logit", "… per unit of joint work", "luke2013", most=40),
    ),
    *_part(
        "delivery",
        P("substitution", -1.0, -4, 0.5, "exponent",
          "CES exponent of the workstreams: 1 = they replace each other, very negative = the weakest limits all",
          least=-20, most=1),
        P("reinforcement_most", 0.6, 0.2, 1.2, "share", "most that partners' work can reinforce each other", most=10),
        P("reinforcement_half", 1.5, 0.5, 4, "partners", "trusted complementary partners that give 63 % of it",
          least=0.01, most=100),
        P("meeting_cost", 0.012, 0.004, 0.03, "FTE", "staff time that one meeting a month takes, attended", most=1),
        P("contact_cost", 0.004, 0.001, 0.01, "FTE", "staff time that one contact a month takes", most=1),
        P("reporting_cost", 0.06, 0.02, 0.15, "FTE", "staff time that full indicator reporting takes", most=5),
        P("prototyping_cost", 0.12, 0.03, 0.3, "share", "share of capacity that full prototyping takes"),
        P("comfortable_load", 0.15, 0.05, 0.35, "share", "overhead above which work suffers more than in proportion"),
        P("load_convexity", 1.5, 0, 4, "per share", "how much more", most=100),
    ),
    *_part(
        "issue",
        P("need_intensity", 2.0, 1.2, 4, "ratio", "effort that the whole need takes over all partners' capacity",
          least=0.05, most=100),
        P("system_lag", 18, 6, 36, "months", "lag from effective work to system change", least=0.5, most=600),
        P("population_lag", 36, 24, 72, "months", "lag from system change to the population indicator", "ors2018",
          least=0.5, most=600),
        P("potency", 5.0, 2, 8, "per unit", "log reduction of severity per unit of system change", most=50),
        P("trend", 0.0, -0.03, 0.03, "per year", "what happens to log severity anyway", least=-1, most=1),
        P("trend_shock", 0.04, 0, 0.06, "SD per month", "shocks to log severity", most=0.5),
        P("observation_noise", 0.03, 0.01, 0.08, "SD", "noise in the published indicator", most=1),
    ),
    *_part(
        "engagement",
        P("engagement_base", -0.2, -1, 0.8, "logit", "engagement of an organization on its own", least=-10, most=10),
        P("engagement_rate", 0.12, 0.05, 0.3, "per month", "speed at which engagement changes"),
        P("engagement_by_progress", 1.0, 0, 3, "logit", "… per unit of visible progress", most=50),
        P("engagement_by_trust", 1.2, 0, 3, "logit", "… per unit of trust in contacts above the mean propensity", most=50),
        P("engagement_by_agreement", 2.5, 0, 5, "logit", "… per unit of agreement with the agenda above what is expected",
          most=50),
        P("agreement_expected", 0.85, 0.7, 0.95, "share",
          "agreement with the agenda that a member takes for granted; less puts it off"),
        P("engagement_by_wins", 0.4, 0, 1.5, "logit", "… per unit of early wins", most=50),
        P("engagement_by_load", 2.0, 0.5, 5, "logit", "… lost per unit of load", most=50),
        P("visibility_base", 0.3, 0.1, 0.6, "share", "share of progress that is seen without shared measurement"),
        P("wins_scale", 0.05, 0.02, 0.15, "system change", "system change that gives 63 % of the feeling of early wins",
          least=0.001, most=10),
    ),
    *_part(
        "membership",
        P("exit_rate", 0.1, 0.03, 0.25, "per year", "members that leave when benefit just equals cost", most=12),
        P("exit_by_balance", 4.0, 0, 10, "logit", "how strongly leaving follows the balance of benefit and cost", most=50),
        P("benefit_expected", 0.5, 0.2, 1, "share", "benefit of belonging that just makes up for the effort", most=10),
        P("grace", 9, 8, 10, "months", "months before a member weighs leaving", "partner", most=600),
        P("balance_rate", 0.15, 0.05, 0.4, "per month", "how fast the felt balance follows events"),
        P("join_reluctance", 0.5, 0.2, 0.9, "share", "how visible an effort must be before half of those invited join",
          least=0.01),
        P("representative_turnover", 0.17, 0.11, 0.28, "per year", "representatives that change", "turnover", most=12),
        P("representative_loss", 0.5, 0.3, 0.7, "share", "share of personal trust and contact lost with one"),
        P("fewest_members", 4, 2, 8, "members", "a coalition with fewer members dissolves", most=1000),
        P("dissolution_rate", 0.05, 0.03, 0.08, "per year", "coalitions that dissolve when nobody funds them", "hcap",
          most=12),
    ),
)  # fmt: skip

_LEVERS = tuple(
    Parameter(**{**row.__dict__, "role": "lever"})
    for row in _part(
        "initiative",
        P("agenda", 0, 0, 1, "level", "common agenda process: 0 absent, 0.5 emerging, 1 mature", "kania2011"),
        P("measurement", 0, 0, 1, "level", "shared measurement system: 0 absent, 0.5 emerging, 1 mature", "kania2011"),
        P("coordination", 0, 0, 1, "level", "coordination of mutually reinforcing activities", "kania2011"),
        P("meetings", 0, 0, 6, "per month", "convened meetings (continuous communication)", "kania2011", most=60),
        P("backbone_staff", 0, 0, 8, "FTE", "dedicated staff of the backbone", "turner2012", most=500),
        P("focus_agenda", 0.25, 0, 1, "share", "backbone time for guiding vision and strategy", "turner2012"),
        P("focus_activities", 0.25, 0, 1, "share", "backbone time for supporting aligned activities", "turner2012"),
        P("focus_measurement", 0.25, 0, 1, "share", "backbone time for shared measurement", "turner2012"),
        P("focus_communication", 0.25, 0, 1, "share", "backbone time for convening and brokering", "turner2012"),
        P("prototyping", 0, 0, 1, "level", "learning by prototypes (social innovation lab)", "kania2013"),
        P("pooled_funding", 0, 0, 20, "FTE", "pooled money for delivery, as staff it pays", most=10000),
        P("invitations", 0, 0, 2, "per month", "organizations that can be invited and received a month",
          "johnston2011", most=1000),
        P("funded", 1, 0, 1, "share", "core funding of the initiative: 1 secure, 0 ended", "hcap"),
    )
)  # fmt: skip
del P

UNCERTAINTIES: dict[str, Parameter] = {row.name: row for row in _UNCERTAINTIES}
LEVERS: dict[str, Parameter] = {row.name: row for row in _LEVERS}

ParameterRow = np.dtype([(name, np.float64) for name in UNCERTAINTIES])
LeverRow = np.dtype([(name, np.float64) for name in LEVERS])


def faults_of(values: Mapping[str, object], declared: Mapping[str, Parameter]) -> list[str]:
    """Every fault in `values`: unknown names (with the nearest known one) and values out of range."""
    faults = []
    for name, value in values.items():
        if name not in declared:
            role = next(iter(declared.values())).role
            faults.append(f"unknown {role} {name!r}.{did_you_mean(name, declared)}")
        elif fault := declared[name].fault(value):
            faults.append(fault)
    return faults


def record(values: Mapping[str, float], declared: Mapping[str, Parameter]) -> np.ndarray:
    """A structured array of shape (1,) with every declared number: the default, or the given value."""
    dtype = np.dtype([(name, np.float64) for name in declared])
    row = tuple(float(values.get(name, entry.default)) for name, entry in declared.items())
    return np.array([row], dtype=dtype)
