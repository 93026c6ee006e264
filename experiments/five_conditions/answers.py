"""Whether the five conditions need each other: from the runs to findings and figures."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from cisim import Results
from cisim.insight.attribution.game import dividends, interaction_weights, pairs, shapley_weights
from cisim.insight.questions import attribution
from experiments.findings import Array, Finding, Found, Runs, mean, ratio

YEARS = {"5 years": "contribution@60", "10 years": "contribution@120"}
CONDITIONS = ("agenda", "measurement", "activities", "communication", "backbone")
EVERY = 2 ** len(CONDITIONS) - 1


def findings(results: Results) -> list[Finding]:
    """Shapley values, each condition alone and taken away, pairs, and the whole against the sum of its parts."""
    runs = Runs(results)
    return [one for years, number in YEARS.items() for one in _game(_values(runs, number), years)]


def _values(runs: Runs, number: str) -> Array:
    """(32, worlds) outcomes; row S has condition k in place if bit k of S is set."""
    return np.array(
        [
            runs(number, {f"condition.{name}": bool(row >> k & 1) for k, name in enumerate(CONDITIONS)})
            for row in range(EVERY + 1)
        ]
    )


def _game(values: Array, years: str) -> list[Finding]:
    """As `cisim study attribution` has it, with distinct draws as units."""
    parts, size = dividends(values), len(CONDITIONS)
    whole, alone = values[EVERY] - values[0], [parts[1 << k] for k in range(size)]
    best = max(alone, key=lambda gain: float(gain.mean()))
    shapley = np.tensordot(shapley_weights(size), parts, axes=1)
    found = [
        mean("gain of all five", years, whole),
        mean("all five less the sum of each alone", years, whole - sum(alone)),
        mean("all five less the best alone", years, whole - best),
    ]
    for k, name in enumerate(CONDITIONS):
        where, without = f"{name}, {years}", values[EVERY ^ 1 << k]
        found += [
            mean("Shapley value", where, shapley[k]),
            ratio("share of the whole", where, shapley[k], whole),
            mean("gain alone", where, alone[k]),
            mean("loss if taken away", where, values[EVERY] - without),
        ]
    together = np.tensordot(interaction_weights(size), parts, axes=1)
    for (i, j), samples in zip(pairs(size), together, strict=True):
        where = f"{CONDITIONS[i]} and {CONDITIONS[j]}, {years}"
        found.append(mean("interaction", where, samples, 4))
    return found


def figures(results: Results, found: Found) -> dict[str, Figure]:
    """What each condition brings, and what pairs bring beyond their members, after ten years."""
    return dict(attribution(results, YEARS["10 years"]).draw())
