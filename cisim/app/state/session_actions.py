"""Actions on the session: which plans there are, how they are run, where the visitor looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from cisim import verbs
from cisim.app.naming import readable_names
from cisim.app.state.advice import advised
from cisim.app.state.limits import Limits
from cisim.app.state.plan_actions import Done, plan_of
from cisim.app.state.readings import (
    Action,
    known,
    listed,
    number,
    told_or,
    true_or_false,
    whole_number,
    words,
)
from cisim.app.state.session import (
    Bench,
    Desk,
    Prediction,
    Session,
    beyond,
    changed,
    named_apart,
    shipped_names,
    shipped_posterior,
)
from cisim.engine.streams import check_address
from cisim.errors import SpecError, did_you_mean
from cisim.theory.measures import MEASURES
from cisim.world.fields import short
from cisim.world.scenario import Scenario

__all__ = [
    "add_plan", "advise", "bench_axes", "clear_plan", "desk", "keep_baseline", "open_bench", "open_story", "predict", "remove_plan",
    "reveal", "select", "set_months", "set_posterior", "set_replicate", "set_replicates", "set_seed", "set_target",
    "show_plan", "title_plan", "with_opened", "with_plan_beside",
]  # fmt: skip

_LARGEST_SEED = 2**32 - 1


def with_opened(session: Session, scenario: Scenario, plan: int | None = None) -> Session:
    """The session with a scenario opened as one of its plans, by default as the one that is shown.

    What the room expected of a plan that is shown no more is over.
    """
    at = session.shown if plan is None else plan
    others = tuple(other for index, other in enumerate(session.plans) if index != at)
    openings = (*session.openings[:at], scenario, *session.openings[at + 1 :])
    selected = session.selected if session.selected in scenario.ids else ""
    expected = Prediction() if at == session.shown else session.prediction
    done = replace(session, openings=openings, selected=selected, prediction=expected)
    return done.with_plan(at, named_apart(scenario, others))


def open_story(session: Session, action: Action, limits: Limits) -> Done:
    """A preset becomes the plan."""
    scenario = verbs.preset(words(action, "name", 1, 100))
    if faults := beyond(scenario, limits):
        raise SpecError(faults)
    return with_opened(session, scenario, plan_of(session, action)), f"Story: {scenario.title}"


def set_months(session: Session, action: Action, limits: Limits) -> Done:
    """All plans run for so many months."""
    months = whole_number(action, "value", 1, limits.months)
    return _everywhere(session, lambda one: changed(one, months=months)), f"{months} months"


def set_target(session: Session, action: Action, limits: Limits) -> Done:
    """All plans aim at this severity."""
    value = number(action, "value", 0, 1)

    def aimed(one: Scenario) -> Scenario:
        return changed(one, issue={"need": one.issue.need, "target": value})

    return _everywhere(session, aimed), f"Target {100 * value:.0f} %"


def set_posterior(session: Session, action: Action, limits: Limits) -> Done:
    """All plans carry the draws of a shipped posterior, or none."""
    name = action.get("name")
    if name in (None, ""):
        return _everywhere(session, lambda one: changed(one, posterior=None)), "Without posterior"
    if name not in shipped_names():
        near = did_you_mean(name if isinstance(name, str) else "", shipped_names())
        raise SpecError(f"there is no shipped posterior {short(name)}.{near}")
    draws = shipped_posterior(str(name))
    return _everywhere(session, lambda one: changed(one, posterior=draws)), f"Posterior: {name}"


def _everywhere(session: Session, change: Callable[[Scenario], Scenario]) -> Session:
    """The change in every plan and in the baseline; every fault of all of them at once."""
    faults: list[str] = []

    def tried(scenario: Scenario) -> Scenario:
        try:
            return change(scenario)
        except SpecError as error:
            faults.extend(f"{scenario.title or scenario.name}: {fault}" for fault in error.faults)
            return scenario

    plans = tuple(tried(plan) for plan in session.plans)
    baseline = None if session.baseline is None else tried(session.baseline)
    if faults:
        raise SpecError(list(dict.fromkeys(faults)))
    return replace(session, plans=plans, baseline=baseline)


def set_seed(session: Session, action: Action, limits: Limits) -> Done:
    """Other draws of the same worlds."""
    seed = whole_number(action, "value", 0, _LARGEST_SEED)
    check_address(seed, 1)
    return replace(session, seed=seed), f"Seed {seed}"


def set_replicates(session: Session, action: Action, limits: Limits) -> Done:
    """So many runs of each plan; the run shown stays among them."""
    replicates = whole_number(action, "value", 1, limits.replicates)
    shown = min(session.replicate, replicates - 1)
    return replace(session, replicates=replicates, replicate=shown), f"{replicates} runs"


def set_replicate(session: Session, action: Action, limits: Limits) -> Done:
    """Another run is shown as a network."""
    replicate = whole_number(action, "value", 0, session.replicates - 1)
    return replace(session, replicate=replicate), f"Run {replicate + 1} shown"


def keep_baseline(session: Session, action: Action, limits: Limits) -> Done:
    """The plan becomes the baseline, or the baseline is forgotten."""
    if true_or_false(action, "on", True):
        return replace(session, baseline=session.plans[plan_of(session, action)]), "Baseline kept"
    return replace(session, baseline=None), "Baseline forgotten"


def select(session: Session, action: Action, limits: Limits) -> Done:
    """An organization is looked at, or none."""
    ident = action.get("id") or ""
    if ident == "":
        return replace(session, selected=""), "Nobody selected"
    names = readable_names(session.scenario)
    if not isinstance(ident, str) or ident not in names:
        near = did_you_mean(ident, names) if isinstance(ident, str) and len(names) < 50 else ""
        raise SpecError(f"there is no organization {short(ident)}.{near}")
    return replace(session, selected=ident), f"{names[ident]} selected"


def add_plan(session: Session, action: Action, limits: Limits) -> Done:
    """A copy of a plan stands beside the others and is shown."""
    at = plan_of(session, action)
    title = _title_beside(session.plans[at].title or session.plans[at].name, session.plans)
    done = with_plan_beside(session, changed(session.plans[at], title=title), limits)
    openings = (*session.openings, session.openings[at])
    return replace(done, openings=openings, prediction=session.prediction), f"New plan: {title}"


def with_plan_beside(session: Session, scenario: Scenario, limits: Limits) -> Session:
    """The session with one more plan, which is shown. Raises SpecError where that is more than allowed."""
    if len(session.plans) >= limits.plans:
        raise SpecError(
            f"there are {len(session.plans)} plans; allowed are up to {limits.plans}. Take one away first."
        )
    if faults := beyond(scenario, limits):
        raise SpecError(faults)
    plan = named_apart(scenario, session.plans)
    return _selected_there(
        replace(
            session, plans=(*session.plans, plan), openings=(*session.openings, scenario),
            shown=len(session.plans), prediction=Prediction(),
        )
    )  # fmt: skip


def _title_beside(title: str, plans: tuple[Scenario, ...]) -> str:
    taken = {plan.title for plan in plans}
    first, _, last = title.rpartition(" (")
    stem = first if first and last.removesuffix(")").isdigit() else title
    return next(
        told for number in range(2, len(plans) + 3) if (told := f"{stem[:190]} ({number})") not in taken
    )


def remove_plan(session: Session, action: Action, limits: Limits) -> Done:
    """A plan is taken away; the last one stays."""
    if len(session.plans) == 1:
        raise SpecError("this is the only plan; open another story instead.")
    index = whole_number(told_or(action, "index", session.shown), "index", 0, len(session.plans) - 1)
    shown = session.shown - (session.shown > index)
    plans = (*session.plans[:index], *session.plans[index + 1 :])
    openings = (*session.openings[:index], *session.openings[index + 1 :])
    expected = Prediction() if index == session.shown else session.prediction
    done = replace(
        session, plans=plans, openings=openings, shown=min(shown, len(plans) - 1), prediction=expected
    )
    return _selected_there(done), f"Without plan: {session.plans[index].title or session.plans[index].name}"


def show_plan(session: Session, action: Action, limits: Limits) -> Done:
    """Another plan is shown on the Stage."""
    index = whole_number(action, "index", 0, len(session.plans) - 1)
    expected = session.prediction if index == session.shown else Prediction()
    done = _selected_there(replace(session, shown=index, prediction=expected))
    return done, f"Shown: {session.plans[index].title or session.plans[index].name}"


def _selected_there(session: Session) -> Session:
    return session if session.selected in session.scenario.ids else replace(session, selected="")


def title_plan(session: Session, action: Action, limits: Limits) -> Done:
    """A plan is called something else."""
    index = whole_number(told_or(action, "index", session.shown), "index", 0, len(session.plans) - 1)
    scenario = changed(session.plans[index], title=words(action, "title", 1, 200))
    return session.with_plan(index, scenario), f"Title: {scenario.title}"


def clear_plan(session: Session, action: Action, limits: Limits) -> Done:
    """A plan is again what it was opened as, under its own name."""
    at = plan_of(session, action)
    now, opened = session.plans[at], session.openings[at]
    done = opened if opened.name == now.name else changed(opened, name=now.name, title=now.title)
    return session.with_plan(at, done), f"{done.title or done.name} as it was opened"


def predict(session: Session, action: Action, limits: Limits) -> Done:
    """The room says what it expects: a path by month, or one of a few choices."""
    before = session.prediction
    outcome = known(told_or(action, "outcome", before.outcome), "outcome", tuple(MEASURES))
    kept = before.points if outcome == before.outcome else ()
    points = tuple(_points(action, limits.months)) if "points" in action else kept
    choice = words(told_or(action, "choice", before.choice), "choice", 0, 200)
    hidden = true_or_false(action, "hidden", before.hidden)
    done = replace(session, prediction=Prediction(outcome, points, choice, hidden))
    return done, f"Expected: {choice}" if choice else "Expectation"


def _points(action: Action, months: int) -> list[tuple[int, float]]:
    """The points told, by month, the last one told for a month."""
    found: dict[int, float] = {}
    for at, point in enumerate(listed(action, "points", 1_300)):
        if not isinstance(point, (list, tuple)) or len(point) != 2:
            raise SpecError(f"points[{at}]: must be [month, value], given {short(point)}.")
        told: Mapping[str, object] = {"month": point[0], "value": point[1]}
        found[whole_number(told, "month", 0, months)] = number(told, "value", -1e9, 1e9)
    return sorted(found.items())


def reveal(session: Session, action: Action, limits: Limits) -> Done:
    """The outcome is hidden from the room, or shown."""
    hidden = true_or_false(action, "hidden", False)
    done = replace(session, prediction=replace(session.prediction, hidden=hidden))
    return done, "Outcome hidden" if hidden else "Outcome revealed"


def desk(session: Session, action: Action, limits: Limits) -> Done:
    """The comparison looks at another month or outcome."""
    before = session.desk
    month = whole_number(told_or(action, "month", before.month), "month", 0, limits.months)
    outcome = known(told_or(action, "outcome", before.outcome), "outcome", tuple(MEASURES))
    return replace(
        session, desk=Desk(month, outcome)
    ), f"Compared: {outcome.replace('_', ' ')}, month {month}"


def advise(session: Session, action: Action, limits: Limits) -> Done:
    """The inputs of a question are other ones; the answer is asked for apart."""
    advice, text = advised(session.advice, action, limits)
    return replace(session, advice=advice), text


def open_bench(session: Session, action: Action, limits: Limits) -> Done:
    """A study folder is asked for; whether it may be opened is the server's to say."""
    folder = words(action, "folder", 0, 500)
    return replace(session, bench=Bench(folder)), f"Study: {folder}" if folder else "No study"


def bench_axes(session: Session, action: Action, limits: Limits) -> Done:
    """The scatter shows other factors or another outcome."""
    told = {
        name: words(told_or(action, name, getattr(session.bench, name)), name, 0, 200)
        for name in ("x", "y", "outcome")
    }
    return replace(session, bench=replace(session.bench, **told)), "Axes of the scatter"
