"""`cisim describe`, `presets`, `parameters` and `measures`: what there is, before anything runs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.screen import console, note, print_json
from cisim.errors import SpecError, did_you_mean

if TYPE_CHECKING:
    from cisim.theory.parameters import Parameter

__all__ = ["describe", "measures", "parameters", "presets"]

Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")]
Markdown = Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No notes.")]
Filter = Annotated[
    str | None, typer.Argument(metavar="FILTER", help="Only those with this text in name, part or meaning.")
]


class Role(StrEnum):
    """What a number of the model is: chosen by the coalition, or a property of the world."""

    lever = "lever"
    uncertainty = "uncertainty"


def describe(
    name: Annotated[
        str, typer.Argument(metavar="NAME_OR_FILE", help="A preset, or the TOML file of a scenario.")
    ],
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tell a scenario in words, before it runs: who, which levers, what happens when.

    Example: cisim describe funder-leaves
    """
    from cisim import verbs

    scenario = verbs.load(name)
    if as_json:
        print_json(scenario.model_dump(mode="json", by_alias=True))
    else:
        typer.echo(scenario.describe().rstrip())


def presets(as_json: Json = False, quiet: Quiet = False) -> None:
    """List the scenarios that come with cisim, each with what to expect.

    Example: cisim presets
    """
    from cisim import verbs

    found = [verbs.preset(name) for name in verbs.presets()]
    if as_json:
        print_json([{"name": s.name, "title": s.title, "months": s.months, "description": s.description}
                    for s in found])  # fmt: skip
        return
    _print_table(
        ("name", "title", "what to expect"), [(s.name, s.title, _first(s.description)) for s in found]
    )
    note("Read one with: cisim describe NAME. Run it with: cisim run NAME", quiet)


def parameters(
    text: Filter = None,
    role: Annotated[Role | None, typer.Option(help="Only levers, or the rest.")] = None,
    as_json: Json = False,
    markdown: Markdown = False,
    quiet: Quiet = False,
) -> None:
    """List every number of the model: default, range, unit, meaning, and the source that it rests on.

    Example: cisim parameters trust --role uncertainty
    """
    from cisim.theory.parameters import LEVERS, UNCERTAINTIES

    everything = [*LEVERS.values(), *UNCERTAINTIES.values()]
    rows = [row for row in everything if role in (None, row.role)]
    found = [row for row in rows if _matches(text, row.name, row.part, row.meaning)]
    _refuse_nothing(found, text, [row.name for row in rows], "parameter")
    if as_json:
        print_json(
            [{**vars(row), "range": [row.low, row.high], "allowed": [row.least, row.most]} for row in found]
        )
        return
    columns = ("name", "default", "range", "unit", "role", "meaning", "basis")
    cells = [_parameter(row) for row in found]
    if markdown:
        _print_markdown(columns, cells)
        return
    _print_table(columns, cells)
    if text is None and role is None:
        note(_choices(), quiet)


def measures(
    text: Filter = None, as_json: Json = False, markdown: Markdown = False, quiet: Quiet = False
) -> None:
    """List every output of a run: unit, range, meaning, formula.

    Example: cisim measures trust
    """
    from cisim.theory.measures import MEASURES

    found = [m for m in MEASURES.values() if _matches(text, m.name, m.group, m.meaning)]
    _refuse_nothing(found, text, list(MEASURES), "measure")
    if as_json:
        print_json([{"name": m.name, "unit": m.unit, "range": [m.low, m.high], "group": m.group,
                     "meaning": m.meaning, "formula": m.formula} for m in found])  # fmt: skip
        return
    columns = ("name", "unit", "range", "meaning", "formula")
    cells = [(m.name, m.unit, _range(m.low, m.high), m.meaning, m.formula) for m in found]
    (_print_markdown if markdown else _print_table)(columns, cells)


def _parameter(row: Parameter) -> tuple[str, ...]:
    return row.name, f"{row.default:g}", _range(row.low, row.high), row.unit, row.role, row.meaning, row.basis


def _choices() -> str:
    from cisim.theory.rules import CHOICES

    told = "; ".join(f"{choice} = {' | '.join(variants)}" for choice, variants in CHOICES.items())
    return f"Rule choices, the first in use unless told: {told}"


def _range(low: float, high: float) -> str:
    ends = ["∞" if end == math.inf else "−∞" if end == -math.inf else f"{end:g}" for end in (low, high)]
    return " to ".join(ends)


def _matches(text: str | None, *places: str) -> bool:
    return text is None or any(text.lower() in place.lower() for place in places)


def _refuse_nothing(found: Sequence[object], text: str | None, known: Iterable[str], what: str) -> None:
    if not found:
        near = did_you_mean(str(text), known)
        raise SpecError(f"no {what} has {text!r} in its name, part or meaning."
                        f"{near if near.startswith(' Did') else ''}", source="Filter")  # fmt: skip


def _first(text: str) -> str:
    """The first sentence that says what to expect, or else the first."""
    sentences = " ".join(text.split()).split(". ")
    told = next((s for s in sentences if s.startswith("Expect")), sentences[0])
    return told.rstrip(".") + "."


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        style: Any = "bold" if place == 0 else None
        table.add_column(column, no_wrap=column in ("name", "default", "role"), style=style, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console().print(table)


def _print_markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    lines = [columns, ["---"] * len(columns), *rows]
    for line in lines:
        typer.echo("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |")
