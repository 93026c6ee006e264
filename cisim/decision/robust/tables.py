"""The tables of a robust choice: ranks first, then values with intervals, first places, and the boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cisim.decision.estimates import Estimate
from cisim.decision.robust.choice import RobustChoice
from cisim.decision.robust.failing import Failing

if TYPE_CHECKING:
    import polars as pl

    from cisim.insight.discovery import Share

__all__ = ["failing_table", "metrics_table", "plans_table", "ranks_table"]


def ranks_table(told: RobustChoice) -> pl.DataFrame:
    """A row for each metric: the rank of each plan, and the share of resamples that keep the first, and the order."""
    import polars as pl

    lead = told.ranks.argmin(axis=1)
    columns: dict[str, Any] = {"metric": [metric.name for metric in told.metrics]}
    columns |= {plan: told.ranks[:, at] for at, plan in enumerate(told.plans)}
    columns["first stays first"] = [told.first[row, at] for row, at in enumerate(lead)]
    columns["order stays"] = told.same
    return pl.DataFrame(columns)


def metrics_table(told: RobustChoice) -> pl.DataFrame:
    """A row for each metric and plan: the value with its interval, rank, share of resamples in which it is first."""
    import polars as pl

    rows = [
        {
            "metric": metric.name, "plan": plan, "value": told.values[row, at], "low": told.low[row, at],
            "high": told.high[row, at], "rank": told.ranks[row, at], "first": told.first[row, at],
            "better": _better(metric.better, told), "formula": metric.formula, "source": metric.source,
        }
        for row, metric in enumerate(told.metrics)
        for at, plan in enumerate(told.plans)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def plans_table(told: RobustChoice) -> pl.DataFrame:
    """A row for each plan: by how many metrics it is first, and the share of worlds in which it is best."""
    import polars as pl

    return pl.DataFrame(
        {
            "plan": told.plans,
            "first_by": told.firsts,
            "of_metrics": [len(told.metrics)] * len(told.plans),
            "best_in": [share.value for share in told.best],
            "best_in_low": [share.low for share in told.best],
            "best_in_high": [share.high for share in told.best],
        }
    )


def failing_table(boxes: Sequence[Failing]) -> pl.DataFrame:
    """A row for each plan: how often it fails in fresh worlds, in its box and elsewhere, with intervals."""
    import polars as pl

    rows = []
    for one in boxes:
        box = one.box.box.sentence() if one.box is not None else None
        row: dict[str, Any] = {"plan": one.plan, "box": box, "holds": one.holds if box else None}
        row |= _ends("fails", one.failed) | _ends("in_box", one.inside) | _ends("elsewhere", one.elsewhere)
        for name in ("coverage", "mass"):
            row |= _ends(name, None if one.scored is None else getattr(one.scored, name))
        rows.append(row | {"fresh_worlds": one.failed.n, "why_no_box": one.why_not or None})
    return pl.DataFrame(rows, infer_schema_length=None)


def _ends(name: str, share: Estimate | Share | None) -> dict[str, float | None]:
    told = (None, None, None) if share is None else (share.value, share.low, share.high)
    return dict(zip((name, f"{name}_low", f"{name}_high"), told, strict=True))


def _better(better: str, told: RobustChoice) -> str:
    from cisim.decision.directions import better_of

    return better_of(told.outcome) if better == "as the outcome" else better
