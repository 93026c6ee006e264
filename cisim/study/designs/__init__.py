"""Designs: how the points of a study lie in the space of its factors."""

from cisim.study.designs.design import KINDS, MOST_POINTS, Design
from cisim.study.designs.layout import design_faults, points, size, unit_cube

__all__ = ["KINDS", "MOST_POINTS", "Design", "design_faults", "points", "size", "unit_cube"]
