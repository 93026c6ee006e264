"""Two scenarios in the same worlds, replicate by replicate: the difference is always b less a.

Replicate r of both meets the same world and the same draws (common random numbers), so what a world does to
both alike falls out of their difference, and fewer replicates show it.

Source: Law (2015), Simulation Modeling and Analysis, 5th ed., sections 10.2.1 (paired t) and 11.2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import SpecError, did_you_mean
from cisim.insight.arrays import as_months, as_numbers, equal_but_for_rounding, level_faults
from cisim.insight.crossed import Crossed, drawn_from
from cisim.insight.shares import Share, over, wilson

if TYPE_CHECKING:
    import polars as pl

    from cisim.engine.ensemble import Ensemble

__all__ = ["Comparison", "Needed", "compare", "compare_ensembles"]

SOURCE = "Comparison"
MOST = 1e9  # pairs; more than anybody runs


@dataclass(frozen=True)
class Needed:
    """Replicates for an interval of a stated half-width: in all, and still to run. NaN: not yet known."""

    in_all: np.ndarray
    still: np.ndarray


@dataclass(frozen=True)
class Comparison:
    """What b changes against a, in the same worlds.

    Every figure is an array over months, or a number if the outcomes had no months. `difference` is the mean
    of b less a, `low` to `high` its Student t interval, `sd` the standard deviation of paired differences.
    One pair: sd is NaN and the interval unbounded. No pair: NaN. Pairs that all differ alike: sd is 0 and
    the interval has no width.

    `variance_reduction`: variance of the difference if worlds were drawn apart (var a + var b) over that of
    the paired difference. 2 means that pairing does the work of twice the replicates, below 1 that it
    harms; inf if paired differences do not vary, 1 if nothing varies at all.

    `paired` (replicates, months) or (replicates,): each b less a, NaN where either is NaN. `n` counts pairs
    in use, `left_out` the others. `shared`: worlds share draws of a posterior, and intervals are as wide as that makes
    them.
    """

    names: tuple[str, str]
    measure: str
    months: np.ndarray | None
    level: float
    n: np.ndarray
    left_out: np.ndarray
    mean_a: np.ndarray
    mean_b: np.ndarray
    difference: np.ndarray
    low: np.ndarray
    high: np.ndarray
    sd: np.ndarray
    variance_reduction: np.ndarray
    b_higher: Share
    b_equal: Share
    b_lower: Share
    paired: np.ndarray
    shared: bool

    def replicates_for(self, half_width: float) -> Needed:
        """Replicates with which the interval of the difference is expected to be no wider than stated.

        half_width: in the unit of the measure, above 0. The smallest n with t(n - 1) sd / √n <= half_width,
        at least 2, with today's sd; more where some pairs have no value. NaN below 2 pairs and where worlds share
        draws of a posterior, inf above a billion. Raises SpecError for a half-width that is not above 0.
        """
        if not 0 < half_width < math.inf:
            raise SpecError(
                f"half_width must be above 0, in the unit of the measure; given {half_width!r}.",
                source=SOURCE,
            )
        run = len(self.paired)
        in_all = np.empty(np.shape(self.sd))
        for place in np.ndindex(in_all.shape):
            n = int(np.asarray(self.n)[place])
            sd = math.nan if self.shared else float(np.asarray(self.sd)[place])
            pairs = _pairs_for(sd, half_width, self.level)
            in_all[place] = np.ceil(pairs * (run / n)) if n else math.nan
        return Needed(in_all[()], np.maximum(in_all - run, 0.0)[()])

    def table(self) -> pl.DataFrame:
        """A row for each month (one row, month null, if there are none)."""
        import polars as pl

        columns: dict[str, Any] = {
            "n": self.n, "left_out": self.left_out, "mean_a": self.mean_a, "mean_b": self.mean_b,
            "difference": self.difference, "low": self.low, "high": self.high, "sd": self.sd,
            "variance_reduction": self.variance_reduction,
        }  # fmt: skip
        for name in ("b_higher", "b_equal", "b_lower"):
            share: Share = getattr(self, name)
            columns |= {name: share.value, f"{name}_low": share.low, f"{name}_high": share.high}
        months = pl.Series("month", [None] if self.months is None else self.months, dtype=pl.Int64)
        return pl.DataFrame([months, *(pl.Series(k, np.atleast_1d(v)) for k, v in columns.items())])


def compare(
    a: Any,
    b: Any,
    *,
    months: Sequence[int] | np.ndarray | None = None,
    level: float = 0.95,
    names: tuple[str, str] = ("a", "b"),
    measure: str = "",
    crossed: Crossed | None = None,
) -> Comparison:
    """What b changes against a, pair by pair; pairs in which either is NaN are left out and counted.

    a, b: outcomes of the same worlds in the same order, (replicates,) or (replicates, months). months: the
    months' numbers (default 0, 1, ...). level: of all intervals. names, measure: for tables and figures. crossed: what
    the worlds share, which widens the intervals.

    Raises SpecError for arrays that cannot be paired, infinite values or a level outside 0 to 1.
    """
    faults = level_faults(level)
    first, second = as_numbers("a", a, faults), as_numbers("b", b, faults)
    if first is None or second is None:
        raise SpecError(faults, source=SOURCE)
    faults += _shape_faults(first, second)
    flat = first.ndim < 2
    if flat and months is not None:
        faults.append("months are given, but the outcomes have none: give arrays (replicates, months).")
    told = None if flat else as_months(months, first.shape[1], faults)
    if faults:
        raise SpecError(faults, source=SOURCE)
    columns = _columns(first, second, level, crossed)
    return Comparison(names, measure, told, level, **columns, shared=crossed is not None)


def compare_ensembles(a: Ensemble, b: Ensemble, measure: str, *, level: float = 0.95) -> Comparison:
    """What scenario b changes against scenario a in one measure, month by month.

    Both need the same seed, replicates and months: only then does replicate r of both meet the same world.
    Raises SpecError that says why they cannot be paired.
    """
    faults = _pairing_faults(a, b, measure) + level_faults(level)
    if faults:
        raise SpecError(faults, source=SOURCE)
    names = (a.scenario.title or a.scenario.name, b.scenario.title or b.scenario.name)
    crossed = drawn_from((a.scenario, b.scenario), b.replicates)
    return compare(
        a[measure], b[measure], months=a.months, level=level, names=names, measure=measure, crossed=crossed
    )


def _shape_faults(a: np.ndarray, b: np.ndarray) -> list[str]:
    faults = []
    if a.shape != b.shape:
        faults.append(f"a and b must have one outcome for each world: a has shape {a.shape}, b {b.shape}.")
    for name, values in (("a", a), ("b", b)):
        if values.ndim not in (1, 2) or values.size == 0:
            faults.append(
                f"{name} must be (replicates,) or (replicates, months) and not empty, given {values.shape}."
            )
        if (infinite := int(np.isinf(values).sum())) > 0:
            faults.append(f"{name} has {infinite} infinite values; give a finite number, or NaN for none.")
    return faults


def _pairing_faults(a: Ensemble, b: Ensemble, measure: str) -> list[str]:
    faults = []
    if a.seed != b.seed:
        faults.append(
            f"the ensembles have seeds {a.seed} and {b.seed}, so their replicates met different worlds and "
            "cannot be paired. Run both with one seed."
        )
    if not np.array_equal(a.replicates, b.replicates):
        faults.append(
            f"the ensembles have {_numbers(a.replicates)} and {_numbers(b.replicates)}; a replicate without "
            "its twin cannot be paired. Run both with the same replicates."
        )
    if len(a.months) != len(b.months):
        faults.append(
            f"the ensembles run {len(a.months) - 1} and {len(b.months) - 1} months; run both equally long."
        )
    for ensemble in (a, b):
        if measure not in ensemble.measures:
            near = did_you_mean(measure, ensemble.measures)
            faults.append(f"{ensemble.scenario.name!r} was run without measure {measure!r}.{near}")
    return faults


def _numbers(replicates: np.ndarray) -> str:
    return f"{len(replicates)} replicates ({replicates[0]} to {replicates[-1]})"


def _columns(a: np.ndarray, b: np.ndarray, level: float, crossed: Crossed | None) -> dict[str, Any]:
    """Every figure over the first axis, by the name of its field."""
    known = ~(np.isnan(a) | np.isnan(b))
    n = known.sum(axis=0)
    paired = b - a
    size = np.maximum(_largest(np.abs(a), known), _largest(np.abs(b), known))
    variances = [_variance(values, known, size) for values in (a, b, paired)]
    difference, sd = _mean(paired, known), np.sqrt(variances[2])
    reach = _student(n - 1, level) * sd / np.sqrt(np.maximum(n, 1))
    if crossed is not None:
        reach = reach / np.sqrt(_worths(paired, known, level, crossed))
    reach = np.where(n == 1, math.inf, reach)
    signs = {"b_higher": paired > 0, "b_equal": paired == 0, "b_lower": paired < 0}
    columns = {
        "n": n, "left_out": len(a) - n, "mean_a": _mean(a, known), "mean_b": _mean(b, known),
        "difference": difference, "low": difference - reach, "high": difference + reach, "sd": sd,
        "variance_reduction": _reduction(variances[0] + variances[1], variances[2]), "paired": paired,
    }  # fmt: skip
    shares: dict[str, Any] = {}
    for name, sign in signs.items():
        worth = 1.0 if crossed is None else _worths(sign.astype(float), known, level, crossed)
        shares[name] = wilson(sign.sum(axis=0) * worth, n * worth, level)
    return {name: np.asarray(column)[()] for name, column in columns.items()} | shares


def _largest(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    return np.asarray(np.max(values, axis=0, where=known, initial=-math.inf))


def _mean(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    return over(np.sum(values, axis=0, where=known), known.sum(axis=0))


def _variance(values: np.ndarray, known: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Over known values, with n - 1; exactly 0 where they differ by rounding alone, NaN below two."""
    squares = np.sum((values - _mean(values, known)) ** 2, axis=0, where=known)
    spread = _largest(values, known) + _largest(-values, known)
    alike = equal_but_for_rounding(spread, size)
    return over(np.where(alike, 0.0, squares), known.sum(axis=0) - 1)


def _reduction(unpaired: np.ndarray, paired: np.ndarray) -> np.ndarray:
    ratio = over(unpaired, paired)
    ratio = np.where((paired == 0) & (unpaired > 0), math.inf, ratio)
    return np.where((paired == 0) & (unpaired == 0), 1.0, ratio)


def _worths(values: np.ndarray, known: np.ndarray, level: float, crossed: Crossed) -> np.ndarray:
    """As how much of a pair of its own each pair counts, over the first axis; those not known are left out."""
    table, told = values.reshape(len(values), -1), known.reshape(len(known), -1)
    whole = told.all(axis=0)
    found = np.ones(table.shape[1])
    found[whole] = crossed.worths(table[:, whole], level)
    for at in np.flatnonzero(~whole):
        kept = told[:, at]
        found[at] = crossed.where(kept).worths(table[kept, at][:, None], level)[0]
    return found.reshape(values.shape[1:])


def _student(freedom: np.ndarray, level: float) -> np.ndarray:
    """Quantile of Student's t for a two-sided interval; NaN below one degree of freedom."""
    from scipy.special import stdtrit

    return np.where(freedom > 0, stdtrit(np.maximum(freedom, 1), 0.5 + level / 2), math.nan)


def _pairs_for(sd: float, half_width: float, level: float) -> float:
    """The smallest number of pairs whose interval reaches no further than half_width to either side."""
    if math.isnan(sd):
        return math.nan
    by_normal = (NormalDist().inv_cdf(0.5 + level / 2) * sd / half_width) ** 2
    if by_normal > MOST:
        return math.inf
    n = max(2, math.ceil(by_normal))  # Student's t needs a few more than the normal
    while float(_student(np.asarray(n - 1), level)) * sd / math.sqrt(n) > half_width:
        n += 1
    return float(n)
