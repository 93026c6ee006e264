"""The trials that patterns share: which coalitions are run, for how long, and what is kept of them."""

from __future__ import annotations

from collections.abc import Mapping

from cisim.evidence.trials import Trial
from cisim.world.presets import load
from cisim.world.scenario import Scenario

__all__ = [
    "AT_ONCE",
    "CLOSED",
    "CONDITIONS",
    "ENDED",
    "FIVE_YEARS",
    "FULL",
    "HALF_MEASURED",
    "ISOLATED",
    "MATURE",
    "MATURE_MONTH",
    "NO_CONDITION",
    "PHASED",
    "SUPPORTED",
    "TWICE_AS_MANY",
    "UNMEASURED",
    "UNTREATED",
    "UNTREATED_FIRST",
    "UNTREATED_LAST",
    "USUAL_SIZE",
    "ended",
    "levers",
    "of_size",
    "single",
    "with_conditions",
]  # fmt: skip

MATURE_MONTH, CLOSED = 120, 132
"""A coalition of ten years, as Indiana's was; a year after its backbone closed."""
UNTREATED_FIRST, UNTREATED_LAST = 24, 48
"""Two surveys two years apart, as in the estuaries."""
FIVE_YEARS = 60
ENDED = 60
"""Month in which funding ends."""
CONDITIONS = ("agenda", "measurement", "coordination", "meetings", "backbone_staff")
"""The levers of the five conditions."""


def levers(name: str, months: int, changed: Mapping[str, float]) -> Scenario:
    """A preset with another horizon and other levers."""
    base = load(name)
    return base.replace(months=months, levers={**base.levers, **changed})


def _mature() -> Scenario:
    roster = {"count": 24}  # Indiana's members; the lead is the backbone
    closing = [{"kind": "backbone-closes", "month": MATURE_MONTH + 1}]
    return load("collective-impact").replace(months=CLOSED, roster=roster, event=closing)


MATURE = Trial(
    "mature", _mature(),
    ("contact_density", "monthly_density", "weekly_density", "centralization_any", "centralization_monthly",
     "backbone_reach"),
    (MATURE_MONTH, CLOSED),
)  # fmt: skip
UNTREATED = Trial(
    "untreated",
    load("isolated-impact").replace(months=UNTREATED_LAST, roster={"count": 20, "members": False}),
    ("contact_density",),
    tuple(range(0, UNTREATED_LAST + 1, 6)),
)
FULL = Trial(
    "full collective impact", load("collective-impact"),
    ("severity", "severity_observed", "contribution", "system_change", "effective_work", "trust_in_contacts",
     "alignment", "practice", "members", "backbone_support"),
    (24,),
)  # fmt: skip
ISOLATED = Trial("isolated impact", load("isolated-impact"), ("severity", "contribution"))
NO_CONDITION = Trial(
    "members without conditions",
    levers("collective-impact", 120, dict.fromkeys(CONDITIONS, 0.0)),
    ("contribution",),
)
UNMEASURED = Trial(
    "without shared measurement", levers("collective-impact", 24, {"measurement": 0.0}), ("practice",), (24,)
)
HALF_MEASURED = Trial(
    "with half a measurement system", levers("collective-impact", 24, {"measurement": 0.5}), ("practice",)
)


def single(condition: str) -> Trial:
    """One condition alone, all else as in full collective impact: the same members and invitations."""
    absent = {name: 0.0 for name in CONDITIONS if name != condition}
    return Trial(f"{condition} alone", levers("collective-impact", 120, absent), ("contribution",))


def with_conditions(present: bool, staff: float, money: float) -> Trial:
    """Five years with or without the conditions apart from the backbone, with its staff, with pooled money."""
    absent = {} if present else dict.fromkeys(CONDITIONS, 0.0)
    changed = {**absent, "backbone_staff": staff, "pooled_funding": money}
    scenario = levers("collective-impact", FIVE_YEARS, changed)
    return Trial(f"conditions {present}, staff {staff:g}, money {money:g}", scenario, ("system_change",))


def ended(month: int, months: int) -> Trial:
    """Full collective impact whose funder leaves after `month`."""
    event = [{"kind": "funder-leaves", "month": month + 1}]
    scenario = load("collective-impact").replace(months=months, event=event)
    return Trial(f"funding ends after month {month}", scenario, ("contribution", "alive"))


def of_size(count: int) -> Trial:
    """Full collective impact with this many partners and the same staff."""
    scenario = load("collective-impact").replace(roster={"count": count})
    return Trial(f"{count} partners", scenario, ("backbone_support", "contribution"))


SUPPORTED = Trial("support goes on", load("collective-impact").replace(months=240), ("contribution",))
USUAL_SIZE, TWICE_AS_MANY = of_size(25), of_size(50)
AT_ONCE = Trial(
    "everyone at once",
    levers("collective-impact", FIVE_YEARS, {"invitations": 0.0}),
    ("members", "alive"),
    (FIVE_YEARS,),
)
PHASED = Trial(
    "phased inclusion",
    load("phased-inclusion").replace(months=FIVE_YEARS),
    ("members", "alive"),
    (FIVE_YEARS,),
)
