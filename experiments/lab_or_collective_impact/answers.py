"""Collective impact or a lab, on known or unknown needs: from the runs to findings and figures."""

from __future__ import annotations

from matplotlib.figure import Figure

from cisim import Results
from experiments.drawing import dots
from experiments.findings import Array, Finding, Found, Runs, Settings, difference, mean, posts

PLANS = {"lab": "social-innovation-lab", "both": "with-trials.toml"}
ISSUES: dict[str, Settings] = {
    "known": {"blind_spot": 0, "framing_insight": 0.8},
    "unknown, trials show the truth": {"blind_spot": 1.2, "framing_insight": 0, "blind_indicators": 0},
    "unknown, trials share the error": {"blind_spot": 1.2, "framing_insight": 0, "blind_indicators": 0.7},
    "misjudged, trials show the truth": {"blind_spot": 1.2, "framing_insight": 0.8, "blind_indicators": 0},
    "misjudged, trials share the error": {"blind_spot": 1.2, "framing_insight": 0.8, "blind_indicators": 0.7},
}
DISCOVERY = {0: "no better practice", 0.005: "a little better practice", 0.02: "better practice"}
STAFF = (1.5, 3)


def findings(results: Results) -> list[Finding]:
    """Each plan, the lab and both against collective impact, and what the issue and discovery change in that."""
    runs = Runs(results)
    found = [one for issue in ISSUES for one in _levels(runs, issue)]
    for staff in STAFF:
        for issue in ISSUES:
            for name in PLANS:
                found += _against(runs, name, issue, staff)
    return found


def _levels(runs: Runs, issue: str) -> list[Finding]:
    """Contribution, error and practice of each plan, with three posts."""
    plans: dict[tuple[str, str], Settings] = {
        ("collective impact", _place(issue, 3)): _plan("collective-impact", issue, 3)
    }
    for rate in DISCOVERY:
        for name, scenario in PLANS.items():
            plans[name, _place(issue, 3, rate)] = _plan(scenario, issue, 3, rate)
    measures = {"contribution": "contribution", "agenda_error": "agenda error", "practice": "practice"}
    return [
        mean(f"{told} of {name}", where, runs(f"{measure}@120", plan))
        for (name, where), plan in plans.items()
        for measure, told in measures.items()
    ]


def _against(runs: Runs, name: str, issue: str, staff: float) -> list[Finding]:
    """One plan less collective impact, and that again less the same where the need is known."""
    found = []
    for rate in DISCOVERY:
        here, known = (_gain(runs, name, one, staff, rate) for one in (issue, "known"))
        found.append(mean(f"{name} less collective impact", _place(issue, staff, rate), here))
        if issue != "known":
            where = f"{_place(issue, staff, rate)}, less known"
            found.append(difference(f"{name} less collective impact", where, known, here))
    return found


def _gain(runs: Runs, name: str, issue: str, staff: float, rate: float) -> Array:
    planned = runs("contribution@120", _plan("collective-impact", issue, staff))
    return runs("contribution@120", _plan(PLANS[name], issue, staff, rate)) - planned


def _plan(scenario: str, issue: str, staff: float, rate: float | None = None) -> Settings:
    discovery = {} if rate is None else {"discovery_rate": rate}
    return {"scenario": scenario, **ISSUES[issue], "backbone_staff": staff, **discovery}


def _place(issue: str, staff: float, rate: float | None = None) -> str:
    found = "" if rate is None else f", trials find {DISCOVERY[rate]}"
    return f"{issue}, {posts(staff)}{found}"


def figures(results: Results, found: Found) -> dict[str, Figure]:
    """The lab and both against collective impact on each issue, by how much better practice trials find."""
    panels = {
        f"{name}: trials find {DISCOVERY[rate]}": [
            (issue, found(f"{name} less collective impact", _place(issue, 3, rate))) for issue in ISSUES
        ]
        for name, rate in (("lab", 0), ("lab", 0.02), ("both", 0), ("both", 0.02))
    }
    title, subtitle = (
        "A lab, or both at once",
        "contribution after ten years less that of collective impact, three posts each",
    )
    return {"lab": dots(panels, title, subtitle, marks=(0,), worlds=results.study.replicates)}
