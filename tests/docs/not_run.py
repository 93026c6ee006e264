"""Which commands of the documents are not run as they stand, each with its reason; all others are.

A test fails for an entry that no document needs.
"""

from __future__ import annotations

__all__ = ["BRINGS", "NOT_RUN", "NOT_RUN_PYTHON", "SHORTENED"]

NOT_RUN = {
    "pip install": "asks a package registry; `make test` installs all of them",
    "make ": "sets up the folder that it stands in; .ci/run does all three",
    "cisim app": "serves until it is ended; tests/browser starts it",
    "uvicorn ": "serves until it is ended; tests/app starts the same server",
    "dask ": "serves until it is ended; tests/study/test_cluster.py starts both",
    "--cluster tcp:": "needs other machines; tests/study/test_cluster.py runs with a scheduler of its own",
    "--cluster scheduler.json": "needs other machines; the same test",
    "sbatch": "needs Slurm; tests/study/test_slurm.py runs the script that is sent",
    "3f2a9c0d-17": "stands for the key of a reader's own run; tests/cli runs it with real ones",
    "cisim replay KEY": "KEY stands for what the block before prints; tests/cli runs it with real ones",
    "part1 part2 part3": "stands for folders of other machines; docs/cluster.md merges real ones",
    "experiments/all_uncertainties/study.toml --out": "takes hours",
    "sensitivity all": "needs those hours; docs/tutorials/researcher.md asks the same of a small study",
    "-m tests.docs.assumptions": "needs those hours; tests/docs/test_limits.py runs it on a small study",
    "-m tests.docs.generate": "writes the documents themselves; tests/docs/test_generated.py runs it",
}
"""{part of a command: why it is not run}."""

NOT_RUN_PYTHON = {
    "docs/cluster.md": "starts Slurm jobs; tests/study/test_slurm.py runs it with a stand-in for dask-jobqueue"
}
"""{document: why its `py` block is not run}."""

SHORTENED = {
    "--budget 10m": "--budget 5s",
    "--minutes 20": "--minutes 0.5 --replicates 4 --keep 20 --size 20 --draws 40 --rounds 2 --pattern 1",
    "challenge claims.toml --out challenged": "challenge claims.toml --out challenged --runs 2000",
    "--runs 100000": "--runs 2000",
    "--worlds 1000": "--worlds 100",
    "--out information": "--out information --worlds 100",
    "optimize small-town --out": "optimize small-town-quick.toml --out",
    "--probability 0.5": "--probability 0.5 --lever backbone_staff=0..4 --lever measurement=0..1 --candidates 8 --worlds 40",
    "forecast --wave1 our-partnership": "forecast --replicates 20 --wave1 our-partnership",
    "--out report.html": "--out report.html --replicates 60",
    "--world small-town/world.toml": "--world small-town/world.toml --replicates 40",
}
"""{part of a command: what stands in its place}: the same command with less to run."""

BRINGS = {
    "README.md": ("small-town-quick.toml",),
    "docs/forecast.md": ("ties.csv", "our-partnership"),
    "docs/report.md": ("organizations.csv", "ties.csv", "small-town-quick.toml"),
    "docs/studies.md": ("early-backbone.toml", "prices.toml"),
    "docs/what-if.md": ("our-plan.toml", "small-town-quick.toml"),
}
"""{document: files of its own that a reader brings}; made-up ones stand in tests/docs/brought/.

small-town-quick.toml is the shipped problem small-town with the least effort.
"""
