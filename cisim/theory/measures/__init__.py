"""What a run reports each month. A measure is one function of the state, declared where it is written.

A function `f(s, p)` with the decorator `@measure(...)` can be plotted, stored and analysed by its name.
Like rules, measures use `math` and explicit loops, and both engines run the same text.
"""

from __future__ import annotations

from cisim.theory.measures import brokerage, conditions, cost, issue, members, network, ties
from cisim.theory.measures.declare import DECLARED, Measure

__all__ = ["MEASURES", "Measure", "brokerage", "conditions", "cost", "issue", "members", "network", "ties"]

MEASURES: dict[str, Measure] = dict(DECLARED)
