"""`cisim information`: which unknown is worth measuring before one of several plans is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.kept import PLANS_OR_DIR, folder_in, month_of, study_tried
from cisim.cli.plans import (
    Inputs,
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
)  # fmt: skip
from cisim.cli.results import Json, Name, Quiet
from cisim.cli.robust import Count, Outcome, When

if TYPE_CHECKING:
    from cisim.decision.trying import Tried

__all__ = ["information"]

PRICE = "What a unit of the outcome is worth in money; what plans spend is then taken off. Default: the outcome alone."


def information(
    context: typer.Context,
    plans: Annotated[list[str], typer.Argument(metavar="PLAN... | DIR", help=PLANS_OR_DIR)],
    world: World = None,
    of: Outcome = "severity",
    month: When = None,
    price: Annotated[float | None, typer.Option(metavar="MONEY", help=PRICE)] = None,
    uncertain: Uncertainty = "ranges", worlds: Count = 1000, seed: Seed = 0, months: Months = None,
    level: Annotated[float, typer.Option(help="Of every interval.")] = 0.95,
    prices: PricesFile = None, study: Name = None, threads: Threads = None, out: Out = None, as_json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Say which unknown is worth measuring before one of these plans is chosen, and how much.

    Example: cisim information collective-impact social-innovation-lab --world collective-impact --of severity
    """
    from cisim.decision.information import answer_of, check_information
    from cisim.decision.robust import needed

    if (folder := folder_in(context, plans, world, study)) is not None:
        tried: Tried = (kept := study_tried(folder, study, prices))
        when = month_of(kept, month)
        check_information(kept.plans, kept.worlds, of, when, price, level)
        checked_out(out)
    else:
        given = Inputs(plans, world or "", months, worlds, seed, uncertain, prices)
        when = given.month(month)
        given.check(lambda: check_information(given.plans, given.worlds, of, when, price, level))
        checked_out(out)
        tried = tried_in(given.worlds, given.plans, given.prices, needed(of), threads, quiet or as_json)
    answer = answer_of(tried, of=of, month=when, price=price, level=level)
    kept_answer(
        answer, out, as_json, quiet, plans=plans, world=world, study=study, of=of, month=when, price=price,
        uncertain=uncertain, worlds=tried.worlds.replicates, seed=tried.worlds.seed, level=level,
    )  # fmt: skip
