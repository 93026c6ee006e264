"""Figures as plain data: finite numbers of few digits, None where there is none."""

from __future__ import annotations

from typing import Protocol

from cisim.app.drawing.desk_compared import rounded

__all__ = ["ends"]


class _Interval(Protocol):
    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


def ends(figure: _Interval) -> dict[str, float | None]:
    """A figure with its interval."""
    return {"value": rounded(figure.value), "low": rounded(figure.low), "high": rounded(figure.high)}
