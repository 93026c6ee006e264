"""Every pattern tested: runs, figures with intervals, a verdict for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cisim.errors import SpecError
from cisim.evidence.pattern import Estimate, Pattern, Status, estimate
from cisim.evidence.patterns import PATTERNS
from cisim.evidence.predictive import Predictive
from cisim.evidence.trials import Trials
from cisim.world.posterior import Posterior

__all__ = ["MOST", "REPLICATES", "Verdict", "as_rows", "chosen", "validate"]

REPLICATES, MOST = 100, 800
"""Replicates at first, and at most where a verdict is undecided."""


@dataclass(frozen=True)
class Verdict:
    """A pattern and the estimates of its figures."""

    pattern: Pattern
    estimates: tuple[Estimate, ...]

    @property
    def status(self) -> Status:
        """ "fails" if one figure fails, "holds" if all hold, else "undecided"."""
        found = {estimated.status for estimated in self.estimates}
        if "fails" in found:
            return "fails"
        return "holds" if found == {"holds"} else "undecided"


def chosen(numbers: Iterable[int] | None = None) -> tuple[Pattern, ...]:
    """The patterns with these numbers (default: all). Raises SpecError for a number that none has."""
    if numbers is None:
        return tuple(PATTERNS[number] for number in sorted(PATTERNS))
    wanted = list(numbers)
    known = [str(number) for number in sorted(PATTERNS)]
    faults = [
        f"there is no pattern {number}; there are {', '.join(known)}, and 7 is: cisim forecast --evaluate."
        for number in wanted
        if number not in PATTERNS
    ]
    if faults:
        raise SpecError(faults, source="Patterns")
    return tuple(PATTERNS[number] for number in wanted)


def validate(
    patterns: Iterable[Pattern] | None = None,
    *,
    replicates: int = REPLICATES,
    most: int = MOST,
    seed: int = 0,
    posterior: Posterior | None = None,
    threads: int | None = None,
    watch: Callable[[Verdict], None] = lambda verdict: None,
) -> tuple[Verdict, ...]:
    """Test patterns (default: all that cisim is held to), with the defaults or with the draws of a posterior.

    Where a verdict is undecided, the replicates are doubled, up to `most`. watch: called with each verdict.
    """
    _check(replicates, most)
    held = {replicates: Trials(replicates, seed, posterior=posterior, threads=threads)}
    verdicts = []
    for pattern in chosen() if patterns is None else patterns:
        count = replicates
        verdict = _tested(pattern, held[count])
        while verdict.status == "undecided" and 2 * count <= most:
            count *= 2
            if count not in held:
                held[count] = Trials(count, seed, posterior=posterior, threads=threads)
            verdict = _tested(pattern, held[count])
        watch(verdict)
        verdicts.append(verdict)
    return tuple(verdicts)


def as_rows(
    verdicts: Iterable[Verdict], predicted: Mapping[int, Sequence[Predictive]] | None = None
) -> list[dict[str, Any]]:
    """One plain record a figure: what a table, a CSV file or JSON is made of.

    predicted: the figures with draws of a posterior, by the number of the pattern.
    """
    beside = (
        []
        if predicted is None
        else [found for verdict in verdicts for found in predicted[verdict.pattern.number]]
    )
    rows = [
        {
            "pattern": verdict.pattern.number, "name": verdict.pattern.name, "figure": found.figure.name,
            "value": found.value, "low": found.low, "high": found.high, "band": str(found.figure.band),
            "seen": found.figure.seen, "unit": found.figure.unit, "replicates": found.replicates,
            "status": found.status,
        }
        for verdict in verdicts
        for found in verdict.estimates
    ]  # fmt: skip
    return [row | _of_draws(found) for row, found in zip(rows, beside, strict=True)] if beside else rows


def _of_draws(found: Predictive) -> dict[str, Any]:
    low, median, high = found.spread
    return {
        "draws": len(found.values), "draws_inside": int(found.inside.sum()), "draws_low": low, "draws_median": median,
        "draws_high": high, "draws_replicates": found.replicates, "draws_chance": found.chance,
    }  # fmt: skip


def _tested(pattern: Pattern, trials: Trials) -> Verdict:
    return Verdict(pattern, tuple(estimate(figure, trials) for figure in pattern.figures))


def _check(replicates: int, most: int) -> None:
    faults = []
    if replicates < 20:
        faults.append(f"replicates must be at least 20, given {replicates}; an interval needs them.")
    if most < replicates:
        faults.append(f"most must be at least the replicates ({replicates}), given {most}.")
    if faults:
        raise SpecError(faults, source="Validation")
