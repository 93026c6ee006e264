"""What survives when the funder leaves: from the runs to findings and figures."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from cisim import Results
from experiments.drawing import dots
from experiments.findings import Finding, Found, Runs, Settings, difference, mean, portion, ratio

MEASURES = {
    "output": "work delivered", "engagement": "engagement", "indicator_coverage": "use of indicators",
    "alignment": "alignment", "monthly_density": "monthly contact", "trust_in_contacts": "trust in contacts",
    "practice": "practice", "system_change": "system change",
    "contribution": "contribution",
}  # fmt: skip
LEAVES, CUTS = (12, 36, 60), {0: "all staff stay", 0.5: "half the staff stay", 1: "no staff stay"}
LATER = {12: "1 year later", 60: "5 years later"}
ALONE: Settings = {"scenario": "isolated-impact"}
STAYS: Settings = {"scenario": "funder-leaves", "event.funder-leaves": False}


def _left(month: int, cut: float) -> Settings:
    return {
        "scenario": "funder-leaves", "event.funder-leaves": True, "event.funder-leaves.month": month,
        "event.funder-leaves.staff_cut": cut,
    }  # fmt: skip


def _place(month: int, cut: float, after: int) -> str:
    return f"funder leaves after {month} months, {CUTS[cut]}, {LATER[after]}"


def findings(results: Results) -> list[Finding]:
    """The share of each measure that survives, coalitions alive, and contribution at the end."""
    runs = Runs(results)
    found = [
        one
        for cut in CUTS
        for after in LATER
        for alive_only in (False, True)
        for one in _survival(runs, 36, cut, after, alive_only)
    ]
    for month in (12, 60):
        found += _survival(runs, month, 0.5, 60, alive_only=False)
    return [*found, *_at_the_end(runs)]


def _survival(runs: Runs, month: int, cut: float, after: int, alive_only: bool) -> list[Finding]:
    """Of all coalitions, or of those that lived on, in the same worlds."""
    left, then, where = _left(month, cut), month + after, _place(month, cut, after)
    lives = runs(f"alive@{then}", left) == 1.0
    if alive_only:
        return [_survives(runs, one, left, then, lives, f"{where}, alive") for one in MEASURES]
    everybody = np.ones_like(lives)
    found = [_survives(runs, one, left, then, everybody, where) for one in MEASURES]
    return [portion("coalitions alive", where, lives), *found]


def _at_the_end(runs: Runs) -> list[Finding]:
    stays = runs("contribution@120", STAYS)
    found = [mean("contribution after 10 years", "funder stays", stays)]
    for month in LEAVES:
        ends = {cut: runs("contribution@120", _left(month, cut)) for cut in CUTS}
        for cut, staff in CUTS.items():
            where = f"funder leaves after {month} months, {staff}"
            found.append(mean("contribution after 10 years", where, ends[cut]))
            found.append(difference("loss of contribution after 10 years", where, ends[cut], stays))
        where = f"funder leaves after {month} months, all staff less none"
        found.append(difference("difference of contribution after 10 years", where, ends[1], ends[0]))
        where = f"funder leaves after {month} months, loss of money less loss of staff"
        money, staff_loss = stays - ends[0], ends[0] - ends[1]
        found.append(difference("difference of contribution after 10 years", where, staff_loss, money))
    return found


def _survives(
    runs: Runs, measure: str, left: Settings, month: int, chosen: np.ndarray, where: str
) -> Finding:
    alone, stayed, gone = (runs(f"{measure}@{month}", settings) for settings in (ALONE, STAYS, left))
    kept = np.where(chosen, gone - alone, np.nan)
    return ratio(f"what survives of {MEASURES[measure]}", where, kept, stayed - alone)


def figures(results: Results, found: Found) -> dict[str, Figure]:
    """What survives of each measure after a leave in month 36: soon and later, with half of the staff and none."""
    panels = {}
    for cut, after in ((0.5, 12), (0.5, 60), (1, 60)):
        where = _place(36, cut, after)
        rows = [(name, found(f"what survives of {name}", where)) for name in MEASURES.values()]
        panels[f"{LATER[after]}, {CUTS[cut]}"] = rows
    subtitle = (
        "share of what the coalition had over isolated impact: 0 nothing, 1 as if the funder had stayed"
    )
    title = "What survives when the funder leaves"
    return {"survives": dots(panels, title, subtitle, marks=(0, 1), worlds=results.study.replicates)}
