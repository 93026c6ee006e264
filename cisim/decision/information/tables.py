"""The tables of the value of information: a row for each unknown, and the bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cisim.decision.information.estimate import Known
from cisim.decision.information.words import switch_said
from cisim.decision.information.worth import Information
from cisim.theory.parameters import UNCERTAINTIES

if TYPE_CHECKING:
    import polars as pl

__all__ = ["bounds_table", "largest_table", "worth_table"]

SHOWN = 10


def worth_table(told: Information, called: Mapping[str, str]) -> pl.DataFrame:
    """Every unknown, most worth first, parameters before what a first survey could tell."""
    import polars as pl

    rows = [_row(one, "parameter", told, called) for one in told.parameters]
    rows += [_row(one, "at the start", told, called) for one in told.starts]
    return pl.DataFrame(rows, infer_schema_length=None)


def largest_table(told: Information, called: Mapping[str, str]) -> pl.DataFrame:
    """The unknowns that are worth most, as a first look."""
    import polars as pl

    names = ("unknown", "kind", "worth", "low", "high", "chance_of_largest", "above_chance", "changes_choice")
    return (
        worth_table(told, called)
        .sort("worth", descending=True, maintain_order=True)
        .head(SHOWN)
        .select(pl.col(names))
    )


def bounds_table(told: Information) -> pl.DataFrame:
    """What all parameters at once, and everything, are worth; and the lead of the present choice."""
    import polars as pl

    figures = {
        "lead of the best plan over the next": told.lead, "all parameters at once, at least": told.together,
        "everything, luck included": told.everything,
    }  # fmt: skip
    return pl.DataFrame(
        [{"figure": name, "value": one.value, "low": one.low, "high": one.high, "unit": told.unit, "n": one.n}
         for name, one in figures.items()]
    )  # fmt: skip


def _row(one: Known, kind: str, told: Information, called: Mapping[str, str]) -> dict[str, Any]:
    declared = UNCERTAINTIES.get(one.name) if kind == "parameter" else None
    return {
        "unknown": one.name, "kind": kind, "worth": one.worth.value, "low": one.worth.low, "high": one.worth.high,
        "unit": told.unit, "raw": one.raw, "chance": one.chance, "chance_of_largest": one.chance_of_largest,
        "above_chance": one.above_chance, "changes_choice": one.changed, "best_where": switch_said(one, told, called),
        "basis": declared.basis if declared else None, "range_low": declared.low if declared else None,
        "range_high": declared.high if declared else None,
    }  # fmt: skip
