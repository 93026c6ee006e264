"""Runs on a Dask cluster: the same numbers as in one process, whatever dies, and nothing left behind."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import distributed
import pytest

from cisim.errors import SpecError
from cisim.study.kept.results import Results
from cisim.study.running import cluster as clusters
from cisim.study.running import ticket as tickets
from cisim.study.running.cluster import Cluster
from cisim.study.running.engines import Runs, engine_for
from cisim.study.running.runners import Serial
from cisim.study.running.session import Progress, run_study
from cisim.study.study import Study

ROOT = Path(__file__).parents[2]
STUDY = """
name = "small"
base = "isolated-impact"
months = 12
replicates = 60
[design]
kind = "sobol"
points = 32
[[factor]]
name = "trust_gain"
[[factor]]
name = "roster.count"
levels = [12, 20]
[keep]
measures = ["severity", "trust_mean"]
months = [6, 12]
"""
DEADLY = """
name = "deadly"
base = "isolated-impact"
months = 2
replicates = 4
engine = "mesa"
model = "model.py:Deadly"
[design]
kind = "grid"
[[factor]]
name = "meetings"
levels = [1, 2, 3]
"""
MODEL = """
import multiprocessing, os, signal
from cisim import CoalitionModel

class Deadly(CoalitionModel):
    def __init__(self, scenario, *, seed, replicate):
        if replicate == 2 and scenario.levers["meetings"] == 3 and multiprocessing.parent_process():
            os.kill(os.getpid(), signal.SIGKILL)
        super().__init__(scenario, seed=seed, replicate=replicate)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("studies")
    for name, text in (("small.toml", STUDY), ("deadly.toml", DEADLY), ("model.py", MODEL)):
        (place / name).write_text(text)
    return place


@pytest.fixture(scope="module")
def study(folder: Path) -> Study:
    return Study.read(folder / "small.toml")


@pytest.fixture(scope="module")
def in_one_process(study: Study, folder: Path) -> str:
    """The digest of the study's results without a cluster."""
    run_study(study, folder / "serial", workers=1)
    return Results.open(folder / "serial").digest()


class Site:
    """A scheduler and its workers, each a command of its own, as at a computing site."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "scheduler.json"
        self.started: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start(
            "scheduler", "--port", "0", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"
        )
        while not self.file.exists():
            assert self.scheduler.poll() is None, "the scheduler did not start"
            time.sleep(0.05)

    def add_worker(self, threads: int = 1) -> subprocess.Popen[bytes]:
        return self._start("worker", "--nthreads", str(threads), "--dashboard-address", "127.0.0.1:0")

    def end(self) -> None:
        for process in reversed(self.started):
            process.kill()
        for process in self.started:
            process.wait(20)

    def _start(self, what: str, *flags: str) -> subprocess.Popen[bytes]:
        place = ["--host", "127.0.0.1", "--scheduler-file", str(self.file)]
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", what, *place, *flags], cwd=self.folder, env=os.environ | {"PYTHONPATH": str(ROOT)},
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.started.append(process)
        return process


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    try:
        yield made
    finally:
        made.end()


@pytest.mark.slow
def test_workers_of_this_machine_make_the_same_numbers(
    study: Study, in_one_process: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "cores", lambda: 2)
    main, path = getattr(sys.modules["__main__"], "__file__", None), list(sys.path)
    on_ctrl_c = signal.getsignal(signal.SIGINT)
    report = run_study(study, tmp_path, cluster="local")
    assert (report.done, report.failed, report.workers, report.stopped) == (1920, 0, 2, None)
    assert Results.open(tmp_path).digest() == in_one_process
    assert multiprocessing.active_children() == []
    assert (getattr(sys.modules["__main__"], "__file__", None), sys.path) == (main, path)
    assert signal.getsignal(signal.SIGINT) is on_ctrl_c


@pytest.mark.slow
def test_a_run_that_ends_workers_is_a_failure_and_spoils_no_other(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "cores", lambda: 2)
    report = run_study(Study.read(folder / "deadly.toml"), tmp_path, cluster="local")
    assert (report.done, report.failed) == (12, 1)
    results = Results.open(tmp_path)
    assert results.counts()["done"] == 11
    failure = results.failures().row(0, named=True)
    assert (failure["kind"], failure["replicate"], failure["meetings"]) == ("WorkerDied", 2, 3)


@pytest.mark.slow
def test_workers_join_and_die_while_a_study_runs(
    study: Study, in_one_process: str, site: Site, tmp_path: Path
) -> None:
    joined = threading.Timer(1, site.add_worker, [2])  # nobody is there at the start
    joined.start()
    killed: list[int] = []

    def watch(progress: Progress) -> None:
        if progress.done > 100 and not killed:
            with distributed.Client(scheduler_file=str(site.file), set_as_default=False) as client:
                killed.extend(client.run(os.getpid).values())
            os.kill(killed[0], signal.SIGKILL)

    report = run_study(study, tmp_path / "out", cluster=str(site.file), watch=watch)
    assert killed
    assert (report.done, report.failed) == (1920, 0)
    assert Results.open(tmp_path / "out").digest() == in_one_process


@pytest.mark.slow
def test_what_was_done_is_kept_when_the_scheduler_is_gone(study: Study, site: Site, tmp_path: Path) -> None:
    site.add_worker()
    address = json.loads(site.file.read_text())["address"]

    def watch(progress: Progress) -> None:
        site.scheduler.kill()

    with pytest.raises(SpecError, match="scheduler is gone; start it again and repeat"):
        run_study(study, tmp_path / "out", cluster=address, watch=watch)
    assert 0 < Results.open(tmp_path / "out").counts()["done"] < 1920


@pytest.mark.slow
def test_ctrl_c_ends_workers_too_and_keeps_what_was_done(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "long.toml").write_text(STUDY.replace("replicates = 60", "replicates = 100000"))
    command = ["study", "run", "long.toml", "--out", "out", "--cluster", "local", "--progress", "-"]
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "cisim", *command], cwd=tmp_path, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["done"] > 0
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to workers as well
        _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Stopped: " in told
    assert "Traceback" not in told
    assert "distributed" not in told
    assert Results.open(tmp_path / "out").counts()["done"] > 0


@pytest.mark.slow
def test_a_script_needs_no_guard_and_hears_nothing_from_dask(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        "from pathlib import Path\n"
        "from cisim.study.running.session import run_study\n"
        "from cisim.study.study import Study\n"
        f"study = Study.read({str(folder / 'small.toml')!r}).replace(replicates=4)\n"
        "print(run_study(study, Path('out'), cluster='local').done)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "script.py"], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "128\n", "")


def test_a_worker_with_other_code_is_refused(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "cores", lambda: 1)
    monkeypatch.setattr(tickets, "code_of_cisim", lambda: "older")  # here, not in the worker
    with pytest.raises(SpecError, match=r"worker tcp://127.0.0.1:\d+ has another cisim \(version .* there\)"):
        run_study(study, tmp_path, cluster="local")
    assert multiprocessing.active_children() == []


@pytest.fixture
def as_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributed, "get_worker", lambda: SimpleNamespace(address="tcp://far:1"))


@pytest.mark.usefixtures("as_worker")
def test_a_worker_makes_of_a_ticket_what_this_process_would(study: Study) -> None:
    batch = first_batch(study)
    here = next(Serial(study).map([batch]))[1]
    there = tickets.make(pickle.loads(pickle.dumps(tickets.ticket_for(study))), batch)
    assert isinstance(there, type(here))
    assert there.values.tobytes() == here.values.tobytes()


@pytest.mark.usefixtures("as_worker")
def test_a_worker_without_the_own_code_says_so(folder: Path) -> None:
    ticket = tickets.ticket_for(Study.read(folder / "deadly.toml"))
    lost = replace(pickle.loads(ticket.study), model=f"{folder}/nowhere.py:Deadly")
    refused = tickets.make(replace(ticket, study=pickle.dumps(lost)), None)
    assert isinstance(refused, tickets.Refusal)
    assert "worker tcp://far:1 cannot load the study" in refused.why
    assert "nowhere.py" in refused.why
    other = tickets.make(replace(ticket, own="another text"), None)
    assert other == tickets.Refusal("worker tcp://far:1 has other own code than this machine")


@pytest.mark.usefixtures("as_worker")
def test_a_worker_holds_the_latest_engines_only(study: Study) -> None:
    ticket = tickets.ticket_for(study)
    engines = [tickets._engine_of(replace(ticket, token=str(number))) for number in range(tickets.HELD + 2)]
    assert tickets._engine_of(replace(ticket, token="5")) is engines[5]
    assert tickets._engine_of(replace(ticket, token="0")) is not engines[0]


def test_only_one_process_compiles_while_others_wait(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets.platformdirs, "user_cache_dir", lambda _: str(tmp_path))
    engine = engine_for(study)
    warm, compiled = threading.Event(), []
    monkeypatch.setattr(engine, "is_warm", lambda settings: warm.is_set())
    monkeypatch.setattr(engine, "warm", compiled.append)
    with open(tmp_path / ".compiling", "w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)  # another process compiles
        waiting = threading.Thread(target=tickets._warm, args=(engine, {}))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        assert compiled == []
        warm.set()
    waiting.join(10)
    assert compiled == [{}]  # loaded, not compiled as well


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("tcp://127.0.0.1:9", "no scheduler answers at tcp://127.0.0.1:9"),
        ("127.0.0.1:8786", "neither a scheduler file that exists nor an address such as tcp://host:8786"),
        ("tcp://host", "neither a scheduler file that exists nor an address"),
        ("http://host:8786", "neither a scheduler file that exists nor an address"),
        ("not.json", "is no scheduler file"),
        ("list.json", "is no scheduler file"),
        (".", "cannot be read as a scheduler file"),
    ],
)
def test_an_address_that_leads_nowhere_says_how_to_start_a_cluster(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(clusters, "PATIENCE", 0.5)
    (tmp_path / "not.json").write_text("address")
    (tmp_path / "list.json").write_text("[1]")
    with pytest.raises(SpecError, match="dask scheduler") as refused:
        Cluster(study, address)
    assert told in str(refused.value)
    assert address in str(refused.value)


def test_without_dask_the_way_to_install_it_is_told(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SpecError, match=r'pip install "cisim\[cluster\]"'):
        Cluster(study, "local")


def first_batch(study: Study) -> Runs:
    """Twelve runs of the study."""
    from cisim.study.running.plan import Shard, keyed_points, left_to_do

    worlds = engine_for(study).worlds
    return next(left_to_do(study, keyed_points(study, worlds), None, Shard()).batches(worlds, lambda: 12))
