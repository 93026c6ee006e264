"""Possible pairs: every pair, or a sparse list that grows with the number of partners alone."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.world.network import every_pair, sparse_pairs
from cisim.world.scenario import Scenario


@pytest.mark.parametrize("partners", [1, 2, 3, 7])
def test_every_pair_once(partners: int) -> None:
    i, j = every_pair(partners)
    assert len(i) == partners * (partners - 1) // 2
    assert (i < j).all()


@pytest.mark.parametrize("ties", [0, 1, 2, 5, 8, 20, 21])
def test_sparse_pairs_are_distinct_sorted_and_about_as_many_as_asked(ties: int) -> None:
    partners = 2_000
    i, j = sparse_pairs(partners, ties, seed=3)
    keys = i * partners + j
    assert (i < j).all()
    assert (j < partners).all()
    assert (np.diff(keys) > 0).all()
    assert 2 * len(i) / partners == pytest.approx(ties, rel=0.03)


def test_a_seed_makes_one_network_and_another_seed_another() -> None:
    def pairs(seed: int) -> set[tuple[int, int]]:
        return set(zip(*(ends.tolist() for ends in sparse_pairs(300, 12, seed)), strict=True))

    assert pairs(1) == pairs(1)
    assert pairs(1) != pairs(2)


def test_the_sparse_network_is_what_it_was() -> None:
    """A change of these numbers changes the results of every sparse study."""
    i, j = sparse_pairs(50, 6, seed=0)
    assert (len(i), int(i.sum()), int(j.sum())) == (139, 2490, 4052)


def test_few_partners_have_every_pair() -> None:
    i, _ = sparse_pairs(10, 20, seed=0)
    assert len(i) == 45


def test_many_partners_keep_listed_ties_and_ties_with_the_backbone() -> None:
    listed = {"between": ["partner-1", "partner-1000"], "contact": 2}
    plan = Scenario(name="a", roster={"count": 5_000}, network={"possible": "sparse"}, tie=[listed])
    ties = plan.lower().ties
    assert (ties["j"] == 5_000).sum() == 5_000
    assert ties["contact"][(ties["i"] == 0) & (ties["j"] == 999)].tolist() == [2]
    assert len(ties) < 5_000 * 12
