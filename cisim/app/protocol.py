"""What the page and the browser say to each other, as plain data.

The browser sends an *action* (`{"do": "lever", "name": "agenda", "value": 0.5}`); the page answers with a *view* of the
session (what is chosen) and, as soon as they are computed, *pictures* (what comes out of it). Nothing else
crosses the wire, so each side can be tested without the other. All of it is JSON: no NaN (None instead), no bytes
(base64 text instead). Actions and views are here, pictures in `pictures`.
"""

from __future__ import annotations

from typing import Any, TypedDict

__all__ = [
    "Action",
    "Calendar",
    "Choice",
    "Control",
    "EventKind",
    "Live",
    "LivePlan",
    "Notice",
    "Plan",
    "Static",
    "SurveyShown",
    "View",
]

Action = dict[str, Any]
"""`do` names the action, the rest are its values; `state/actions.py` lists them all and checks each."""


class Notice(TypedDict):
    """A sentence for the person at the page: what happened, or what was wrong and what to do."""

    kind: str  # "info", "wait" (there as long as it is true), "warning" or "error"
    text: str
    details: list[str]  # every fault, one a line; may be empty


class Control(TypedDict):
    """A declared number as a slider or a row of the drawer."""

    name: str
    label: str  # in words, for a room
    meaning: str
    value: float
    default: float
    low: float  # of the slider
    high: float
    least: float  # what is allowed at all
    most: float
    step: float
    unit: str
    part: str  # the mechanism it belongs to; "condition" for the five sliders
    basis: str  # short reference, or "assumption"
    reference: str  # the full reference, "" for an assumption
    changed: bool  # differs from the scenario that was opened
    opened: float  # its value there
    drawn: (
        list[float] | None
    )  # 5 % and 95 % of its draws where a posterior decides it; value is then their median


class Choice(TypedDict):
    """A story (preset), or a variant of a rule."""

    name: str
    title: str
    text: str


class EventKind(TypedDict):
    """An event that can be dropped on the time line."""

    kind: str
    label: str
    text: str  # what it does, one sentence
    # name, label, type ("number", "whole", "partner", "lever", "truth", "text"), value, optional, backbone, low, high,
    # least, most, step, unit, of (the field that names the lever whose range holds); what is not sent is filled in
    fields: list[dict[str, Any]]


class Calendar(TypedDict):
    """One event of a plan."""

    index: int
    kind: str
    month: int
    label: str
    text: str  # what it does, in words, with names
    values: dict[str, Any]


class Plan(TypedDict):
    """A plan: levers and events on a world."""

    index: int
    name: str
    title: str
    levers: list[Control]
    events: list[Calendar]
    lines: list[str]  # the plan in words


class View(TypedDict):
    """What is chosen, for the browser to show: everything but results."""

    page: str  # "stage", "desk" or "bench"
    serial: int  # number of the last action that was taken in
    title: str
    description: str
    stories: list[Choice]
    conditions: list[Control]  # the five sliders and funding, in this order
    levers: list[Control]  # all levers
    plans: list[Plan]
    shown: int  # the plan on the Stage
    event_kinds: list[EventKind]
    months: int
    target: float  # severity to be reached
    seed: int
    replicates: int
    replicate: int  # the run shown as a network
    selected: str  # id of a partner, or ""
    has_baseline: bool
    baseline_title: str
    posterior: str  # name of the shipped posterior that is carried, or ""
    prediction: dict[str, Any]  # {"outcome", "points": [[month, value], …], "choice", "hidden": bool}
    can_undo: bool
    can_redo: bool
    undo_text: str  # what undo would take back
    redo_text: str
    link: str  # the query that restores all this ("" with a notice if too long)
    notices: list[Notice]
    limits: dict[
        str, float
    ]  # replicates, months, plans, partners, events, upload_bytes, link_characters, undo_steps
    parameters: list[Control]  # of the plan that is shown, for the drawer
    rule_choices: list[
        dict[str, Any]
    ]  # {"choice", "label", "variants": [{"name", "title", "text", "sources"}], "chosen"}
    partners: list[
        list[str]
    ]  # [id, name] of every organization of the plan that is shown; the backbone is last
    posteriors: list[str]  # names that come with cisim
    desk: dict[str, Any]  # {"month" (0: the last), "outcome"}
    advice: dict[str, Any]  # inputs of the Desk's questions: the fields of state/advice.py
    bench: dict[str, Any]  # {"folder", "x", "y", "outcome"}
    survey: SurveyShown | None  # the survey that was uploaded and is not yet taken in


class SurveyShown(TypedDict):
    """An uploaded survey before it is taken in: what was read and guessed, or what is wrong by row and column."""

    files: list[str]  # names; an upload without files but with "map" reads the same files again
    columns: dict[str, list[str]]  # of "organizations" and of "ties", to choose from
    map: dict[str, Any]  # {"organizations": {role: column}, "ties": {role: column, "scale", …}, "layout", …}
    summary: str  # lines of fixed width, "" where it cannot be read
    notes: list[str]
    faults: list[dict[str, Any]]  # {"file", "row", "column", "problem"}
    ready: bool  # it can be taken in with import-survey


class Static(TypedDict):
    """The part of every View that never changes while the server runs: sent once."""

    stories: list[Choice]
    event_kinds: list[EventKind]
    controls: dict[str, Control]  # every lever and parameter at its default, by name
    conditions: list[str]  # names of the five sliders and funding
    levers: list[str]
    parameters: list[str]
    rule_choices: list[dict[str, Any]]  # as in View, "chosen" being the default
    posteriors: list[str]
    limits: dict[str, float]


class LivePlan(TypedDict):
    """A plan without what Static says of its levers."""

    index: int
    name: str
    title: str
    values: dict[str, float]  # every lever
    opened: dict[str, float]  # what the levers that differ were when it was opened
    events: list[Calendar]
    lines: list[str]


class Live(TypedDict):
    """A View less Static: what an action can change. `view.whole` (and the page) put both together."""

    page: str
    serial: int
    title: str
    description: str
    plans: list[LivePlan]
    shown: int
    months: int
    target: float
    seed: int
    replicates: int
    replicate: int
    selected: str
    has_baseline: bool
    baseline_title: str
    posterior: str
    prediction: dict[str, Any]
    can_undo: bool
    can_redo: bool
    undo_text: str
    redo_text: str
    link: str
    notices: list[Notice]
    parameters: dict[str, float]  # that are not at the declared default
    parameters_opened: dict[str, float]  # what those that differ were when it was opened
    parameters_drawn: dict[str, list[float]]  # {name: [5 %, 95 %]}
    rules: dict[str, str]  # that are not the default
    partners: list[list[str]]
    desk: dict[str, Any]
    advice: dict[str, Any]
    bench: dict[str, Any]
    survey: SurveyShown | None
