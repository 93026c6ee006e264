"""`cisim cite`: the sources that a scenario rests on, with reasons, or as BibTeX."""

from __future__ import annotations

import textwrap
from typing import Annotated

import typer

from cisim.cli.catalogue import Json, Quiet
from cisim.cli.screen import note, print_json

__all__ = ["cite"]

WIDTH = 100


def cite(
    name: Annotated[
        str, typer.Argument(metavar="NAME_OR_FILE", help="A preset, or the TOML file of a scenario.")
    ],
    as_bibtex: Annotated[bool, typer.Option("--bibtex", help="Print BibTeX entries.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Name the sources that a scenario's rules, defaults and levers rest on, each with its reason.

    Example: cisim cite collective-impact --bibtex > cisim.bib
    """
    from cisim import verbs
    from cisim.cli.citations import bibliography
    from cisim.theory.sources import SOURCES, bibtex

    found = bibliography(verbs.load(name))
    assumed = f"{len(found.assumptions)} of {found.declared} numbers rest on a default that is an assumption"
    if as_json:
        print_json({"sources": [{**vars(SOURCES[key]), "reasons": list(reasons)}
                                for key, reasons in found.reasons.items()],
                    "assumptions": list(found.assumptions), "set_by_scenario": list(found.own)})  # fmt: skip
    elif as_bibtex:
        typer.echo("\n\n".join(bibtex(SOURCES[key]) for key in found.reasons))
        note(f"{assumed}; they are named by: cisim cite {name}", quiet)
    else:
        for key, reasons in found.reasons.items():
            typer.echo(textwrap.fill(str(SOURCES[key]), WIDTH, subsequent_indent="  "))
            for reason in reasons:
                typer.echo(textwrap.fill(reason, WIDTH, initial_indent="    - ", subsequent_indent="      "))
        typer.echo(f"\n{assumed}:")
        typer.echo(_names(found.assumptions))
        if found.own:
            typer.echo(
                f"Set by the scenario itself, so as the person who wrote it says:\n{_names(found.own)}"
            )


def _names(names: tuple[str, ...]) -> str:
    return textwrap.fill(", ".join(names), WIDTH, initial_indent="  ", subsequent_indent="  ")
