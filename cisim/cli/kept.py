"""Commands on plans, given a folder of runs of a study that tries plans, in place of plans and a world."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cisim.cli.faults import Faults
from cisim.cli.plans import prices_from
from cisim.cli.results import open_results
from cisim.errors import SpecError

if TYPE_CHECKING:
    from cisim.decision.kept import KeptTried

__all__ = ["PLANS_OR_DIR", "folder_in", "fresh_of", "month_of", "study_tried"]

PLANS_OR_DIR = (
    "Plans, presets, or scenario files of which the plan is taken; or, without --world, the folder of runs of a study that "
    "tries plans."
)
OF_WORLDS = ("months", "replicates", "worlds", "seed", "uncertain", "threads")
"""Options that ask for worlds to be run, which a study has told already."""
FRESH = "-fresh"
"""How the fresh runs of a study are called."""


def folder_in(
    context: typer.Context, plans: Sequence[str], world: str | None, study: str | None
) -> Path | None:
    """The folder of runs that is asked about, or None where plans are to be tried in a world. Raises SpecError."""
    if world is not None:
        if study is not None:
            raise SpecError(
                "goes with a folder of runs, not with --world; leave one of them out.", source="--study"
            )
        return None
    if len(plans) != 1 or not Path(plans[0]).is_dir():
        raise SpecError(
            "give the world in which plans are tried (--world NAME_OR_FILE), or one folder of runs of a study that tries "
            "plans (cisim study run).",
            source="--world",
        )
    given = [name for name in OF_WORLDS if _typed(context, name)]
    if given:
        raise SpecError(
            [f"leave out --{name}: the study has told it." for name in given], source=f"Study in {plans[0]}"
        )
    return Path(plans[0])


def study_tried(folder: Path, study: str | None, prices: Path | None) -> KeptTried:
    """What a study has tried, at its own prices or at those of a file."""
    from cisim.decision.kept import tried_in_study

    faults = Faults()
    results = faults.read(lambda: open_results(folder, _name(folder, study)))
    own = None if prices is None else faults.read(lambda: prices_from(prices))
    tried = None if results is None else faults.read(lambda: tried_in_study(results, own))
    faults.check()
    if tried is None:
        raise faults.error()
    return tried


def fresh_of(folder: Path, study: str | None, prices: Path | None) -> KeptTried | None:
    """What the same study tried at fresh points and in fresh worlds (`cisim study run --fresh`); None if it did not."""
    from cisim.study.kept.store import Store

    name = f"{open_results(folder, _name(folder, study)).study.name}{FRESH}"
    return study_tried(folder, name, prices) if name in Store.open(folder).studies() else None


def month_of(tried: KeptTried, month: int | None) -> int:
    """The month asked for; if none is, the last one kept."""
    return tried.kept[-1] if month is None else month


def _name(folder: Path, study: str | None) -> str | None:
    """The study that is meant: the one named, or the only one that is no fresh run of another."""
    from cisim.study.kept.store import Store

    known = Store.open(folder).studies() if study is None else []
    own = [
        name for name in known if name.removesuffix(FRESH) == name or name.removesuffix(FRESH) not in known
    ]
    return own[0] if len(own) == 1 else study


def _typed(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name) if name in context.params else None
    return source is not None and source.name == "COMMANDLINE"
