"""A forecast and its evaluation in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from cisim.evidence.forecast.evaluation import ALL, CISIM, Evaluation
from cisim.evidence.forecast.naming import DRIVES, NamingModel
from cisim.evidence.forecast.prediction import Prediction
from cisim.evidence.forecast.scores import SCORES
from cisim.evidence.forecast.simulation import Months

__all__ = ["evaluation_text", "forecast_text"]

SHOWN = 5
"""Ties and organizations that the text names; the tables have all."""
LIMITS = """\
## What it is not

- A forecast of *names in a survey*, not of contact: most ties are never named.
- No event is foreseen: nobody joins or leaves, no backbone, no funder. Every lever is 0.
- Single ties stay uncertain. Chances are to be read over many pairs.
- The coefficients of naming were fitted to five environmental partnerships, two years apart; elsewhere they are an
  assumption.
"""


def forecast_text(predictions: Sequence[Prediction], naming: NamingModel, how: Months) -> str:
    """forecast.md: what is expected of each partnership, how it was made, what it is not."""
    parts = [
        f"# Forecast for month {how.months}",
        _made(how, naming),
        *("\n".join(_partnership(told)) for told in predictions),
        LIMITS,
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def evaluation_text(evaluation: Evaluation, naming: str, how: Months) -> str:
    """forecast.md of an evaluation: scores of each method, calibration, trust. naming: what was fitted to what."""
    parts = [
        "# How good the forecast is",
        _asked(evaluation, naming, how),
        "\n".join(_scores(evaluation)),
        "\n".join(_by_partnership(evaluation)),
        "\n".join(_calibration(evaluation)),
        "\n".join(_trust(evaluation)),
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _asked(evaluation: Evaluation, naming: str, how: Months) -> str:
    pairs, named = len(evaluation.answers), int(evaluation.answers.sum())
    return (
        f"{naming} {pairs:,} pairs that were answered in both waves, {named} of them named at wave 2. "
        f"{how.replicates} replicates, seed {how.seed}, {how.months} months; in brackets 95 % intervals over resamples "
        "of answering organizations."
    )


def _made(how: Months, naming: NamingModel) -> str:
    fitted = naming.provenance.get("fitted_to", "other partnerships")
    weights = ", ".join(
        f"{name.replace('_', ' ')} {value:.3g}"
        for name, value in zip(DRIVES, naming.coefficients, strict=True)
    )
    draws = "" if how.posterior is None else f" Parameters: {how.posterior.in_words()}."
    return (
        f"Each of {how.replicates} replicates draws what may lie behind the names of wave 1, and simulates "
        f"{how.months} months without any condition of collective impact (seed {how.seed}).{draws} What a survey would "
        f"then name follows from simulated contact, joint work and reputation, with log odds {weights}, "
        f"fitted to {fitted}.{_other_months(how, naming)}"
    )


def _other_months(how: Months, naming: NamingModel) -> str:
    fitted = naming.provenance.get("months", how.months)
    return (
        ""
        if fitted == how.months
        else f" They were fitted over {fitted} months; over {how.months} is an assumption."
    )


def _partnership(told: Prediction) -> Iterator[str]:
    one = told.told
    names, asked = int(one.names.sum()), int(one.asked.sum())
    pairs = one.size * (one.size - 1)
    yield f"## Partnership {one.name}"
    yield ""
    yield (
        f"{one.size} organizations. At wave 1 they named {names} ties in {asked} answers ({names / asked:.1%}). "
        f"If all answer, {np.nansum(told.chance):.0f} of {pairs} are expected at wave 2 ({np.nanmean(told.chance):.1%})."
    )
    yield from (f"Note: {note}" for note in one.notes)
    open_pairs = np.where(one.names == 1, np.nan, told.chance)
    yield ""
    yield "Ties not named at wave 1 that are most likely to be named:"
    yield ""
    yield from _ties(told, open_pairs, -1)
    yield ""
    yield "Ties named at wave 1 that are least likely to be named again:"
    yield ""
    yield from _ties(told, np.where(one.names == 1, told.chance, np.nan), 1)
    yield ""
    yield from _trust_of(told)


def _ties(told: Prediction, chance: np.ndarray, sign: int) -> Iterator[str]:
    flat = chance.ravel()
    known = np.flatnonzero(~np.isnan(flat))
    for place in known[np.argsort(sign * flat[known], kind="stable")][:SHOWN]:
        i, j = divmod(int(place), told.told.size)
        yield (
            f"- {told.told.ids[i]} names {told.told.ids[j]}: {flat[place]:.0%} "
            f"(contact {told.contact[i, j]:.1f} a month, trust {told.trust[i, j]:.2f})"
        )


def _trust_of(told: Prediction) -> Iterator[str]:
    one, mean = told.told, told.item[0]
    before = np.nanmean(one.trust) if not np.isnan(one.trust).all() else None
    was = "not asked at wave 1" if before is None else f"{before:.1f} at wave 1"
    yield f"Trust in the others, 0 to 10: {mean.mean():.1f} in the mean ({was})."
    for name, chance in (("rise", told.rises), ("fall", told.falls)):
        order = np.argsort(-chance, kind="stable")[:SHOWN]
        listed = ", ".join(f"{one.ids[at]} ({chance[at]:.0%})" for at in order)
        yield f"Most likely to {name} by a point or more: {listed}."


def _scores(evaluation: Evaluation) -> Iterator[str]:
    yield "| forecast | AUC | Brier score | log score |"
    yield "|---|---|---|---|"
    for method in evaluation.chances:
        score = evaluation.score(method)
        cells = [
            f"{score.values[name]:.4f} [{score.intervals[name][0]:.3f}, {score.intervals[name][1]:.3f}]"
            for name in SCORES
        ]
        yield f"| {method} | {' | '.join(cells)} |"


def _by_partnership(evaluation: Evaluation) -> Iterator[str]:
    names = list(dict.fromkeys(score.partnership for score in evaluation.scores))
    yield "AUC and Brier score of each partnership:"
    yield ""
    yield f"| partnership | pairs | named | {' | '.join(evaluation.chances)} |"
    yield f"|---|---|---|{'---|' * len(evaluation.chances)}"
    for name in names:
        first = evaluation.score(CISIM, name)
        scores = [evaluation.score(method, name).values for method in evaluation.chances]
        cells = [f"{values['auc']:.3f}, {values['brier']:.4f}" for values in scores]
        yield f"| {name} | {first.pairs} | {first.named} | {' | '.join(cells)} |"


def _calibration(evaluation: Evaluation) -> Iterator[str]:
    yield "Tenths of the pairs by cisim's chance, the lowest first:"
    yield ""
    yield "| tenth | pairs | chance | named |"
    yield "|---|---|---|---|"
    for at, tenth in enumerate(evaluation.calibration(CISIM)):
        yield f"| {at + 1} | {tenth.pairs} | {tenth.chance:.3f} | {tenth.named:.3f} |"


def _trust(evaluation: Evaluation) -> Iterator[str]:
    if not evaluation.trust:
        return
    whole = next(row for row in evaluation.trust if row.partnership == ALL)
    yield (
        f"Trust: of {whole.organizations} organizations that answered in both waves, {whole.covered:.0%} lie inside the "
        f"80 % interval. Mean absolute error {whole.error:.2f} points; {whole.error_as_before:.2f} if everybody "
        f"answered as before, {whole.error_of_mean:.2f} if everybody answered the mean of wave 1."
    )
