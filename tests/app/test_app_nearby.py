"""What is made before it is asked for: the likeliest first, everything on the slider in hand, nothing that is shown."""

from __future__ import annotations

import pytest

from cisim import verbs
from cisim.app.drawing.guesses import Guess
from cisim.app.rooms.nearby import Ahead, elsewhere, likely
from cisim.app.rooms.tools import Tools
from cisim.app.state.controls import CONDITIONS, declared_controls
from cisim.app.state.session import Session

PLAN = verbs.preset("collective-impact")
SESSION = Session(plans=(PLAN,), openings=(PLAN,))


def on(name: str, guesses: list[Guess]) -> list[tuple[float, bool]]:
    """(value, whole) of the guesses that move this slider."""
    here = PLAN.levers.get(name)
    return [
        (guess.scenario.levers[name], guess.whole) for guess in guesses if guess.scenario.levers[name] != here
    ]


def agenda(**told) -> list[tuple[float, bool]]:
    return on("agenda", likely(SESSION, declared_controls()["agenda"], **told))


def test_the_next_steps_come_first_with_all_their_runs():
    assert agenda()[:2] == [(0.95, True), (0.9, True)]


def test_every_place_of_the_slider_in_hand_has_a_first_answer_and_then_all_runs():
    places = {round(0.05 * step, 10) for step in range(20)}
    found = agenda()
    few = [value for value, whole in found if not whole]
    assert {value for value, whole in found if whole} == places
    assert set(few) | {0.95, 0.9} == places
    last_few = max(at for at, (_, whole) in enumerate(found) if not whole)
    assert all(whole for _, whole in found[last_few + 1 :])


@pytest.mark.parametrize(("pointed", "first"), [(0.42, 0.4), (-3.0, 0.0), (0.0, 0.0)])
def test_what_lies_under_the_pointer_comes_before_everything(pointed, first):
    assert agenda(pointed=pointed)[0] == (first, True)


class Expects:
    """A studio that keeps what is expected."""

    def expect(self, client: str, guesses: list[Guess], **told: object) -> None:
        self.guesses = guesses


@pytest.mark.parametrize(
    ("pointed", "first"),
    [(0.35, 0.35), (0, 0.0), (True, 0.95), (10**400, 0.95), (float("nan"), 0.95), (1e300, 0.95), ("0.35", 0.95), ([[]], 0.95)],
)  # fmt: skip
def test_what_is_no_place_on_a_slider_is_as_if_nothing_was_pointed_at(pointed, first):
    studio = Expects()
    ahead = Ahead(Tools("me", studio, None, None, None, None))
    assert ahead.focus("agenda", pointed)
    ahead.look(SESSION)
    assert on("agenda", studio.guesses)[0] == (first, True)


def test_the_way_that_a_slider_goes_counts_more():
    control = declared_controls()["meetings"]
    order = [value for value, _ in on("meetings", likely(SESSION, control, direction=1))][:4]
    assert order[:2] == [2.2, 2.4]


def test_the_other_sliders_come_last_and_what_is_shown_never():
    guesses = likely(SESSION, declared_controls()["agenda"])
    moved = [
        next(name for name in CONDITIONS if guess.scenario.levers.get(name) != PLAN.levers.get(name))
        for guess in guesses
    ]
    hand = moved.count("agenda")
    assert moved[:hand] == ["agenda"] * hand
    assert set(moved[hand:]) == set(CONDITIONS) - {"agenda"}
    assert all(guess.scenario != PLAN for guess in guesses)
    assert [guess.scenario for guess in guesses[hand:]] == [
        guess.scenario for guess in elsewhere(SESSION, "agenda")
    ]
