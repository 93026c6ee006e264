"""`cisim prices`: what a plan's parts cost, as a table or as a file to be edited."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cisim.cli.results import Json, Quiet
from cisim.cli.screen import note, print_json
from cisim.cli.tables import print_rows

__all__ = ["prices"]


def prices(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Your prices; default: the declared ones.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write them here (TOML), to be edited.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there and differs.")] = False,
    as_json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Print prices: unit, meaning, who pays, and on what each rests. None has a published basis.

    Example: cisim prices --out prices.toml
    """
    from cisim.cli.plans import prices_from
    from cisim.decision.prices import DECLARED
    from cisim.world.disk import write_new

    told = prices_from(file)
    if out is not None:
        write_new(out, told.to_toml().encode(), force=force)
    rows = [
        {"name": name, "price": float(getattr(told, name)), "unit": price.unit, "meaning": price.meaning,
         "payer": price.payer, "basis": price.basis if getattr(told, name) == price.default else "your own"}
        for name, price in DECLARED.items()
    ]  # fmt: skip
    if as_json:
        print_json({"currency": told.currency, "prices": rows})
    else:
        head = ["name", told.currency, "unit", "meaning", "who pays", "basis"]
        print_rows(
            head, [[f"{v:,.0f}" if isinstance(v, float) else str(v) for v in row.values()] for row in rows]
        )
    if out is not None:
        note(f"Written to {out}; give it to --prices.", quiet)
