"""Points of a study as worlds that many runs share, and the numbers in which those runs differ.

A world is a scenario lowered once. Runs that differ in parameters and in levers at the start share it; what
else a point changes (rules, events, partners, another scenario) makes another world. Where the scenario has a
posterior, a run has the draw of its replicate; what a factor says holds in its place.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import SpecError
from cisim.study.spec import targets
from cisim.theory.parameters import LEVERS, UNCERTAINTIES, record
from cisim.theory.rules import default_choices, rule_set
from cisim.world.blueprint import Blueprint
from cisim.world.scenario import Scenario
from cisim.world.schedule import Plan

if TYPE_CHECKING:
    from cisim.study.plans.plan import Plan as ChosenPlan

__all__ = ["World", "Worlds", "code_of"]

Array = np.ndarray[Any, Any]
Settings = tuple[Any, ...]
"""The values of the factors that make another world, None where one is inactive."""

MOST_WORLDS = 256
"""Worlds held at a time."""


@dataclass
class World:
    """A scenario lowered once: its arrays, its events, and the keywords for an own model."""

    scenario: Scenario
    blueprint: Blueprint
    plan: Plan
    model: Mapping[str, Any]
    kernel: Callable[..., Any] | None = None
    start: Array = field(init=False)

    def __post_init__(self) -> None:
        self.start = record(self.scenario.levers, LEVERS)

    def rows(self, numbers: Mapping[str, Array], replicates: Array) -> tuple[Array, Array]:
        """(parameters, levers at the start), one row a run; NaN in `numbers` leaves the world's own value."""
        drawn = self.blueprint.parameters
        return self._told(drawn[replicates % len(drawn)], numbers)

    def rows_of_points(self, numbers: Mapping[str, Array], count: int) -> tuple[Array, Array]:
        """The same, one row a point, NaN for what the posterior decides replicate by replicate."""
        own = self.blueprint.parameters[:1].copy()
        if self.scenario.posterior is not None:
            own[self.scenario.posterior.free(self.scenario.parameters)] = np.nan
        return self._told(np.repeat(own, count), numbers)

    def _told(self, parameters: Array, numbers: Mapping[str, Array]) -> tuple[Array, Array]:
        levers = np.repeat(self.start, len(parameters))
        for name, values in numbers.items():
            rows = parameters if name in UNCERTAINTIES else levers
            rows[name] = np.where(np.isnan(values), rows[name], values)
        return parameters, levers


class Worlds:
    """The worlds of a study by the values of its structural factors, the latest of them held.

    `code` gives what identifies the code that runs a world.
    """

    def __init__(
        self,
        scenarios: Mapping[str, Scenario],
        factors: Sequence[str],
        code: Callable[[World], str],
        plans: Mapping[str, ChosenPlan] | None = None,
    ) -> None:
        self.scenarios, self.code, self.plans = scenarios, code, plans or {}
        self.numbers = [name for name in factors if targets.kind_of(name) in targets.NUMBERS]
        self.structure = [name for name in factors if name not in self.numbers]
        self._held: OrderedDict[Settings, World] = OrderedDict()
        self._tokens: dict[Settings, bytes] = {}

    def at(self, settings: Settings) -> World:
        """The world of these values. Raises SpecError if they make no sound scenario."""
        if settings in self._held:
            self._held.move_to_end(settings)
            return self._held[settings]
        told = {n: v for n, v in zip(self.structure, settings, strict=True) if v is not None}
        scenario = targets.apply(self.scenarios[told.get("scenario", "")], told, self.plans)
        model = {n.removeprefix("model."): v for n, v in told.items() if n.startswith("model.")}
        world = World(scenario, scenario.lower(), scenario.plan(), model)
        self._held[settings] = world
        if len(self._held) > MOST_WORLDS:
            self._held.popitem(last=False)
        return world

    def groups(self, points: Mapping[str, Sequence[Any]], count: int) -> dict[Settings, Array]:
        """{settings: positions of the points that share them}, in the order of first occurrence."""
        if not self.structure:
            return {(): np.arange(count)}
        found: dict[Settings, list[int]] = {}
        for at, settings in enumerate(zip(*(points[name] for name in self.structure), strict=True)):
            found.setdefault(settings, []).append(at)
        return {settings: np.array(places) for settings, places in found.items()}

    def keys(self, points: Mapping[str, Any], count: int, seed: int) -> list[str]:
        """The key of each point: a hash of all that its runs rest on, except the replicate.

        Where a point makes no sound scenario its key is that of its settings, so that its failure has a place.
        """
        found = [""] * count
        for settings, places in self.groups(points, count).items():
            numbers = {name: points[name][places] for name in self.numbers}
            try:
                world = self.at(settings)
                rows = world.rows_of_points(numbers, len(places))
                bare = [part.view(np.uint8).reshape(len(places), -1) for part in rows]
                token = self._token(settings, world, seed)
            except SpecError:
                values = [np.ascontiguousarray(values) for values in numbers.values()]
                bare = [part.view(np.uint8).reshape(len(places), -1) for part in values]
                base = self.scenarios[""].to_toml()
                told = f"unsound {seed} {self.structure} {self.numbers} {settings!r} {base}"
                token = hashlib.blake2b(told.encode(), digest_size=12)
            text = np.concatenate(bare, axis=1) if bare else np.empty((len(places), 0), np.uint8)
            for place, row in zip(places.tolist(), text, strict=True):
                digest = token.copy()
                digest.update(row.tobytes())
                found[place] = digest.hexdigest()
        return found

    def _token(self, settings: Settings, world: World, seed: int) -> Any:
        """What all runs of a world share in their keys."""
        if settings not in self._tokens:
            plan, text = world.blueprint, hashlib.blake2b(digest_size=32)
            for part in (plan.organizations, plan.ties, plan.effects, plan.initiative, plan.issue):
                text.update(np.ascontiguousarray(part).tobytes())
                text.update(b"\0")
            events = [event.model_dump_json() for event in world.scenario.event]
            told = [self.code(world), str(plan.months), *plan.ids, *events, repr(sorted(world.model.items()))]
            if (posterior := world.scenario.posterior) is not None:
                told.append(f"posterior {posterior.digest}")
            text.update("\0".join(told).encode())
            self._tokens[settings] = text.digest()
        return hashlib.blake2b(self._tokens[settings] + seed.to_bytes(8, "big"), digest_size=12)


def code_of(world: World, rules: Mapping[str, Any]) -> str:
    """What identifies the code of the rules of a world, own rules included."""
    from cisim.engine.compilation import code_fingerprint

    return code_fingerprint(rule_set(default_choices() | dict(world.scenario.rules), rules))
