"""`cisim robust`: plans in many worlds, ranked by every view of risk, and when each fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.kept import PLANS_OR_DIR, folder_in, fresh_of, month_of, study_tried
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
from cisim.cli.screen import note

if TYPE_CHECKING:
    from cisim.decision.trying import Tried

__all__ = ["Count", "Outcome", "When", "robust"]

Outcome = Annotated[
    str, typer.Option("--of", metavar="OUTCOME", help="A measure, reached, spent or spent_in_all.")
]
When = Annotated[int | None, typer.Option(help="The month of the outcome; default: the last.")]
Count = Annotated[int, typer.Option("--worlds", "--replicates", help="Worlds in which every plan is tried.")]


def robust(
    context: typer.Context,
    plans: Annotated[list[str], typer.Argument(metavar="PLAN... | DIR", help=PLANS_OR_DIR)],
    world: World = None,
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
    prices: PricesFile = None, study: Name = None, threads: Threads = None, out: Out = None, as_json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Rank plans by every view of risk, say how firm the ranks are, and when each plan fails.

    With thresholds, every plan is tried in as many fresh worlds too, which test what was found of its failures. Of a study,
    these are what `cisim study run --fresh` ran in the same folder.

    Example: cisim robust collective-impact social-innovation-lab --world collective-impact --threshold "severity<=0.7"
    """
    from cisim.decision.robust import Settings, answer_of, check, needed, thresholds_in

    settings = Settings(percentile=percentile, optimism=optimism)
    fresh: Tried | None = None
    if (folder := folder_in(context, plans, world, study)) is not None:
        tried: Tried = (kept := study_tried(folder, study, prices))
        when = month_of(kept, month)
        limits = thresholds_in(threshold or [], when)
        check(kept.plans, kept.worlds, of, when, limits, level)
        checked_out(out)
        fresh = fresh_of(folder, study, prices) if limits else None
        if limits and fresh is None:
            note(f"When plans fail is told of fresh runs: cisim study run FILE --out {folder} --fresh", quiet)
    else:
        given = Inputs(plans, world or "", months, worlds, seed, uncertain, prices)
        when = given.month(month)
        read = given.faults.read(lambda: thresholds_in(threshold or [], when))
        limits = read or ()
        wanted = needed(of, limits)
        given.check(lambda: check(given.plans, given.worlds, of, when, limits, level))
        checked_out(out)
        tried = tried_in(given.worlds, given.plans, given.prices, wanted, threads, quiet or as_json)
        if limits:
            fresh = tried_in(
                given.worlds.fresh(), given.plans, given.prices, wanted, threads, quiet or as_json
            )
    answer = answer_of(tried, fresh, of=of, month=when, thresholds=limits, settings=settings, level=level)
    kept_answer(
        answer, out, as_json, quiet, plans=plans, world=world, study=study, of=of, month=when, thresholds=list(map(str, limits)),
        uncertain=uncertain, worlds=tried.worlds.replicates, seed=tried.worlds.seed, percentile=percentile, optimism=optimism,
        level=level,
    )  # fmt: skip
