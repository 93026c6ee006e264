"""What each of several conditions brings, and whether they need each other: a cooperative game.

Every combination of the conditions is run in the same worlds. The conditions are the players, an outcome of
the runs is what a combination is worth.
"""

from cisim.insight.attribution.estimate import Estimate
from cisim.insight.attribution.result import COMPLEMENTS, INDEPENDENT, SUBSTITUTES, Attribution
from cisim.insight.attribution.run import MOST_PLAYERS, attribute
from cisim.insight.attribution.subsets import by_subset

__all__ = [
    "COMPLEMENTS", "INDEPENDENT", "MOST_PLAYERS", "SUBSTITUTES", "Attribution", "Estimate", "attribute",
    "by_subset",
]  # fmt: skip
