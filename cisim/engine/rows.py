"""Views of the state's rows as objects: `row.engagement` reads and writes the array, nothing is copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from cisim.theory.state import INITIATIVE, ISSUE, ORGANIZATION, TIE, Field

__all__ = ["InitiativeRow", "IssueRow", "LeverView", "OrganizationRow", "Row", "Rows", "TieRow"]


class Row:
    """One row of a structured array. Fields that hold several numbers are array views."""

    rows: Rows
    row: int

    def attach(self, rows: Rows, row: int) -> None:
        """Make this object the view of one row."""
        self.rows, self.row = rows, row


class Rows:
    """All rows of a structured array, as objects; they survive pickling and copying together."""

    def __init__(self, array: Any, views: Sequence[Row]) -> None:
        self.array, self.views = array, list(views)
        self.columns = self._columns()
        for at, view in enumerate(self.views):
            view.attach(self, at)

    @property
    def shape(self) -> tuple[int]:
        """(number of rows,)."""
        return (len(self.views),)

    def __len__(self) -> int:
        return len(self.views)

    def __getitem__(self, at: int) -> Any:
        return self.views[at]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.views)

    def __getstate__(self) -> dict[str, Any]:
        return {"array": self.array, "views": self.views}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.columns = self._columns()

    def _columns(self) -> dict[str, np.ndarray]:
        return {name: self.array[name] for name in self.array.dtype.names}


def _number(field: str, doc: str) -> property:
    def read(self: Row) -> Any:
        return self.rows.columns[field].item(self.row)

    def write(self: Row, value: float) -> None:
        self.rows.columns[field][self.row] = value

    return property(read, write, doc=doc)


def _numbers(field: str, doc: str) -> property:
    return property(lambda self: self.rows.columns[field][self.row], doc=doc)


def _view(name: str, fields: Sequence[Field]) -> type[Row]:
    members = {
        field.name: (_number if field.width == 1 else _numbers)(field.name, field.meaning) for field in fields
    }
    return type(name, (Row,), {"__doc__": f"View of one row: {', '.join(members)}.", **members})


OrganizationRow: Any = _view("OrganizationRow", ORGANIZATION)
TieRow: Any = _view("TieRow", TIE)
InitiativeRow: Any = _view("InitiativeRow", INITIATIVE)
IssueRow: Any = _view("IssueRow", ISSUE)


class LeverView(Row):
    """The levers in force this month, read by name."""

    def __getattr__(self, name: str) -> float:
        if name.startswith("__") or name in {"rows", "row"}:
            raise AttributeError(name)
        try:
            return self.rows.columns[name].item(self.row)
        except KeyError:
            raise AttributeError(name) from None
