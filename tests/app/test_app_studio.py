"""The studio gives what `simulate` gives, the newest question first, to everybody, and nothing twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import cisim
from cisim import verbs
from cisim.app.drawing.faults import sentence_of
from cisim.app.drawing.kernels import COMPILING
from cisim.app.drawing.network import network_of
from cisim.app.drawing.outcomes import RECORDED
from cisim.app.drawing.sheets import Sheet, content_key, content_keys
from cisim.app.drawing.studio import NO_NETWORK, Answer, Guess, Studio
from cisim.engine.ensemble import simulate
from cisim.errors import RunError, SpecError
from cisim.theory.parameters import UNCERTAINTIES
from cisim.world.posterior import Posterior
from cisim.world.scenario import Scenario

LEVERS = {"agenda": 1, "measurement": 1, "coordination": 1, "meetings": 2, "backbone_staff": 2}
PATIENCE = 60.0


def small(**told) -> Scenario:
    return Scenario(**{"name": "small", "months": 12, "roster": {"count": 6}, "levers": LEVERS} | told)


def large(agenda: float = 1.0) -> Scenario:
    """A world that takes long enough for things to happen meanwhile."""
    return small(name="large", months=120, roster={"count": 25}, levers=LEVERS | {"agenda": agenda})


class Asker:
    """Keeps the answers that one question gets."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.settled = threading.Event()

    def __call__(self, answer: Answer) -> None:
        self.answers.append(answer)
        if answer.settled:
            self.settled.set()

    def wait(self) -> Answer:
        assert self.settled.wait(PATIENCE), "no settled answer came"
        return self.answers[-1]


@pytest.fixture(scope="module")
def shared():
    studio = Studio()
    yield studio
    studio.close()


@pytest.fixture
def studio():
    studio = Studio()
    yield studio
    studio.close()


def ask(studio, scenarios, client="anna", **told) -> Asker:
    asker = Asker()
    studio.ask(client, scenarios, asker, **told)
    return asker


def until(true):
    """Wait for something that another thread brings about."""
    end = time.perf_counter() + PATIENCE
    while not true():
        assert time.perf_counter() < end, "it did not happen"
        time.sleep(0.002)


# what it gives
@pytest.mark.parametrize("replicates", [1, 5, 40])
def test_an_ensemble_is_bit_for_bit_that_of_one_call_of_simulate(shared, replicates):
    scenario = small(event=[{"kind": "partner-leaves", "month": 4, "partner": "partner-2"}])
    told = ask(shared, scenario, seed=7, replicates=replicates, keep=[0]).wait().ensembles[0]
    one = simulate(scenario, replicates, 7, measures=RECORDED, keep_history=[0])
    assert np.array_equal(told.values, one.values, equal_nan=True)
    assert np.array_equal(told.replicates, one.replicates)
    assert (told.scenario, told.seed, told.measures) == (scenario, 7, RECORDED)
    for part in ("organizations", "ties"):
        ours, theirs = getattr(told.history(0), part)[1:], getattr(one.history(0), part)[1:]
        assert ours.tobytes() == theirs.tobytes()
    assert told.history(0).ids == one.history(0).ids


def test_each_replicate_has_its_own_draw_of_a_posterior(shared):
    draws = Posterior.from_table(["trust_mean"], [[0.5], [0.7], [0.8]])
    scenario = small(posterior=draws)
    told = ask(shared, scenario, replicates=7).wait().ensembles[0]
    assert np.array_equal(told.values, simulate(scenario, 7, measures=RECORDED).values, equal_nan=True)


def test_several_scenarios_come_together_on_the_same_draws(shared):
    plans = [small(), small(levers={}), small(months=6)]
    answer = ask(shared, plans, seed=3, replicates=20).wait()
    assert [ensemble.scenario for ensemble in answer.ensembles] == plans
    for ensemble, plan in zip(answer.ensembles, plans, strict=True):
        one = simulate(plan, 20, 3, measures=RECORDED)
        assert np.array_equal(ensemble.values, one.values, equal_nan=True)


def test_the_run_that_is_shown_joins_the_others_wherever_it_lies(shared):
    answer = ask(shared, small(), seed=5, replicates=10, keep=[31]).wait()
    assert answer.ensembles[0].replicates.tolist() == [*range(10), 31]
    assert list(answer.ensembles[0].histories) == [31]


def test_a_history_alone_can_be_asked_for(shared):
    ensemble = ask(shared, small(), seed=6, replicates=0, keep=[2]).wait().ensembles[0]
    assert ensemble.replicates.tolist() == [2] and list(ensemble.histories) == [2]


def test_a_few_runs_come_first_and_then_all(studio):
    asker = ask(studio, large(), replicates=60, keep=[0])
    assert asker.wait().replicates == 60
    first = asker.answers[0]
    assert 2 <= first.replicates <= 8 and not first.settled
    assert list(first.ensembles[0].histories) == [0]
    sizes = [answer.replicates for answer in asker.answers]
    assert sizes == sorted(sizes)
    assert np.array_equal(
        first.ensembles[0].values, asker.answers[-1].ensembles[0].values[: first.replicates]
    )


# what is kept
def test_going_back_makes_no_run_again_and_gives_one_answer(studio):
    ask(studio, small(), replicates=30, keep=[0]).wait()
    ask(studio, small(levers={}), replicates=30, keep=[0]).wait()
    made = studio.made
    again = ask(studio, small(), replicates=30, keep=[0])
    assert again.wait().replicates == 30
    assert len(again.answers) == 1 and studio.made == made
    assert ask(studio, small(), replicates=34, keep=[0]).wait().replicates == 34
    assert studio.made == made + 4


def test_two_clients_share_their_runs(studio):
    first, second = (ask(studio, large(), client=name, replicates=40) for name in ("anna", "ben"))
    assert np.array_equal(first.wait().ensembles[0].values, second.wait().ensembles[0].values)
    assert studio.made == 40


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"name": "other", "title": "Other", "description": "Other words."}, True),
        ({"issue": {"target": 0.2}}, True),
        ({"levers": LEVERS | {"pooled_funding": 0.0}}, True),
        ({"levers": LEVERS | {"pooled_funding": 1.0}}, False),
        ({"parameters": {"trust_mean": UNCERTAINTIES["trust_mean"].default}}, True),
        ({"parameters": {"trust_mean": 0.6}}, False),
        ({"months": 11}, False),
        ({"rules": {"trust": "symmetric"}}, False),
        ({"roster": {"count": 7}}, False),
        ({"issue": {"need": [0.4, 0.3, 0.1, 0.1, 0.1]}}, False),
        ({"event": [{"kind": "backbone-closes", "month": 3}]}, False),
        ({"posterior": Posterior.from_table(["trust_mean"], [[0.6]])}, False),
    ],
)
def test_what_moves_a_result_makes_another_world_and_nothing_else_does(change, same):
    assert (content_key(small()) == content_key(small(**change))) == same


def test_keys_of_many_are_the_keys_of_each():
    first = small()
    moved = [first.model_copy(update={"levers": LEVERS | {"agenda": step / 4}}) for step in range(5)]
    others = [small(months=11), moved[2], small(parameters={"trust_mean": 0.6}), small(roster={"count": 7})]
    every = [*moved, *others]
    assert content_keys(every) == [content_key(one) for one in every]
    assert len(set(content_keys(every))) == 5 + 3


def at(step: int) -> Scenario:
    return small(levers=LEVERS | {"agenda": step / 2000})


def test_the_target_moves_nothing_that_is_recorded():
    here, there = (simulate(small(issue={"target": t}), 3, measures=RECORDED) for t in (0.1, 0.9))
    assert np.array_equal(here.values, there.values, equal_nan=True)


def test_an_answer_carries_the_words_of_the_question(studio):
    ask(studio, small(), replicates=4).wait()
    renamed = small(title="Renamed", issue={"target": 0.3})
    ensemble = ask(studio, renamed, replicates=4).wait().ensembles[0]
    assert ensemble.scenario == renamed and studio.made == 4


def test_what_is_kept_stays_within_bounds():
    one = 13 * len(RECORDED) * 8
    studio = Studio(row_bytes=40 * one, history_bytes=900_000)
    try:
        for agenda in range(12):
            plan = small(levers=LEVERS | {"agenda": agenda / 12})
            ensemble = ask(studio, plan, replicates=10, keep=[0]).wait().ensembles[0]
            assert ensemble.values.shape[0] == 10 and list(ensemble.histories) == [0]
            rows, histories = studio.shelf.held
            assert rows <= 40 * one and histories <= 900_000
        assert len(studio.shelf) == 4
    finally:
        studio.close()


def test_the_network_is_that_of_the_history_and_takes_a_fraction_of_its_room(studio):
    drawn = ask(studio, large(), replicates=8, draw=[3]).wait()
    assert drawn.ensembles[0].histories == {} and studio.shelf.held[1] == 0
    rows = 8 * drawn.ensembles[0].values[0].nbytes
    assert 10_000 < studio.shelf.held[0] - rows < 300_000
    kept = ask(studio, large(), replicates=8, keep=[3], draw=[3]).wait()
    assert (
        kept.networks[3]
        == network_of(kept.ensembles[0].history(3), large(), replicate=3)
        == drawn.networks[3]
    )
    assert studio.made == 9  # once more, for its history


def test_a_history_that_is_too_large_is_left_out_and_said_so():
    studio = Studio(history_bytes=1000)
    try:
        answer = ask(studio, small(), replicates=4, keep=[9]).wait()
        assert answer.note == NO_NETWORK
        assert not answer.ensembles[0].histories and answer.ensembles[0].replicates.tolist() == [
            0,
            1,
            2,
            3,
            9,
        ]
    finally:
        studio.close()


# who comes first
def test_a_newer_question_takes_the_place_of_an_older_one(studio):
    older = [ask(studio, large(step / 9), replicates=200) for step in range(9)]
    newest = ask(studio, large(1.0), replicates=20)
    assert newest.wait().replicates == 20
    time.sleep(0.05)
    assert not any(asker.settled.is_set() for asker in older)
    assert studio.made < 9 * 200 and studio.waiting == 0


def test_channels_of_one_client_do_not_replace_each_other(studio):
    stage = ask(studio, large(0.2), replicates=10, channel="stage")
    partner = ask(studio, large(0.4), replicates=10, channel="partner")
    assert stage.wait().replicates == partner.wait().replicates == 10


def test_somebody_with_a_long_question_does_not_keep_others_waiting(studio):
    ask(studio, small(), replicates=1).wait()
    long = ask(studio, large(0.1), client="anna", replicates=600)
    until(lambda: studio.made > 20)
    others = [ask(studio, large(0.5 + step / 10), client=f"guest {step}", replicates=12) for step in range(3)]
    assert all(asker.wait().replicates == 12 for asker in others)
    assert not long.settled.is_set()
    studio.leave("anna")


def test_questions_that_are_not_urgent_wait_for_those_that_are(studio):
    ask(studio, small(), replicates=1).wait()
    background = ask(studio, [large(0.1), large(0.2)], replicates=100, channel="drivers", urgent=False)
    urgent = ask(studio, large(0.9), replicates=30)
    assert urgent.wait().replicates == 30
    assert not background.settled.is_set()
    assert background.wait().replicates == 100


def test_what_is_expected_is_made_when_nothing_else_waits_nearest_first(studio):
    ask(studio, small(), replicates=1).wait()
    near, far = large(0.3), large(0.7)
    studio.expect("anna", [Guess(near, True), Guess(far, True)], replicates=30, draw=[0])
    until(lambda: studio.made >= 31)
    made = studio.made
    answered = ask(studio, near, replicates=30, draw=[0])
    assert answered.wait().replicates == 30 and len(answered.answers) == 1
    assert made < 61 + 1
    until(lambda: studio.made == 61)
    assert list(ask(studio, far, replicates=30, draw=[0]).wait().networks) == [0]
    assert studio.made == 61


def test_a_first_answer_is_expected_before_all_runs_and_is_there_at_once(studio):
    ask(studio, small(), replicates=1).wait()
    here, there = large(0.3), large(0.7)
    few = [Guess(here, False), Guess(there, False)]
    studio.expect("anna", [*few, Guess(here, True), Guess(there, True)], replicates=40, draw=[0])
    first = ask(studio, large(0.5), client="ben", replicates=40).wait().ensembles[0].replicates
    until(lambda: studio.made == 1 + 3 * 40)
    assert len(first) == 40
    answered = ask(studio, there, replicates=40, draw=[0])
    assert answered.wait().replicates == 40 and len(answered.answers) == 1
    assert studio.made == 1 + 3 * 40


def test_no_more_is_expected_than_there_is_room_for():
    row = 13 * len(RECORDED) * 8
    studio = Studio(row_bytes=int(2 * row * 10 * 3.5))
    try:
        ask(studio, small(), replicates=1).wait()
        guesses = [Guess(small(levers=LEVERS | {"agenda": step / 10}), True) for step in range(9)]
        studio.expect("anna", guesses, replicates=10)
        until(lambda: studio.made >= 31)
        time.sleep(0.2)
        assert studio.made == 31
    finally:
        studio.close()


def test_those_who_use_it_share_the_room_for_what_is_expected():
    row = 13 * len(RECORDED) * 8
    studio = Studio(row_bytes=row * 10 * 8)  # eight sheets, four of them ahead: two for each of two
    try:
        ask(studio, small(), replicates=1).wait()
        for name, begin in (("anna", 0), ("ben", 500)):
            studio.expect(name, [Guess(at(begin + step), True) for step in range(9)], replicates=10)
        until(lambda: studio.made >= 1 + 40 + 20)
        time.sleep(0.2)
        assert studio.made == 1 + 40 + 20  # anna was alone when she came
        studio.expect("anna", [Guess(at(900 + step), True) for step in range(9)], replicates=10)
        until(lambda: studio.made >= 61 + 20)
        time.sleep(0.2)
        assert studio.made == 61 + 20
    finally:
        studio.close()


def test_a_question_does_not_wait_for_what_is_expected(studio):
    ask(studio, small(), replicates=1).wait()
    studio.expect("anna", [Guess(large(step / 30), True) for step in range(30)], replicates=50)
    until(lambda: studio.made > 4)
    assert ask(studio, large(0.99), client="ben", replicates=8).wait().replicates == 8
    assert studio.made < 400
    studio.leave("anna")


def test_who_leaves_is_not_answered_and_nothing_more_is_made(studio):
    ask(studio, small(), replicates=1).wait()
    asker = ask(studio, large(), replicates=2000)
    studio.expect("anna", [Guess(large(0.5), True)], replicates=2000)
    studio.leave("anna")
    time.sleep(0.1)
    made = studio.made
    time.sleep(0.1)
    assert studio.made == made and not asker.settled.is_set() and studio.waiting == 0


def test_many_clients_are_refused_in_a_sentence(studio):
    for number in range(300):
        studio.expect(f"client {number}", [], replicates=1)
    answer = ask(studio, small(), client="one more").wait()
    assert "Too many people" in answer.error


def test_a_client_has_a_bounded_number_of_open_questions(studio):
    askers = [ask(studio, large(0.01 * at), replicates=300, channel=f"c{at}") for at in range(20)]
    assert "Too many questions" in askers[-1].wait().error
    studio.leave("anna")


# what goes wrong
@pytest.mark.parametrize("seed", [-1, 2**32, "one"])
def test_a_seed_that_cannot_be_used_is_told(shared, seed):
    answer = ask(shared, small(), seed=seed).wait()
    assert answer.error and answer.settled and not answer.ensembles


def test_a_fault_while_running_is_told_as_a_sentence_and_the_next_question_is_answered(studio, caplog):
    scenario = small()
    sheet = studio.shelf.sheet(scenario, 0)
    sheet.blueprint().parameters["population_lag"] = np.nan  # what no check would let through
    answer = ask(studio, scenario).wait()
    assert "has no finite numbers" in answer.error and not answer.ensembles
    assert ask(studio, small(), replicates=3).wait().replicates == 3


def test_one_who_cannot_take_an_answer_does_not_stop_the_others(studio, caplog):
    def clumsy(answer: Answer) -> None:
        raise ValueError("dropped it")

    studio.ask("clumsy", small(), clumsy, replicates=2)
    assert ask(studio, small(), replicates=3).wait().replicates == 3
    assert "could not be taken in" in caplog.text


def test_errors_are_sentences_without_paths_or_code():
    failed = RunError(
        "x is not a finite number", scenario="s", replicate=3, month=7, repeat="cisim.simulate()"
    )
    assert sentence_of(failed).startswith("Run 3 has no finite numbers any more in month 7")
    assert sentence_of(SpecError(["One.", "Two."])) == "One. Two."
    assert "memory" in sentence_of(MemoryError())
    assert "log" in sentence_of(ZeroDivisionError("secret"))


def test_closing_ends_every_thread():
    before = {thread.ident for thread in threading.enumerate()}
    studio = Studio(threads=2)
    asker = ask(studio, large(), replicates=5000)
    until(lambda: studio.made > 0)
    studio.close()
    studio.close()
    assert not [
        thread for thread in threading.enumerate() if thread.ident not in before and thread.is_alive()
    ]
    assert not asker.settled.is_set()


COMPILE = """
import json, sys, threading
from cisim.app.drawing.studio import Studio
from cisim.world.scenario import Scenario
studio, notes, done = Studio(), [], threading.Event()
def take(answer):
    notes.append([answer.note, answer.replicates, answer.error])
    if answer.settled:
        done.set()
studio.ask("a", Scenario(name="new", months=6, roster={"count": 4}), take, replicates=3)
print(json.dumps([done.wait(300), notes]))
studio.close()
"""


@pytest.mark.slow  # compiles a kernel
def test_who_asks_for_new_rules_is_told_that_they_are_compiled(tmp_path):
    world = {"PYTHONPATH": str(Path(cisim.__file__).parents[1]), "XDG_CACHE_HOME": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", COMPILE], env=os.environ | world, capture_output=True, text=True, check=True
    )
    done, notes = json.loads(told.stdout)
    assert done and notes[0] == [COMPILING, 0, ""] and notes[-1] == ["", 3, ""]


def test_every_preset_is_answered(shared):
    for name in verbs.presets():
        answer = ask(shared, verbs.preset(name).replace(months=12, event=()), replicates=2, keep=[0]).wait()
        assert not answer.error and answer.replicates == 2


@pytest.mark.parametrize("partners", [3, 25])
def test_what_a_history_takes_is_known_before_it_is_made(shared, partners):
    scenario = small(roster={"count": partners})
    history = ask(shared, scenario, replicates=0, keep=[0]).wait().ensembles[0].history(0)
    taken = history.organizations.nbytes + history.ties.nbytes
    assert Sheet((content_key(scenario), 0), scenario).history_bytes() == pytest.approx(taken, rel=0.1)
