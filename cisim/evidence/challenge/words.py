"""A challenge in sentences, as a table of settings, as plain values, and as a page."""

from __future__ import annotations

import math
from typing import Any

from cisim.evidence.challenge.findings import Challenge, FalseShare
from cisim.evidence.challenge.reading import Reading
from cisim.insight.discovery.boxes import number

__all__ = ["as_markdown", "as_plain", "sentences", "setting_rows"]

MOST_NAMED = 6
"""Settings named in a sentence; the table has all."""


def sentences(told: Challenge) -> tuple[str, ...]:
    """Verdict, the scenario's own settings, the share of the space, the box."""
    found = [_verdict(told)]
    if told.own is not None:
        found.append(f"With the scenario's own settings it is {_figure(told.own)}: {_status(told.own)}.")
    if told.share is not None:
        found.append(_share(told.share, told.posterior))
    if told.box is not None:
        found.append(told.box.sentence().replace("the outcome happens in", "the claim is false in"))
    return tuple(found)


def setting_rows(told: Challenge) -> list[tuple[str, float, float, float]]:
    """(factor, value, low, high of its range) of the confirmed point, where it has not the scenario's own."""
    ranges = told.trail.space.ranges()
    return [(name, value, *ranges[name]) for name, value in told.worst.items()]


def as_plain(told: Challenge) -> dict[str, Any]:
    """Everything as plain values, for JSON."""
    claim, share, box = told.claim, told.share, told.box
    return {
        "claim": claim.name, "says": claim.says, "tested": claim.in_words(), "sources": list(claim.sources),
        "verdict": told.verdict, "interrupted": told.interrupted, "runs": told.spent, "allowed": told.allowed,
        "seed": told.seed, "posterior": told.posterior or None,
        "vary": {name: list(ends) for name, ends in told.trail.space.ranges().items()},
        "own": None if told.own is None else vars(told.own),
        "worst": {
            "settings": dict(told.worst), "figure": None if told.reading is None else vars(told.reading),
            "sides": [vars(middle) for middle in told.middles], "repeat": [line.command for line in told.lines],
        },
        "share": None if share is None else vars(share),
        "box": None if box is None else {
            "says": box.box.sentence(), "points": box.points,
            **{name: vars(getattr(box, name)) for name in ("coverage", "density", "mass", "base")},
        },
        "sentences": list(sentences(told)),
    }  # fmt: skip


def as_markdown(told: Challenge) -> str:
    """A page for a reader."""
    claim = told.claim
    parts = [f"# {claim.name}: {told.verdict}", f"> {claim.says}", f"Tested: {claim.in_words()}."]
    if claim.sources:
        parts.append(f"Sources: {', '.join(claim.sources)}.")
    parts += sentences(told)
    if rows := setting_rows(told):
        table = ["| setting | value | range |", "|---|---|---|"]
        table += [f"| {name} | {value:g} | {low:g} to {high:g} |" for name, value, low, high in rows]
        parts += ["## Settings of the point above", "\n".join(table), "All others are the scenario's own."]
    if told.lines:
        parts += ["## Repeat it", "```sh\n" + "\n".join(line.command for line in told.lines) + "\n```"]
        parts.append(repeated(told))
    parts.append(
        f"{told.spent:,} of {told.allowed:,} runs, seed {told.seed}. Points of the space are even in each range, or "
        f"in its logarithm where it spans more than a factor of ten."
    )
    return "\n\n".join(parts) + "\n"


def repeated(told: Challenge) -> str:
    """What the lines that repeat the point show, and where."""
    month = (
        ""
        if all(line.at_the_end for line in told.lines)
        else f" Look up month {told.claim.month} with --out."
    )
    each = " and ".join(
        f"{number(middle.median)} ({number(middle.low)} to {number(middle.high)})" for middle in told.middles
    )
    return f"They show {told.claim.measure}, median and middle 80 %: {each}.{month}"


def _verdict(told: Challenge) -> str:
    if told.reading is None:
        return f"Unfinished after {told.spent:,} of {told.allowed:,} runs: not refuted so far."
    if math.isnan(told.reading.value):
        return f"Cannot be told: {told.claim.measure} has no value in month {told.claim.month}."
    found, where = _figure(told.reading), _where(told)
    if told.verdict == "refuted":
        return f"Refuted: {where} it is {found}, and the claim says {told.claim.band}."
    nearest = f"Nearest to false is it {where}, {found}"
    doubt = ", on the edge of what is claimed" if told.reading.status == "undecided" else ""
    return f"Survives: no setting was found where it is false. {nearest}{doubt}."


def _where(told: Challenge) -> str:
    settings = [f"{name} = {value:g}" for name, value in told.worst.items()]
    if not settings:
        return "with the scenario's own settings"
    more = len(settings) - MOST_NAMED
    named = ", ".join(settings[:MOST_NAMED])
    return f"with {named}{f' and {more} more' if more > 0 else ''}"


def _figure(found: Reading) -> str:
    if math.isnan(found.value):
        return "without a value"
    interval = f"95 % interval {found.low:.4g} to {found.high:.4g}"
    return f"{found.value:.4g} ({interval}, {found.replicates:,} worlds)"


def _status(found: Reading) -> str:
    told = {
        "holds": "the claim holds",
        "fails": "the claim is false",
        "undecided": "on the edge of what is claimed",
    }
    return told[found.status]


def _share(share: FalseShare, posterior: str) -> str:
    of = f"of what is plausible by {posterior}" if posterior else "of the space"
    seen = f"seen to be false in {share.refuted:,} of {share.points:,} points"
    doubt = f", {share.undecided:,} cannot be told" if share.undecided else ""
    if share.refuted == 0:
        return f"It is false in at most {100 * share.most:.2g} % {of} (95 %; {seen}{doubt})."
    interval = f"95 % interval {100 * share.low:.2g} to {100 * share.high:.2g} %"
    return f"It is false in {100 * share.value:.2g} % {of} ({interval}; {seen}{doubt})."
