"""Whether the five conditions need each other: from the runs to findings and figures."""

from __future__ import annotations

from matplotlib.figure import Figure

from cisim import Results
from cisim.insight.attribution import Attribution, Estimate
from cisim.insight.questions import attribution
from experiments.findings import Finding, Found

YEARS = {"5 years": "contribution@60", "10 years": "contribution@120"}


def findings(results: Results) -> list[Finding]:
    """Shapley values, each condition alone and taken away, pairs, and the whole against the sum of its parts."""
    return [
        one for years, number in YEARS.items() for one in _game(attribution(results, number).result, years)
    ]


def _game(told: Attribution, years: str) -> list[Finding]:
    """As `cisim study attribution` has it."""

    def found(figure: str, where: str, of: Estimate, *place: int, places: int = 3) -> Finding:
        return Finding(figure, where, *of.at(*place, 0), places)

    together = [
        found("gain of all five", years, told.whole),
        found("all five less the sum of each alone", years, told.need),
        found("all five less the best alone", years, told.over_best),
    ]
    apart = [
        one
        for k, name in enumerate(told.players)
        for one in (
            found("Shapley value", f"{name}, {years}", told.shapley, k),
            found("share of the whole", f"{name}, {years}", told.share, k, places=2),
            found("gain alone", f"{name}, {years}", told.alone, k),
            found("loss if taken away", f"{name}, {years}", told.removed, k),
        )
    ]
    pairs = [
        found("interaction", f"{first} and {second}, {years}", told.interaction, k, places=4)
        for k, (first, second) in enumerate(told.pairs)
    ]
    return [*together, *apart, *pairs]


def figures(results: Results, found: Found) -> dict[str, Figure]:
    """What each condition brings, and what pairs bring beyond their members, after ten years."""
    return dict(attribution(results, YEARS["10 years"]).draw())
