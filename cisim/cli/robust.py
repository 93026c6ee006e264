"""`cisim robust`: plans in many worlds, ranked by every view of risk, and when each fails."""

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

__all__ = ["Count", "Outcome", "When", "robust"]

PLANS = "Two or more plans, presets, or scenario files of which the plan is taken."
Outcome = Annotated[
    str, typer.Option("--of", metavar="OUTCOME", help="A measure, reached, spent or spent_in_all.")
]
When = Annotated[int | None, typer.Option(help="The month of the outcome; default: the last.")]
Count = Annotated[int, typer.Option("--worlds", "--replicates", help="Worlds in which every plan is tried.")]


def robust(
    plans: Annotated[list[str], typer.Argument(metavar="PLAN...", help=PLANS)],
    world: World,
    of: Outcome = "severity",
    month: When = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option(metavar="OUTCOME<=VALUE", help="Good enough; can be repeated. OUTCOME@MONTH>=VALUE for another month."),
    ] = None,
    uncertain: Uncertainty = "ranges", worlds: Count = 500, seed: Seed = 0, months: Months = None,
    percentile: Annotated[float, typer.Option(help="Of the bad side of outcomes.")] = 0.1,
    optimism: Annotated[float, typer.Option(help="Of Hurwicz: 0 only the worst world counts, 1 only the best.")] = 0.5,
    level: Annotated[float, typer.Option(help="Of every interval.")] = 0.95,
    prices: PricesFile = None, threads: Threads = None, out: Out = None, as_json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Rank plans by every view of risk, say how firm the ranks are, and when each plan fails.

    With thresholds, every plan is tried in as many fresh worlds too, which test what was found of its failures.

    Example: cisim robust collective-impact social-innovation-lab --world collective-impact --threshold "severity<=0.7"
    """
    from cisim.decision.plan import plans_in
    from cisim.decision.robust import Settings, answer_of, check, needed, thresholds_in

    settings = Settings(percentile=percentile, optimism=optimism)
    told, there = plans_in(plans), worlds_from(world, months, worlds, seed, uncertain)
    when = there.scenario.months if month is None else month
    limits = thresholds_in(threshold or [], when)
    check(told, there, of, when, limits, level)
    checked_out(out)
    tried = tried_in(there, told, prices, needed(of, limits), threads, quiet or as_json)
    fresh = (
        tried_in(there.fresh(), told, prices, needed(of, limits), threads, quiet or as_json)
        if limits
        else None
    )
    answer = answer_of(tried, fresh, of=of, month=when, thresholds=limits, settings=settings, level=level)
    kept_answer(
        answer, out, as_json, quiet, plans=plans, world=world, of=of, month=when, thresholds=list(map(str, limits)),
        uncertain=uncertain, worlds=worlds, seed=seed, percentile=percentile, optimism=optimism, level=level,
    )  # fmt: skip
