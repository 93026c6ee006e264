"""When a plan fails: a box in what differs between worlds, found in some worlds and tested in others.

Scenario discovery (PRIM, and a tree as a second opinion) on parameters and on what a world starts with. A box is sought
only in what goes with failing at all, as among a hundred unknowns it would follow chance: those whose distribution
differs between worlds that fail and worlds that do not. Sources: Bryant and Lempert (2010), Technological Forecasting
and Social Change 77:34; Spear and Hornberger (1980), Water Research 14:43; Benjamini and Hochberg (1995), Journal of the
Royal Statistical Society B 57:289.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.stats import false_discovery_control, ks_2samp

from cisim.decision.estimates import Estimate, share_of
from cisim.decision.robust.thresholds import Threshold, met
from cisim.decision.trying import Tried
from cisim.decision.worlds import Worlds
from cisim.errors import SpecError
from cisim.insight.arrays import level_faults
from cisim.insight.crossed import Crossed
from cisim.insight.discovery import Found, Score, Tree, prim, score, tree

__all__ = ["STARTS", "Failing", "failing", "features"]

Array = np.ndarray[Any, Any]
STARTS = ("contact_density", "monthly_density", "trust_mean", "practice", "engagement", "shared_work")
"""Measures of month 0 that a world draws: what a first survey of the partners could tell."""
LEAST = 20
"""Worlds that fail, and worlds that do not, without which no box is sought."""


MOST, FALSE = 6, 0.1
"""Unknowns in which a box is sought at most; share of false ones among them that is accepted."""


@dataclass(frozen=True)
class Failing:
    """When one plan fails. failed: the share of all worlds that tested the box in which it does.

    box: as found, its own figures in sample; scored: on the other worlds, as if each were on its own. inside, elsewhere:
    shares of those in which the plan fails, in the box and outside, as sure as what worlds share leaves them. why_not: why there is no box, "" if there is one.
    """

    plan: str
    failed: Estimate
    box: Found | None = None
    scored: Score | None = None
    inside: Estimate | None = None
    elsewhere: Estimate | None = None
    opinion: Tree | None = None
    why_not: str = ""

    @property
    def holds(self) -> bool:
        """True if, in worlds that had no part in finding the box, failing is clearly more common in it than outside."""
        inside, elsewhere = self.inside, self.elsewhere
        return inside is not None and elsewhere is not None and inside.low > elsewhere.high


def failing(
    tried: Tried, fresh: Tried, thresholds: Sequence[Threshold], *, level: float = 0.95
) -> tuple[Failing, ...]:
    """For each plan, the box in which it misses a threshold, found in `tried` and tested in `fresh` worlds.

    fresh: the same plans in `tried.worlds.fresh()`. Where the two share draws of a posterior, each of these draws
    either finds or tests. Raises SpecError without thresholds, or for other plans.
    """
    faults = level_faults(level)
    if not thresholds:
        faults.append("a plan fails where it misses a threshold: give one, such as 'reached>=1'.")
    if tried.plans != fresh.plans:
        faults.append("the fresh worlds must try the same plans in the same order.")
    if faults:
        raise SpecError(faults, source="When plans fail")
    finds, tests = _apart(tried.worlds, fresh.worlds)
    names = [name for name in features(tried).columns if name in features(fresh).columns]
    frame, unseen = features(tried).select(names).filter(finds), features(fresh).select(names).filter(tests)
    fails, fails_there = ~met(tried, thresholds)[finds], ~met(fresh, thresholds)[tests]
    crossed = None if fresh.worlds.crossed is None else fresh.worlds.crossed.where(tests)
    return tuple(
        _one(plan.name, frame, fails[:, at], unseen, fails_there[:, at], level, crossed)
        for at, plan in enumerate(tried.plans)
    )


def _apart(worlds: Worlds, fresh: Worlds) -> tuple[Array, Array]:
    """Which worlds find, which fresh ones test: all, but of parameters that both have, every other is for one alone."""
    n = worlds.replicates
    columns = [np.concatenate([worlds.values(name), fresh.values(name)]) for name in worlds.unknown]
    if not any(np.ptp(column) > 0 for column in columns):
        return np.ones(n, dtype=bool), np.ones(fresh.replicates, dtype=bool)
    point = np.unique(np.column_stack(columns), axis=0, return_inverse=True)[1].reshape(-1)
    shared = np.isin(point, np.intersect1d(point[:n], point[n:]))
    return ~shared[:n] | (point[:n] % 2 == 0), ~shared[n:] | (point[n:] % 2 == 1)


def features(tried: Tried) -> pl.DataFrame:
    """A row for each world: parameters that differ between worlds, and measures of month 0 where all plans start alike."""
    columns = {name: tried.worlds.values(name) for name in tried.worlds.unknown}
    columns |= {f"{name} at the start": start for name, start in _starts(tried)}
    return pl.DataFrame({name: column for name, column in columns.items() if np.ptp(column) > 0})


def _starts(tried: Tried) -> Iterator[tuple[str, Array]]:
    for name in STARTS:
        if all(name in ensemble.measures for ensemble in tried.ensembles):
            start = tried.at(name, 0)
            if np.isfinite(start).all() and (start == start[:, :1]).all():
                yield name, start[:, 0]


def _one(
    plan: str,
    frame: pl.DataFrame,
    fails: Array,
    unseen: pl.DataFrame,
    fails_there: Array,
    level: float,
    crossed: Crossed | None = None,
) -> Failing:
    failed = share_of(fails_there, level, crossed)
    count = int(fails.sum())
    if min(count, len(fails) - count) < LEAST:
        rare = "fails" if count < LEAST else "meets every threshold"
        return Failing(plan, failed, why_not=f"it {rare} in fewer than {LEAST} of {len(fails)} worlds")
    if not frame.columns:
        return Failing(plan, failed, why_not="worlds differ by chance alone")
    frame = frame.select(_screened(frame, fails))
    if not frame.columns:
        return Failing(plan, failed, why_not="nothing that differs between worlds clearly goes with it")
    chosen = prim(frame, fails).choose()
    if not chosen.box.restrictions:
        return Failing(plan, failed, why_not="nothing that differs between worlds clearly goes with it")
    within = chosen.box.contains(unseen)
    inside, elsewhere = (
        share_of(fails_there[part], level, None if crossed is None else crossed.where(part))
        for part in (within, ~within)
    )
    scored = score(chosen.box, unseen, fails_there, level=level)
    return Failing(plan, failed, chosen, scored, inside, elsewhere, tree(frame, fails))


def _screened(frame: pl.DataFrame, fails: Array) -> list[str]:
    """The unknowns that go with failing, the clearest first: Kolmogorov-Smirnov tests, false discoveries controlled."""
    ps = np.array([_test(frame[name].to_numpy(), fails) for name in frame.columns])
    clear = false_discovery_control(ps) <= FALSE
    return [frame.columns[at] for at in np.argsort(ps, kind="stable") if clear[at]][:MOST]


def _test(column: Array, fails: Array) -> float:
    return float(ks_2samp(column[fails], column[~fails], method="asymp").pvalue)
