"""Scenario files in and out. What is uploaded is text and nothing else: it can make nobody read another file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cisim.app.state.files import Upload, as_text
from cisim.app.state.limits import Limits
from cisim.app.state.readings import refuse_monsters
from cisim.app.state.session import Session, beyond, shipped_names
from cisim.errors import SpecError
from cisim.world.fields import short
from cisim.world.posterior import is_name
from cisim.world.scenario import Scenario
from cisim.world.toml import parse

__all__ = ["command", "file_name", "opened", "scenario_of_text", "scenario_text"]


def opened(file: Upload, limits: Limits) -> Scenario:
    """The scenario in an uploaded TOML file. Raises SpecError with every fault at once."""
    return scenario_of_text(as_text(file), file.name, limits)


def scenario_of_text(text: str, source: str, limits: Limits) -> Scenario:
    """The scenario in a TOML text that comes from anywhere. Raises SpecError with every fault at once."""
    try:
        values = parse(text)
        refuse_monsters(values, limits.upload_bytes)
        faults = _reaching_out(values)
        if faults:
            raise SpecError(faults)
        scenario = Scenario.from_toml(text, source=source)
        if faults := beyond(scenario, limits):
            raise SpecError(faults)
    except SpecError as error:
        raise SpecError(error.faults, source=source) from None
    return scenario


def _reaching_out(values: Mapping[str, Any]) -> list[str]:
    """The fault of a posterior that is told as a path: an upload holds its draws, or names a shipped sample."""
    told = values.get("posterior")
    if not isinstance(told, str) or (is_name(told) and told in shipped_names()):
        return []
    known = ", ".join(map(repr, shipped_names())) or "none"
    fault = (
        f"posterior: given {short(told)}, a file or a sample that does not come with cisim; an uploaded scenario "
        f"cannot read other files. Allowed are a shipped sample ({known}), or the draws themselves in a table "
        "[posterior], which is what 'Save as scenario' writes."
    )
    return [fault]


def scenario_text(session: Session, plan: int | None = None) -> str:
    """A plan as TOML, by default the one that is shown, with the command that repeats the page's figures on top.

    They are the same bit for bit: the file holds everything, the draws of a posterior included.
    """
    return f"# {command(session, plan)}\n\n{_plan(session, plan).to_toml()}"


def command(session: Session, plan: int | None = None) -> str:
    """The line that runs the saved file as the page does."""
    return f"cisim run {file_name(session, plan)} --seed {session.seed} --replicates {session.replicates}"


def file_name(session: Session, plan: int | None = None) -> str:
    """What the saved file is called."""
    return f"{_plan(session, plan).name}.toml"


def _plan(session: Session, plan: int | None) -> Scenario:
    return session.scenario if plan is None else session.plans[plan]
