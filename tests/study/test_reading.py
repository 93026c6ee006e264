"""Results are read as people read tables: polars, pandas, DuckDB, NumPy; a million rows in little memory."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import numpy as np
import polars as pl
import pytest

import cisim
from cisim.errors import SpecError, StoreError
from cisim.study.kept.replay import replay
from cisim.study.running.session import run_study


@pytest.fixture
def results(study, tmp_path):
    run_study(
        study(summary=[{"name": "months_to_target", "take": "months-to-target"}]), tmp_path / "out", workers=1
    )
    return cisim.Results.open(tmp_path / "out")


def test_the_ways_to_read_agree(results, tmp_path):
    table = results.table()
    assert table.columns[:5] == ["point", "key", "backbone_staff", "trust_loss_ratio", "replicate"]
    assert table.select("point", "replicate").rows() == [(p, r) for p in range(12) for r in range(4)]
    array = results.array("severity@24")
    assert array.shape == (12, 4) and array.ravel().tolist() == table["severity@24"].to_list()
    frame = results.to_pandas()
    assert frame["severity@24"].tolist() == table["severity@24"].to_list()
    assert frame["months_to_target"].isna().all()
    series = results.series("severity").collect()
    assert series.columns[-2:] == ["month", "severity"] and len(series) == 96
    out = results.store.folder
    mean = duckdb.sql(
        f"select avg(r.\"severity@24\") from '{out}/studies/small-study/points.parquet' p "
        f"join '{out}/runs/*/*.parquet' r using (key) where p.backbone_staff = 3"
    ).fetchall()[0][0]
    assert mean == pytest.approx(table.filter(pl.col("backbone_staff") == 3)["severity@24"].mean())


def test_what_was_never_reached_has_no_value(results):
    assert results.table()["months_to_target"].null_count() == 48
    assert np.isnan(results.array("months_to_target")).all()


def test_several_numbers_at_once(results):
    both = results.array(["severity@12", "severity@24"])
    assert both.shape == (12, 4, 2) and (both[:, :, 1] == results.array("severity@24")).all()


def test_unknown_numbers_and_studies_are_named(results, study, tmp_path):
    with pytest.raises(SpecError, match=r"no number 'severity@42'.*Did you mean 'severity@24'"):
        results.array("severity@42")
    with pytest.raises(SpecError, match="no measure 'alignment' was kept"):
        results.series("alignment")
    with pytest.raises(SpecError, match=r"\.parquet or \.csv, given 'table.xlsx'"):
        results.write(tmp_path / "table.xlsx")
    run_study(study(name="second"), tmp_path / "out", workers=1)
    with pytest.raises(StoreError, match="several studies; name one of second, small-study"):
        cisim.Results.open(tmp_path / "out")
    with pytest.raises(StoreError, match=r"no study 'secondd'\. Did you mean 'second'"):
        cisim.Results.open(tmp_path / "out", "secondd")


def test_every_run_can_be_made_again(results):
    for row in results.table().sample(6, seed=3).iter_rows(named=True):
        told = replay(f"{row['key'][:12]}-{row['replicate']}", results.store.folder)
        assert (
            told.same
            and told.found.point["point"].item() == row["point"]
            and told.values["severity@24"] == row["severity@24"]
        )
        ensemble = cisim.simulate(told.found.scenario, [told.found.replicate], seed=results.study.seed)
        assert ensemble["severity"][0, 24] == row["severity@24"]


def test_a_run_that_is_not_there_is_named(results):
    with pytest.raises(SpecError, match="must be KEY-REPLICATE"):
        replay("nonsense", results.store.folder)
    with pytest.raises(SpecError, match="no point of small-study has a key that starts with 'ffffffff'"):
        replay("ffffffff-0", results.store.folder)
    with pytest.raises(SpecError, match="replicates 0 to 3, given 4"):
        replay(f"{results.points()['key'][0]}-4", results.store.folder)


MILLION = """
import sys
from pathlib import Path
import numpy as np
from cisim.study.running.engines import Outcome
from cisim.study.spec.file import StudyFile
from cisim.study.kept.results import Results
from cisim.study.running.session import run_study
from cisim.study.study import Study

class Numbers:
    def __init__(self): self.table = np.random.Generator(np.random.Philox(0)).random((8192, 9))
    def run(self, runs): return Outcome(self.table[: len(runs)])

if sys.argv[1] == "make":
    study = Study.of(StudyFile(
        name="million", replicates=25, design={"kind": "random", "points": 40_000},
        factor=[{"name": "backbone_staff"}, {"name": "meetings"}, {"name": "measurement"}],
        keep={"measures": ["severity", "contribution", "trust_in_contacts"], "months": [36, 60, 120]}))
    assert run_study(study, Path("out"), engine=Numbers()).done == 1_000_000
else:
    from cisim.insight.study_summary import overview
    told = overview(Results.open("out"))
    assert abs(told.overall["mean"][0] - 0.5) < 0.01 and len(told.by_factor) == 6
print(next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.slow
def test_a_million_runs_are_kept_and_summarised_in_less_than_a_gigabyte(tmp_path):
    for what in ("make", "read"):
        done = subprocess.run(
            [sys.executable, "-c", MILLION, what], cwd=tmp_path, check=True, capture_output=True, text=True
        )
        assert float(done.stdout) < 1000, f"{what}: {done.stdout.strip()} MiB"
