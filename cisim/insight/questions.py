"""Questions to the results of a study: summary, compare, sensitivity, attribution, discover. Each gives an `Answer`.

results = Results.open("out")
answer = sensitivity(results, "severity@120")
print(*answer.sentences, sep="\\n")
answer.write(Path("figures"))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cisim.errors import SpecError, gathered
from cisim.insight.answer import Answer
from cisim.insight.crossed import drawn_from
from cisim.insight.outcome import Outcome, outcome_of, point_of
from cisim.insight.words import compared, depends, found_in_tree, other_worlds

if TYPE_CHECKING:
    from cisim.study.kept.results import Results
    from cisim.study.spec.keep import Columns

__all__ = ["attribution", "compare", "discover", "sensitivity", "summary"]

_SHOWN = ("month", "n", "mean_a", "mean_b", "difference", "low", "high", "variance_reduction", "b_higher")
"""Columns of a comparison that a person sees first."""

Happens = Callable[[pl.Expr], pl.Expr]


def summary(results: Results) -> Answer:
    """What was kept, over all runs and by factor: quantiles, means with intervals, how many runs have a value."""
    from cisim.insight.study_summary import overview

    told, counts, columns = overview(results), results.counts(), results.study.columns
    last = [f"{measure}@{columns.months[-1]}" for measure in columns.measures]
    few = [*last, *(summary.name for summary in columns.summaries)][:6]
    sentence = f"{counts['done']:,} of {counts['runs']:,} runs done, {counts['failed']:,} failed, {counts['left']:,} left."

    def draw() -> dict[str, Any]:
        from cisim.insight.charts.summary import summary_figure

        title = results.study.file.title or results.study.name
        figure = summary_figure(
            told.overall, columns.measures, columns.months, title=title, runs=counts["done"]
        )
        return {"summary": figure}

    tables = {
        "over_all_runs": told.overall.filter(pl.col("number").is_in(_few(columns))), "by_factor_at_the_end": told.by_factor.select("factor", "value", "runs", *few),
        "summary": told.overall, "by_factor": told.by_factor,
    }  # fmt: skip
    return Answer(told, (sentence,), tables, ("over_all_runs", "by_factor_at_the_end"), draw)


def compare(
    results: Results, a: Mapping[str, Any], b: Mapping[str, Any], of: str, *, precision: float | None = None
) -> Answer:
    """Two points of a study on the same worlds: how much b is over a.

    a, b: {factor: value}, enough to name one point each. of: a measure or a number kept. precision: half-width of
    the interval for which the replicates needed are told. Raises SpecError.
    """
    from cisim.insight import comparison

    outcome = outcome_of(results, of, whole=False)
    first, second = gathered(lambda: point_of(results, a, "a"), lambda: point_of(results, b, "b"))
    points = results.points().to_dict()
    scenarios = [results.study.scenario_of(points, at)[0] for at in (first, second)]
    result = comparison.compare(
        outcome.values[first],
        outcome.values[second],
        months=outcome.months,
        names=(_label(a), _label(b)),
        measure=outcome.name,
        crossed=drawn_from(scenarios, np.arange(outcome.values.shape[1])),
    )

    def draw() -> dict[str, Any]:
        from cisim.insight.charts.comparison import comparison_figure

        return {"comparison": comparison_figure(result)}

    table = result.table()
    shown = [name for name in _SHOWN if name in table.columns and table[name].null_count() < len(table)]
    tables = {"by_month": table.select(shown), "comparison": table}
    return Answer(result, (*compared(result, precision), *outcome.notes), tables, ("by_month",), draw)


def sensitivity(results: Results, of: str) -> Answer:
    """Which factors a number depends on: Sobol indices of a "saltelli" design, screening of a "morris" design.

    Raises SpecError for another design, and while runs are missing.
    """
    kind = results.study.file.design.kind
    if kind not in ("saltelli", "morris"):
        raise SpecError(
            f"a design of kind {kind!r} has no sensitivity indices; lay the study out as 'saltelli' (or 'morris').",
            source=f"Study {results.study.name!r}",
        )
    outcome = outcome_of(results, of, whole=True)
    return _sobol(results, outcome) if kind == "saltelli" else _morris(results, outcome)


def _sobol(results: Results, outcome: Outcome) -> Answer:
    from cisim.insight.sensitivity import sobol

    second = results.study.file.design.second_order
    result = sobol(outcome.values, results.factors, months=outcome.months, second_order=second)

    def draw() -> dict[str, Any]:
        from cisim.insight.charts.sensitivity import sobol_figure, sobol_over_time_figure

        figures = {"sensitivity": sobol_figure(result, outcome=outcome.name)}
        if outcome.months is not None and len(outcome.months) > 1:
            figures["sensitivity_over_time"] = sobol_over_time_figure(result, outcome=outcome.name)
        return figures

    tables = {"sensitivity": result.table()} | (
        {"sensitivity_pairs": result.second_table()} if second else {}
    )
    tables = {"largest": _largest(tables["sensitivity"], "total"), **tables}
    sentences = (*depends(result, outcome.name), *outcome.notes, *([result.note] if result.note else []))
    return Answer(result, sentences, tables, ("largest",), draw)


def _morris(results: Results, outcome: Outcome) -> Answer:
    from cisim.insight.sensitivity import morris
    from cisim.study.designs import unit_cube

    design, factors = results.study.file.design, results.study.factors
    unit = unit_cube(design, factors)
    result = morris(unit, outcome.values, results.factors, levels=design.levels, months=outcome.months)

    def draw() -> dict[str, Any]:
        from cisim.insight.charts.sensitivity import morris_figure

        return {"sensitivity": morris_figure(result, outcome=outcome.name)}

    table = result.table()
    tables = {"largest": _largest(table, "mu_star"), "sensitivity": table}
    sentences = (*depends(result, outcome.name), *outcome.notes, *([result.note] if result.note else []))
    return Answer(result, sentences, tables, ("largest",), draw)


def attribution(results: Results, of: str, *, less: bool | None = None) -> Answer:
    """What each of the five conditions brings, and whether they need each other.

    The study is a full grid over factors `condition.*`. less: less of the number is better (default: where it is
    severity, a cost, or a time). Raises SpecError.
    """
    from cisim.insight.attribution import attribute, by_subset

    if less is None:
        less = of.startswith(("severity", "cost_")) or any(
            one.name == of and one.is_time for one in results.study.columns.summaries
        )
    players = [name for name in results.factors if name.startswith("condition.")]
    others = sorted(set(results.factors) - set(players))
    whole = all(set(f.levels or ()) == {True, False} and not f.when for f in results.study.factors)
    if others or len(players) < 2 or not whole or results.study.file.design.kind != "grid":
        wrong = (
            f"it also varies {', '.join(others)}" if others else "each true and false, in every combination"
        )
        raise SpecError(
            f"attribution takes a grid over two or more factors condition.agenda, condition.backbone, ...; {wrong}.",
            source=f"Study {results.study.name!r}",
        )
    outcome = outcome_of(results, of, whole=True)
    names = {player: player.removeprefix("condition.") for player in players}
    order = by_subset(_places(results, names), list(names.values()), "point").astype(int)[:, 0]
    values = outcome.values[order] * (-1.0 if less else 1.0)
    points = results.points().to_dict()
    scenarios = [results.study.scenario_of(points, at)[0] for at in (int(order[0]), int(order[-1]))]
    crossed = drawn_from(scenarios, np.arange(values.shape[1]))
    result = attribute(values, list(names.values()), months=outcome.months, crossed=crossed)
    called = f"the fall of {outcome.name}" if less else outcome.name

    def draw() -> dict[str, Any]:
        from cisim.insight.charts.attribution import interactions_figure, shares_figure

        return {
            "attribution": shares_figure(result, outcome=called),
            "interactions": interactions_figure(result, outcome=called),
        }

    tables = {
        "at_the_end": _middles(_last(result.table())), "pairs_at_the_end": _last(result.interactions()),
        "attribution": result.table(), "interactions": result.interactions(), "together": result.together(),
    }  # fmt: skip
    sentences = (result.verdict(), *result.notes, *outcome.notes)
    return Answer(result, sentences, tables, ("at_the_end", "pairs_at_the_end"), draw)


def discover(
    results: Results,
    number: str,
    happens: Happens,
    told: str,
    fresh: Results | None,
    *,
    coverage: float | None = None,
) -> Answer:
    """Where in the space of factors something happens: the best box and a tree, scored on fresh runs.

    number: one that was kept; happens: of its column; told: in words. fresh: the same study at other points and in
    other worlds; without it nothing is scored out of sample. coverage: see Prim.choose. Raises SpecError.
    """
    from cisim.insight.discovery import prim, score, tree
    from cisim.insight.discovery.asked import hits, undiscoverable

    frame, hit = hits(results, number, happens)
    if faults := undiscoverable(results, number, told, hit):
        raise SpecError(faults, source=f"Study {results.study.name!r}")
    peeled, grown = prim(frame, hit), tree(frame, hit)
    chosen = peeled.choose(coverage=coverage, doubt=0.05 if coverage is None else None)
    scored = None if fresh is None else score(chosen.box, *hits(fresh, number, happens))

    def draw() -> dict[str, Any]:
        from cisim.insight.charts.discovery import box_figure, peeling_figure, points_figure

        return {
            "peeling": peeling_figure(peeled, chosen, scored),
            "box": box_figure(chosen, frame, scored),
            "points": points_figure(chosen.box, frame, hit),
        }

    tables = {"box": chosen.box.table(), "peeling": peeled.table(), "tree": grown.table(),
              "points": frame.with_columns(pl.Series("hit", hit))}  # fmt: skip
    if scored is not None:
        tables["score"] = scored.table()
    first = (
        scored.sentence() if scored is not None else
        f"Box: {chosen.box.sentence()}. In sample (optimistic): density {chosen.density:.0%}, coverage "
        f"{chosen.coverage:.0%}. Test it on fresh runs: cisim study run FILE --out DIR --fresh"
    )  # fmt: skip
    notes = () if scored is None else other_worlds(float(hit.mean()), scored, results.study.replicates)
    shown = ("box", "score") if scored is not None else ("box",)
    return Answer(
        (chosen, scored, grown), (f"Where {told}:", first, *notes, found_in_tree(grown)), tables, shown, draw
    )


def _few(columns: Columns, most: int = 6) -> list[str]:
    """The numbers kept, in not more than so many months."""
    places = np.unique(np.linspace(0, len(columns.months) - 1, most).round().astype(int))
    kept = [f"{measure}@{columns.months[at]}" for measure in columns.measures for at in places]
    return [*kept, *(summary.name for summary in columns.summaries)]


def _places(results: Results, names: Mapping[str, str]) -> pl.DataFrame:
    """The point of each combination, as `by_subset` takes it."""
    points = results.points().select("point", *names).rename(dict(names))
    return points.with_columns(pl.lit(0).alias("replicate"))


def _label(told: Mapping[str, Any]) -> str:
    return ", ".join(
        str(value) if name == "scenario" else f"{name} = {_short(value)}" for name, value in told.items()
    )


def _short(value: Any) -> str:
    return (
        f"{value:g}"
        if isinstance(value, float)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


def _last(table: pl.DataFrame) -> pl.DataFrame:
    """The rows of the last month."""
    if "month" not in table.columns or table["month"].null_count() == len(table):
        return table.drop("month", strict=False)
    return table.filter(pl.col("month") == pl.col("month").max())


def _middles(table: pl.DataFrame) -> pl.DataFrame:
    """The table without the ends of intervals, as a first look."""
    return table.select(name for name in table.columns if not name.endswith(("_low", "_high")))


def _largest(table: pl.DataFrame, by: str, most: int = 15) -> pl.DataFrame:
    """The factors that matter most in the last month, largest first, then chance."""
    last = _last(table)
    factors = last.filter(pl.col("kind") == "factor").sort(by, descending=True, nulls_last=True).head(most)
    chance = last.filter(pl.col("kind") != "factor")
    told = _middles(pl.concat([factors, chance]))
    return told.select(name for name in told.columns if told[name].null_count() < len(told))
