"""The shelf keeps what was asked for; what is only expected has a share of the room, the likeliest of it the longest."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.app.drawing.outcomes import RECORDED
from cisim.app.drawing.sheets import Sheet
from cisim.app.drawing.shelf import Shelf
from cisim.world.scenario import Scenario


def at(step: int) -> Scenario:
    """A world of its own for each step."""
    return Scenario(name="small", months=12, roster={"count": 6}, levers={"agenda": step / 2000})


def filled(shelf: Shelf, scenario: Scenario, ahead: bool) -> Sheet:
    """A sheet with ten runs on it."""
    sheet = shelf.sheet(scenario, 0, ahead=ahead)
    shelf.add(sheet, range(10), np.zeros((10, 13, len(RECORDED))))
    return sheet


@pytest.mark.parametrize(("rows", "most"), [(200, 1000), (10_000, 20)])
def test_what_is_only_expected_pushes_out_nothing_that_was_asked_for(rows, most):
    shelf = Shelf(rows * 13 * len(RECORDED) * 8, 0, most)  # room for twenty sheets
    asked = [filled(shelf, at(step), False) for step in range(10)]
    for batch in range(1, 12):
        guesses = [filled(shelf, at(100 * batch + step), True) for step in range(8)]
        shelf.prefer(guesses)
        assert all(
            shelf.sheet(one.scenario, 0, ahead=True) is one for one in guesses
        )  # none went before it was used
    assert len(shelf) == 20 and shelf.held[0] == 200 * 13 * len(RECORDED) * 8
    assert [shelf.sheet(one.scenario, 0) for one in asked] == asked
    for step in range(500, 520):  # what is expected has no more than its share to itself either
        filled(shelf, at(step), False)
    used = shelf.sheet(guesses[0].scenario, 0)
    assert used is guesses[0] and len(used.rows) == 10
    assert len(shelf) == 20 and shelf.held[0] == 200 * 13 * len(RECORDED) * 8


def test_of_what_is_expected_the_least_likely_goes_first():
    shelf = Shelf(10**9, 0, 4)
    guesses = [filled(shelf, at(step), True) for step in range(4)]
    shelf.prefer(guesses)
    filled(shelf, at(9), True)
    assert [len(shelf.sheet(one.scenario, 0, ahead=True).rows) for one in guesses[:3]] == [10, 10, 10]
    assert len(guesses[3].rows) == 10 and not shelf.sheet(at(3), 0, ahead=True).rows
