"""`cisim agreement`: do two partners say the same of their tie, and how well could any fit of ties do?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cisim.cli.screen import note, print_json
from cisim.cli.tables import print_rows

if TYPE_CHECKING:
    from cisim.evidence.agreement import Agreement

__all__ = ["agreement"]


def agreement(
    ties: Annotated[
        Path, typer.Argument(metavar="TIES.csv", help="What each source says of each target; or its folder.")
    ],
    survey_map: Annotated[
        Path | None, typer.Option("--map", metavar="MAP.toml", help="Which column holds what, as for import.")
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="One setting of the map, such as ties.contact=tie_1999."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No notes.")] = False,
) -> None:
    """Compare what the two sides of each tie say of it: the noise of the reports, a ceiling for any fit of ties.

    Example: cisim agreement ties.csv
    """
    from cisim.evidence.agreement import compare_reports
    from cisim.world.survey import SurveyMap

    told = (SurveyMap() if survey_map is None else SurveyMap.read(survey_map)).with_flags(setting or [])
    found = compare_reports(ties, told)
    for line in found.notes:
        note(line, quiet)
    if as_json:
        print_json([asdict(one) | {"ceiling": one.ceiling} for one in found.networks])
        return
    _show(found.networks)
    typer.echo(_meaning(found.whole))


def _show(networks: tuple[Agreement, ...]) -> None:
    header = (
        "network", "organizations", "answered", "pairs in contact", "both say so", "same level", "beyond chance",
        "correlation", "ceiling", "with none counted",
    )  # fmt: skip
    rows = [
        (
            one.network, str(one.organizations), str(one.answered), str(one.either), str(one.both),
            "–" if one.same is None else f"{one.same:.0%}", _figure(one.beyond_chance), _figure(one.correlation),
            _figure(one.ceiling), _figure(one.correlation_with_none),
        )
        for one in networks
    ]  # fmt: skip
    print_rows(header, rows)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def _meaning(whole: Agreement) -> str:
    """What the figures say, and what follows for a fit of ties."""
    shared = f" ({whole.both / whole.either:.0%})" if whole.either else ""
    lines = [f"Of {whole.either} pairs in contact as either side says, both say so of {whole.both}{shared}."]
    if whole.same is not None:
        lines.append(
            f"{whole.same:.0%} of these are told on the same level. A fit that hits one side's level as often is as "
            "good as the other side."
        )
    if whole.correlation is not None and whole.ceiling is not None:
        lines.append(
            f"Their levels correlate with {_figure(whole.correlation)}. If errors are independent and of one size "
            f"(assumption), no fit of the tie correlates with one side's level by more than {_figure(whole.ceiling)}."
        )
    if whole.correlation is None:
        lines.append("There are no two levels to compare.")
    return "\n".join(lines)
