"""Shards and Slurm: the printed script really runs a study, and the documented one starts workers that make it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import dask_jobqueue
import pytest

from cisim.errors import SpecError
from cisim.study.kept.merging import merge
from cisim.study.kept.results import Results
from cisim.study.running.session import run_study
from cisim.study.running.slurm import shards_of, slurm_script
from cisim.study.study import Study

ROOT = Path(__file__).parents[2]
STUDY = """
name = "small"
base = "isolated-impact"
months = 6
replicates = 10
[design]
kind = "sobol"
points = 16
[[factor]]
name = "trust_gain"
[keep]
measures = ["severity", "trust_mean"]
"""
TASK = {"minutes": 10, "memory": "2G", "cores": 1}
SBATCH = """#!/bin/bash
# Slurm for one machine: a job is a process that runs the script as it is now
bash -c "$(cat "${@: -1}")" > job.log 2>&1 &
echo "Submitted batch job $!"
"""
SCANCEL = """#!/bin/bash
kill "$@" 2> /dev/null
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    file = tmp_path / "a study.toml"
    file.write_text(STUDY)
    return file


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """A shell that finds `cisim`, and an `sbatch` that runs jobs here."""
    for name, text in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    path = [str(tmp_path / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]
    return os.environ | {"PATH": os.pathsep.join(path), "PYTHONPATH": str(ROOT)}


def digest_of_a_plain_run(study: Path, out: Path) -> str:
    run_study(Study.read(study), out, workers=1)
    return Results.open(out).digest()


def test_the_script_is_sound_and_asks_slurm_for_what_was_said(study: Path, tmp_path: Path) -> None:
    script = slurm_script(study, tmp_path / "my out", 8, minutes=120, memory="6G", cores=3)
    lines = script.splitlines()
    assert lines[0] == "#!/bin/bash"
    for wanted in ("job-name=cisim-small", "array=1-8", "cpus-per-task=3", "mem=6G", "time=120"):
        assert f"#SBATCH --{wanted}" in lines
    first_command = next(at for at, line in enumerate(lines) if line and not line.startswith("#"))
    assert not any(line.startswith("#SBATCH") for line in lines[first_command:])  # Slurm would not read them
    assert "--workers 3 --budget 6600s" in script
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


@pytest.mark.parametrize(("minutes", "seconds"), [(5, 180), (20, 1080), (60, 3240), (600, 35400)])
def test_runs_end_before_slurm_would_end_them(study: Path, minutes: int, seconds: int) -> None:
    script = slurm_script(study, Path("out"), 2, minutes=minutes, memory="1G", cores=1)
    assert f"--budget {seconds}s" in script


def test_all_faults_of_a_request_are_told_at_once(study: Path) -> None:
    with pytest.raises(SpecError) as refused:
        slurm_script(study, Path(), 1001, minutes=4, memory="4 GB", cores=0)
    told = str(refused.value)
    assert len(refused.value.faults) == 5
    for part in ("given '.'", "1 to 1000, given 1001", "given 4.", "given '4 GB'", "1 or more, given 0"):
        assert part in told


def test_a_study_that_cannot_be_read_gets_no_script(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(STUDY.replace("trust_gain", "trust_gian"))
    with pytest.raises(SpecError, match="trust_gain"):
        slurm_script(tmp_path / "bad.toml", Path("out"), 2, **TASK)


@pytest.mark.slow
def test_the_tasks_of_the_script_make_the_study(
    study: Path, tmp_path: Path, surroundings: dict[str, str]
) -> None:
    whole = digest_of_a_plain_run(study, tmp_path / "plain")
    printed = subprocess.run(
        ["cisim", "study", "slurm", study.name, "--out", "my sweep", "--shards", "3", "--cores", "1"],
        cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=True,
    )  # fmt: skip
    (tmp_path / "sweep.sh").write_text(printed.stdout)
    tasks = [
        subprocess.Popen(
            ["bash", "sweep.sh"], cwd=tmp_path, env=surroundings | {"SLURM_ARRAY_TASK_ID": str(number)},
            stderr=subprocess.PIPE, text=True,
        )
        for number in (1, 2, 3)
    ]  # fmt: skip
    for task in tasks:
        _, told = task.communicate(timeout=100)
        assert task.returncode == 0, told
    out = tmp_path / "my sweep"
    shards = sorted(shards_of(out).iterdir())
    assert [shard.name for shard in shards] == ["1-of-3", "2-of-3", "3-of-3"]
    merge(shards, out)
    results = Results.open(out)
    assert results.counts()["left"] == 0
    assert results.digest() == whole


def documented() -> str:
    """The script for Slurm in the documentation."""
    found = re.search(r"```py\n(.*?)```", (ROOT / "docs/cluster.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_documented_settings_make_the_job_that_is_meant() -> None:
    text = documented()
    call = text[text.index("SLURMCluster(\n") : text.index(") as cluster")]
    settings = "scheduler_options={'host': '127.0.0.1', 'dashboard_address': '127.0.0.1:0'}"
    with eval(f"{call} {settings})", {"SLURMCluster": dask_jobqueue.SLURMCluster, "cores": 16}) as cluster:
        script = cluster.job_script()
    for line in ("#SBATCH -n 1", "#SBATCH --cpus-per-task=16", "#SBATCH --mem=30G", "#SBATCH -t 02:00:00"):
        assert line in script.splitlines()
    worker = next(line for line in script.splitlines() if "dask_worker tcp://127.0.0.1:" in line)
    for part in ("--nworkers 16", "--nthreads 1", "--nanny", "--lifetime 110m", "--lifetime-stagger 5m"):
        assert part in worker


@pytest.mark.slow
def test_the_documented_script_runs_a_study_on_workers_that_jobs_start(
    study: Path, tmp_path: Path, surroundings: dict[str, str]
) -> None:
    whole = digest_of_a_plain_run(study, tmp_path / "plain")
    study.rename(tmp_path / "sweep.toml")
    script = documented().replace("jobs, cores = 10, 16", "jobs, cores = 1, 2")
    (tmp_path / "on_slurm.py").write_text(script)
    surroundings["DASK_JOBQUEUE__SLURM__SCHEDULER_OPTIONS"] = "{'host': '127.0.0.1'}"
    done = subprocess.run(
        [sys.executable, "-W", "error", "on_slurm.py"], cwd=tmp_path, env=surroundings, capture_output=True,
        text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "done=160, failed=0" in done.stdout
    assert Results.open(tmp_path / "sweep").digest() == whole
