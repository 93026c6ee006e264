"""The session: all that one visitor has chosen, in one frozen record.

Nothing here knows the page. An action makes another session; `history` keeps the earlier ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from cisim import verbs
from cisim.app.state.advice import Advice
from cisim.app.state.limits import Limits
from cisim.world.posterior import Posterior, shipped
from cisim.world.scenario import Scenario

__all__ = ["FIRST", "PAGES", "Bench", "Desk", "Prediction", "Session", "beyond", "changed", "first_session", "named_apart", "shipped_names",
    "shipped_posterior"]  # fmt: skip

PAGES = ("stage", "desk", "bench")
FIRST = "collective-impact"
"""The preset that a new visitor sees."""


@dataclass(frozen=True)
class Prediction:
    """What the room expects of an outcome before it is revealed: a drawn path, or one of a few choices."""

    outcome: str = "severity"
    points: tuple[tuple[int, float], ...] = ()  # (month, value), by month
    choice: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class Desk:
    """Where the comparison of plans looks. month 0: the last month of the plans."""

    month: int = 0
    outcome: str = "severity"


@dataclass(frozen=True)
class Bench:
    """Which study is open, and what its scatter shows; "" means not chosen."""

    folder: str = ""
    x: str = ""
    y: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Session:
    """Plans, how they are run, and where the visitor looks.

    openings: the scenario that each plan was opened as, which tells what has been changed since.
    baseline: the plan that is dashed everywhere, or None.
    """

    plans: tuple[Scenario, ...]
    openings: tuple[Scenario, ...]
    shown: int = 0
    baseline: Scenario | None = None
    seed: int = 0
    replicates: int = 50
    replicate: int = 0
    selected: str = ""
    page: str = "stage"
    prediction: Prediction = field(default_factory=Prediction)
    desk: Desk = field(default_factory=Desk)
    advice: Advice = field(default_factory=Advice)
    bench: Bench = field(default_factory=Bench)

    @property
    def scenario(self) -> Scenario:
        """The plan that is shown."""
        return self.plans[self.shown]

    @property
    def opened(self) -> Scenario:
        """What the plan that is shown was opened as."""
        return self.openings[self.shown]

    @property
    def months(self) -> int:
        return self.scenario.months

    def scenarios(self) -> Iterator[Scenario]:
        """Every scenario that the session holds; the same one can come twice."""
        yield from self.plans
        yield from self.openings
        if self.baseline is not None:
            yield self.baseline

    def with_plan(self, index: int, scenario: Scenario) -> Session:
        """This session with another scenario as plan `index`."""
        return replace(self, plans=(*self.plans[:index], scenario, *self.plans[index + 1 :]))


def first_session(limits: Limits | None = None, scenarios: Sequence[Scenario] = ()) -> Session:
    """What a new visitor sees: these scenarios as plans, or one preset."""
    plans = tuple(scenarios) or (verbs.preset(FIRST),)
    return Session(plans=plans, openings=plans, replicates=min(50, (limits or Limits()).replicates))


@cache
def shipped_names() -> tuple[str, ...]:
    """The names of the posteriors that come with cisim."""
    return shipped()


@cache
def shipped_posterior(name: str) -> Posterior:
    """The posterior that comes with cisim under this name, read once for all visitors."""
    return Posterior.read(name)


def changed(scenario: Scenario, **changes: Any) -> Scenario:
    """The scenario with other values for fields that ties do not depend on; checked like any other.

    Ties are neither checked again nor copied, so that a slider stays quick and undo small in a large coalition.
    Raises SpecError with every fault at once.
    """
    light = scenario.model_copy(update={"tie": ()}) if scenario.tie else scenario
    checked = light.replace(**changes)
    return scenario.model_copy(update={name: getattr(checked, name) for name in changes})


def beyond(scenario: Scenario, limits: Limits) -> list[str]:
    """One sentence for everything in a scenario that is more than a visitor may ask for."""
    sizes: Mapping[str, tuple[int, int]] = {
        "months": (scenario.months, limits.months),
        "partners": (len(scenario.ids) - 1, limits.partners),
        "events": (len(scenario.event), limits.events),
    }
    return [
        f"{name}: {given:,} are more than this page runs; allowed is up to {most:,}. On your own machine there is no "
        "such limit: cisim run FILE"
        for name, (given, most) in sizes.items()
        if given > most
    ]


def named_apart(scenario: Scenario, others: tuple[Scenario, ...]) -> Scenario:
    """The scenario with a name that none of the others has: name-2, name-3, …"""
    taken = {other.name for other in others}
    if scenario.name not in taken:
        return scenario
    stem = re.sub(r"-\d{1,2}$", "", scenario.name)[:76]
    names = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return changed(scenario, name=next(name for name in names if name not in taken))
