"""However and whenever a study is cut off, what was done stays, and the end is the same."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from cisim.errors import StoreError
from cisim.study.kept.results import Results
from cisim.study.kept.store import Store
from cisim.study.running.ending import Terminated, sigterm_heard
from cisim.study.running.session import run_study

KILLS = 50


def rows_on_disk(folder):
    """Rows in all parts: more than there are runs if one was kept twice. Reading them all proves that none is half."""
    return sum(len(pl.read_parquet(part)) for part in folder.glob("runs/*/*.parquet"))


def command(folder, *flags):
    return [
        sys.executable,
        "-m",
        "cisim",
        "study",
        "run",
        "study.toml",
        "--out",
        str(folder),
        "--quiet",
        *flags,
    ]


@pytest.mark.slow
def test_killed_at_50_random_moments_it_ends_as_if_undisturbed(study, tmp_path):
    """Studies of 6,000 runs in one store, one after another until 50 kills have hit; then every one is finished."""
    moments, killed, seed, sitting, longest = random.Random(2026), 0, 0, 0, 4.5

    def write() -> None:
        told = study(name=f"study-{seed}", seed=seed, base="collective-impact", months=60, replicates=500)
        (tmp_path / "study.toml").write_text(told.file.to_toml())

    write()
    while killed < KILLS:
        sitting += 1
        workers = command(tmp_path / "out", "--workers", str(1 + sitting % 2))
        process = subprocess.Popen(workers, cwd=tmp_path, start_new_session=True)
        try:
            process.wait(timeout=moments.uniform(0.2, longest))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
            if killed == KILLS - 10 and seed == 0:
                longest = 30.0  # a slow machine: some sittings have to come to their end too
        else:
            assert process.returncode == 0
            seed += 1
            write()
    assert seed >= 1 and rows_on_disk(tmp_path / "out") > 6000 * seed
    subprocess.run(command(tmp_path / "out"), cwd=tmp_path, check=True)
    assert rows_on_disk(tmp_path / "out") == 6000 * (seed + 1)
    for number in range(seed + 1):
        seed = number
        write()
        subprocess.run(command(tmp_path / "whole"), cwd=tmp_path, check=True)
        had, whole = (Results.open(tmp_path / name, f"study-{number}") for name in ("out", "whole"))
        assert had.digest() == whole.digest()


DYING = """
import os, sys
from pathlib import Path
from cisim.study.running import session
from cisim.study.study import Study

name, step, out = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
plain, calls = getattr(os, name), 0

def counted(*args):
    global calls
    calls += 1
    if calls == step:
        os._exit(9)
    return plain(*args)

setattr(os, name, counted)
session.FLUSH_SECONDS = 0.0
session._Sitting._size = lambda sitting: 24
session.run_study(Study.read("study.toml"), out, workers=1)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_an_end_at_any_step_of_writing_leaves_nothing_half(study, tmp_path, name):
    told = study()
    run_study(told, tmp_path / "whole", workers=1)
    (tmp_path / "study.toml").write_text(told.file.to_toml())
    ended, code = 0, 9
    while code == 9:
        ended += 1
        script = [sys.executable, "-c", DYING, name, str(ended), str(tmp_path / "out")]
        code = subprocess.run(script, cwd=tmp_path, check=False).returncode
        assert code in (0, 9)
        if (tmp_path / "out" / "store.json").exists():
            assert rows_on_disk(Store.open(tmp_path / "out").folder) in (0, 24, 48)
    assert ended > 5
    assert Results.open(tmp_path / "out").digest() == Results.open(tmp_path / "whole").digest()
    assert rows_on_disk(tmp_path / "out") == 48


def started(study, folder):
    """A long study with two worker processes, in a group of its own, some of its runs made."""
    told = study(base="collective-impact", months=60, replicates=20_000)
    (folder / "study.toml").write_text(told.file.to_toml())
    process = subprocess.Popen(
        [part for part in command(folder / "out", "--workers", "2", "--progress", "progress.jsonl") if part != "--quiet"],
        cwd=folder, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    waited = time.monotonic()
    while (
        not (folder / "progress.jsonl").exists()
        or len((folder / "progress.jsonl").read_text().splitlines()) < 6
    ):
        assert time.monotonic() - waited < 60 and process.poll() is None
        time.sleep(0.05)
    return process


def all_end(group, seconds=10.0):
    """True if no process of the group is left after this long; what is left is ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    return False


@pytest.mark.parametrize(
    ("sent", "code", "stopped"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_ctrl_c_and_sigterm_keep_what_is_done_and_say_how_to_go_on(study, tmp_path, sent, code, stopped):
    process = started(study, tmp_path)
    process.send_signal(sent)
    _, told_on_stderr = process.communicate(timeout=30)
    assert process.returncode == code
    assert all_end(process.pid)
    assert "Stopped: " in told_on_stderr and "Go on with: cisim study run study.toml --out" in told_on_stderr
    assert "Traceback" not in told_on_stderr
    results = Results.open(tmp_path / "out")
    assert results.counts()["done"] == rows_on_disk(tmp_path / "out") > 0
    assert results.sessions()[0]["stopped"] == stopped


def test_workers_end_when_the_process_that_started_them_is_gone(study, tmp_path):
    process = started(study, tmp_path)
    process.kill()
    process.wait(timeout=30)
    process.stderr.close()
    assert all_end(process.pid)


def test_sigterm_is_heard_within_and_as_before_afterwards():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Terminated), sigterm_heard():
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(1)
    assert signal.getsignal(signal.SIGTERM) is before
    with ThreadPoolExecutor(1) as pool:  # no main thread: it hears nothing, and breaks nothing
        pool.submit(lambda: sigterm_heard().__enter__()).result()


FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (6_000, 6_000))  # no file can grow beyond: writing fails as on a full disk
from cisim.cli import main
main()
"""


def test_a_disk_that_is_full_is_named_and_what_was_done_stays(study, tmp_path):
    run_study(study(), tmp_path / "out", workers=1)
    digest = Results.open(tmp_path / "out").digest()
    many = study(name="many", replicates=100)
    (tmp_path / "study.toml").write_text(many.file.to_toml())
    script = [sys.executable, "-c", FULL, *command("out", "--workers", "1")[3:]]
    done = subprocess.run(script, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 3 and "Traceback" not in done.stderr
    assert "cannot be written (File too large)" in done.stderr and "out/runs" in done.stderr
    assert Results.open(tmp_path / "out", "small-study").digest() == digest
    assert not [file for file in (tmp_path / "out").rglob(".*") if "running" not in file.name]
    assert run_study(many, tmp_path / "out", workers=1).left == 0


def test_a_folder_that_cannot_be_written_is_named(study, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match=r"file/out: cannot be made"):
        run_study(study(), tmp_path / "file" / "out", workers=1)
    with pytest.raises(StoreError, match="/proc/nothing: cannot be made"):
        run_study(study(), "/proc/nothing", workers=1)
