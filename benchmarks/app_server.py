"""How fast the app's server answers: a slider step to the first and the settled picture, without any browser.

`python -m benchmarks.app_server`. Figures are medians, in milliseconds unless said otherwise; "worst" is the slowest.
"""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

import cisim
from cisim.app.drawing.network import network_of
from cisim.app.drawing.outcomes import RECORDED
from cisim.app.drawing.partner import partner_story
from cisim.app.drawing.picture import stage_picture
from cisim.app.drawing.sheets import content_key
from cisim.app.drawing.studio import Answer, Guess, Studio
from cisim.engine.batch import kernel_for
from cisim.world.partners import Roster
from cisim.world.scenario import Scenario

__all__ = ["app_server"]

Figures = dict[str, float]
RUNS = 50
STEPS = 10
PEOPLE = 4


def app_server(repeats: int) -> Figures:
    """Slider step to answer at the server (25 partners, 120 months, 50 runs); pictures; waiting; several people."""
    plan = cisim.preset("collective-impact")
    figures: Figures = {}
    studio = Studio()
    try:
        _ask(studio, plan)
        figures |= _steps(studio, plan)
        figures |= _expected(studio, plan)
        figures |= _together(studio, plan)
    finally:
        studio.close()
    return figures | _drawing(plan, repeats) | _overheads(plan, repeats) | _larger(plan)


def _steps(studio: Studio, plan: Scenario) -> Figures:
    """Slider steps that nobody foresaw, and back again."""
    plans = [_with(plan, "agenda", 0.02 * (1 + step)) for step in range(STEPS)]
    cold = [_ask(studio, one) for one in plans]
    again = [_ask(studio, one) for one in plans]
    return {
        "unforeseen step: first part": _median(first for first, _ in cold),
        "unforeseen step: settled": _median(last for _, last in cold),
        "step back: settled": _median(last for _, last in again),
        "step back: settled, worst": max(last for _, last in again),
    }


def _expected(studio: Studio, plan: Scenario) -> Figures:
    """Slider steps that were foreseen; and how long others wait while the studio makes what it foresees."""
    plans = [_with(plan, "measurement", 0.02 * (1 + step)) for step in range(STEPS)]
    made, begin = studio.made, time.perf_counter()
    studio.expect("ann", [Guess(one, True) for one in plans], replicates=RUNS, draw=[0])
    while studio.made < made + STEPS * RUNS:
        time.sleep(0.01)
    busy = time.perf_counter() - begin
    foreseen = [_ask(studio, one) for one in plans]
    guesses = [Guess(_with(plan, "coordination", 0.01 * step), True) for step in range(60)]
    studio.expect("ann", guesses, replicates=RUNS)
    others = [_ask(studio, _with(plan, "meetings", 0.1 * (1 + step)), client="ben") for step in range(STEPS)]
    studio.leave("ann")
    return {
        "foreseen step: settled": _median(last for _, last in foreseen),
        "foreseeing one step takes": 1e3 * busy / STEPS,
        "unforeseen step while foreseeing: first part": _median(first for first, _ in others),
    }


def _together(studio: Studio, plan: Scenario) -> Figures:
    """Several people move sliders at once, three times a second each, to values that nobody foresaw."""
    firsts: list[float] = []
    lasts: list[float] = []

    def person(number: int) -> None:
        for step in range(6):
            one = _with(plan, "pooled_funding", 0.1 + number + 0.13 * step)
            first, last = _ask(studio, one, client=f"person {number}")
            firsts.append(first)
            lasts.append(last)
            time.sleep(max(0.0, 0.33 - last / 1e3))

    people = [threading.Thread(target=person, args=(number,)) for number in range(PEOPLE)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return {
        f"{PEOPLE} people at once: first part": _median(firsts),
        f"{PEOPLE} people at once: settled": _median(lasts),
        f"{PEOPLE} people at once: settled, worst": max(lasts),
    }


def _drawing(plan: Scenario, repeats: int) -> Figures:
    """Pictures out of runs, and their size as JSON."""
    ensemble = cisim.simulate(plan, RUNS, measures=RECORDED, keep_history=[0])
    base = cisim.simulate(cisim.preset("isolated-impact"), RUNS, measures=RECORDED)
    network = network_of(ensemble.history(0), plan)
    return {
        "stage picture": _best(lambda: stage_picture(ensemble, baseline=base), repeats),
        "stage picture: kilobytes": _kilobytes(stage_picture(ensemble)),
        "stage picture with baseline: kilobytes": _kilobytes(stage_picture(ensemble, baseline=base)),
        "network": _best(lambda: network_of(ensemble.history(0), plan), repeats),
        "network: kilobytes": _kilobytes(network),
        "partner's story": _best(lambda: partner_story(ensemble, 0, "partner-3", 60), repeats),
    }


def _overheads(plan: Scenario, repeats: int) -> Figures:
    """What is spent on a call apart from the runs."""
    blueprint = plan.lower()
    return {
        "scenario with another lever": _best(lambda: _with(plan, "agenda", 0.5), repeats),
        "key of its content": _best(lambda: content_key(plan), repeats),
        "lowering": _best(plan.lower, repeats),
        "looking up the kernel": _best(lambda: kernel_for(blueprint), repeats),
        "simulate: 1 run": _best(lambda: cisim.simulate(plan, 1, measures=RECORDED, threads=1), repeats),
        "simulate: 50 runs": _best(lambda: cisim.simulate(plan, RUNS, measures=RECORDED), repeats),
    }


def _larger(plan: Scenario) -> Figures:
    """A hundred partners."""
    studio = Studio()
    try:
        large = plan.replace(roster=Roster(count=100))
        _ask(studio, large, replicates=4)
        cold = [_ask(studio, _with(large, "agenda", 0.1 * step)) for step in range(3)]
        history = cisim.simulate(large, [0], measures=RECORDED, keep_history=[0]).history(0)
        return {
            "100 partners: first part": _median(first for first, _ in cold),
            "100 partners: settled": _median(last for _, last in cold),
            "100 partners: network": _best(lambda: network_of(history, large), 3),
            "100 partners: network, kilobytes": _kilobytes(network_of(history, large)),
        }
    finally:
        studio.close()


def _ask(
    studio: Studio, scenario: Scenario, client: str = "ann", replicates: int = RUNS
) -> tuple[float, float]:
    """(milliseconds to the first answer, to the settled one)."""
    times: list[float] = []
    done = threading.Event()
    begin = time.perf_counter()

    def take(answer: Answer) -> None:
        if answer.error:
            raise RuntimeError(answer.error)
        times.append(1e3 * (time.perf_counter() - begin))
        if answer.settled:
            done.set()

    studio.ask(client, scenario, take, replicates=replicates, draw=[0])
    if not done.wait(120):
        raise TimeoutError("the studio did not answer within two minutes")
    return times[0], times[-1]


def _with(plan: Scenario, lever: str, value: float) -> Scenario:
    return plan.replace(levers={**plan.levers, lever: value})


def _median(values: Any) -> float:
    return statistics.median(values)


def _best(work: Callable[[], object], repeats: int) -> float:
    times = []
    for _ in range(max(5, repeats)):
        begin = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - begin))
    return min(times)


def _kilobytes(value: Any) -> float:
    return len(json.dumps(value, separators=(",", ":"))) / 1000


if __name__ == "__main__":
    for label, figure in app_server(5).items():
        print(f"{label:<55} {figure:>12,.4g}")
