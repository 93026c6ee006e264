"""`cisim run`: scenarios on the same seed, a table on the screen, data and figures in a folder."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.screen import console, note, print_json, running, spinning
from cisim.errors import SpecError, did_you_mean

if TYPE_CHECKING:
    from rich.table import Table

    from cisim.engine.ensemble import Ensemble
    from cisim.insight.summary import Band, Row
    from cisim.world.scenario import Scenario

__all__ = ["run"]

NAMES = "Names of presets (cisim presets), or TOML files of scenarios."
SETTING = "A lever, a parameter (cisim parameters), or a rule choice, in every scenario; can be repeated."
DRAWS = "Draws of parameters for every scenario: a CSV file, or a shipped sample; replicate r has draw r."
COMPILING = "Compiling the model for this rule set (once, about half a minute) …"
LABEL = 39  # characters that a name with its unit takes in the table


def run(
    names: Annotated[list[str], typer.Argument(metavar="NAME_OR_FILE...", help=NAMES)],
    replicates: Annotated[int, typer.Option(help="Runs of each scenario.")] = 200,
    seed: Annotated[int, typer.Option(help="Scenarios with the same seed live in the same worlds.")] = 0,
    months: Annotated[int | None, typer.Option(help="Another horizon than the scenario's.")] = None,
    setting: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help=SETTING)] = None,
    posterior: Annotated[str | None, typer.Option(metavar="FILE_OR_NAME", help=DRAWS)] = None,
    measures: Annotated[
        str | None, typer.Option(metavar="A,B", help="Only these measures (cisim measures).")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Default: one for each core.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write data, manifest and figures to this folder.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes.")] = False,
) -> None:
    """Run scenarios many times, and say what came of each: median, and 10 to 90 % of replicates.

    Example: cisim run collective-impact isolated-impact --set backbone_staff=2 --out results
    """
    from cisim import verbs

    started = time.monotonic()
    wanted = None if measures is None else _listed(measures)
    scenarios = verbs.load_all(names, months=months, settings=_settings(setting or []), posterior=posterior)
    if out is not None:
        from cisim.insight.folder import check_target

        check_target(out, [scenario.name for scenario in scenarios])
    verbs.check_run(scenarios, replicates, seed, measures=wanted)
    compute = _to_compute(wanted, everything=out is not None)
    _compile(scenarios, quiet)
    ensembles = _simulate(scenarios, replicates, seed, compute, threads, quiet)
    seconds = time.monotonic() - started
    written = None
    try:
        if out is not None:
            with spinning(f"Writing {out} …", quiet or not sys.stderr.isatty()):
                notes = verbs.save(ensembles, out, command=["cisim", *sys.argv[1:]], seconds=seconds)
            written = out
    finally:  # an answer that took time is shown even if it cannot be written
        _answer(ensembles, wanted, as_json, written)
    for line in [*notes, f"Written to {out}."] if written else []:
        note(line, quiet)
    note(f"{_size(ensembles)} in {time.monotonic() - started:.1f} s", quiet)


def _simulate(
    scenarios: Sequence[Scenario], replicates: int, seed: int, compute: Sequence[str] | None,
    threads: int | None, quiet: bool,
) -> list[Ensemble]:  # fmt: skip
    from cisim import verbs

    done = dict.fromkeys((scenario.name for scenario in scenarios), 0)
    with running(replicates * len(scenarios), quiet) as advance:

        def progress(name: str, now: int, whole: int) -> None:
            advance(name, now - done[name])
            done[name] = now

        return verbs.run(
            *scenarios, replicates=replicates, seed=seed, measures=compute, threads=threads, progress=progress
        )


def _compile(scenarios: Sequence[Scenario], quiet: bool) -> None:
    """Compile what is not compiled yet, and say so."""
    from cisim import verbs

    for scenario in scenarios:
        if not verbs.is_compiled(scenario):
            with spinning(COMPILING, quiet):
                verbs.compile_rules(scenario)


def _settings(given: Sequence[str]) -> dict[str, float | str]:
    """{name: value} of `--set name=value`; a value that is no number stays a word."""
    found: dict[str, float | str] = {}
    faults = []
    for entry in given:
        name, sign, text = (part.strip() for part in entry.partition("="))
        if not (name and sign and text):
            faults.append(f"{entry!r} is not NAME=VALUE, such as backbone_staff=3.")
        elif name in found:
            faults.append(f"{name!r} is set twice; keep one.")
        try:
            found[name] = float(text)
        except ValueError:
            found[name] = text
    if faults:
        raise SpecError(faults, source="--set")
    return found


def _listed(text: str) -> list[str]:
    from cisim.theory.measures import MEASURES

    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    faults = [f"no measure {name!r}.{_near(name, MEASURES)}" for name in names if name not in MEASURES]
    if faults or not names:
        raise SpecError(faults or "names no measure; list them with: cisim measures", source="--measures")
    return names


def _near(name: str, known: Any) -> str:
    near = did_you_mean(name, known)
    return near if near.startswith(" Did") else " List them with: cisim measures"


def _to_compute(wanted: Sequence[str] | None, everything: bool) -> list[str] | None:
    """What the table shows, and what the target and the figure of severity need; None: all."""
    from cisim.insight.summary import TELLING

    if wanted is None:
        return None if everything else [name for names in TELLING.values() for name in names]
    extra = ("severity", "severity_alone") if everything else ("severity",)
    return list(dict.fromkeys([*wanted, *extra]))


def _answer(
    ensembles: Sequence[Ensemble], wanted: Sequence[str] | None, as_json: bool, out: Path | None
) -> None:
    from cisim.insight.summary import table

    rows = table(ensembles, wanted)
    if as_json:
        print_json(_as_json(ensembles, rows, out))
        return
    screen = console()
    widest = max(
        len(_cell(value, ensemble.scenario.months))
        for row in rows
        for value, ensemble in zip(row.values, ensembles, strict=True)
    )
    fitting = max(1, (screen.width - LABEL) // (max(16, widest) + 2))
    for first in range(0, len(ensembles), fitting):
        screen.print(_table(ensembles, rows, range(first, min(first + fitting, len(ensembles)))))
    screen.print(_caption(ensembles), style="dim")
    for line in _drawn(ensembles):
        screen.print(line, style="dim", markup=False)


def _as_json(ensembles: Sequence[Ensemble], rows: Sequence[Row], out: Path | None) -> dict[str, Any]:
    return {
        "seed": ensembles[0].seed,
        "replicates": len(ensembles[0].replicates),
        "band": [0.1, 0.9],
        "out": None if out is None else str(out),
        "scenarios": [
            {
                "name": ensemble.scenario.name,
                "title": ensemble.scenario.title,
                "months": ensemble.scenario.months,
                "target": ensemble.scenario.issue.target,
                "posterior": None if (draws := ensemble.scenario.posterior) is None else draws.identity(),
                "end": {
                    row.name: {"unit": row.unit, **vars(row.values[place])} for row in rows
                },
            }
            for place, ensemble in enumerate(ensembles)
        ],
    }  # fmt: skip


def _table(ensembles: Sequence[Ensemble], rows: Sequence[Row], places: range) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("At the end", no_wrap=True)
    table.add_column("", style="dim", max_width=14)
    for place in places:
        scenario = ensembles[place].scenario
        table.add_column(Text(scenario.title or scenario.name), min_width=16, overflow="fold")
    heading = ""
    for row in rows:
        if row.heading != heading:
            heading = row.heading
            table.add_row(Text(heading, style="bold"))
        cells = [_cell(row.values[place], ensembles[place].scenario.months) for place in places]
        table.add_row(f" {row.name}", row.unit, *cells)
    return table


def _cell(band: Band, months: int) -> Any:
    from rich.text import Text

    if math.isnan(band.median):
        return Text("–", style="dim")
    median, low, high = (_figure(value, band, months) for value in (band.median, band.low, band.high))
    if band.low == band.high:
        return Text(median, style="bold")
    return Text.assemble((f"{median:<5}", "bold"), (f" {low} – {high}", "dim"))


def _figure(value: float, band: Band, months: int) -> str:
    if math.isinf(value):
        return f">{months}"
    largest = max(abs(v) for v in (band.low, band.median, band.high) if math.isfinite(v))
    if largest >= 1000:
        return f"{value:,.0f}"
    if largest == 0:
        return "0"
    whole = all(float(v).is_integer() for v in (band.low, band.median, band.high) if math.isfinite(v))
    if largest >= 2 and whole:
        return f"{value:.0f}"
    return f"{value:.0f}" if largest >= 100 else f"{value:.1f}" if largest >= 10 else f"{value:.2f}"


def _caption(ensembles: Sequence[Ensemble]) -> str:
    first = ensembles[0]
    months = sorted({ensemble.scenario.months for ensemble in ensembles})
    when = " or ".join(map(str, months))
    count = len(first.replicates)
    return (
        f"Month {when}; median and 10–90 % band of {count:,} replicate{'' if count == 1 else 's'}; "
        f"seed {first.seed}. What each means: cisim measures"
    )


def _drawn(ensembles: Sequence[Ensemble]) -> list[str]:
    """For each posterior: what it is, how much of it was used, and in which scenarios where not in all."""
    users: dict[str, list[str]] = {}
    for ensemble in ensembles:
        if (posterior := ensemble.scenario.posterior) is not None:
            used = min(len(posterior), len(ensemble.replicates))
            part = "all used" if used == len(posterior) else f"the first {used:,} used"
            users.setdefault(f"{posterior.in_words()}, {part}", []).append(ensemble.scenario.name)
    return [
        f"Posterior: {words}" + ("" if len(names) == len(ensembles) else f" (only in {', '.join(names)})")
        for words, names in users.items()
    ]


def _size(ensembles: Sequence[Ensemble]) -> str:
    count = len(ensembles[0].replicates)
    scenarios = f"{len(ensembles)} scenario{'' if len(ensembles) == 1 else 's'}"
    return f"{scenarios}, {count:,} replicate{'' if count == 1 else 's'} each,"
