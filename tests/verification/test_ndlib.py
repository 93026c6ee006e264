"""Influence gives the histories that NDlib gives, from the same start, in the same order of meetings.

`histories/ndlib.json` was written by `histories/record_ndlib.py` with the version of NDlib that it names. NDlib is no
dependency: what it installs lacks two libraries that it imports.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cisim.theory.rules import SLOTS
from cisim.theory.rules.agenda import CHOICES

NDLIB = json.loads((Path(__file__).parent / "histories" / "ndlib.json").read_text(encoding="utf-8"))
ROUNDING = 1e-13
influenced = SLOTS["influenced"]
BOUNDED = CHOICES["influence"]["bounded-confidence"]


@pytest.mark.parametrize("name", ["friedkin-johnsen", "degroot"])
def test_everybody_moves_as_in_ndlib(numbers, name):
    history = NDLIB[name]
    states = np.array(history["states"])
    weights = np.zeros((states.shape[1], states.shape[1]))
    for i, j in history["edges"]:
        weights[i, j] = weights[j, i] = 1.0
    p = numbers(influence_rate=1.0, self_weight=1.0)
    now = states[0]
    for theirs in states[1:]:
        pulls, sums = weights @ now, weights.sum(axis=1)
        now = np.array([
            influenced(now[i], states[0, i], pulls[i], sums[i], root, p)
            for i, root in enumerate(history["stubbornness"])
        ])  # fmt: skip
        assert np.abs(now - theirs).max() < ROUNDING
    assert np.abs(states[1] - states[0]).max() > 0.1  # it did move
    if name == "degroot":
        assert np.ptp(now) < 0.01 * np.ptp(states[0])


def test_one_after_another_moves_as_in_ndlibs_hegselmann_krause(numbers):
    history = NDLIB["hegselmann-krause"]
    start = now = np.array(history["start"])
    p = numbers(influence_rate=1.0, self_weight=1.0, openness=history["openness"])
    for who, theirs in history["moves"]:
        others = [other for other in range(len(now)) if other != who]
        weights = [BOUNDED["influence_weight"](1.0, 1.0, abs(now[who] - now[other]), p) for other in others]
        pull = np.dot(weights, now[others])
        ours = influenced(now[who], start[who], pull, sum(weights), BOUNDED["root"](p), p)
        assert abs(ours - theirs) < ROUNDING
        now = np.where(np.arange(len(now)) == who, ours, now)
    assert len(history["moves"]) > 50
    assert np.abs(now - history["end"]).max() < ROUNDING


def test_pairs_move_as_in_ndlibs_deffuant(numbers):
    history = NDLIB["deffuant"]
    start = np.array(history["states"][0])
    now = start.tolist()
    p = numbers(influence_rate=1.0, self_weight=1.0, openness=history["openness"])
    for pairs, theirs in zip(history["pairs"], history["states"][1:], strict=True):
        for i, j in pairs:
            weight = BOUNDED["influence_weight"](1.0, 1.0, abs(now[i] - now[j]), p)
            now[i], now[j] = (
                influenced(now[a], start[a], weight * now[b], weight, BOUNDED["root"](p), p)
                for a, b in ((i, j), (j, i))
            )
        assert np.abs(np.array(now) - theirs).max() < ROUNDING
    gaps = np.diff(np.sort(now))
    assert 1 <= (gaps > 0.1).sum() + 1 < len(now)  # clusters, fewer than partners
