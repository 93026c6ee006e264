"""A fork as tables: outcomes, kinds of happening, the cascade, the two logs with their difference, first traces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cisim.decision.fork.kinds import KINDS
from cisim.decision.fork.log import Happening
from cisim.decision.fork.telling import by_kind, told_of
from cisim.decision.fork.trace import COMMON
from cisim.theory.measures import MEASURES

if TYPE_CHECKING:
    import polars as pl

    from cisim.decision.fork.forking import Fork
    from cisim.decision.fork.ways import Way

__all__ = [
    "cascade_table",
    "clause",
    "events_table",
    "kinds_table",
    "outcomes_table",
    "traces_table",
    "worlds_table",
]

_SIDES = ("only with the change", "only without the change", "moved in time")


def clause(fork: Fork, happening: Happening) -> str:
    """What happened, as a clause with the names of those whom it concerns."""
    names = fork.names
    streams = fork.without.scenario.workstreams
    told = {"a": names[happening.a], "b": names[happening.b], "k": f"“{streams[happening.k]}”"}
    return KINDS[happening.kind].says.format(**told)


def outcomes_table(fork: Fork) -> pl.DataFrame:
    """A row for each measure: its value without and with the change in the last month of this one world."""
    import polars as pl

    rows = [
        (name, MEASURES[name].unit, float(values[-1]), float(fork.with_[name][-1]))
        for name, values in fork.without.measures.items()
    ]
    frame = pl.DataFrame(rows, schema=["measure", "unit", "without", "with"], orient="row")
    return frame.with_columns((pl.col("with") - pl.col("without")).alias("difference"))


def kinds_table(fork: Fork) -> pl.DataFrame:
    """A row for each kind of which something differs: how often it happens from the fork on, and what differs."""
    import polars as pl

    since = [[each for each in log if each.month >= fork.month] for log in fork.logs]
    rows = []
    for name, told in by_kind(told_of(fork.difference, fork.without, fork.with_, fork.month)).items():
        times = [sum(each.kind == name for each in log) for log in since]
        sides = [sum(each.side == side for each in told) for side in _SIDES]
        rows.append((KINDS[name].title, *times, *sides))
    header = ["kind", "without", "with", "only_with", "only_without", "moved"]
    return pl.DataFrame(rows, schema=header, orient="row")


def cascade_table(fork: Fork) -> pl.DataFrame:
    """A row for each organization: its first difference, in which month, by which way, in which generation."""
    import polars as pl

    with_ = set(fork.logs[1])
    rows = [
        (
            step.way.generation, step.month, fork.without.scenario.ids[step.organization],
            fork.names[step.organization], _way(fork, step.way),
            "; ".join(f"{'with' if each in with_ else 'without'}: {clause(fork, each)}" for each in step.happenings),
        )
        for step in fork.cascade
    ]  # fmt: skip
    header = ["generation", "month", "id", "name", "through", "differs"]
    types = [pl.Int64, pl.Int64, pl.String, pl.String, pl.String, pl.String]
    return pl.DataFrame(rows, schema=dict(zip(header, types, strict=True)), orient="row")


def events_table(fork: Fork) -> pl.DataFrame:
    """Both logs in one: each happening once, with its month without and with the change (null where it has none)."""
    import polars as pl

    found = fork.difference
    own = {*found.only_without, *found.only_with, *(each for pair in found.moved for each in pair)}
    rows: list[tuple[Happening, int | None, int | None, str]]
    rows = [(each, each.month, each.month, "both") for each in fork.logs[0] if each not in own]
    rows += [(each, each.month, None, _SIDES[1]) for each in found.only_without]
    rows += [(each, None, each.month, _SIDES[0]) for each in found.only_with]
    rows += [(pair.with_, pair.without.month, pair.with_.month, _SIDES[2]) for pair in found.moved]
    rows.sort(key=lambda row: (min(month for month in row[1:3] if month is not None), row[0]))
    ids = fork.without.scenario.ids
    told = [
        (without, with_, each.kind, *(ids[row] if row >= 0 else "" for row in (each.a, each.b)), where,
         clause(fork, each))
        for each, without, with_, where in rows
    ]  # fmt: skip
    header = ["month_without", "month_with", "kind", "a", "b", "differs", "in_words"]
    types = [pl.Int64, pl.Int64, *[pl.String] * 5]
    return pl.DataFrame(told, schema=dict(zip(header, types, strict=True)), orient="row")


def traces_table(fork: Fork) -> pl.DataFrame:
    """A row for each organization and one for the coalition: the first field of the state that differs."""
    import polars as pl

    names = fork.names
    rows = [
        (
            each.month, each.phase, "the coalition" if each.organization == COMMON else names[each.organization],
            each.field, each.meaning, names[each.other] if each.other >= 0 else "", each.without,
            each.with_, each.size, "" if each.way is None else _way(fork, each.way),
            None if each.way is None else each.way.generation,
        )
        for each in fork.traces
    ]  # fmt: skip
    types = {
        "month": pl.Int64, "phase": pl.String, "name": pl.String, "field": pl.String, "meaning": pl.String,
        "with_partner": pl.String, "without": pl.Float64, "with": pl.Float64, "size": pl.Float64,
        "through": pl.String, "generation": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=types, orient="row")


def worlds_table(fork: Fork) -> pl.DataFrame:
    """A row for each kind of consequence and each outcome over worlds: shares with more and fewer, difference."""
    import polars as pl

    if fork.worlds is None:
        return pl.DataFrame()
    found = fork.worlds
    rows = [("times", KINDS[name].title, told) for name, told in found.common.items()]
    rows += [("outcome", name, told) for name, told in found.outcomes.items()]
    rows.append(("outcome", "target reached (share of worlds)", found.target))
    told = [
        {
            "what": what, "of": of, "without": float(each.mean_a), "with": float(each.mean_b),
            "difference": float(each.difference), "low": float(each.low), "high": float(each.high),
            "more": float(each.b_higher.value), "more_low": float(each.b_higher.low),
            "more_high": float(each.b_higher.high), "fewer": float(each.b_lower.value),
            "fewer_low": float(each.b_lower.low), "fewer_high": float(each.b_lower.high),
        }
        for what, of, each in rows
    ]  # fmt: skip
    return pl.DataFrame(told)


def _way(fork: Fork, way: Way) -> str:
    return f"tie with {fork.names[way.source]}" if way.source >= 0 else way.channel
