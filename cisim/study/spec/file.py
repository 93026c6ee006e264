"""A study file: what is written in TOML, checked value by value; `loading` finds what it names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cisim.errors import SpecError, nearest
from cisim.study.designs import Design
from cisim.study.designs.factors import Factor
from cisim.study.plans.plan import Plan
from cisim.study.plans.prices import Prices
from cisim.study.spec.keep import Keep, Summary
from cisim.world.fields import one_of, short, slug, text, whole
from cisim.world.record import Record
from cisim.world.toml import dump, parse

__all__ = ["Place", "StudyFile", "file_fault", "files_beside"]

GROUPS = ("uncertainties", "levers")


def _groups(value: object) -> object:
    if isinstance(value, (list, tuple)) and all(name in GROUPS for name in value):
        return tuple(dict.fromkeys(value))
    raise SpecError(f'must be ["uncertainties"], ["levers"], or a list of both, given {short(value)}.')


def _own_rules(value: object) -> object:
    if isinstance(value, Mapping) and all(isinstance(told, str) for told in value.values()):
        return dict(value)
    example = 'own_rules = { relax = "my_rules.py:relax" }'
    raise SpecError(
        f"must be a table of rule slots and functions in quotes, given {short(value)}; as in {example}."
    )


def _prices(value: object) -> object:
    if value is None or isinstance(value, Prices):
        return value
    if isinstance(value, Mapping):
        return Prices(**value)
    if isinstance(value, str) and value.endswith(".toml"):
        return value
    raise SpecError(
        f"must be a table of prices, or a TOML file of them (cisim prices --out), given {short(value)}."
    )


def _horizon(value: object) -> object:
    check: Any = whole(1, 1_200, "months").func
    return None if value is None else check(value)


@dataclass(frozen=True)
class Place:
    """Where paths in a study file lead: into its folder, or to the copies that a store keeps under other names."""

    folder: Path
    copies: Mapping[str, str] = field(default_factory=dict)

    def __truediv__(self, told: str) -> Path:
        return self.folder / self.copies.get(told, told)


class StudyFile(Record):
    """A study as written: base scenario, factors, design, replicates, seed, and what to keep.

    base: a preset or a TOML file. posterior: a CSV file or the name of a shipped sample, for every scenario that
    has none of its own. every: groups of declared numbers that are all factors, in their declared
    ranges. plan: plans written here, for the factor `plan`; prices: of what they use, also told as a TOML file.
    engine "mesa" runs a Mesa model, `model` names one of your own; own_rules: {slot: function}.
    Raises SpecError with every fault at once: the place in the file, what was given, what is allowed.
    """

    format: Annotated[Literal[1], whole(1, 1, "(the only format so far)")] = 1
    name: Annotated[str, slug()] = Field(examples=['name = "staff-sweep"'])
    title: Annotated[str, text(0, 200)] = ""
    description: Annotated[str, text(0, line=False)] = ""
    base: Annotated[str, text(1, 1_000)] = "collective-impact"
    posterior: Annotated[str | None, text(1, 1_000, optional=True)] = None
    months: Annotated[int | None, BeforeValidator(_horizon)] = None
    replicates: Annotated[int, whole(1, 1_000_000, "replicates a point")] = 1
    seed: Annotated[int, whole(0, 2**32 - 1)] = 0
    engine: Annotated[Literal["compiled", "mesa"], one_of("compiled", "mesa")] = "compiled"
    model: Annotated[str | None, text(1, 1_000, optional=True)] = None
    own_rules: Annotated[dict[str, str], BeforeValidator(_own_rules)] = Field(default_factory=dict)
    every: Annotated[tuple[str, ...], BeforeValidator(_groups)] = ()
    design: Design = Field(examples=['[design] and below it kind = "one-at-a-time"'])
    factor: tuple[Factor, ...] = ()
    plan: tuple[Plan, ...] = ()
    prices: Annotated[Prices | str | None, BeforeValidator(_prices)] = None
    keep: Keep = Keep()
    summary: tuple[Summary, ...] = ()

    def to_toml(self) -> str:
        """TOML text with what differs from the defaults; reading it gives an equal study."""
        values = self.model_dump(by_alias=True, exclude_defaults=True)
        if self.plan:
            values["plan"] = [parse(plan.to_toml()) for plan in self.plan]
        ordered = [name for name in StudyFile.model_fields if values.get(name) not in (None, {}, ())]
        return dump({name: values[name] for name in ordered})


def file_fault(path: Path) -> str | None:
    """Why there is no file to read at this path, with the nearest name beside it; None if there is one."""
    if os.path.isdir(path):
        return f"{path} is a folder; name the file in it."
    if os.path.exists(path):
        return None
    return f"there is no file {path}.{nearest(path.name, files_beside(path)) or ' Check the path.'}"


def files_beside(path: Path, suffix: str | None = None) -> list[str]:
    """The names in the folder of a path that end as it does, or in `suffix`."""
    try:
        return [name for name in os.listdir(path.parent) if Path(name).suffix == (suffix or path.suffix)]
    except (OSError, ValueError):
        return []
