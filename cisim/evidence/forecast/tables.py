"""The forecast and its evaluation as tables, a row a pair, an organization, a score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from cisim.evidence.forecast.evaluation import Evaluation
from cisim.evidence.forecast.naming import DRIVES
from cisim.evidence.forecast.prediction import Prediction

__all__ = [
    "calibration_table",
    "held_out_table",
    "organizations_table",
    "scores_table",
    "ties_table",
    "trust_table",
]

WEAK = 0.1
"""Log odds below which nothing is said to drive a tie."""


def ties_table(predictions: Sequence[Prediction]) -> pl.DataFrame:
    """A row a pair: whether it was named, the chance that it will be, and what drives that."""
    return pl.DataFrame([row for told in predictions for row in _ties(told)], infer_schema_length=None)


def organizations_table(predictions: Sequence[Prediction]) -> pl.DataFrame:
    """A row an organization: its answer on trust at wave 2, mean and 80 % interval, and the chance of a change."""
    return pl.DataFrame(
        [row for told in predictions for row in _organizations(told)], infer_schema_length=None
    )


def scores_table(evaluation: Evaluation) -> pl.DataFrame:
    """A row a method and partnership: AUC, Brier and log score with 95 % intervals."""
    rows = []
    for score in evaluation.scores:
        row: dict[str, Any] = {
            "method": score.method, "partnership": score.partnership, "pairs": score.pairs, "named": score.named,
        }  # fmt: skip
        for name, value in score.values.items():
            low, high = score.intervals[name]
            row |= {name: _known(value), f"{name}_low": _known(low), f"{name}_high": _known(high)}
        rows.append(row)
    return pl.DataFrame(rows, infer_schema_length=None)


def calibration_table(evaluation: Evaluation) -> pl.DataFrame:
    """A row a method and tenth of the pairs: mean chance, and the share that was named."""
    return pl.DataFrame(
        {
            "method": method,
            "tenth": at + 1,
            "pairs": tenth.pairs,
            "chance": tenth.chance,
            "named": tenth.named,
        }
        for method in evaluation.chances
        for at, tenth in enumerate(evaluation.calibration(method))
    )


def held_out_table(evaluation: Evaluation) -> pl.DataFrame:
    """A row a tested pair: the answer of wave 2, and the chance that each method gave it."""
    ends = list(zip(*evaluation.pairs, strict=True))
    told = dict(zip(("partnership", "source", "target"), ends, strict=True))
    return pl.DataFrame({**told, "named_wave2": evaluation.answers.astype(int), **evaluation.chances})


def trust_table(evaluation: Evaluation) -> pl.DataFrame:
    """A row a partnership: share of answers inside the 80 % interval, and mean absolute errors in points."""
    return pl.DataFrame(
        {
            "partnership": row.partnership, "organizations": row.organizations, "inside_80_percent": row.covered,
            "error_cisim": row.error, "error_same_as_wave1": row.error_as_before, "error_mean_of_wave1": row.error_of_mean,
        }
        for row in evaluation.trust
    )  # fmt: skip


def _ties(told: Prediction) -> list[dict[str, Any]]:
    wave1 = told.told.named
    rows = []
    for i, j in np.argwhere(~np.isnan(told.chance)):
        pushes = told.pushes[:, i, j]
        rows.append(
            {
                "partnership": told.told.name, "source": told.told.ids[i], "target": told.told.ids[j],
                "named_wave1": None if np.isnan(wave1[i, j]) else int(wave1[i, j]),
                "probability": _short(told.chance[i, j]),
                "driver": _driver(pushes),
                **{f"by_{name}": _short(push) for name, push in zip(DRIVES, pushes, strict=True)},
                "contact_wave1": _short(told.contact_before[i, j]),
                "contact": _short(told.contact[i, j]),
                "joint_work": _short(told.joint_work[i, j]),
                "trust": _short(told.trust[i, j]),
            }
        )  # fmt: skip
    return rows


def _organizations(told: Prediction) -> list[dict[str, Any]]:
    return [
        {
            "partnership": told.told.name, "id": ident, "trust_wave1": _known(told.told.trust[at]),
            "trust": _short(told.item[0, at]), "trust_10": _short(told.item[1, at]), "trust_90": _short(told.item[2, at]),
            "probability_rises": _short(told.rises[at]), "probability_falls": _short(told.falls[at]),
        }
        for at, ident in enumerate(told.told.ids)
    ]  # fmt: skip


def _driver(pushes: Any) -> str:
    """What speaks most for a tie, where anything speaks for it; else what speaks most against it."""
    strongest = int(np.argmax(pushes))
    if pushes[strongest] >= WEAK:
        return DRIVES[strongest]
    weakest = int(np.argmin(pushes))
    return f"little {DRIVES[weakest]}" if pushes[weakest] <= -WEAK else ""


def _short(value: Any) -> float:
    return round(float(value), 4)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 5)
