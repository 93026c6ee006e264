"""What `study check` says of time and disk is what a study takes."""

from __future__ import annotations

import numpy as np

from cisim.study import cost
from cisim.study.running import engines
from cisim.study.running.engines import engine_for, warm_up
from cisim.study.running.plan import arrays_of


def test_batches_of_any_size_need_no_more_than_was_compiled_before(study):
    told = study()
    engine, points = engine_for(told), told.points()
    warm_up(engine, points)
    runs = engines.Runs(
        [""] * len(points), arrays_of(points, engine.worlds), np.zeros(len(points), np.uint32)
    )
    engine.run(runs)
    kernels = [kernel for kernel in engine._kernels.values()]
    assert kernels and all(len(kernel.signatures) == 1 for kernel in kernels)


def test_what_happens_once_is_not_counted_as_time_of_a_run(study, monkeypatch):
    plain, first = engines.timed, []

    def slow_at_first(engine, runs):
        outcome = plain(engine, runs)
        outcome.seconds = 0.01 * len(runs) + (0 if first else 30)
        first.append(len(runs))
        return outcome

    monkeypatch.setattr(engines, "timed", slow_at_first)
    told = study()
    estimate = cost.estimate(told, told.points())
    assert estimate.seconds < 0.02 and estimate.runs > 10


def test_parts_are_fewer_the_longer_it_takes():
    assert [cost.parts_in(seconds) for seconds in (0.2, 5.5, 100)] == [1, 6, 101]
    assert cost.parts_in(1000) < 400
