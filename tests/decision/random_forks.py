"""Forks drawn at random, small and short, for the tests of what is told of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from cisim.decision.fork import Fork, fork
from cisim.world.scenario import Scenario

LEVERS = {
    "agenda": 1.0, "measurement": 1.0, "coordination": 1.0, "meetings": 4.0, "backbone_staff": 3.0, "prototyping": 1.0,
    "pooled_funding": 4.0, "invitations": 2.0, "funded": 1.0,
}  # fmt: skip
"""Levers that are drawn, each from 0 to this."""


@cache
def random_fork(number: int) -> Fork:
    """The fork of this number: 6 to 9 partners, 18 to 36 months, any levers, one change of any kind in any month."""
    rng = np.random.default_rng(number)
    count, months = int(rng.integers(6, 10)), int(rng.integers(18, 37))
    levers = {name: float(rng.uniform(0, most)) for name, most in LEVERS.items() if rng.random() < 0.8}
    planned = int(rng.integers(2, months + 1))
    scenario = Scenario(
        name="random",
        months=months,
        roster={"count": count, "members": bool(rng.random() < 0.8), "may_join": True},
        levers=levers,
        parameters={
            "contact_density": float(rng.uniform(0.2, 0.6)),
            "representative_turnover": 0.3,
            "exit_rate": 0.6,
        },
        event=[{"kind": "funder-leaves", "month": planned}],
    )
    changes = _changes(rng, count, months)
    month = int(rng.integers(1, planned + 1))
    change = "without funder-leaves" if rng.random() < 0.1 else changes[int(rng.integers(len(changes)))]
    return fork(
        scenario, seed=int(rng.integers(1000)), replicate=int(rng.integers(50)), month=month, change=change
    )


def _changes(rng: np.random.Generator, count: int, months: int) -> list[Any]:
    one, two = (f"partner-{n + 1}" for n in rng.choice(count, 2, replace=False))
    lever = str(rng.choice(list(LEVERS)))
    return [
        f"{lever}={rng.uniform(0, LEVERS[lever]):.3f}",
        "backbone closes",
        "hire-backbone-staff fte=2",
        f"partner leaves partner={one}",
        f"partner-joins partner={one}",
        f"leader-changes partner={one} loss=0.7",
        f"trust-breach partner={one} with={two} loss=0.5",
        f"merger into={one} partner={two}",
        "backbone-moves loss=0.6",
        "launch-shared-measurement level=1",
        "issue-shock size=0.2",
        ["meetings=0", "backbone_staff=0"],
    ]
