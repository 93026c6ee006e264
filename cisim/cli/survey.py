"""`cisim import`: a coalition from two CSV files of a survey becomes a scenario."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.screen import note, print_json
from cisim.errors import SpecError, StoreError

if TYPE_CHECKING:
    from cisim.world.survey import SurveyMap

__all__ = ["import_"]


def import_(
    organizations: Annotated[
        Path, typer.Argument(metavar="ORGANIZATIONS.csv", help="One row an organization.")
    ],
    ties: Annotated[Path, typer.Argument(metavar="TIES.csv", help="One row a pair, or a matrix of contact.")],
    out: Annotated[Path, typer.Option(metavar="FILE.toml", help="Where the scenario goes.")],
    survey_map: Annotated[
        Path | None,
        typer.Option("--map", metavar="MAP.toml", help="Which column holds what, on which scale."),
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="One setting of the map, such as ties.contact=frequency."
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=VALUE", help="Only these rows, such as one network of several."),
    ] = None,
    backbone: Annotated[
        str | None, typer.Option(metavar="ID", help="Which organization is the backbone.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of the scenario; default: from FILE.")] = None,
    title: Annotated[str, typer.Option(help="Title of the scenario.")] = "",
    seed: Annotated[int, typer.Option(help="For answers that are missing and filled.")] = 0,
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace a scenario that is there and differs, such as one you edited."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No notes.")] = False,
) -> None:
    """Make a scenario of a survey: who was asked, and what they said of each other.

    Example: cisim import organizations.csv ties.csv --where estuary=3 --out estuary-3.toml
    """
    from cisim.world.disk import write_new
    from cisim.world.survey import import_survey, summary_text

    inputs = [path for path in (organizations, ties, survey_map) if path is not None]
    _check_target(out, inputs)
    settled = _map(survey_map, setting or [], where or [], backbone)
    imported = import_survey(
        organizations, ties, settled, name=name or _slug(out.stem), title=title, seed=seed
    )
    write_new(out, imported.scenario.to_toml().encode(), force=force)
    if as_json:
        print_json({"out": str(out), "name": imported.scenario.name, "summary": asdict(imported.summary),
                    "notes": list(imported.notes)})  # fmt: skip
    else:
        typer.echo(summary_text(imported))
    note(f"Written to {out}. Run it with: cisim run {out}", quiet)


def _map(path: Path | None, settings: Sequence[str], where: Sequence[str], backbone: str | None) -> SurveyMap:
    """The column map in the file, with what the flags say on top."""
    from cisim.world.survey import SurveyMap

    survey_map = (SurveyMap() if path is None else SurveyMap.read(path)).with_flags(settings)
    table: dict[str, Any] = survey_map.model_dump(mode="json", exclude_defaults=True)
    wanted = [tuple(part.strip() for part in entry.partition("=")) for entry in where]
    faults = [f"{''.join(w)!r} is not COLUMN=VALUE, such as estuary=3." for w in wanted if not all(w)]
    if faults:
        raise SpecError(faults, source="--where")
    if where:
        table["where"] = {**table.get("where", {}), **{column: value for column, _, value in wanted}}
    if backbone is not None:
        table["backbone"] = backbone
    return SurveyMap.from_table(table)


def _check_target(out: Path, inputs: Sequence[Path]) -> None:
    """A scenario may stand where an earlier one stands, and nothing else."""
    from cisim.world.scenario import Scenario

    if out.is_dir():
        raise StoreError(f"{out}: is a folder; name a file in it, such as {out / 'coalition.toml'}.")
    if not out.parent.is_dir():
        raise StoreError(f"{out}: there is no folder {out.parent}; make it first.")
    if not out.exists():
        return
    if any(path.exists() and out.samefile(path) for path in inputs):
        raise StoreError(f"{out}: is one of the files to be read; name another file.")
    try:
        Scenario.read(out)
    except SpecError:
        raise StoreError(f"{out}: is there and is not a scenario; name another file.") from None


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "coalition"
