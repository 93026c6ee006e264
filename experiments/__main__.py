"""`python -m experiments [NAME ...]`: run experiments again, and write their findings and figures.

Without a name it lists them. Runs are kept, so the same command goes on where it stopped.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from cisim.errors import CisimError, did_you_mean
from experiments.experiment import NAMES, RUNS, Experiment


def main(told: list[str] | None = None) -> int:
    """Run, write or check, and say so; 1 if something failed or differs."""
    wanted = _asked(told)
    if not wanted.names:
        _list()
        return 0
    names = NAMES if "all" in wanted.names else dict.fromkeys(wanted.names)
    try:
        differ = [name for name in names if not _again(Experiment(name), wanted)]
    except CisimError as error:
        print(error, file=sys.stderr)
        return 1
    return 1 if differ else 0


def _asked(told: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m experiments", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all, or of {', '.join(NAMES)}")
    parser.add_argument("--check", action="store_true", help="compare with findings.csv, write nothing")
    parser.add_argument(
        "--out", type=Path, default=RUNS, help="where runs are kept (default out/experiments)"
    )
    parser.add_argument("--workers", type=int, help="processes (default: one a core, where that pays)")
    wanted = parser.parse_args(told)
    for name in wanted.names:
        if name not in ("all", *NAMES):
            near = did_you_mean(name, NAMES)
            parser.error(f"there is no experiment {name!r}.{near} All of them: {', '.join(NAMES)}")
    if wanted.workers is not None and wanted.workers < 1:
        parser.error(f"--workers is 1 or more, given {wanted.workers}")
    return wanted


def _list() -> None:
    for name in NAMES:
        study = Experiment(name).study
        print(f"{name:<26}{study.file.title}  {len(study.points()) * study.replicates:,} runs")
    print("\nRun one again with: python -m experiments NAME   (all of them: all)")


def _again(experiment: Experiment, wanted: argparse.Namespace) -> bool:
    """Run one experiment; True unless it was to be checked and differs."""
    began = time.monotonic()
    print(f"{experiment.name}: {experiment.study.file.title}", flush=True)
    results = experiment.run(wanted.out, wanted.workers)
    found = experiment.found(results)
    seconds = f"{results.counts()['done']:,} runs, {time.monotonic() - began:.0f} s"
    if wanted.check:
        differ = experiment.differences(found)
        print(
            f"  {seconds}: {f'{len(differ)} figures differ' if differ else f'all {len(found.all)} figures agree'}"
        )
        print(*(f"  {line}" for line in differ), sep="\n", end="\n" if differ else "")
        return not differ
    print(f"  {seconds}: {len(found.all)} figures; wrote {', '.join(experiment.write(results, found))}")
    return True


if __name__ == "__main__":
    sys.exit(main())
