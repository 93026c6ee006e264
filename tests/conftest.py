"""What all tests share: declared numbers with changes, and one fixed course for random examples."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings

from cisim.theory.parameters import UNCERTAINTIES

settings.register_profile(
    "fixed",
    derandomize=True,  # the same examples everywhere, so that a red run can be repeated
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("fixed")


@pytest.fixture
def numbers() -> Callable[..., SimpleNamespace]:
    """Makes the parameters that a rule reads: every default, with the changes asked for."""

    def make(**changes: float) -> SimpleNamespace:
        unknown = set(changes) - set(UNCERTAINTIES)
        assert not unknown, f"no such parameters: {sorted(unknown)}"
        return SimpleNamespace(**{name: entry.default for name, entry in UNCERTAINTIES.items()} | changes)

    return make
