"""What every sensitivity analysis asks of the outcomes that it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.errors import SpecError
from cisim.insight.arrays import as_months, as_numbers, level_faults

__all__ = ["NEEDS_SALIB", "SOURCE", "Runs", "read"]

SOURCE = "Sensitivity"
NEEDS_SALIB = 'sensitivity needs SALib, which is not installed: pip install "cisim[study]"'


@dataclass(frozen=True)
class Runs:
    """Outcomes of a design: `values` (points, replicates, months).

    One column of months, and `months` None, if the outcome has none.
    """

    values: np.ndarray
    names: tuple[str, ...]
    months: np.ndarray | None


def read(
    outcome: Any,
    names: Sequence[str],
    months: Sequence[int] | np.ndarray | None,
    level: float,
    seed: int,
    faults: list[str],
) -> Runs:
    """The outcomes as they are analysed; what is wrong with them is added to `faults`.

    Raises SpecError with all faults where the outcome is no array that could be looked into further.
    """
    faults += level_faults(level) + _name_faults(names)
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        faults.append(f"seed must be a whole number of at least 0, given {seed!r}.")
    values = as_numbers("outcome", outcome, faults)
    if values is None:
        raise SpecError(faults, source=SOURCE)
    if values.ndim not in (2, 3) or values.size == 0:
        faults.append(
            "outcome must be (points, replicates) or (points, replicates, months) and not empty, given shape "
            f"{values.shape}."
        )
        raise SpecError(faults, source=SOURCE)
    faults += _unknown_faults(values)
    if values.ndim == 3:
        return Runs(values, tuple(names), as_months(months, values.shape[2], faults))
    if months is not None:
        faults.append(
            "months are given, but the outcome has none: give an array (points, replicates, months)."
        )
    return Runs(values[:, :, None], tuple(names), None)


def _name_faults(names: Sequence[str]) -> list[str]:
    if isinstance(names, str) or len(names) == 0 or not all(isinstance(name, str) for name in names):
        return [f"names must be the factors' names in the order of the design, given {names!r}."]
    twice = sorted({name for name in names if list(names).count(name) > 1})
    return [f"every factor needs a name of its own, given twice: {', '.join(twice)}."] if twice else []


def _unknown_faults(values: np.ndarray) -> list[str]:
    unknown = ~np.isfinite(values)
    if not unknown.any():
        return []
    point, replicate, *month = (int(at) for at in np.argwhere(unknown)[0])
    where = f"point {point}, replicate {replicate}" + (f", month column {month[0]}" if month else "")
    message = (
        f"outcome has {int(unknown.sum()):,} of {values.size:,} values that are NaN or infinite (the first: "
        f"{where}). A variance over the others would describe other runs than those asked for. Choose an "
        "outcome that every run has, such as severity in a month, or count 'never' as the horizon + 1."
    )
    return [message]
