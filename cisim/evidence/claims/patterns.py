"""Claims as patterns, so that one command tests both."""

from __future__ import annotations

import os
from functools import partial

import numpy as np

from cisim.evidence.claims.claim import Claim
from cisim.evidence.claims.kinds import figure_of
from cisim.evidence.claims.loading import read_claims
from cisim.evidence.pattern import Figure, Pattern
from cisim.evidence.trials import Trial, Trials

__all__ = ["FIRST_NUMBER", "claims_in", "pattern_of"]

FIRST_NUMBER = 101
"""The number of the first claim of a file; our own patterns have lower ones."""


def claims_in(path: str | os.PathLike[str]) -> tuple[Pattern, ...]:
    """The claims of a TOML file as patterns with one figure each, numbered from 101.

    Raises SpecError with every fault of the file at once.
    """
    return tuple(pattern_of(claim, FIRST_NUMBER + at) for at, claim in enumerate(read_claims(path)))


def pattern_of(claim: Claim, number: int) -> Pattern:
    """The claim as a pattern of this number."""
    figure = Figure(
        claim.figure, claim.in_words().partition(": ")[0], claim.band,
        partial(_rows, claim), partial(figure_of, claim.figure), claim.unit,
    )  # fmt: skip
    return Pattern(number, claim.name, claim.says, (figure,), claim.sources)


def _rows(claim: Claim, trials: Trials) -> np.ndarray:
    ends = ("this side", "the other side")
    found = [
        trials.measure(Trial(f"claim {claim.name}, {end}", side.scenario, (claim.measure,)), claim.measure)
        for end, side in zip(ends, claim.sides, strict=False)
    ]
    months = [values[:, claim.month] for values in found]
    return claim.rows(months[0], months[1] if len(months) > 1 else None)
