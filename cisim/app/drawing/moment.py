"""A run at one month, with the rules and numbers that were in force: what a story is read off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.app.drawing.happenings import dissolved_in
from cisim.app.naming import readable_names
from cisim.errors import SpecError
from cisim.theory.rules import default_choices, rule_set

if TYPE_CHECKING:
    from cisim.engine.ensemble import Ensemble, History
    from cisim.world.scenario import Scenario

__all__ = ["Moment", "moment_of", "row_of"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Moment:
    """One month of one run. rows, ties: the state at its end; p: the parameters of this replicate.

    progress, wins, visibility: what members see of the whole in this month, as the engine has it.
    """

    scenario: Scenario
    history: History
    seed: int
    replicate: int
    month: int
    p: Any
    rules: SimpleNamespace
    levers: Any
    names: Mapping[str, str]
    workstreams: tuple[str, ...]
    progress: float
    wins: float
    visibility: float
    alive: bool

    @property
    def rows(self) -> Array:
        """Organizations at the end of the month, the backbone last."""
        rows: Array = self.history.organizations[self.month]
        return rows

    @property
    def ties(self) -> Array:
        """Possible ties at the end of the month."""
        ties: Array = self.history.ties[self.month]
        return ties

    def name(self, row: int) -> str:
        """What an organization is called."""
        key = self.history.ids[row]
        return self.names.get(key, key)

    def agreement_with_agenda(self, row: int) -> float:
        """Agreement of an organization's framing with the emerging agenda, which the backbone carries."""
        distance = 0.0
        for own, common in zip(
            self.rows["framing"][row].tolist(), self.rows["framing"][-1].tolist(), strict=True
        ):
            distance += abs(own - common)
        return 1.0 - 0.5 * distance

    def help(self, row: int) -> float:
        """Help of the backbone, mean over its four functions."""
        own = self.rows[row]
        helped = own["help_agenda"] + own["help_activities"] + own["help_measurement"]
        return float(0.25 * (helped + own["help_communication"]))


def moment_of(ensemble: Ensemble, replicate: int, month: int) -> Moment:
    """The month of the run; months beyond its ends are brought back to them.

    Raises SpecError if the run's history was not kept, or a measure that is needed was not reported.
    """
    history, scenario = ensemble.history(replicate), ensemble.scenario
    at = min(max(int(month), 0), len(history.organizations) - 1)
    drawn = scenario.lower().parameters
    p = drawn[replicate % len(drawn) : replicate % len(drawn) + 1].view(np.recarray)[0]
    rules = rule_set(default_choices() | scenario.rules)
    seen = {
        name: float(ensemble.sel(name, month=at, replicate=replicate))
        for name in ("severity_observed", "indicator_coverage", "system_change")
    }
    visibility = rules.visibility(seen["indicator_coverage"], p)
    ended = dissolved_in(history)
    levers = scenario.plan().levers()
    return Moment(
        scenario=scenario, history=history, seed=ensemble.seed, replicate=replicate, month=at, p=p, rules=rules,
        levers=levers[min(at + 1, len(levers) - 1)], names=readable_names(scenario), workstreams=scenario.workstreams,
        progress=rules.visible_progress(seen["severity_observed"], visibility) if at else 0.0,
        wins=rules.early_wins(seen["system_change"], 0.0, p),
        visibility=visibility,
        alive=ended is None or at < ended,
    )  # fmt: skip


def row_of(moment: Moment, key: str) -> int:
    """The row of an organization by its id. Raises SpecError for one that is not there."""
    if key not in moment.history.ids:
        raise SpecError(f"there is no partner {key!r} in this run.", source="Partner")
    return moment.history.ids.index(key)
