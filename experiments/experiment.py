"""An experiment: a folder with a question, a study, the way from its runs to findings, and what was found."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

from cisim import Results, Study
from cisim.errors import StoreError
from cisim.insight.figures import drawn
from cisim.world.disk import write_whole
from experiments.findings import Found, read, text_of

__all__ = ["HERE", "NAMES", "RUNS", "Experiment"]

HERE = Path(__file__).parent
NAMES = (
    "how_much_backbone",
    "shared_measurement",
    "five_conditions",
    "lab_or_collective_impact",
    "funder_leaves",
    "slow_inclusion",
)
RUNS = HERE.parent / "out" / "experiments"
"""Where runs are kept unless told; git ignores it."""


@dataclass(frozen=True)
class Experiment:
    """One of NAMES, with its `answers`: a module with `findings(results)` and `figures(results, found)`.

    worlds: replicates in place of those of the study, for a quick look.
    """

    name: str
    worlds: int | None = None

    @property
    def folder(self) -> Path:
        """Where its README, study, findings and figures are."""
        return HERE / self.name

    @cached_property
    def study(self) -> Study:
        """The study of its file. Raises SpecError."""
        study = Study.read(self.folder / "study.toml")
        return study if self.worlds is None else study.replace(replicates=self.worlds)

    @cached_property
    def answers(self) -> ModuleType:
        """From the results of the study to findings and figures."""
        return importlib.import_module(f"experiments.{self.name}.answers")

    def run(self, runs: Path, workers: int | None = None) -> Results:
        """Make the runs that the folder lacks. Raises StoreError if one fails or it is stopped."""
        report = self.study.run(runs / self.name, workers=workers)
        failed = report.failed + report.failed_before
        if failed:
            where = f"cisim study show {runs / self.name} --failures"
            raise StoreError(f"{self.name}: {failed:,} runs failed; see them with: {where}")
        if report.left:
            raise StoreError(
                f"{self.name}: stopped with {report.left:,} runs left; the same command goes on."
            )
        return Results.open(runs / self.name, self.study.name)

    def found(self, results: Results) -> Found:
        """What the runs say."""
        return Found(self.answers.findings(results))

    def write(self, results: Results, found: Found) -> list[str]:
        """Write findings and figures into the experiment's folder; the names of the files."""
        files = {"findings.csv": text_of(found.all).encode()}
        for name, figure in self.answers.figures(results, found).items():
            files[f"{name}.svg"] = drawn(figure, "svg")
        for name, content in files.items():
            write_whole(self.folder / name, content)
        return list(files)

    def differences(self, found: Found) -> list[str]:
        """Where these findings differ from those in the folder, as sentences; none if they agree."""
        kept = {row[:2]: row[2:] for row in read(self.folder / "findings.csv")}
        new = {one.row[:2]: one.row[2:] for one in found.all}
        return [
            f"{', '.join(key)}: findings.csv has {_told(kept.get(key))}, the runs give {_told(new.get(key))}"
            for key in dict.fromkeys([*kept, *new])
            if kept.get(key) != new.get(key)
        ]


def _told(ends: tuple[str, ...] | None) -> str:
    return "nothing" if ends is None else f"{ends[0]} ({ends[1]} to {ends[2]})"
