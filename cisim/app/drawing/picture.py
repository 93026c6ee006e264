"""All that the Stage shows of a plan, from its runs: bands, the scorecard, who reaches the target, who is not helped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.app.drawing.axes import Limits, limits_of
from cisim.app.drawing.bands import band_of, path_of, quantiles, share_of
from cisim.app.drawing.outcomes import CONDITIONS, OUTCOMES, OutcomeShown
from cisim.app.drawing.scorecard import scorecard
from cisim.app.drawing.stage_words import harmed_sentence, headline, reached_sentence
from cisim.app.pictures import Network, Outcome, StagePicture

if TYPE_CHECKING:
    from cisim.engine.ensemble import Ensemble

__all__ = ["NO_HELP", "limits_in", "stage_picture"]

Array = np.ndarray[Any, Any]

NO_HELP = 0.005
"""A contribution of at most half a hundredth of the problem, at the end of the run, counts as no help."""

_MEDIAN = 2


def stage_picture(
    ensemble: Ensemble,
    *,
    replicate: int = 0,
    baseline: Ensemble | None = None,
    network: Network | None = None,
    before: Limits | None = None,
    serial: int = 0,
    settled: bool = True,
    milliseconds: float = 0.0,
) -> StagePicture:
    """The Stage as plain data.

    replicate: the run that is shown as one line. baseline: another plan's ensemble, of the same horizon or not.
    before: `limits_in` of the picture shown so far, so that axes do not jump.
    """
    five = _five(ensemble)
    base = None if baseline is None else _five(baseline)
    place = np.flatnonzero(ensemble.replicates == replicate)
    one = ensemble.values[place[0]] if len(place) else None
    target = ensemble.scenario.issue.target
    outcomes = [_outcome(shown, ensemble, five, base, one, target, before) for shown in OUTCOMES]
    medians = {shown.measure: five[shown.measure][_MEDIAN] for shown in CONDITIONS}
    reached, harmed = _reached(ensemble), _harmed(ensemble)
    return StagePicture(
        serial=serial,
        settled=settled,
        replicates=len(ensemble.replicates),
        milliseconds=round(milliseconds, 1),
        outcomes=outcomes,
        conditions=scorecard(ensemble.scenario, medians),
        network=network,
        headline=headline(reached, five["severity"][:, -1].tolist(), five["contribution"][:, -1].tolist(),
                          target, ensemble.scenario.months),
        reached=reached,
        harmed=harmed,
        reached_text=reached_sentence(reached, target, ensemble.scenario.months),
        harmed_text=harmed_sentence(harmed, ensemble.scenario.months),
    )  # fmt: skip


def limits_in(picture: StagePicture) -> dict[str, tuple[float, float]]:
    """The axes of a picture, for the next one."""
    return {outcome["name"]: (outcome["low"], outcome["high"]) for outcome in picture["outcomes"]}


def _five(ensemble: Ensemble) -> dict[str, Array]:
    """Five quantiles by month, (5, months + 1), of each measure that the Stage shows."""
    names = {shown.name for shown in OUTCOMES} | {shown.alone for shown in OUTCOMES if shown.alone}
    wanted = sorted(names | {shown.measure for shown in CONDITIONS})
    columns = [ensemble.measures.index(name) for name in wanted]
    found = quantiles(ensemble.values[:, :, columns])
    return {name: found[:, :, at] for at, name in enumerate(wanted)}


def _outcome(
    shown: OutcomeShown,
    ensemble: Ensemble,
    five: Mapping[str, Array],
    base: Mapping[str, Array] | None,
    one: Array | None,
    target: float,
    before: Limits | None,
) -> Outcome:
    path = None if one is None else one[:, ensemble.measures.index(shown.name)]
    alone = five[shown.alone][_MEDIAN] if shown.alone else None
    drawn = [five[shown.name][[0, -1]], *(part for part in (path, alone) if part is not None)]
    drawn += [base[shown.name][[0, -1]]] if base is not None else []
    drawn += [np.array([target])] if shown.name == "severity" else []
    least, most = min(float(np.nanmin(part)) for part in drawn), max(float(np.nanmax(part)) for part in drawn)
    low, high = limits_of(shown, least, most, before)
    return Outcome(
        name=shown.name, label=shown.label, unit=shown.unit, tier=shown.tier, better=shown.better,
        low=low, high=high,
        band=band_of(five[shown.name], shown.decimals),
        one=[] if path is None else path_of(path, shown.decimals),
        baseline=None if base is None else band_of(base[shown.name], shown.decimals),
        alone=None if alone is None else path_of(alone, shown.decimals),
    )  # fmt: skip


def _reached(ensemble: Ensemble) -> dict[str, float | None]:
    """Share of runs that are at the target at least once, interval, and the median month over all runs."""
    times = ensemble.months_to_target()
    share, low, high = share_of(~np.isnan(times))
    middle = float(np.quantile(np.nan_to_num(times, nan=np.inf), 0.5, method="inverted_cdf"))
    runs = float(len(times))
    return {
        "share": round(share, 4), "low": round(low, 4), "high": round(high, 4),
        "months": middle if np.isfinite(middle) else None, "count": float((~np.isnan(times)).sum()), "runs": runs,
    }  # fmt: skip


def _harmed(ensemble: Ensemble) -> dict[str, float | None]:
    """Share of runs with no contribution to speak of at the end, and of those in which matters are worse."""
    last = ensemble["contribution"][:, -1]
    share, low, high = share_of(last <= NO_HELP)
    return {
        "share": round(share, 4), "low": round(low, 4), "high": round(high, 4),
        "count": float((last <= NO_HELP).sum()), "runs": float(len(last)), "worse": float((last < -NO_HELP).sum()),
    }  # fmt: skip
