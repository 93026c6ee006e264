"""From a design and its factors to points: a row a point, a column a factor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.errors import SpecError
from cisim.study.designs import grid, sampling
from cisim.study.designs.activity import table_of
from cisim.study.designs.design import KINDS, MOST_POINTS, Design
from cisim.study.designs.factors import Factor, factor_faults
from cisim.study.designs.one_at_a_time import base_faults, one_at_a_time
from cisim.study.designs.sampling import Cube

if TYPE_CHECKING:
    import polars as pl

__all__ = ["design_faults", "points", "size", "unit_cube"]

EACH = "plan"
"""The factor that is chosen, not drawn: in a sample every level of it meets every point of the others, the same worlds."""
SAMPLES = ("random", "latin-hypercube", "sobol")


def points(
    design: Design,
    factors: Sequence[Factor],
    base: Mapping[str, Any] | None = None,
    *,
    table: Path | None = None,
) -> pl.DataFrame:
    """The points: a row each, a column for each factor in order, null where a factor is inactive.

    base: {factor: its value in the base scenario}, needed one at a time. table: where the design's table
    lies, if not where it says. The same for the same input. Raises SpecError with every fault; DataError for faults in a table.
    """
    _check(design, factors, base or {})
    if design.sampled:
        return table_of(_sampled(design, factors), factors)
    match design.kind:
        case "grid":
            return grid.grid(factors)
        case "zip":
            return grid.side_by_side(factors)
        case "one-at-a-time":
            return one_at_a_time(factors, base or {})
        case _:
            return _table(design, factors, table)


def size(
    design: Design,
    factors: Sequence[Factor],
    base: Mapping[str, Any] | None = None,
    *,
    table: Path | None = None,
) -> int:
    """How many points there are; most designs are counted without being laid out. Errors as for `points`."""
    _check(design, factors, base or {})
    if design.sampled:
        drawn, levels = _drawn(design, factors)
        return sampling.size(design, len(drawn)) * levels
    match design.kind:
        case "grid":
            return grid.grid_size(factors)
        case "zip":
            return grid.zip_size(factors)
        case "one-at-a-time":
            return one_at_a_time(factors, base or {}).height
        case _:
            return _table(design, factors, table).height


def unit_cube(design: Design, factors: Sequence[Factor]) -> Cube:
    """The points of a sampled design in the unit cube, (points, drawn factors), from 0 to 1.

    Inactive factors have their numbers too; plans in a sample are not drawn. Raises SpecError for designs that are not drawn.
    """
    if not design.sampled:
        drawn = ", ".join(kind for kind, (_, optional) in KINDS.items() if "seed" in optional)
        raise SpecError(
            f"a {design.kind} design lies in no unit cube; those that do: {drawn}.", source="Design"
        )
    _check(design, factors, {})
    return sampling.CUBES[design.kind](design, len(_drawn(design, factors)[0]))


def _drawn(design: Design, factors: Sequence[Factor]) -> tuple[list[Factor], int]:
    """(the factors that are drawn, how many levels of the one that is not meet each point)."""
    if design.kind not in SAMPLES:
        return list(factors), 1
    each = [len(factor.levels or ()) for factor in factors if factor.name == EACH]
    return [factor for factor in factors if factor.name != EACH], each[0] if each else 1


def _sampled(design: Design, factors: Sequence[Factor]) -> dict[str, pl.Series]:
    """{factor: its values}, the levels that meet each point one after the other."""
    drawn, levels = _drawn(design, factors)
    cube = sampling.CUBES[design.kind](design, len(drawn))
    at = np.repeat(np.arange(len(cube)), levels)
    found = {factor.name: factor.from_unit(cube[at, place]) for place, factor in enumerate(drawn)}
    for factor in factors:
        if factor.name not in found:
            found[factor.name] = factor.column(list(factor.levels or ()) * len(cube))
    return found


def design_faults(
    design: Design, factors: Sequence[Factor], base: Mapping[str, Any] | None = None
) -> list[str]:
    """Why these factors cannot be laid out in this design, a sentence each; the cells of a table apart."""
    if not factors:
        return ["a design needs at least one factor."]
    incomplete = [factor.name for factor in factors if factor.incomplete]
    if incomplete:
        return [f"factor {name!r} has neither low and high nor levels; give them." for name in incomplete]
    if design.sampled:
        return _sampling_faults(design, factors)
    if design.kind == "one-at-a-time":
        return base_faults(factors, base or {})
    if design.kind == "table":
        return []
    listless = [fault for factor in factors if (fault := factor.grid_fault())]
    return listless or (grid.zip_faults(factors) if design.kind == "zip" else [])


def _sampling_faults(design: Design, factors: Sequence[Factor]) -> list[str]:
    named = {factor.name: factor for factor in factors}
    faults = [
        f"factor {factor.name!r}: when asks for single values of {name!r}, which a {design.kind} design draws from a "
        "range; ask for a range, such as { low = 1 }."
        for factor in factors
        for name, when in factor.when.items()
        if isinstance(when, tuple) and name in named and named[name].kind == "continuous"
    ]
    drawn, levels = _drawn(design, factors)
    if not drawn:
        return [f"a {design.kind} design has nothing to draw where {EACH!r} is the only factor; take a grid."]
    count = sampling.size(design, len(drawn)) * levels
    if count > MOST_POINTS:
        told = f"has {count:,} points with {len(factors)} factors; allowed are up to {MOST_POINTS:,}"
        faults.append(f"the {design.kind} design {told}.")
    return faults


def _check(design: Design, factors: Sequence[Factor], base: Mapping[str, Any]) -> None:
    if faults := [*factor_faults(factors), *design_faults(design, factors, base)]:
        raise SpecError(faults, source=f"Design {design.kind!r}")


def _table(design: Design, factors: Sequence[Factor], table: Path | None) -> pl.DataFrame:
    from cisim.study.designs.table import read

    return read(table or Path(design.table or ""), factors)
