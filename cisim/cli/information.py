"""`cisim information`: which unknown is worth measuring before one of several plans is chosen."""

from __future__ import annotations

from typing import Annotated

import typer

from cisim.cli.plans import (
    Months,
    Out,
    PricesFile,
    Seed,
    Threads,
    Uncertainty,
    World,
    checked_out,
    kept_answer,
    tried_in,
    worlds_from,
)  # fmt: skip
from cisim.cli.results import Json, Quiet
from cisim.cli.robust import PLANS, Count, Outcome, When

__all__ = ["information"]

PRICE = "What a unit of the outcome is worth in money; what plans spend is then taken off. Default: the outcome alone."


def information(
    plans: Annotated[list[str], typer.Argument(metavar="PLAN...", help=PLANS)],
    world: World,
    of: Outcome = "severity",
    month: When = None,
    price: Annotated[float | None, typer.Option(metavar="MONEY", help=PRICE)] = None,
    uncertain: Uncertainty = "ranges", worlds: Count = 1000, seed: Seed = 0, months: Months = None,
    level: Annotated[float, typer.Option(help="Of every interval.")] = 0.95,
    prices: PricesFile = None, threads: Threads = None, out: Out = None, as_json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Say which unknown is worth measuring before one of these plans is chosen, and how much.

    Example: cisim information collective-impact social-innovation-lab --world collective-impact --of severity
    """
    from cisim.decision.information import answer_of, check_information
    from cisim.decision.plan import plans_in
    from cisim.decision.robust import needed

    told, there = plans_in(plans), worlds_from(world, months, worlds, seed, uncertain)
    when = there.scenario.months if month is None else month
    check_information(told, there, of, when, price, level)
    checked_out(out)
    tried = tried_in(there, told, prices, needed(of), threads, quiet or as_json)
    answer = answer_of(tried, of=of, month=when, price=price, level=level)
    kept_answer(
        answer, out, as_json, quiet, plans=plans, world=world, of=of, month=when, price=price, uncertain=uncertain,
        worlds=worlds, seed=seed, level=level,
    )  # fmt: skip
