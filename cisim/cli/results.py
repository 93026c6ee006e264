"""`cisim study show`, `merge` and `export`: what a folder of runs holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.screen import note, print_json
from cisim.cli.tables import print_frame

if TYPE_CHECKING:
    import polars as pl

    from cisim.insight.answer import Answer
    from cisim.study.kept.results import Results

__all__ = [
    "Figures",
    "Folder",
    "Json",
    "Name",
    "Quiet",
    "export",
    "merge",
    "open_results",
    "show",
    "show_answer",
]

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder of runs, as given to --out.")]
Name = Annotated[str | None, typer.Option("--study", help="Which study, where the folder holds several.")]
Figures = Annotated[
    Path | None,
    typer.Option("--figures", metavar="DIR", help="Write figures (PNG, SVG) and their tables (CSV) here."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes.")]


def show(
    folder: Folder, study: Name = None,
    failures: Annotated[bool, typer.Option("--failures", help="List failed runs, each with the line that repeats it.")] = False,
    figures: Figures = None, as_json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Print the table that a person wants first: what was kept, over all runs and for each setting.

    Example: cisim study show sweep
    """
    from cisim.insight.questions import summary

    results = open_results(folder, study)
    if failures:
        frame = results.failures()
        print_json(frame.to_dicts()) if as_json else _print_failures(frame)
        return
    told = summary(results)
    if as_json:
        tables = {name: told.tables[name].to_dicts() for name in ("summary", "by_factor")}
        print_json({"study": results.study.name, **results.counts(), **tables})
    else:
        typer.echo(results.study.describe())
        show_answer(told)
    if figures is not None:
        note(f"Written to {figures}: {', '.join(told.write(figures))}.", quiet)
    if failed := results.counts()["failed"]:
        note(f"{failed:,} runs failed; list them: cisim study show {folder} --failures", quiet)


def merge(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of runs.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where all of it goes.")],
    quiet: Quiet = False,
) -> None:
    """Bring the runs of several folders into one; a run that several have is kept once.

    Example: cisim study merge shard-1 shard-2 --out whole
    """
    from cisim.study.kept.merging import merge as bring_together

    added = bring_together(folders, out)
    note(f"{added} part{'' if added == 1 else 's'} brought to {out}.", quiet)


def export(folder: Folder, file: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv or .parquet file.")],
           study: Name = None, quiet: Quiet = False) -> None:  # fmt: skip
    """Write one table, a row a run, by point and replicate; with names and money of plans, where a study tries them.

    Example: cisim study export sweep sweep.csv
    """
    results = open_results(folder, study)
    if results.study.plans:
        from cisim.decision.kept import with_costs

        results.write(file, with_costs(results, results.table()))
    else:
        results.write(file)
    note(f"Written to {file}.", quiet)


def open_results(folder: Path, study: str | None) -> Results:
    """The results of a study in a folder."""
    from cisim.study.kept.results import Results

    return Results.open(folder, study)


def show_answer(answer: Answer) -> None:
    """What an answer says, and the tables that a person sees first."""
    for sentence in answer.sentences:
        typer.echo(sentence)
    for name in answer.shown:
        typer.echo(f"\n{name.replace('_', ' ').capitalize()}")
        print_frame(answer.tables[name])


def _print_failures(frame: pl.DataFrame) -> None:
    for row in frame.iter_rows(named=True):
        month = "" if row["month"] is None else f", month {row['month']}"
        typer.echo(f"{row['run']}: {row['kind']}{month}: {row['message']}\n  Repeat it with: {row['repeat']}")
    typer.echo(f"{len(frame):,} failed runs.")
