"""`cisim compare`: plans in the same worlds, each against the first."""

from __future__ import annotations

from typing import Annotated

import typer

from cisim.cli.plans import (
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
    worlds_from,
)  # fmt: skip
from cisim.cli.results import Json, Quiet

__all__ = ["compare"]

PLANS = "Plans, presets, or scenario files of which the plan is taken; each is compared with the first."


def compare(
    plans: Annotated[list[str], typer.Argument(metavar="PLAN...", help=PLANS)],
    world: World,
    month: Annotated[int | None, typer.Option(help="The month compared; default: the last.")] = None,
    of: Annotated[str, typer.Option(metavar="A,B", help="Outcomes: measures, reached, spent, spent_in_all.")] = "severity,reached,spent",
    level: Annotated[float, typer.Option(help="Of every interval.")] = 0.95,
    matrix: Annotated[bool, typer.Option("--matrix", help="Every pair of plans, not only against the first.")] = False,
    months: Months = None, replicates: Replicates = 200, seed: Seed = 0, uncertain: Uncertainty = "nothing",
    prices: PricesFile = None, threads: Threads = None, out: Out = None, as_json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Compare plans world by world: difference with interval, chance of being better, regret, months gained, cost.

    Example: cisim compare backbone-alone collective-impact --world collective-impact --month 120
    """
    from cisim.decision.compare import compare_plans
    from cisim.decision.comparison_tables import answer_of

    checked_out(out)
    worlds = worlds_from(world, months, replicates, seed, uncertain)
    tried = tried_in(worlds, plans, prices, comma(of), threads, quiet or as_json)
    when = worlds.scenario.months if month is None else month
    told = compare_plans(tried, when, comma(of), level)
    kept_answer(
        answer_of(told, matrix=matrix), out, as_json, quiet, plans=plans, world=world, of=of, month=when,
        uncertain=uncertain, worlds=replicates, seed=seed, level=level,
    )  # fmt: skip
