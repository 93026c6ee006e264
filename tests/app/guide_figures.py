"""Bring the table of the facilitator's guide in line with the model: `python -m tests.app.guide_figures`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import cisim
from cisim import verbs
from cisim.engine.ensemble import Ensemble
from cisim.insight.comparison import compare_ensembles
from cisim.insight.shares import wilson
from tests.docs.tables import Table, replaced

__all__ = ["COMMAND", "GUIDE", "mended", "table"]

GUIDE = Path(cisim.__file__).parent / "app" / "guide.md"
COMMAND = ".venv/bin/python -m tests.app.guide_figures"
FIRST = "collective-impact"
STORIES = (
    "isolated-impact", FIRST, "agenda-alone", "measurement-alone", "activities-alone", "communication-alone",
    "backbone-alone", "conditions-without-backbone", "backbone-too-small", "funder-leaves", "phased-inclusion",
    "wrong-agenda",
)  # fmt: skip
CHANGES = {
    "Collective impact without shared measurement": {"levers": {"measurement": 0.0}},
    "Collective impact with six meetings a month": {"levers": {"meetings": 6.0}},
    "Collective impact with half the backbone": {"levers": {"backbone_staff": 1.5}},
    "Collective impact, the backbone closes in month 36": {
        "event": [{"kind": "backbone-closes", "month": 36}]
    },
}
REPLICATES = 200


def table() -> Table:
    """What a facilitator may expect of each story."""
    columns = ("story", "severity after ten years", "reach the target", "behind collective impact")
    first = _run(verbs.preset(FIRST))
    rows = [_row(story.title, _run(story), first) for story in map(verbs.preset, STORIES)]
    for title, changes in CHANGES.items():
        scenario = verbs.preset(FIRST)
        if "levers" in changes:
            scenario = scenario.replace(levers={**scenario.levers, **changes["levers"]})
        else:
            scenario = scenario.replace(**changes)
        rows.append(_row(title, _run(scenario), first))
    return Table(columns, rows)


def mended(text: str) -> str:
    """The guide with the table as the model gives it."""
    return replaced(text, {"guide": table()})


def _run(scenario: cisim.Scenario) -> Ensemble:
    return verbs.run(scenario, replicates=REPLICATES, seed=0, measures=["severity"])[0]


def _row(title: str, ensemble: Ensemble, first: Ensemble) -> tuple[str, ...]:
    low, middle, high = 100 * np.quantile(ensemble["severity"][:, -1], (0.1, 0.5, 0.9))
    hits = (ensemble["severity"] <= ensemble.scenario.issue.target).any(axis=1)
    told = wilson(np.asarray(hits.sum()), np.asarray(len(hits)), 0.95)
    share, least, most = (100 * float(part) for part in (told.value, told.low, told.high))
    behind = _behind(ensemble, first)
    return (
        title, f"{middle:.0f} % ({low:.0f} to {high:.0f} %)",
        f"{share:.0f} % ({least:.0f} to {most:.0f} %)", behind,
    )  # fmt: skip


def _behind(ensemble: Ensemble, first: Ensemble) -> str:
    if ensemble.scenario == first.scenario:
        return ""
    found = compare_ensembles(first, ensemble, "severity")
    value, low, high = (100 * float(numbers[-1]) for numbers in (found.difference, found.low, found.high))
    return f"{value:.1f} points ({low:.1f} to {high:.1f})"


if __name__ == "__main__":
    GUIDE.write_text(mended(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
