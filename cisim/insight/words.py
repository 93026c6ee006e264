"""Results in sentences that a board could read; figures come from the results, words say how sure they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cisim.insight.comparison import Comparison
    from cisim.insight.discovery import Score, Tree
    from cisim.insight.sensitivity import Morris, Sobol

__all__ = ["compared", "depends", "found_in_tree", "other_worlds"]


def compared(result: Comparison, precision: float | None) -> tuple[str, ...]:
    """What the comparison says at its last month, what pairing gained, and how many replicates a precision takes."""
    at = -1 if np.ndim(result.difference) else ()

    def last(values: object) -> float:
        return float(np.asarray(values)[at])

    a, b = result.names
    when = (
        f" in month {result.months[-1]}" if result.months is not None and np.ndim(result.difference) else ""
    )
    difference, low, high = last(result.difference), last(result.low), last(result.high)
    if last(result.n) < 2:
        return (
            f"{result.measure}{when}: worlds with a value of both: {int(last(result.n))}; nothing can be compared.",
        )
    sure = (
        "no difference can be told"
        if low <= 0.0 <= high
        else f"{b} is {'higher' if difference > 0 else 'lower'}"
    )
    share = last(result.b_higher.value)
    means = f"{a}: {last(result.mean_a):.4g}; {b}: {last(result.mean_b):.4g}"
    interval = f"{100 * result.level:g} % interval {low:+.4g} to {high:+.4g}"
    worlds = f"{b} is higher in {100 * share:.3g} % of {int(last(result.n)):,} worlds."
    factor = last(result.variance_reduction)
    gain = (
        f"Pairing worlds made the variance of the difference {factor:.3g} times smaller."
        if factor < 1e9
        else ""
    )
    left_out = int(last(result.left_out))
    gain += f" {left_out:,} worlds are left out, as a or b has no value there." if left_out else ""
    told = [
        f"{result.measure}{when}: {means}; difference {difference:+.4g} ({interval}): {sure}.",
        f"{worlds} {gain}".strip(),
    ]
    if precision is not None:
        needed = result.replicates_for(precision)
        whole, still = last(needed.in_all), last(needed.still)
        why = (
            ", as worlds share draws of the posterior: more of the same draws tell less and less"
            if result.shared
            else ""
        )
        told.append(
            f"For ± {precision:g}, {whole:,.0f} replicates are needed in all, {still:,.0f} more."
            if math.isfinite(whole) else f"No number of replicates can be told for ± {precision:g}{why}."
        )  # fmt: skip
    return tuple(told)


def depends(result: Sobol | Morris, outcome: str) -> tuple[str, ...]:
    """Which factors matter most at the last month, how many do not rise above chance, how much is chance."""
    main = getattr(result, "total", None)
    size = result.mu_star[:, -1] if main is None else main[:, -1]  # type: ignore[union-attr]
    if np.isnan(size).all():
        return ()
    when = f" in month {result.months[-1]}" if result.months is not None else ""
    floor = result.floor[:, -1]
    above = np.where(size > np.nan_to_num(floor, nan=-np.inf), size, -1.0)
    order = [at for at in np.argsort(-np.nan_to_num(above, nan=-1.0))[:3] if above[at] >= 0]
    names = [f"{result.names[at]} ({size[at]:.3g})" for at in order]
    kind = "mean elementary effect" if main is None else "total index"
    told = [
        f"{outcome}{when} depends most on {', '.join(names)} ({kind})."
        if names
        else "No factor rises above chance."
    ]
    if np.isfinite(floor).any():
        hidden = int(np.sum(size <= floor))
        if hidden:
            told.append(f"{hidden} of {len(size)} factors show no more than chance alone would.")
    if main is not None:
        first, reach = result.first[:, -1], result.total_conf[:, -1]  # type: ignore[union-attr]
        if np.nansum(first > size + reach):
            told.append("Some factors show more alone than in all: too few base points; double them.")
        split = result.split  # type: ignore[union-attr]
        chance, low, high = (float(part[-1]) for part in (split.chance, split.chance_low, split.chance_high))
        if math.isfinite(chance):
            told.append(
                f"Chance is {chance:.0%} of the variance of a single run (95 % interval {low:.0%} to {high:.0%})."
            )
    return tuple(told)


def other_worlds(base: float, scored: Score, replicates: int) -> tuple[str, ...]:
    """A warning where the outcome is more or less common in the fresh worlds than in those in which it was found."""
    if scored.base.low <= base <= scored.base.high:
        return ()
    shares = f"in {base:.0%} of the runs in which the box was found and in {scored.base.value:.0%} of the fresh ones"
    why = f"With {replicates} worlds the worlds themselves decide much; run more replicates."
    return (f"Careful: it happens {shares}. {why}",)


def found_in_tree(tree: Tree) -> str:
    """The leaf in which it happens most often, as a second opinion on the box."""
    leaf = tree.leaves[0]
    if len(tree.leaves) == 1:
        return "A tree, as a second opinion, finds nothing to split on."
    return (
        f"A tree, as a second opinion, finds it most where {leaf.box.sentence()} (in sample, optimistic: density "
        f"{leaf.density:.0%}, coverage {leaf.coverage:.0%})."
    )
