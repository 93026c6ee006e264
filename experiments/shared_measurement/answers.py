"""What shared measurement adds, and to whom: from the runs to findings and figures."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from cisim import Results, preset, simulate
from cisim.engine.ensemble import Ensemble
from experiments.drawing import dots
from experiments.findings import Array, Finding, Found, Runs, difference, mean, ratio

COMPANY = {"alone": "measurement-alone", "beside the other four": "collective-impact"}
STARTS, SPREADS, BLIND = (0.2, 0.4, 0.6), (0.05, 0.2), (0.0, 0.8)
WORLDS, BATCH, MONTHS = 60, 20, 60
QUARTERS = ("poorest", "second", "third", "best")

Pair = tuple[Array, Array]


def findings(results: Results) -> list[Finding]:
    """The gain by company, practice, its spread and the blind spot; then by partners within a coalition."""
    runs = Runs(results)
    found = []
    for company in COMPANY:
        groups: dict[str, dict[str, tuple[float, ...]]] = {company: {}}
        groups |= {f"{company}, practice starts at {start:g}": {"start": (start,)} for start in STARTS}
        groups |= {f"{company}, practice spread {spread:g}": {"spread": (spread,)} for spread in SPREADS}
        groups |= {f"{company}, blind spot {blind:g}": {"blind": (blind,)} for blind in BLIND}
        for where, chosen in groups.items():
            found += _gains(runs, company, where, **chosen)
    found += _contrasts(runs)
    return found + _partners(results)


def _gains(runs: Runs, company: str, where: str, **chosen: tuple[float, ...]) -> list[Finding]:
    contribution = _pair(runs, "contribution@120", company, **chosen)
    poor = [1.0 - practice for practice in _pair(runs, "practice@60", company, **chosen)]
    error = _pair(runs, "agenda_error@60", company, **chosen)
    return [
        difference("gain of contribution after 10 years", where, *contribution),
        ratio("relative change of poor practice after 5 years", where, poor[1] - poor[0], poor[0], 3),
        difference("change of the agenda's error after 5 years", where, *error),
        difference("change of load after 5 years", where, *_pair(runs, "load@60", company, **chosen)),
    ]


def _pair(
    runs: Runs, column: str, company: str, start: Any = STARTS, spread: Any = SPREADS, blind: Any = BLIND
) -> Pair:
    """(worlds,) without and with shared measurement, the mean over the settings chosen."""
    without, with_it = (
        np.mean(
            [
                runs(column, {
                    "scenario": COMPANY[company], "condition.measurement": there, "practice_start": at,
                    "practice_start_spread": wide, "blind_spot": missed,
                })
                for at, wide, missed in product(start, spread, blind)
            ],
            axis=0,
        )
        for there in (False, True)
    )  # fmt: skip
    return without, with_it


def _contrasts(runs: Runs) -> list[Finding]:
    """How much more the gain is in one place than in another, world by world."""

    def gain(company: str, **chosen: tuple[float, ...]) -> Array:
        without, with_it = _pair(runs, "contribution@120", company, **chosen)
        return with_it - without

    beside, figure = "beside the other four", "difference of the gain after 10 years"
    told = {
        "beside the other four less alone": (gain("alone"), gain(beside)),
        "practice starts at 0.2 less 0.6": (gain(beside, start=(0.6,)), gain(beside, start=(0.2,))),
        "practice spread 0.2 less 0.05": (gain(beside, spread=(0.05,)), gain(beside, spread=(0.2,))),
        "blind spot 0.8 less 0": (gain(beside, blind=(0.0,)), gain(beside, blind=(0.8,))),
    }
    return [difference(figure, where, *pair) for where, pair in told.items()]


def _partners(results: Results) -> list[Finding]:
    """Practice and load of partners, by quarter of their practice at the start, with less without."""
    gains: dict[str, list[Array]] = {"practice": [], "load": []}
    for first in range(0, WORLDS, BATCH):
        batch = range(first, first + BATCH)
        without, with_it = (_ensemble(results, level, batch) for level in (0.0, 1.0))
        for world in batch:
            pair = [one.history(world).organizations[:, :-1] for one in (without, with_it)]
            quarter = np.argsort(np.argsort(pair[0]["practice"][0])) * 4 // pair[0].shape[1]
            for what, kept in gains.items():
                change = pair[1][what][-1] - pair[0][what][-1]
                kept.append(np.array([change[quarter == at].mean() for at in range(4)]))
    return [
        mean(f"gain of a partner's {what} after 5 years", f"{name} quarter", np.array(kept)[:, at])
        for what, kept in gains.items()
        for at, name in enumerate(QUARTERS)
    ]


def _ensemble(results: Results, level: float, worlds: range) -> Ensemble:
    """Collective impact with this level of measurement, in these worlds of the study, with histories."""
    base = preset("collective-impact")
    scenario = base.replace(
        months=MONTHS, posterior=results.study.file.posterior, levers=base.levers | {"measurement": level}
    )
    return simulate(
        scenario, list(worlds), seed=results.study.seed, measures=["contribution"], keep_history=worlds
    )


def figures(results: Results, found: Found) -> dict[str, Figure]:
    """The gain of contribution by kind of coalition, alone and in company."""
    rows = {
        "all": "", "practice starts at 0.2": ", practice starts at 0.2",
        "practice starts at 0.4": ", practice starts at 0.4", "practice starts at 0.6": ", practice starts at 0.6",
        "partners alike": ", practice spread 0.05", "partners unequal": ", practice spread 0.2",
        "need seen as well as can be": ", blind spot 0", "need misjudged by all": ", blind spot 0.8",
    }  # fmt: skip
    panels = {
        company: [
            (name, found("gain of contribution after 10 years", company + end)) for name, end in rows.items()
        ]
        for company in COMPANY
    }
    title, subtitle = "What shared measurement adds", "gain of contribution after ten years, same worlds"
    return {"measurement": dots(panels, title, subtitle, marks=(0,), worlds=results.study.replicates)}
