"""The design of a study, as its file tells it: the kind, and the few numbers that the kind needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from cisim.errors import SpecError
from cisim.world.fields import one_of, short, text, truth, whole
from cisim.world.record import Record

__all__ = ["KINDS", "MOST_POINTS", "Design"]

MOST_POINTS = 2**24
"""Points that a design may have."""

KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "grid": ((), ()),
    "zip": ((), ()),
    "one-at-a-time": ((), ()),
    "table": (("table",), ()),
    "random": (("points",), ("seed",)),
    "latin-hypercube": (("points",), ("seed",)),
    "sobol": (("points",), ("seed",)),
    "saltelli": (("points",), ("second_order", "seed")),
    "morris": (("trajectories",), ("levels", "seed")),
}
"""{kind: (keys that it needs, keys that it may have)}."""

_EXAMPLES = {"table": 'table = "points.csv"', "points": "points = 1024", "trajectories": "trajectories = 20"}
_whole_points: Any = whole(1, MOST_POINTS, "points").func
_whole_trajectories: Any = whole(2, 1_000_000, "trajectories").func


class Design(Record):
    """Where the points lie.

    grid: all combinations; zip: first values together, second values together, and so on; one-at-a-time: the
    base, then each factor alone; table: a CSV or Parquet file with a column for each factor. Drawn from
    `seed`: random, latin-hypercube, sobol; saltelli (`points` is its N: N (D + 2) points for D factors, with
    second_order N (2 D + 2)) and morris (`trajectories` of D + 1 points, on `levels` levels). More points or
    trajectories keep the first ones, except in a Latin hypercube, where all move. Raises SpecError.
    """

    kind: Annotated[str, one_of(*KINDS)] = Field(examples=['kind = "sobol"'])
    points: Annotated[
        int | None, BeforeValidator(lambda told: None if told is None else _whole_points(told))
    ] = None
    trajectories: Annotated[
        int | None, BeforeValidator(lambda told: None if told is None else _whole_trajectories(told))
    ] = None
    levels: Annotated[int, whole(2, 1_000, "levels")] = 4
    second_order: Annotated[bool, truth()] = False
    seed: Annotated[int, whole(0, 2**63 - 1)] = 0
    table: Annotated[str | None, text(1, 1_000, optional=True)] = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if faults := [*_key_faults(self), *_number_faults(self)]:
            raise SpecError(faults)
        return self

    @property
    def sampled(self) -> bool:
        """True if its points are drawn from `seed`, and so lie in a unit cube."""
        return "seed" in KINDS[self.kind][1]

    def replace(self, **changes: Any) -> Design:
        """This design with other values for the keys named; None takes a key out. Checked like any other."""
        told = self.model_dump(exclude_unset=True) | changes
        return Design(**{key: value for key, value in told.items() if value is not None})


def _key_faults(design: Design) -> Iterator[str]:
    needed, optional = KINDS[design.kind]
    given = [key for key in Design.model_fields if key != "kind" and key in design.model_fields_set]
    for key in needed:
        if getattr(design, key) is None:
            yield f"a {design.kind} design needs {key}, for example {_EXAMPLES[key]}."
    for key in given:
        value = getattr(design, key)
        if key not in (*needed, *optional) and value is not None:
            takes = " and ".join((*needed, *optional)) or "no other keys"
            yield f"{key} does not belong to a {design.kind} design, given {short(value)}; it takes {takes}."


def _number_faults(design: Design) -> Iterator[str]:
    points = design.points
    if design.kind in ("sobol", "saltelli") and points is not None and points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        yield (
            f"points must be a power of two in a {design.kind} design, given {points}; nearest are {below} "
            f"and {2 * below}."
        )
    if design.kind == "morris" and design.levels % 2:
        near = f"nearest are {design.levels - 1} and {design.levels + 1}"
        yield f"levels must be even in a morris design, given {design.levels}; {near}."
    if design.table is not None and not design.table.lower().endswith((".csv", ".parquet")):
        yield f"table must be a file that ends in .csv or .parquet, given {short(design.table)}."
