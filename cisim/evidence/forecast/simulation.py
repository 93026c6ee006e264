"""The months between the waves: each start is run by the compiled engine, and what a survey could meet is kept."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.engine.batch import Histories, kernel_for, run_batch
from cisim.evidence.forecast.reading import Start, read_start
from cisim.evidence.forecast.waves import Partnership
from cisim.evidence.observation import trust_item
from cisim.world.blueprint import Blueprint
from cisim.world.partners import BackbonePartner, Partner
from cisim.world.posterior import Posterior
from cisim.world.scenario import Scenario

__all__ = ["Course", "Moment", "Months", "scenario_of", "simulate_course"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Months:
    """How to run: months to simulate, replicates, seed, draws of parameters, threads (None: one a core)."""

    months: int = 24
    replicates: int = 400
    seed: int = 0
    posterior: Posterior | None = None
    threads: int | None = None


@dataclass(frozen=True)
class Moment:
    """One month of R replicates: contact, joint_work, trust (R, n, n), trust[:, i, j] of i in j; item (R, n).

    contact: contacts a month. joint_work, trust: 0 to 1. item: the answer on trust, 0 to 10.
    """

    contact: Array
    joint_work: Array
    trust: Array
    item: Array

    @property
    def reputation(self) -> Array:
        """(R, n) mean trust of the others in each organization, above the mean of all."""
        size = self.trust.shape[1]
        held = self.trust.sum(axis=1) / (size - 1)
        return np.asarray(held - held.mean(axis=1, keepdims=True))


@dataclass(frozen=True)
class Course:
    """The first and the last month of a partnership."""

    start: Moment
    end: Moment


def scenario_of(told: Partnership, months: int, posterior: Posterior | None = None) -> Scenario:
    """The partnership as a scenario without backbone or condition; every lever is 0."""
    backbone = "backbone"
    while backbone in told.ids:
        backbone = f"no-{backbone}"
    return Scenario(
        name=re.sub(r"[^a-z0-9]+", "-", f"forecast {told.name}".lower()).strip("-"),
        months=months,
        partner=tuple(
            Partner(id=ident, sector=sector) for ident, sector in zip(told.ids, told.sectors, strict=True)
        ),
        backbone=BackbonePartner(id=backbone),
        posterior=posterior,
    )


def simulate_course(told: Partnership, how: Months, progress: Callable[[int], None] | None = None) -> Course:
    """Draw a start for each replicate and run it. The same seed gives the same course, whatever the threads."""
    blueprint = scenario_of(told, how.months, how.posterior).lower()
    kernel = kernel_for(blueprint)

    def one(replicate: int) -> tuple[Any, Any]:
        p = blueprint.parameters[replicate % len(blueprint.parameters)]
        own = _begun(blueprint, told, read_start(told, p, how.seed, replicate))
        rooms = Histories(own, 1)
        run_batch(
            kernel, own, how.seed, np.array([replicate]), np.empty((1, how.months + 1, 0)), measures=(),
            kept=np.array([0]), histories=rooms,
        )  # fmt: skip
        if progress is not None:
            progress(1)
        return rooms.organizations[0, [0, -1]], rooms.ties[0, [0, -1]]

    with ThreadPoolExecutor(how.threads or os.cpu_count()) as pool:
        organizations, ties = map(np.stack, zip(*pool.map(one, range(how.replicates)), strict=True))
    months = ((0, 0), (1, how.months))
    first, last = (_moment(organizations[:, at], ties[:, at], how.seed, month) for at, month in months)
    return Course(first, last)


def _begun(blueprint: Blueprint, told: Partnership, start: Start) -> Blueprint:
    """The blueprint with what the start says; the rest is drawn as in any run."""
    organizations, ties = blueprint.organizations.copy(), blueprint.ties.copy()
    organizations["propensity"][: told.size] = start.propensity
    inside = np.flatnonzero(ties["j"] < told.size)
    i, j = ties["i"][inside], ties["j"][inside]
    ties["contact"][inside], ties["collaboration"][inside] = start.contact[i, j], start.joint_work[i, j]
    ties["trust"][inside] = np.stack([start.trust[i, j], start.trust[j, i]], axis=1)
    return dataclasses.replace(blueprint, organizations=organizations, ties=ties)


def _moment(organizations: Any, ties: Any, seed: int, month: int) -> Moment:
    """organizations (R, n + 1), ties (R, pairs), each structured."""
    replicates, size = organizations.shape[0], organizations.shape[1] - 1
    inside = np.flatnonzero(ties["j"][0] < size)
    i, j = ties["i"][0, inside], ties["j"][0, inside]
    contact, work, trust = (np.zeros((replicates, size, size)) for _ in range(3))
    contact[:, i, j] = contact[:, j, i] = ties["contact"][:, inside]
    work[:, i, j] = work[:, j, i] = ties["collaboration"][:, inside]
    trust[:, i, j], trust[:, j, i] = ties["trust"][:, inside, 0], ties["trust"][:, inside, 1]
    items = [trust_item(row, (seed, r, month)) for r, row in enumerate(organizations["propensity"][:, :size])]
    return Moment(contact, work, trust, np.array(items))
