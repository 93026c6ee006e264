"""`cisim study compare`, `sensitivity`, `attribution`, `discover`: answers from the runs of a study."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.results import Figures, Folder, Json, Name, Quiet, open_results, show_answer
from cisim.cli.screen import note, print_json
from cisim.errors import SpecError, gathered

if TYPE_CHECKING:
    import polars as pl

__all__ = ["attribution", "compare", "discover", "sensitivity"]

Measure = Annotated[
    str,
    typer.Option(
        "--of", metavar="NUMBER", help="A measure (every month kept), or a number such as severity@120."
    ),
]


def compare(
    folder: Folder,
    a: Annotated[str, typer.Option("--a", metavar="NAME=VALUE,...", help="The settings of the one.")],
    b: Annotated[str, typer.Option("--b", metavar="NAME=VALUE,...", help="The settings of the other.")],
    of: Measure = "severity",
    precision: Annotated[float | None, typer.Option(metavar="HALF-WIDTH", help="Replicates needed for this.")] = None,
    figures: Figures = None, study: Name = None, as_json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Compare two settings world by world: difference, interval, and what pairing gains.

    Example: cisim study compare out --a scenario=isolated-impact --b scenario=collective-impact
    """
    from cisim.insight.questions import compare as ask

    first, second = gathered(lambda: _settings(a, "--a"), lambda: _settings(b, "--b"))
    answer = ask(open_results(folder, study), first, second, of, precision=precision)
    _answer(answer, figures, as_json, quiet)


def sensitivity(
    folder: Folder, of: Measure = "severity", figures: Figures = None, study: Name = None, as_json: Json = False,
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Say which factors a number depends on (Sobol indices or Morris screening), and how much of it is chance.

    Example: cisim study sensitivity out --of severity@120 --figures figures
    """
    from cisim.insight.questions import sensitivity as ask

    _answer(ask(open_results(folder, study), of), figures, as_json, quiet)


def attribution(
    folder: Folder, of: Measure = "contribution",
    less: Annotated[bool | None, typer.Option("--less/--more", help="Less (or more) of the number is better. Default: less of severity, costs and times.")] = None,
    figures: Figures = None, study: Name = None, as_json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Share the whole gain among the conditions, and say whether they need each other (Shapley).

    The study is a grid over factors condition.agenda, condition.backbone, ... with levels true and false.

    Example: cisim study attribution out --of contribution@120
    """
    from cisim.insight.questions import attribution as ask

    _answer(ask(open_results(folder, study), of, less=less), figures, as_json, quiet)


def discover(
    folder: Folder,
    where: Annotated[str, typer.Option("--where", metavar="CONDITION", help="Such as 'severity@120 <= 0.7'.")],
    fresh: Annotated[Path | None, typer.Option("--fresh", metavar="DIR", help="Where the fresh study was run; default: the same folder.")] = None,
    coverage: Annotated[float | None, typer.Option(min=0, max=1, help="Take the densest box that covers so much.")] = None,
    figures: Figures = None, study: Name = None, as_json: Json = False, quiet: Quiet = False,
) -> None:  # fmt: skip
    """Find where in the space of factors something happens: a box (PRIM) and a tree, tested on fresh runs.

    The fresh runs come from the same study with --fresh: other points, other worlds.

    Example: cisim study discover out --where "severity@120 <= 0.7"
    """
    from cisim.insight.questions import discover as ask

    number, happens = _condition(where)
    results = open_results(folder, study)
    unseen = _fresh(folder if fresh is None else fresh, f"{results.study.name}-fresh")
    _answer(ask(results, number, happens, where, unseen, coverage=coverage), figures, as_json, quiet)


def _fresh(folder: Path, name: str) -> Any:
    from cisim.study.kept.store import Store

    return open_results(folder, name) if name in Store.open(folder).studies() else None


def _answer(answer: Any, figures: Path | None, as_json: bool, quiet: bool) -> None:
    if as_json:
        print_json(
            {"answer": answer.sentences, **{name: table.to_dicts() for name, table in answer.tables.items()}}
        )
    else:
        show_answer(answer)
    if figures is not None:
        written = answer.write(figures)
        note(f"Written to {figures}: {', '.join(written)}.", quiet)


def _settings(text: str, flag: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in text.split(","):
        name, sign, value = (piece.strip() for piece in part.partition("="))
        if not (name and sign and value):
            raise SpecError(f"must be NAME=VALUE,NAME=VALUE, given {text!r}.", source=flag)
        found[name] = _value(value)
    return found


def _value(text: str) -> Any:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        return float(text)
    except ValueError:
        return text


def _condition(text: str) -> tuple[str, Callable[[pl.Expr], pl.Expr]]:
    found = re.fullmatch(r"\s*([\w@.-]+?)\s*(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*", text)
    if found is None:
        raise SpecError(
            f"must be NUMBER <= VALUE (or >=, <, >), such as 'severity@120 <= 0.7', given {text!r}.",
            source="--where",
        )
    bound = float(found[3])
    tests: dict[str, Callable[[pl.Expr], pl.Expr]] = {
        "<=": lambda x: x <= bound, ">=": lambda x: x >= bound, "<": lambda x: x < bound, ">": lambda x: x > bound,
    }  # fmt: skip
    return found[1], tests[found[2]]
