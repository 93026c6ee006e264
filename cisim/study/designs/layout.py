"""From a design and its factors to points: a row a point, a column a factor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
        cube = sampling.CUBES[design.kind](design, len(factors))
        return table_of({f.name: f.from_unit(cube[:, at]) for at, f in enumerate(factors)}, factors)
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
        return sampling.size(design, len(factors))
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
    """The points of a sampled design in the unit cube, (points, factors), from 0 to 1.

    Inactive factors have their numbers too. Raises SpecError for designs that are not drawn.
    """
    if not design.sampled:
        drawn = ", ".join(kind for kind, (_, optional) in KINDS.items() if "seed" in optional)
        raise SpecError(
            f"a {design.kind} design lies in no unit cube; those that do: {drawn}.", source="Design"
        )
    _check(design, factors, {})
    return sampling.CUBES[design.kind](design, len(factors))


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
    count = sampling.size(design, len(factors))
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
