"""How good the forecast is where wave 2 is known: fitted on some partnerships, tested on others.

Whatever is fitted (the coefficients of naming, the regressions it is compared with) sees the training partnerships
alone. Leave-one-out: each partnership is tested on what is fitted to all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.errors import SpecError
from cisim.evidence.forecast.baselines import BASELINES, baseline_chances
from cisim.evidence.forecast.naming import fit_naming
from cisim.evidence.forecast.scores import SCORES, Bin, calibration, intervals
from cisim.evidence.forecast.simulation import Course
from cisim.evidence.forecast.waves import Partnership

__all__ = ["ALL", "CISIM", "Case", "Evaluation", "Score", "TrustScore", "evaluate", "leave_one_out"]

Array = np.ndarray[Any, Any]
Case = tuple[Partnership, Course]

CISIM = "cisim"
ALL = "all partnerships"
"""The name under which all partnerships are pooled."""
INTERVAL = (0.1, 0.9)


@dataclass(frozen=True)
class Score:
    """How good one method is: values and 95 % intervals of AUC, Brier and log score."""

    method: str
    partnership: str
    pairs: int
    named: int
    values: dict[str, float]
    intervals: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class TrustScore:
    """Answers on trust at wave 2: how many, how often inside the 80 % interval, mean absolute errors in points."""

    partnership: str
    organizations: int
    covered: float
    error: float
    error_as_before: float
    error_of_mean: float


@dataclass(frozen=True)
class Evaluation:
    """Every tested pair and what each method said of it, and the scores.

    pairs: (partnership, source, target) of each; answers: (d,); chances: {method: (d,)}.
    """

    pairs: tuple[tuple[str, str, str], ...]
    answers: Array
    chances: dict[str, Array]
    scores: tuple[Score, ...]
    trust: tuple[TrustScore, ...]

    def calibration(self, method: str) -> list[Bin]:
        """Tenths of all pairs by the chance that the method gives."""
        return calibration(self.chances[method], self.answers)

    def score(self, method: str, partnership: str = ALL) -> Score:
        """The score of a method in one partnership, or over all."""
        return next(s for s in self.scores if (s.method, s.partnership) == (method, partnership))


def leave_one_out(cases: Sequence[Case], seed: int = 0) -> Evaluation:
    """Test each partnership on what is fitted to all others. Raises SpecError if there are fewer than two."""
    _check(cases, "--evaluate")
    if len(cases) < 2:
        raise SpecError(
            "leave-one-out needs at least 2 partnerships with both waves, given 1; name others with --train.",
            source="--evaluate",
        )
    folds = [([*cases[:at], *cases[at + 1 :]], [case]) for at, case in enumerate(cases)]
    return _evaluation(folds, seed)


def evaluate(training: Sequence[Case], tested: Sequence[Case], seed: int = 0) -> Evaluation:
    """Test partnerships on what is fitted to others. Raises SpecError where a wave 2 is missing."""
    _check(training, "--train")
    _check(tested, "--evaluate")
    return _evaluation([(training, tested)], seed)


def _check(cases: Sequence[Case], source: str) -> None:
    faults = [
        f"partnership {told.name!r} has no pair that is answered in both waves." for told, _ in cases
        if not told.in_both_waves.any()
    ]  # fmt: skip
    named = {answer for told, _ in cases for answer in told.named_later[told.in_both_waves].tolist()}
    if not faults and len(named) < 2:
        faults = ["wave 2 must name some ties and leave others out, or there is nothing to tell apart."]
    if faults:
        raise SpecError(faults, source=source)


def _evaluation(folds: Sequence[tuple[Sequence[Case], Sequence[Case]]], seed: int) -> Evaluation:
    found: dict[str, list[Array]] = {name: [] for name in (CISIM, *BASELINES)}
    for training, tested in folds:
        naming = fit_naming(training)
        found[CISIM] += [naming.probabilities(told, course.end) for told, course in tested]
        for name, columns in BASELINES.items():
            found[name] += baseline_chances(
                columns, [told for told, _ in training], [told for told, _ in tested]
            )
    cases = [case for _, tested in folds for case in tested]
    partnerships = [told for told, _ in cases]
    both = [told.in_both_waves for told in partnerships]
    answers = np.concatenate([told.named_later[at] for told, at in zip(partnerships, both, strict=True)])
    chances = {
        name: np.concatenate([each[at] for each, at in zip(tables, both, strict=True)])
        for name, tables in found.items()
    }
    pairs = tuple(pair for told in partnerships for pair in _pairs(told))
    scores = tuple(_scores(pairs, answers, chances, seed))
    return Evaluation(pairs, answers, chances, scores, tuple(_trust(cases)))


def _pairs(told: Partnership) -> Iterator[tuple[str, str, str]]:
    for i, j in np.argwhere(told.in_both_waves):
        yield told.name, told.ids[i], told.ids[j]


def _scores(
    pairs: Sequence[tuple[str, str, str]], answers: Array, chances: dict[str, Array], seed: int
) -> Iterator[Score]:
    where = np.array([pair[0] for pair in pairs])
    sources = np.unique([f"{pair[0]}\0{pair[1]}" for pair in pairs], return_inverse=True)[1]
    for partnership in (*dict.fromkeys(where.tolist()), ALL):
        here = np.ones(len(where), bool) if partnership == ALL else where == partnership
        for method, given in chances.items():
            chosen, known = given[here], answers[here]
            values = {name: score(chosen, known) for name, score in SCORES.items()}
            bands = dict(intervals(chosen, known, sources[here], seed))
            yield Score(method, partnership, int(here.sum()), int(known.sum()), values, bands)


def _trust(cases: Sequence[Case]) -> Iterator[TrustScore]:
    """Of each partnership, then of all; those who answered on trust in both waves."""
    rows = {told.name: _trust_rows(told, course) for told, course in cases}
    for name, row in {**rows, ALL: np.concatenate(list(rows.values()))}.items():
        if len(row):
            yield TrustScore(name, len(row), *row.mean(axis=0).tolist())


def _trust_rows(told: Partnership, course: Course) -> Array:
    """(answers, 4): covered, then errors of the forecast, of "as before", of the mean of wave 1."""
    known = ~np.isnan(told.trust) & ~np.isnan(told.trust_later)
    items, later, before = course.end.item[:, known], told.trust_later[known], told.trust[known]
    low, high = np.quantile(items, INTERVAL, axis=0)
    usual = float(np.nanmean(told.trust)) if known.any() else 0.0
    return np.stack(
        [
            (low <= later) & (later <= high),
            abs(items.mean(axis=0) - later),
            abs(before - later),
            abs(usual - later),
        ],
        axis=-1,
    ).astype(float)
