"""Searches for settings within the ranges of a claim in which it is false, and says how sure that is.

A claim that survives is not proved: it was not refuted, and the share of the space in which it could still be
false is bounded. A claim is refuted by one setting that is false in fresh worlds, which had no part in finding it.
"""

from __future__ import annotations

from cisim.errors import SpecError
from cisim.evidence.challenge.course import Course, Keep
from cisim.evidence.challenge.findings import Challenge, FalseShare, Middle, Verdict, middle
from cisim.evidence.challenge.reading import Reading
from cisim.evidence.challenge.runs import Progress, Runner
from cisim.evidence.challenge.shelf import check_folder, write, write_points
from cisim.evidence.challenge.space import Space
from cisim.evidence.challenge.words import as_markdown, as_plain, repeated, sentences, setting_rows
from cisim.evidence.claims.claim import Claim
from cisim.world.posterior import Posterior

__all__ = [
    "FEWEST_RUNS", "Challenge", "FalseShare", "Middle", "Reading", "Verdict", "as_markdown", "as_plain", "challenge",
    "check_challenge", "check_folder", "repeated", "sentences", "setting_rows", "write", "write_points",
]  # fmt: skip

FEWEST_RUNS, MOST_RUNS = 1_000, 50_000_000


def challenge(
    claim: Claim,
    *,
    runs: int = 20_000,
    seed: int = 0,
    posterior: Posterior | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    keep: Keep | None = None,
) -> Challenge:
    """Look for settings where the claim is false, with at most so many runs (each side of a replicate is one).

    seed: 0 to 2³² - 1; worlds are those of this seed and the three after it. posterior: its draws, where they lie
    in the claim's ranges, are where the search starts, and its space is what they span. threads: default, one a
    core; results do not depend on them. progress: called with how many runs more are done; keep: with all points so
    far, after each stage. Ctrl-C ends it early, and what is known so far is given back, marked as interrupted.

    Raises SpecError for what cannot be used.
    """
    space = check_challenge(claim, runs=runs, seed=seed, posterior=posterior, threads=threads)
    runner = Runner(claim, space, runs, threads, progress)
    course = Course(runner, seed, keep)
    course.go()
    sides = () if course.measured is None else tuple(map(middle, course.measured))
    return Challenge(
        claim, course.trail, seed, course.judged, runner.spent, runs,
        "" if posterior is None else posterior.in_words(), course.confirmed(), sides, course.interrupted,
    )  # fmt: skip


def check_challenge(
    claim: Claim, *, runs: int, seed: int, posterior: Posterior | None = None, threads: int | None = None
) -> Space:
    """The space that a challenge would search. Raises SpecError with every fault of what is asked."""
    faults = []
    for name, value, least, most in (("runs", runs, FEWEST_RUNS, MOST_RUNS), ("seed", seed, 0, 2**32 - 1)):
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            faults.append(f"{name} must be a whole number from {least} to {most}, given {value!r}.")
    if threads is not None and (not isinstance(threads, int) or threads < 1):
        faults.append(f"threads must be a whole number of at least 1, given {threads!r}.")
    if faults:
        raise SpecError(faults, source="Challenge")
    return Space.of(claim.vary, posterior)
