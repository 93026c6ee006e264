"""What is chosen, as plain data for the browser.

    static = static_view(history.limits)      # once
    live = live_view(history)                 # after every action
    view = whole(static, live)                # the View of the protocol; the browser can do this itself

`view_of` gives the View in one go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any, cast

from cisim import verbs
from cisim.app.naming import readable_names
from cisim.app.protocol import Calendar, Choice, Control, Live, LivePlan, Plan, Static, SurveyShown, View
from cisim.app.state.advice import plain as plain_advice
from cisim.app.state.controls import CONDITIONS, declared_controls, label_of, value_in_words
from cisim.app.state.history import History
from cisim.app.state.kept import Kept
from cisim.app.state.kinds import event_kinds, label_of_kind
from cisim.app.state.limits import Limits
from cisim.app.state.link import link_of
from cisim.app.state.notices import MOST_DETAILS
from cisim.app.state.session import Prediction, shipped_names
from cisim.app.state.survey import Survey
from cisim.theory.parameters import LEVERS, UNCERTAINTIES, Parameter
from cisim.theory.rules import CHOICES, SOURCES_OF_VARIANT, default_choices
from cisim.theory.sources import ASSUMPTION, SOURCES
from cisim.world.posterior import Posterior, Spread
from cisim.world.relations import plain
from cisim.world.scenario import Scenario

__all__ = ["live_view", "static_view", "view_of", "whole"]


def view_of(history: History) -> View:
    """Everything that is chosen, in one table."""
    return whole(static_view(history.limits), live_view(history))


@cache
def static_view(limits: Limits) -> Static:
    """What is the same for every visitor and every action; not to be written to."""
    return Static(
        stories=_stories(),
        event_kinds=list(event_kinds()),
        controls=dict(declared_controls()),
        conditions=list(CONDITIONS),
        levers=list(LEVERS),
        parameters=list(UNCERTAINTIES),
        rule_choices=_rule_choices(),
        posteriors=list(shipped_names()),
        limits=limits.told(),
    )


def _stories() -> list[Choice]:
    presets = [verbs.preset(name) for name in verbs.presets()]
    return [Choice(name=one.name, title=one.title, text=" ".join(one.description.split())) for one in presets]


def _rule_choices() -> list[dict[str, Any]]:
    usual = default_choices()
    return [
        {
            "choice": choice,
            "label": label_of(choice),
            "variants": [_variant(choice, name, slots) for name, slots in variants.items()],
            "chosen": usual[choice],
        }
        for choice, variants in CHOICES.items()
    ]


def _variant(choice: str, name: str, slots: Mapping[str, Any]) -> dict[str, Any]:
    first = [(rule.__doc__ or "").strip().split("\n")[0].replace("`", "") for rule in slots.values()]
    sources = SOURCES_OF_VARIANT.get((choice, name), {})
    told = [f"{SOURCES[key]} ({reason})" for key, reason in sources.items()]
    title = f"{name[0].upper()}{name[1:]}".replace("-", " ")
    return {"name": name, "title": title, "text": " ".join(first), "sources": told or [ASSUMPTION]}


def live_view(history: History) -> Live:
    """What an action can change. While something is dragged there is no link."""
    now = history.present
    scenario, opened = now.scenario, now.opened
    drawn = {} if scenario.posterior is None else _spreads(scenario.posterior)
    free = {name: spread for name, spread in drawn.items() if name not in scenario.parameters}
    return Live(
        page=now.page,
        serial=history.serial,
        title=scenario.title or scenario.name,
        description=scenario.description,
        plans=[_plan(index, plan, now.openings[index]) for index, plan in enumerate(now.plans)],
        shown=now.shown,
        months=scenario.months,
        target=scenario.issue.target,
        seed=now.seed,
        replicates=now.replicates,
        replicate=now.replicate,
        selected=now.selected,
        has_baseline=now.baseline is not None,
        baseline_title="" if now.baseline is None else now.baseline.title or now.baseline.name,
        posterior="" if scenario.posterior is None else scenario.posterior.origin or "own draws",
        prediction=_prediction(now.prediction),
        can_undo=bool(history.past),
        can_redo=bool(history.future),
        undo_text=f"Take back: {history.past[-1].text}" if history.past else "",
        redo_text=f"Do again: {history.future[0].text}" if history.future else "",
        link="" if history.drag and history.drag != "select" else link_of(now, history.limits),
        notices=list(history.notices),
        parameters=_parameters(scenario, free),
        parameters_opened=_opened(scenario.parameters, opened.parameters, UNCERTAINTIES),
        parameters_drawn={name: [spread.low, spread.high] for name, spread in free.items()},
        rules={choice: name for choice, name in scenario.rules.items() if name != default_choices()[choice]},
        partners=[[ident, name] for ident, name in readable_names(scenario).items()],
        desk=asdict(now.desk),
        advice=plain_advice(now.advice),
        bench=asdict(now.bench),
        survey=None if history.survey is None else _survey(history.survey),
    )


_spreads: Kept[Posterior, dict[str, Spread]] = Kept(Posterior.summary, 16)


def _prediction(told: Prediction) -> dict[str, Any]:
    return {**asdict(told), "points": [list(point) for point in told.points]}


def _parameters(scenario: Scenario, free: Mapping[str, Spread]) -> dict[str, float]:
    """Parameters that are told, or drawn: the median then."""
    return {**scenario.parameters, **{name: spread.median for name, spread in free.items()}}


def _opened(
    values: Mapping[str, float], opened: Mapping[str, float], declared: Mapping[str, Parameter]
) -> dict[str, float]:
    """What those were, told or by default, whose value is another one than in what was opened."""
    told = values.keys() | opened.keys()
    return {
        name: opened.get(name, entry.default) for name, entry in declared.items()
        if name in told and values.get(name, entry.default) != opened.get(name, entry.default)
    }  # fmt: skip


def _plan(index: int, scenario: Scenario, opened: Scenario) -> LivePlan:
    values = {name: scenario.levers.get(name, entry.default) for name, entry in LEVERS.items()}
    events = _events(scenario)
    return LivePlan(
        index=index,
        name=scenario.name,
        title=scenario.title or scenario.name,
        values=values,
        opened=_opened(scenario.levers, opened.levers, LEVERS),
        events=events,
        lines=[
            *_in_place(values),
            *(event["text"] for event in sorted(events, key=lambda one: one["month"])),
        ],
    )


def _events(scenario: Scenario) -> list[Calendar]:
    names = readable_names(scenario) if scenario.event else {}
    found = []
    for index, event in enumerate(scenario.event):
        values = plain(event)
        found.append(
            Calendar(
                index=index,
                kind=event.kind,
                month=event.month,
                label=label_of_kind(event.kind),
                text=event.sentence(names),
                values={name: value for name, value in values.items() if name not in ("kind", "month")},
            )
        )
    return found


def _in_place(values: Mapping[str, float]) -> list[str]:
    """A line for every lever that is not at its default."""
    return [
        f"{label_of(name)}: {value_in_words(LEVERS[name], value)}"
        for name, value in values.items()
        if value != LEVERS[name].default
    ]


def _survey(survey: Survey) -> SurveyShown:
    return SurveyShown(
        files=[file.name for file in survey.files],
        columns={part: list(columns[:200]) for part, columns in survey.columns.items()},
        map=dict(survey.survey_map),
        summary=survey.summary,
        notes=list(survey.notes),
        faults=[dict(fault) for fault in survey.faults[:MOST_DETAILS]],
        ready=survey.scenario is not None,
    )


def whole(static: Static, live: Live) -> View:
    """The View that both parts make."""
    plans = [_whole_plan(static, plan) for plan in live["plans"]]
    levers = {lever["name"]: lever for lever in plans[live["shown"]]["levers"]}
    apart = ("plans", "parameters", "parameters_opened", "parameters_drawn", "rules")
    view = {name: value for name, value in live.items() if name not in apart} | {
        "stories": static["stories"],
        "event_kinds": static["event_kinds"],
        "posteriors": static["posteriors"],
        "limits": static["limits"],
        "plans": plans,
        "conditions": [levers[name] for name in static["conditions"]],
        "levers": list(levers.values()),
        "parameters": _whole_parameters(static, live),
        "rule_choices": [
            {**one, "chosen": live["rules"].get(one["choice"], one["chosen"])}
            for one in static["rule_choices"]
        ],
    }
    return cast(View, view)


def _whole_plan(static: Static, plan: LivePlan) -> Plan:
    levers = [
        _at(static["controls"][name], value, plan["opened"].get(name))
        for name, value in plan["values"].items()
    ]
    return Plan(
        index=plan["index"],
        name=plan["name"],
        title=plan["title"],
        levers=levers,
        events=plan["events"],
        lines=plan["lines"],
    )


def _whole_parameters(static: Static, live: Live) -> list[Control]:
    found = []
    for name in static["parameters"]:
        entry = static["controls"][name]
        value = live["parameters"].get(name, entry["default"])
        drawn = live["parameters_drawn"].get(name)
        found.append(_at(entry, value, live["parameters_opened"].get(name), drawn))
    return found


def _at(entry: Control, value: float, opened: float | None, drawn: list[float] | None = None) -> Control:
    """A declared number at its value; opened: what it was when the scenario was opened, None if it is so still."""
    shown = entry.copy()
    shown.update(
        {
            "value": value,
            "changed": opened is not None,
            "opened": value if opened is None else opened,
            "drawn": drawn,
        }
    )
    return shown
