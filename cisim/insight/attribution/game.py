"""The mathematics of a cooperative game with values for every combination of n players.

Row S of an array over combinations is the one whose players are the bits set in S: row 0 nobody, the last
row all.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

__all__ = ["dividends", "interaction_weights", "members", "named", "pairs", "shapley_weights"]


def members(combination: int, players: int) -> list[int]:
    """The places of the players in a combination."""
    return [k for k in range(players) if combination >> k & 1]


def named(combination: int, players: tuple[str, ...]) -> str:
    """A combination in words."""
    return " + ".join(players[k] for k in members(combination, len(players))) or "none in place"


def pairs(players: int) -> list[tuple[int, int]]:
    """Every pair of players once, the earlier first."""
    return list(combinations(range(players), 2))


def dividends(values: np.ndarray) -> np.ndarray:
    """What a combination is worth beyond all that its parts are: the Moebius transform of the game.

    d(S) is the sum over T within S of (-1)^(|S| - |T|) v(T); v(S) is the sum of d over all within S.
    (2**n, ...) to the same shape. Source: Harsanyi (1963), International Economic Review 4:194.
    """
    found = values.copy()
    rows = np.arange(len(values))
    for k in range(len(values).bit_length() - 1):
        with_k = rows[rows >> k & 1 == 1]
        found[with_k] -= found[with_k ^ 1 << k]
    return found


def shapley_weights(players: int) -> np.ndarray:
    """Weights of dividends in the Shapley value: each dividend is split evenly among its players.

    (n, 2**n). Source: Shapley (1953); in this form Harsanyi (1963).
    """
    weights = np.zeros((players, 2**players))
    for combination in range(1, 2**players):
        inside = members(combination, players)
        weights[inside, combination] = 1 / len(inside)
    return weights


def interaction_weights(players: int) -> np.ndarray:
    """Weights of dividends in the Shapley interaction index of pairs: 1 / (|S| - 1) where S holds both.

    The index is what the pair adds beyond its two players apart, averaged over what else is in place.
    (pairs, 2**n). Source: Grabisch & Roubens (1999), International Journal of Game Theory 28:547.
    """
    weights = np.zeros((len(pairs(players)), 2**players))
    for row, (i, j) in enumerate(pairs(players)):
        both = 1 << i | 1 << j
        for combination in range(2**players):
            if combination & both == both:
                weights[row, combination] = 1 / (combination.bit_count() - 1)
    return weights
