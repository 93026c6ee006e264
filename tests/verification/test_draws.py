"""Draws by address: published Philox vectors, uniform and normal draws, independent addresses."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from scipy import stats

from cisim.engine import streams
from cisim.engine.binding import bind
from cisim.engine.streams import MASK, block, normal, uniform

ALPHA = 1e-4  # chance of a false alarm of each test, were the seed not fixed
COUNT = 50_000

# Random123, known answers of philox4x32-10: counter, key, words.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((MASK,) * 4, (MASK,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
compiled_block = bind(block, {}, njit)


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_philox_gives_the_published_words(counter, key, words):
    a, b, month, stream = counter
    assert block((*key, month), stream, a, b) == words
    assert tuple(compiled_block((*key, month), stream, a, b)) == words


def many(seed, months, entities):
    """Words of `entities` addresses in each of `months` months, (months · entities, 4)."""
    out = np.empty((months * entities, 4), np.int64)
    for month in range(months):
        for a in range(entities):
            words = block((seed, 1, month), 5, a, 0)
            for w in range(4):
                out[month * entities + a, w] = words[w]
    return out


@pytest.fixture(scope="module")
def words():
    """Words of neighbouring addresses: 50 months of 1,000 entities."""
    return bind(many, {}, njit)(11, 50, COUNT // 50)


def test_interpreted_and_compiled_draws_are_the_same_bits(words):
    again = np.array([block((11, 1, month), 5, a, 0) for month in (0, 49) for a in range(1_000)])
    assert np.array_equal(again, np.concatenate([words[:1_000], words[-1_000:]]))


def test_words_are_uniform(words):
    for column in words.T:
        counts = np.bincount(column >> 25, minlength=128)  # 128 cells of 390 expected draws
        assert stats.chisquare(counts).pvalue > ALPHA
        assert stats.kstest((column + 0.5) / 2.0**32, "uniform").pvalue > ALPHA


def test_low_bits_are_uniform_too(words):
    for column in words.T:
        assert stats.chisquare(np.bincount(column & 127, minlength=128)).pvalue > ALPHA


def test_normal_draws_are_normal(words):
    drawn = np.array([normal(int(a), int(b)) for a, b in words[:20_000, :2]])
    assert stats.kstest(drawn, "norm").pvalue > ALPHA
    # 4 standard errors of the mean, the variance, and the fourth moment of 20,000 normal draws
    assert abs(drawn.mean()) < 4 / np.sqrt(20_000)
    assert abs(drawn.var() - 1.0) < 4 * np.sqrt(2 / 20_000)
    assert abs((drawn**4).mean() - 3.0) < 4 * np.sqrt(96 / 20_000)


def test_neighbouring_addresses_are_uncorrelated(words):
    """Words of one address, of the next entity, and of the next month: |r| < 4.5 / sqrt(draws).

    4.5 standard errors, because 17 correlations are looked at.
    """
    u = words / 2.0**32
    bound = 4.5 / np.sqrt(COUNT - 1_000)
    pairs = [(u[:, i], u[:, j]) for i in range(4) for j in range(i)]
    for shift in (1, 2, 1_000):  # the next entity, the one after, the same entity a month later
        pairs += [(u[shift:, w], u[:-shift, w]) for w in range(4)]
    assert max(abs(np.corrcoef(a, b)[0, 1]) for a, b in pairs) < bound


def test_every_part_of_an_address_changes_the_words():
    here = block((1, 2, 3), 4, 5, 6)
    others = [
        block((2, 2, 3), 4, 5, 6), block((1, 3, 3), 4, 5, 6), block((1, 2, 4), 4, 5, 6),
        block((1, 2, 3), 5, 5, 6), block((1, 2, 3), 4, 6, 6), block((1, 2, 3), 4, 5, 7),
        block((1, 2, 3), 4, 6, 5),
    ]  # fmt: skip
    assert len({here, *others}) == 8


def test_uniform_draws_are_never_0_or_1():
    assert 0.0 < uniform(0) < uniform(MASK) < 1.0
    assert np.isfinite(normal(0, 0)) and np.isfinite(normal(MASK, MASK))


def test_each_decision_has_a_stream_of_its_own():
    numbers = [value for name, value in vars(streams).items() if name.isupper() and isinstance(value, int)]
    numbers.remove(MASK)
    assert len(numbers) == len(set(numbers)) >= 16
