"""Two or more plans on the same draws, side by side: bands, paired differences, chances, cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.app.drawing.desk_compared import LETTERS, MEASURES_NEEDED, Compared, compared_of, rounded
from cisim.app.drawing.desk_outcomes import DESK_OUTCOMES, REACHED, DeskOutcome
from cisim.app.drawing.desk_words import chance_sentence, difference_sentence, reached_sentence
from cisim.app.pictures import DeskCourses, DeskPicture, Difference
from cisim.insight.comparison import Comparison, compare
from cisim.insight.shares import Share

if TYPE_CHECKING:
    from cisim.engine.ensemble import Ensemble

__all__ = ["MEASURES_NEEDED", "Compared", "compared_of", "desk_picture", "parted"]

NOTHING = "Nothing that could drive a difference is there: the plans are alike, or the outcome has no value."
COURSES = ("lanes", "outcomes", "reached_path")
"""Of a plan, what is the same in every month."""
OTHER_PARTNERS = "The plans have other partners: what differs is the coalition, not only the plan."


def desk_picture(
    compared: Compared,
    *,
    month: int | None = None,
    serial: int = 0,
    settled: bool = True,
    drivers: Sequence[dict[str, Any]] = (),
    drivers_state: Mapping[str, Any] | None = None,
) -> DeskPicture:
    """The Desk at one month (default: the last), as plain data.

    drivers: rows of `desk_drivers.driver_rows`. drivers_state: how far that question is: {"state": "none",
    "running" or "done", "done", "all", "plan", "outcome", "text"}.
    """
    at = compared.months if month is None else min(max(0, month), compared.months)
    scenarios = [ensemble.scenario for ensemble in compared.ensembles]
    differences = [
        _difference(compared, plan, outcome, at)
        for plan in range(1, len(scenarios))
        for outcome in (*DESK_OUTCOMES, REACHED)
    ]
    return DeskPicture(
        serial=serial, settled=settled, replicates=compared.worlds, month=at, months=compared.months,
        target=scenarios[0].issue.target, plans=[_plan(compared, plan, at) for plan in range(len(scenarios))],
        differences=differences, changes=compared.changes, drivers=list(drivers),
        drivers_state=_drivers_state(drivers, drivers_state or {}),
        headline=_headline(compared, differences, at), cautions=_cautions(compared),
    )  # fmt: skip


def parted(picture: DeskPicture) -> tuple[DeskCourses, dict[str, Any]]:
    """(what is the same in every month, the rest): the rest is small, so that the month can be dragged."""
    courses = DeskCourses(
        plans=[{name: plan[name] for name in COURSES} for plan in picture["plans"]],
        mean_paths=[row["mean_path"] for row in picture["differences"]],
        changes=picture["changes"],
    )
    rest = {name: value for name, value in picture.items() if name != "changes"} | {
        "plans": [_without(plan, *COURSES) for plan in picture["plans"]],
        "differences": [_without(row, "mean_path") for row in picture["differences"]],
    }
    return courses, rest


def _without(table: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name not in names}


def _plan(compared: Compared, plan: int, at: int) -> dict[str, Any]:
    ensemble, share = compared.ensembles[plan], compared.reached[plan]
    times, means = ensemble.months_to_target(), _means(ensemble, share, at)
    return {
        **compared.fixed[plan],
        "reached": {
            "share": rounded(share.value[at]), "low": rounded(share.low[at]), "high": rounded(share.high[at]),
            "months": rounded(float(np.nanmedian(times))) if (~np.isnan(times)).mean() >= 0.5 else None,
        },
        "means": means,
        "cost": _cost(means),
    }  # fmt: skip


def _cost(means: Mapping[str, dict[str, float | None]]) -> dict[str, Any]:
    """The mean cost so far with its interval, in all and by purpose."""
    parts = [outcome for outcome in DESK_OUTCOMES if outcome.part]
    return means["cost_total"] | {
        "unit": "FTE-months",
        "parts": [{"label": part.label, **means[part.name]} for part in parts],
    }


def _means(ensemble: Ensemble, reached: Share, at: int) -> dict[str, dict[str, float | None]]:
    """Of every outcome the mean over worlds in one month, with its interval."""
    chance = {"mean": reached.value, "low": reached.low, "high": reached.high}
    told = {outcome.name: _mean(ensemble, outcome.name, at) for outcome in DESK_OUTCOMES}
    return told | {REACHED.name: {name: rounded(values[at]) for name, values in chance.items()}}


def _mean(ensemble: Ensemble, measure: str, at: int) -> dict[str, float | None]:
    values = ensemble.sel(measure, month=at)
    told = compare(np.zeros_like(values), values)
    return {"mean": rounded(told.difference), "low": rounded(told.low), "high": rounded(told.high)}


def _difference(compared: Compared, plan: int, outcome: DeskOutcome, at: int) -> Difference:
    result = compared.against[plan, outcome.name]
    better = result.b_lower if outcome.better == "less" else result.b_higher
    value, low, high = (rounded(part[at]) for part in (result.difference, result.low, result.high))
    share = tuple(rounded(part[at]) for part in (better.value, better.low, better.high))
    worlds = int(result.n[at])
    return Difference(
        plan=plan, outcome=outcome.name, label=outcome.label, unit=outcome.unit, better=outcome.better,
        mean_a=rounded(result.mean_a[at]), mean_b=rounded(result.mean_b[at]), difference=value, low=low, high=high,
        better_share=share[0], better_low=share[1], better_high=share[2], worlds=worlds,
        mean_path=compared.paths[plan, outcome.name],
        sentence=_sentence(compared, plan, outcome, result, at),
    )  # fmt: skip


def _sentence(compared: Compared, plan: int, outcome: DeskOutcome, result: Comparison, at: int) -> str:
    names = (compared.names[0], compared.names[plan])
    if int(result.n[at]) == 0:
        return f"No world has a value of both plans for {outcome.noun}."
    value, low, high = (float(part[at]) for part in (result.difference, result.low, result.high))
    ends = (low, high) if math.isfinite(low) and math.isfinite(high) else (None, None)
    if outcome is REACHED:
        return chance_sentence(names, (value, *ends), at)
    better = result.b_lower if outcome.better == "less" else result.b_higher
    share = (float(better.value[at]), float(better.low[at]), float(better.high[at]))
    when = "" if at == compared.months else f"In month {at}"
    return difference_sentence(names, outcome, (value, *ends), share, int(result.n[at]), when)


def _headline(compared: Compared, differences: Sequence[Difference], at: int) -> str:
    told = [row["sentence"] for row in differences if row["outcome"] == "severity"]
    shares = [(float(s.value[at]), float(s.low[at]), float(s.high[at])) for s in compared.reached]
    return " ".join([*told, reached_sentence(list(compared.names), shares, compared.worlds, at)])


def _drivers_state(rows: Sequence[dict[str, Any]], told: Mapping[str, Any]) -> dict[str, Any]:
    """How far the question is, with what was asked in words, since the month looked at may be another by now."""
    state = {"state": "none", "text": "", **told}
    if state["state"] == "done" and not state["text"]:
        state["text"] = _asked(rows, int(told.get("plan", 1))) if rows else NOTHING
    return state


def _asked(rows: Sequence[dict[str, Any]], plan: int) -> str:
    noun = next(outcome.noun for outcome in DESK_OUTCOMES if outcome.name == rows[0]["outcome"])
    runs = 2 ** len(rows) * rows[0]["worlds"]
    return (
        f"Plan {LETTERS[plan]} less plan A in {noun}, month {rows[0]['month']}: {2 ** len(rows)} combinations of what "
        f"differs, each in {rows[0]['worlds']} worlds, {runs:,} runs."
    )


def _cautions(compared: Compared) -> list[str]:
    """What a reader must know before using a figure."""
    held = [
        title
        for title, e in zip(compared.titles, compared.ensembles, strict=True)
        if e.scenario.posterior is None
    ]
    spread = (
        "Bands show chance alone: every assumption is held at one value. "
        "Carry the posterior to see what else is not known."
        if held
        else "Bands show chance and what is not known of the assumptions, as far as they were calibrated."
    )
    apart = len({ensemble.scenario.ids for ensemble in compared.ensembles}) > 1
    return [
        spread,
        *([OTHER_PARTNERS] if apart else []),
        f"Intervals say how well {compared.worlds} simulated worlds tell the model's mean. "
        + "They do not say how well the model tells your community.",
        "It is a tool to think with: compare plans, their direction and their order. It does not forecast.",
    ]
