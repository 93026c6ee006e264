"""What the browser may ask for, by name: each action is one small pure function, and refuses what it cannot use.

    history, notices = act(history, {"do": "lever", "name": "agenda", "value": 0.5})

Any JSON at all can be given: what is no action leaves the session as it is and gives a notice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from cisim.app.protocol import Notice
from cisim.app.state import plan_actions as plan
from cisim.app.state import session_actions as session
from cisim.app.state.files import uploads
from cisim.app.state.history import History, redo, remembered, told, undo
from cisim.app.state.limits import Limits
from cisim.app.state.link import restored
from cisim.app.state.notices import notice, refusal
from cisim.app.state.opening import opened
from cisim.app.state.readings import (
    Action,
    known,
    listed,
    refuse_monsters,
    true_or_false,
    whole_number,
    words,
)
from cisim.app.state.session import PAGES, Session, beyond
from cisim.app.state.survey import survey_of
from cisim.app.state.survey_plans import with_survey_everywhere
from cisim.errors import SpecError, did_you_mean
from cisim.world.fields import short
from cisim.world.scenario import Scenario

__all__ = ["ANSWERED", "CHANGES", "OTHERS", "act", "with_scenario"]

Change = Callable[[Session, Action, Limits], tuple[Session, str]]
Other = Callable[[History, Action], tuple[History, list[Notice]]]

CHANGES: dict[str, Change] = {
    "story": session.open_story,
    "lever": plan.set_lever,
    "parameter": plan.set_parameter,
    "parameters-clear": plan.clear_parameters,
    "rule": plan.set_rule,
    "event-add": plan.add_event,
    "event-move": plan.move_event,
    "event-change": plan.change_event,
    "event-remove": plan.remove_event,
    "months": session.set_months,
    "seed": session.set_seed,
    "replicates": session.set_replicates,
    "replicate": session.set_replicate,
    "target": session.set_target,
    "posterior": session.set_posterior,
    "baseline": session.keep_baseline,
    "select": session.select,
    "plan-add": session.add_plan,
    "plan-remove": session.remove_plan,
    "plan-show": session.show_plan,
    "plan-title": session.title_plan,
    "plan-clear": session.clear_plan,
    "predict": session.predict,
    "reveal": session.reveal,
    "desk": session.desk,
    "advice": session.advise,
    "bench-open": session.open_bench,
    "bench-axes": session.bench_axes,
}
"""Actions that make another session; each can be taken back."""

ANSWERED = (
    "partner", "focus", "bench-point", "save-scenario", "save-result", "save-report", "advice-ask", "advice-cancel",
    "advice-take",
)  # fmt: skip
"""Actions that the page answers itself; they change nothing here."""

_DRAGGED = {
    "lever": ("name",), "parameter": ("name",), "event-move": ("index",), "event-change": ("index",), "months": (),
    "target": (), "seed": (), "replicates": (), "replicate": (), "predict": (), "desk": (), "plan-title": ("index",),
}  # fmt: skip
"""Actions that come many times while something is dragged, and what tells one drag from another."""

_RUNS_ON = ("select",)
"""Actions that are one step as long as nothing else comes between."""

_LARGEST_SERIAL = 2**53

UNREAD = "The survey cannot be read yet."
READ = "The survey was read. Look at the summary, then take it in."


def act(history: History, action: object) -> tuple[History, list[Notice]]:
    """The history after an action, and what to tell the person; the notices stand in the history too."""
    asked: Action = action if isinstance(action, Mapping) else {}
    heard = _heard(history, asked)
    try:
        refuse_monsters(action, 2 * history.limits.upload_bytes)
        done, notices = _done(heard, _known(action))
    except SpecError as error:
        unfinished = asked.get("final") is False
        done, notices = replace(heard, drag=heard.drag if unfinished else ""), [refusal(error)]
    refused = any(one["kind"] == "error" for one in notices)
    moved = not refused and done.present is not heard.present
    return told(done, notices, done=moved), notices


def _known(action: object) -> Action:
    if not isinstance(action, Mapping):
        raise SpecError(f"an action must be a table of keys and values, given {short(action)}.")
    do = action.get("do")
    names = (*CHANGES, *OTHERS, *ANSWERED)
    if not isinstance(do, str) or do not in names:
        raise SpecError(
            f"there is no action {short(do)}.{did_you_mean(do if isinstance(do, str) else '', names)}"
        )
    return action


def _heard(history: History, action: Action) -> History:
    serial = action.get("serial")
    if isinstance(serial, int) and not isinstance(serial, bool) and 0 <= serial <= _LARGEST_SERIAL:
        return replace(history, serial=serial)
    return history


def _done(history: History, action: Action) -> tuple[History, list[Notice]]:
    do = action["do"]
    if do in OTHERS:
        return OTHERS[do](history, action)
    if do in ANSWERED:
        return history, []
    final = true_or_false(action, "final", True)
    present, text = CHANGES[do](history.present, action, history.limits)
    drag = _drag(history.present, action)
    return remembered(history, present, text, drag=drag, final=final and do not in _RUNS_ON), []


def _drag(present: Session, action: Action) -> str:
    """The name of the drag that an action may belong to; "" for actions that are never dragged."""
    do = action["do"]
    if do in _RUNS_ON:
        return str(do)
    if do not in _DRAGGED:
        return ""
    parts = [action.get("plan", present.shown), *(action.get(key) for key in _DRAGGED[do])]
    return " ".join(map(str, (do, *parts)))


def with_scenario(
    history: History, scenario: Scenario, text: str, *, seed: int | None = None, replicate: int | None = None
) -> History:
    """The history with a scenario opened as the plan that is shown, such as a point of a study and its run.

    Raises SpecError for a scenario that is more than a visitor may ask for.
    """
    if faults := beyond(scenario, history.limits):
        raise SpecError(faults)
    present = session.with_opened(history.present, scenario)
    if seed is not None:
        present = replace(present, seed=seed)
    if replicate is not None:
        present = replace(present, replicate=replicate)
        if present.replicates <= replicate < history.limits.replicates:
            present = replace(present, replicates=replicate + 1)
    return remembered(history, present, text)


def _undo(history: History, action: Action) -> tuple[History, list[Notice]]:
    return undo(history), []


def _redo(history: History, action: Action) -> tuple[History, list[Notice]]:
    return redo(history), []


def _page(history: History, action: Action) -> tuple[History, list[Notice]]:
    """Another page; the browser's Back takes it back, undo does not."""
    page = known(action, "name", PAGES)
    return replace(history, present=replace(history.present, page=page)), []


def _dismiss(history: History, action: Action) -> tuple[History, list[Notice]]:
    if not history.notices:
        return history, []
    index = whole_number(action, "index", 0, len(history.notices) - 1)
    return replace(history, notices=history.notices[:index] + history.notices[index + 1 :]), []


def _upload(history: History, action: Action) -> tuple[History, list[Notice]]:
    if known(action, "kind", ("scenario", "survey")) == "scenario":
        return _upload_scenario(history, action)
    return _upload_survey(history, action)


def _upload_scenario(history: History, action: Action) -> tuple[History, list[Notice]]:
    files = uploads(listed(action, "files", 1), history.limits.upload_bytes)
    if not files:
        raise SpecError("files: is empty; one TOML file is needed.")
    scenario, text = opened(files[0], history.limits), f"File: {files[0].name}"
    if true_or_false(action, "beside", False):
        return remembered(
            history, session.with_plan_beside(history.present, scenario, history.limits), text
        ), []
    return with_scenario(history, scenario, text), []


def _upload_survey(history: History, action: Action) -> tuple[History, list[Notice]]:
    """The files of a survey, or a corrected map for those that were uploaded last; nothing is opened yet."""
    files = history.survey.files if history.survey is not None else ()
    if action.get("files") is not None:
        files = uploads(listed(action, "files", 2), history.limits.upload_bytes)
    survey = survey_of(files, action.get("map"), history.limits)
    read = survey.scenario is not None
    shown = replace(history, survey=survey, drag="", notices=_not_of_survey(history.notices, read))
    if not read:
        return shown, [notice("error", UNREAD, survey.lines())]
    return shown, [notice("info", READ)]


def _not_of_survey(notices: Sequence[Notice], done: bool) -> tuple[Notice, ...]:
    """The notices without those about a survey of before; once one is read or taken in, errors are no longer news."""
    return tuple(
        one for one in notices if one["text"] not in (UNREAD, READ) and not (done and one["kind"] == "error")
    )


def _import_survey(history: History, action: Action) -> tuple[History, list[Notice]]:
    if history.survey is None or history.survey.scenario is None:
        raise SpecError("there is no survey to take in; upload its files first.")
    scenario, text = history.survey.scenario, f"Survey: {history.survey.scenario.title}"
    history = replace(history, notices=_not_of_survey(history.notices, done=False))
    if not true_or_false(action, "all", False):
        return replace(with_scenario(history, scenario, text), survey=None), []
    present, lost = with_survey_everywhere(history.present, scenario, history.limits)
    done = replace(remembered(history, present, text), survey=None)
    if not lost:
        return done, []
    return done, [
        notice("warning", "Some events name organizations that the survey has not; they are left out.", lost)
    ]


def _open_link(history: History, action: Action) -> tuple[History, list[Notice]]:
    query = words(action, "query", 0, 1_000_000, line=False)
    linked, notices = restored(query, history.limits, history.first)
    if any(one["kind"] == "error" for one in notices):
        return history, notices
    return remembered(history, linked, "Link"), notices


OTHERS: dict[str, Other] = {
    "undo": _undo,
    "redo": _redo,
    "page": _page,
    "dismiss": _dismiss,
    "upload": _upload,
    "import-survey": _import_survey,
    "open-link": _open_link,
}
"""Actions on the history itself, or with notices of their own."""
