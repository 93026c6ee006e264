"""`cisim compare`: plans in the same worlds, each against the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.kept import PLANS_OR_DIR, folder_in, month_of, study_tried
from cisim.cli.plans import (
    Inputs,
    Months,
    Out,
    PricesFile,
    Replicates,
    Seed,
    Threads,
    Uncertainty,
    World,
    checked_out,
    comma,
    kept_answer,
    tried_in,
)  # fmt: skip
from cisim.cli.results import Json, Name, Quiet

if TYPE_CHECKING:
    from cisim.decision.trying import Tried

__all__ = ["compare"]


def compare(
    context: typer.Context,
    plans: Annotated[list[str], typer.Argument(metavar="PLAN... | DIR", help=f"{PLANS_OR_DIR} Each is compared with the first.")],
    world: World = None,
    month: Annotated[int | None, typer.Option(help="The month compared; default: the last.")] = None,
    of: Annotated[str, typer.Option(metavar="A,B", help="Outcomes: measures, reached, spent, spent_in_all.")] = "severity,reached,spent",
    level: Annotated[float, typer.Option(help="Of every interval.")] = 0.95,
    matrix: Annotated[bool, typer.Option("--matrix", help="Every pair of plans, not only against the first.")] = False,
    months: Months = None, replicates: Replicates = 200, seed: Seed = 0, uncertain: Uncertainty = "nothing",
    prices: PricesFile = None, study: Name = None, threads: Threads = None, out: Out = None, as_json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Compare plans world by world: difference with interval, chance of being better, regret, months gained, cost.

    Example: cisim compare backbone-alone collective-impact --world collective-impact --month 120
    """
    from cisim.decision.compare import check_comparison, compare_plans
    from cisim.decision.comparison_tables import answer_of

    outcomes = comma(of)
    if (folder := folder_in(context, plans, world, study)) is not None:
        tried: Tried = (kept := study_tried(folder, study, prices))
        when = month_of(kept, month)
        check_comparison(kept.plans, kept.worlds, when, outcomes, level)
        checked_out(out)
    else:
        given = Inputs(plans, world or "", months, replicates, seed, uncertain, prices)
        when = given.month(month)
        given.check(lambda: check_comparison(given.plans, given.worlds, when, outcomes, level))
        checked_out(out)
        tried = tried_in(given.worlds, given.plans, given.prices, outcomes, threads, quiet or as_json)
    told = compare_plans(tried, when, outcomes, level)
    kept_answer(
        answer_of(told, matrix=matrix), out, as_json, quiet, plans=plans, world=world, study=study, of=of, month=when,
        uncertain=uncertain, worlds=tried.worlds.replicates, seed=tried.worlds.seed, level=level,
    )  # fmt: skip
