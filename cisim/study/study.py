"""A study with meaning: its scenarios loaded, its factors completed, its points laid out.

study = Study.read("experiments/sweep/study.toml")
print(study.describe())
study.points()          # a table: one row a point, one column a factor
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cisim.study import designs
from cisim.study.designs.factors import Factor
from cisim.study.plans.levels import COURSE, MEASURES_KEPT, PlansTold
from cisim.study.spec import targets
from cisim.study.spec.file import Place, StudyFile
from cisim.study.spec.keep import Columns
from cisim.study.spec.loading import Loaded, base_values, load, table_of
from cisim.study.spec.reading import Reading
from cisim.world.scenario import Scenario

if TYPE_CHECKING:
    import polars as pl

    from cisim.study.plans.plan import Plan
    from cisim.study.running.session import Report

__all__ = ["Study"]


@dataclass(frozen=True)
class Study:
    """A study that can be run. `scenarios`: {"" for the base, or a level of `scenario`: the scenario}.

    factors: complete, in order. model, rules: own code, located. told: the plans that it tries, and prices. Raises SpecError with every fault at once.
    """

    file: StudyFile
    folder: Place
    scenarios: Mapping[str, Scenario]
    factors: tuple[Factor, ...]
    model: str | None
    rules: Mapping[str, str]
    told: PlansTold = field(default_factory=PlansTold)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Study:
        """The study in a TOML file; paths in it are relative to its folder."""
        return cls._of(Reading.at(path), Place(Path(path).parent), str(path))

    @classmethod
    def kept(cls, path: Path, copies: Mapping[str, str]) -> Study:
        """A study as a store keeps it; `copies` {path as written: path of the copy} lead to what it names."""
        return cls._of(Reading.at(path), Place(path.parent, copies), str(path))

    @classmethod
    def read_text(cls, text: str) -> Study:
        """The study in a TOML text; paths in it are relative to the present folder."""
        return cls._of(Reading.of_text(text, "Study"), Place(Path()), "Study")

    @classmethod
    def of(cls, file: StudyFile, folder: Path | Place | None = None, *, source: str | None = None) -> Study:
        """The study of what is written; `folder` is where its paths start."""
        place = folder if isinstance(folder, Place) else Place(folder or Path())
        return cls._of(Reading.of(file), place, source or f"Study {file.name!r}")

    @classmethod
    def _of(cls, reading: Reading, folder: Place, source: str) -> Study:
        here = Place(folder.folder.resolve(), folder.copies)
        loaded = load(reading, here, source)
        return cls(
            reading.file, here, loaded.scenarios, loaded.factors, loaded.model, loaded.rules, loaded.told
        )

    @property
    def name(self) -> str:
        """The name of the study."""
        return self.file.name

    @property
    def seed(self) -> int:
        """The seed of all runs."""
        return self.file.seed

    @property
    def replicates(self) -> int:
        """Replicates of each point."""
        return self.file.replicates

    @property
    def engine(self) -> str:
        """ "compiled" or "mesa"."""
        return self.file.engine

    @property
    def base(self) -> Scenario:
        """The scenario that points change."""
        return self.scenarios[""]

    @property
    def plans(self) -> Mapping[str, Plan]:
        """{level of the factor `plan`: its plan}; empty where no plans are tried."""
        return self.told.plans

    @property
    def factor_names(self) -> list[str]:
        """The names of all factors, in order."""
        return [factor.name for factor in self.factors]

    @property
    def months(self) -> int:
        """The horizon of every run."""
        return self.base.months

    @cached_property
    def columns(self) -> Columns:
        """What is kept of each run; where plans are tried, also what their costs and comparisons need."""
        keep, months = self.file.keep, self.months
        kept = range(months + 1) if keep.months == "all" else keep.months or (months,)
        measures, course = (MEASURES_KEPT, COURSE) if self.plans else ((), ())
        told = tuple(dict.fromkeys((*keep.measures, *measures)))
        return Columns(told, tuple(kept), (*self.file.summary, *course), months)

    def points(self) -> pl.DataFrame:
        """A row for each point of the design, a column for each factor; null where a factor is inactive."""
        return designs.points(
            self.file.design, self.factors, self._base_values(), table=table_of(self.file, self.folder)
        )

    def size(self) -> int:
        """How many points there are."""
        return designs.size(
            self.file.design, self.factors, self._base_values(), table=table_of(self.file, self.folder)
        )

    def settings_of(self, points: Mapping[str, Any], at: int) -> dict[str, Any]:
        """{factor: value} of one point, active factors only."""
        told = {name: points[name][at] for name in self.factor_names}
        return {name: _plain(value) for name, value in told.items() if _active(value)}

    def scenario_of(self, points: Mapping[str, Any], at: int) -> tuple[Scenario, dict[str, Any]]:
        """(the complete scenario of one point, keywords for an own model)."""
        settings = self.settings_of(points, at)
        scenario = targets.apply(self.scenarios[settings.get("scenario", "")], settings, self.plans)
        keywords = {n.removeprefix("model."): v for n, v in settings.items() if n.startswith("model.")}
        return scenario, keywords

    def replace(self, **changes: Any) -> Study:
        """This study with other values written in its file; checked like any other."""
        told = {name: getattr(self.file, name) for name in StudyFile.model_fields} | changes
        return Study.of(StudyFile(**told), self.folder)

    def fresh(self) -> Study:
        """The same study in fresh worlds, and at fresh points if they are sampled: to test what was found in it."""
        design = self.file.design
        if design.sampled:
            design = design.replace(seed=(design.seed + 1) % 2**32)
        return self.replace(name=f"{self.name}-fresh", seed=(self.seed + 1) % 2**32, design=design)

    def run(self, out: str | os.PathLike[str], **options: Any) -> Report:
        """Run what the folder lacks of this study, and keep it there; options are those of `run_study`."""
        from cisim.study.running.session import run_study

        return run_study(self, Path(out), **options)

    def describe(self) -> str:
        """The study in words, before it runs."""
        from cisim.study.describe import describe

        return describe(self)

    def _base_values(self) -> dict[str, Any]:
        loaded = Loaded(self.scenarios, self.factors, self.model, self.rules, self.told)
        return base_values(self.file, loaded)


def _active(value: Any) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
