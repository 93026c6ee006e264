"""Scenario discovery: under which conditions an outcome happens, as boxes in the space of factors.

Sources: Friedman & Fisher (1999), Statistics and Computing 9:123; Bryant & Lempert (2010), Technological
Forecasting and Social Change 77:34.
"""

from cisim.insight.discovery.boxes import Box, Found, Range
from cisim.insight.discovery.prim import Prim, prim
from cisim.insight.discovery.score import Score, Share, score
from cisim.insight.discovery.tree import Tree, tree

__all__ = ["Box", "Found", "Prim", "Range", "Score", "Share", "Tree", "prim", "score", "tree"]
