"""Challenges: planted claims of which the truth is known, and lines that repeat what is reported.

The cost of the backbone is exactly its staff times months, so a band on it makes a claim that is false in a known
share of the range of the lever.
"""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import typer
from typer.testing import CliRunner

import cisim
from cisim.cli import app
from cisim.cli.challenge import challenge as command
from cisim.cli.screen import answering
from cisim.engine.ensemble import simulate
from cisim.errors import SpecError, StoreError
from cisim.evidence.challenge import (
    as_markdown,
    as_plain,
    challenge,
    check_folder,
    sentences,
    write,
    write_points,
)
from cisim.evidence.challenge.breeding import bred
from cisim.evidence.challenge.reading import exact
from cisim.evidence.challenge.simplest import simplest
from cisim.evidence.challenge.space import Space
from cisim.evidence.claims import Claim, Varied, read_claims
from cisim.theory.parameters import UNCERTAINTIES
from cisim.world.posterior import Posterior
from cisim.world.presets import load
from cisim.world.toml import dump

STAFF = {"name": "backbone_staff", "low": 0, "high": 10}
COST: dict[str, Any] = {
    "name": "cheap", "says": "Our backbone costs no more than this in its first month.",
    "scenario": "collective-impact", "measure": "cost_backbone", "month": 1, "figure": "mean",
    "band": {"high": 9.0}, "vary": [STAFF],
}  # fmt: skip
"""False where staff is above 9: in 10 % of the range."""
TRUST: dict[str, Any] = {
    "name": "lifts", "says": "The backbone lifts trust.", "scenario": "collective-impact",
    "against": {"backbone_staff": 0}, "measure": "trust_in_contacts", "month": 6, "figure": "mean",
    "band": {"low": 0.003},
    "vary": [{"name": "trust_gain", "low": 0.01, "high": 0.06}, {"name": "meetings", "low": 0, "high": 4}],
}  # fmt: skip
"""False where trust is gained slowly."""


@pytest.fixture
def claim(tmp_path):
    """Makes a claim like `base` with these changes, in claims.toml."""

    def made(base: dict[str, Any], **changes: Any) -> Claim:
        told = {key: value for key, value in (base | changes).items() if value is not None}
        (tmp_path / "claims.toml").write_text(dump({"claim": [told]}), encoding="utf-8")
        return read_claims(tmp_path / "claims.toml")[0]

    return made


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """Call `cisim challenge` in the folder of claims.toml."""
    monkeypatch.chdir(tmp_path)
    alone = typer.Typer()
    alone.command()(answering(command))
    return lambda *args: CliRunner().invoke(alone, [str(arg) for arg in args])


def test_a_planted_false_claim_is_refuted_and_the_share_and_the_place_are_found(claim):
    told = challenge(claim(COST), runs=3_000)
    assert told.verdict == "refuted" and told.spent <= 3_000
    assert told.worst.keys() == {"backbone_staff"} and told.worst["backbone_staff"] > 9
    assert told.reading is not None and told.reading.value == pytest.approx(told.worst["backbone_staff"])
    assert told.own is not None and (told.own.value, told.own.status) == (3.0, "holds")
    assert told.share is not None and told.share.undecided == 0
    assert told.share.low <= 0.1 <= told.share.high and told.share.value == pytest.approx(0.1, abs=0.02)
    assert told.box is not None
    (edge,) = told.box.box.restrictions.values()
    assert edge.low == pytest.approx(9.0, abs=0.3) and edge.high == np.inf
    assert told.box.coverage.value > 0.9 and told.box.density.value > 0.6


def test_a_planted_true_claim_survives_with_a_bound(claim):
    told = challenge(claim(COST, band={"high": 10.1}), runs=1_500)
    assert told.verdict == "survives" and told.box is None
    share = told.share
    assert share is not None and share.refuted == share.undecided == 0 == share.value
    assert share.most == pytest.approx(3 / share.points, rel=0.02)  # the rule of three
    assert 9.9 < told.worst["backbone_staff"] <= 10  # the nearest to false
    assert "Survives: no setting was found" in sentences(told)[0]


def test_a_claim_on_noisy_pairs_is_refuted_where_trust_is_slow(claim):
    told = challenge(claim(TRUST), runs=3_000)
    assert told.verdict == "refuted" and told.worst["trust_gain"] < 0.02
    assert told.share is not None and 0.02 < told.share.value < 0.5


def test_a_lucky_find_among_few_replicates_refutes_nothing(claim):
    """Potency does not move trust, so all points are alike and only noise differs.

    The band ends a fifth of a standard deviation above the true mean: of four replicates a third lie beyond.
    """
    true = simulate(load("collective-impact").replace(months=3), 4_000, 99, measures=["trust_in_contacts"])
    values = true["trust_in_contacts"][:, 3]
    high = float(values.mean() + 0.2 * values.std())
    vary = [{"name": "potency", "low": 1, "high": 6}]
    flat = claim(TRUST, against=None, month=3, band={"high": high}, vary=vary)
    told = challenge(flat, runs=3_000, seed=1)
    lucky = [point.rows[:4].mean() > high for point in told.trail.of("explore")]
    assert sum(lucky) > 0.2 * len(lucky)
    assert told.verdict == "survives"
    assert told.share is not None and told.share.refuted <= 0.03 * told.share.points


@pytest.mark.parametrize(
    "changes",
    [
        {"figure": "median", "band": {"low": 0.005}},
        {"figure": "share", "inside": {"low": 0.003}, "band": {"low": 0.9}},
        {"figure": "spread", "band": {"high": 1.0}},
        {"figure": "ratio", "band": {"low": 1.02}},
    ],
    ids=lambda changes: changes["figure"],
)
def test_every_figure_can_be_challenged_within_its_runs(claim, changes):
    told = challenge(claim(TRUST, **changes), runs=1_000)
    assert told.spent <= 1_000 and told.reading is not None
    assert told.verdict == ("survives" if changes["figure"] == "spread" else "refuted")
    assert json.loads(json.dumps(as_plain(told), allow_nan=True))["verdict"] == told.verdict


def test_results_depend_on_the_seed_and_not_on_threads(claim):
    one, two, other = (
        challenge(claim(TRUST), runs=1_000, seed=seed, threads=threads)
        for seed, threads in ((5, 1), (5, 2), (6, 2))
    )
    assert as_plain(one) == as_plain(two) != as_plain(other)
    assert one.trail.table().equals(two.trail.table())


def test_the_lines_repeat_the_figures_of_the_report(claim, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = challenge(claim(TRUST), runs=1_000, seed=2)
    assert len(told.lines) == 2 and told.reading is not None
    measured = []
    for line, middle in zip(told.lines, told.middles, strict=True):
        _, *parts = shlex.split(line.command)
        out = f"again-{len(measured)}"
        done = CliRunner().invoke(app, [*parts, "--json", "--quiet", "--out", out])
        assert done.exit_code == 0, done.output
        end = json.loads(done.stdout)["scenarios"][0]["end"]["trust_in_contacts"]
        assert end == {"unit": "share", "low": middle.low, "median": middle.median, "high": middle.high} | {
            "unit": end["unit"]
        }
        table = pl.read_parquet(next(Path(out).glob("*/ensemble.parquet")))
        measured.append(table.filter(pl.col("month") == 6)["trust_in_contacts"].to_numpy())
    assert (measured[0] - measured[1]).mean() == pytest.approx(told.reading.value, rel=1e-12)
    assert len(measured[0]) == told.reading.replicates


def test_a_run_that_cannot_end_in_the_month_of_the_claim_is_told_to_be_looked_up(claim):
    told = challenge(claim(COST, scenario="funder-leaves", month=2, band={"high": 18}), runs=1_000)
    assert told.verdict == "refuted" and "--months" not in told.lines[0].command
    assert "Look up month 2 with --out." in as_markdown(told)


def test_a_counter_example_keeps_only_the_settings_that_it_takes(claim):
    names = list(UNCERTAINTIES)[:12]
    told = challenge(claim(COST, vary=[{"name": name} for name in names] + [STAFF]), runs=3_000)
    assert told.verdict == "refuted" and told.worst.keys() == {"backbone_staff"}


def test_simplest_finds_the_two_factors_that_matter_together():
    values, own = np.array([0.9, 0.2, 0.8, 0.4]), np.array([True, True, True, False])

    def margins(points):
        told = np.nan_to_num(points, nan=0.0)
        return 1.0 - told[:, 0] - told[:, 2]

    found = simplest(values, own, np.zeros(4), margins, lambda points: True)
    assert np.isnan(found).tolist() == [False, True, False, False]
    unchanged = simplest(values, own, np.zeros(4), lambda points: -margins(points), lambda points: True)
    assert np.array_equal(unchanged, values)


def test_breeding_goes_downhill_on_a_known_valley():
    """The sum of squares from 0.2 in eight dimensions: within 8 generations a hundredth of where it began."""
    draws = np.random.default_rng(0)
    points = draws.random((40, 8))
    first = None
    for generation in range(1, 9):
        depth = ((points - 0.2) ** 2).sum(axis=1)
        first = depth.min() if first is None else first
        points = points[np.argsort(depth)]
        points = np.concatenate([points, bred(points, 40, generation, draws)])
    assert ((points - 0.2) ** 2).sum(axis=1).min() < 0.1 * first
    assert points.min() >= 0 and points.max() <= 1


def test_the_space_covers_its_ranges_evenly_or_in_logarithm():
    space = Space.of([Varied("meetings", 0, 4), Varied("trust_gain", 0.001, 0.1)])
    unit = space.start(1_024, 3)
    values = space.values(unit)
    assert space.log.tolist() == [False, True]
    assert (values >= space.low).all() and (values <= space.high).all()
    assert np.median(values, axis=0) == pytest.approx([2.0, 0.01], rel=0.02)
    assert all(float(f"{value:.4g}") == value for value in values.ravel().tolist())
    assert not np.array_equal(unit, space.start(1_024, 4)) and np.array_equal(unit, space.start(1_024, 3))


def test_a_posterior_is_where_the_search_starts(claim):
    draws = np.random.default_rng(1).uniform([0.02, 0.2], [0.03, 0.4], (50, 2))
    posterior = Posterior.from_table(["trust_gain", "stubbornness"], draws)
    told = challenge(claim(TRUST), runs=1_000, posterior=posterior)
    gains = {float(f"{value:.4g}") for value in draws[:, 0]}
    explored = [point.values[0] for point in told.trail.of("explore")]
    assert set(explored) <= gains | {draws[:, 0].min(), draws[:, 0].max()} and len(set(explored)) > 20
    every = np.array([point.values[0] for point in told.trail.points])
    assert np.nanmin(every) >= draws[:, 0].min() and np.nanmax(every) <= draws[:, 0].max()
    assert "of what is plausible by 50 draws of 2 parameters" in " ".join(sentences(told))


def test_a_posterior_that_says_nothing_of_the_ranges_is_refused(claim):
    far = Posterior.from_table(["trust_gain"], [[0.5], [0.6]])
    with pytest.raises(SpecError, match="no draw of the posterior lies in the ranges"):
        challenge(claim(TRUST), posterior=far)
    other = Posterior.from_table(["stubbornness"], [[0.5], [0.6]])
    with pytest.raises(SpecError, match="none of what the claim varies: trust_gain, meetings"):
        challenge(claim(TRUST), posterior=other)


def test_the_exact_interval_has_its_known_values():
    """Clopper & Pearson: 0 of 10 gives 0 to 0.3085, 5 of 10 gives 0.1871 to 0.8129."""
    assert exact(0, 10) == pytest.approx((0.0, 0.3085), abs=1e-4)
    assert exact(5, 10) == pytest.approx((0.1871, 0.8129), abs=1e-4)
    assert exact(10, 10)[1] == 1.0


@pytest.mark.slow
def test_the_interval_of_the_share_covers_the_truth(claim):
    """20 challenges at 95 %: fewer than 17 would have a chance of 1.6 %; the points are evener than chance."""
    truth = claim(COST)
    shares = [challenge(truth, runs=1_000, seed=10 * at).share for at in range(20)]
    assert sum(share is not None and share.low <= 0.1 <= share.high for share in shares) >= 17


def test_a_measure_without_a_value_can_not_be_told(claim):
    nothing = claim(COST, measure="cost_per_contribution", month=0, band={"high": 1.0})
    told = challenge(nothing, runs=1_000)
    assert told.verdict == "unfinished" and told.share is None and told.box is None
    assert "Cannot be told: cost_per_contribution has no value in month 0" in sentences(told)[0]


def test_what_is_asked_is_checked(claim):
    with pytest.raises(SpecError) as caught:
        challenge(claim(COST), runs=10, seed=-1, threads=0)
    assert [fault.split()[0] for fault in caught.value.faults] == ["runs", "seed", "threads"]


@pytest.mark.parametrize("calls", [1, 5, 20])
def test_ctrl_c_gives_what_is_known_so_far(claim, tmp_path, calls):
    left = iter(range(calls))

    def interrupting(more: int) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    told = challenge(claim(TRUST), runs=2_000, progress=interrupting)
    assert told.interrupted and told.verdict == "unfinished" and 0 < told.spent < 2_000
    assert "Unfinished after" in sentences(told)[0]
    write(told, tmp_path)
    assert json.loads((tmp_path / "lifts" / "report.json").read_text())["interrupted"]
    assert len(pl.read_csv(tmp_path / "lifts" / "points.csv")) == len(told.trail.points)


def test_the_folder_has_every_point_and_both_reports(claim, tmp_path):
    kept = []
    told = challenge(claim(TRUST), runs=1_000, keep=lambda trail: kept.append(len(trail.points)))
    assert kept == sorted(kept) and len(kept) == 7 and kept[-1] == len(told.trail.points)
    check_folder(tmp_path / "out", ["lifts"])
    write_points(told.trail, tmp_path / "out")
    write(told, tmp_path / "out")
    folder = tmp_path / "out" / "lifts"
    assert sorted(file.name for file in folder.iterdir()) == ["points.csv", "report.json", "report.md"]
    table = pl.read_csv(folder / "points.csv")
    confirmed = table.filter(pl.col("stage") == "confirm")
    assert confirmed["figure"].item() == pytest.approx(told.reading.value)
    assert confirmed["status"].item() == "fails"
    page = (folder / "report.md").read_text(encoding="utf-8")
    assert page.startswith("# lifts: refuted") and told.lines[0].command in page
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(StoreError, match="holds something else than a challenge"):
        check_folder(tmp_path / "out", ["lifts"])


def test_the_command_tells_writes_and_repeats(claim, cli, tmp_path):
    claim(TRUST)
    done = cli("claims.toml", "--runs", 1_000, "--out", "out")
    assert done.exit_code == 0, done.output
    assert "lifts: REFUTED" in done.stdout and "cisim run collective-impact --set trust_gain=" in done.stdout
    assert (tmp_path / "out" / "lifts" / "report.md").exists()
    told = json.loads(cli("claims.toml", "--runs", 1_000, "--json", "--quiet").stdout)
    assert told[0]["verdict"] == "refuted" and told[0]["worst"]["repeat"][0] in done.stdout


def test_the_command_refuses_what_it_cannot_use_or_write(claim, cli, tmp_path):
    claim(TRUST)
    unknown = cli("claims.toml", "--claim", "lifs")
    assert unknown.exit_code == 2 and "Did you mean 'lifts'?" in unknown.stderr
    (tmp_path / "file").write_text("")
    assert cli("claims.toml", "--out", "file").exit_code == 3
    assert cli("claims.toml", "--runs", "5").exit_code == 2


INTERRUPTED = """
import typer
from cisim.cli.challenge import challenge
from cisim.cli.screen import answering
app = typer.Typer()
app.command()(answering(challenge))
app()
"""


@pytest.mark.slow  # starts the command until it is under way
def test_ctrl_c_on_the_command_line_loses_nothing(claim, tmp_path):
    claim(TRUST)
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, "claims.toml", "--runs", "100000", "--out", "out"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={"PATH": "", "PYTHONPATH": str(Path(cisim.__file__).parents[1]), "HOME": str(Path.home())},
    )  # fmt: skip
    points, waited = tmp_path / "out" / "lifts" / "points.csv", time.monotonic()
    while not points.exists() or len(pl.read_csv(points)) < 2:  # the second stage is kept
        assert time.monotonic() - waited < 90 and process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    shown, told = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in told and "Interrupted." in told
    assert "lifts: UNFINISHED" in shown
    report = json.loads((tmp_path / "out" / "lifts" / "report.json").read_text())
    assert report["interrupted"] and report["runs"] > 0
    assert len(pl.read_csv(points)) > 1


@pytest.mark.slow
def test_a_claim_false_in_one_percent_of_a_hundred_dimensions_is_refuted(claim):
    vary = [{"name": name} for name in UNCERTAINTIES] + [STAFF]
    told = challenge(claim(COST, band={"high": 9.9}, vary=vary), runs=20_000, seed=3)
    assert told.verdict == "refuted" and told.worst.keys() == {"backbone_staff"}
    assert told.share is not None and told.share.low <= 0.01 <= told.share.high


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 10, 20])
def test_a_noisy_claim_false_in_about_one_percent_is_refuted(claim, seed):
    """All uncertainties vary; below -0.0076 lay 1 % of 2,048 points with four replicates each."""
    told = challenge(claim(TRUST, month=24, band={"low": -0.0076}, vary=None), runs=20_000, seed=seed)
    assert told.verdict == "refuted" and len(told.worst) <= 20
    assert told.share is not None and 0.002 < told.share.value < 0.03


@pytest.mark.slow
def test_a_claim_at_its_very_edge_is_seldom_refuted(claim):
    """60 challenges of a claim whose figure is the end of its band: 2.5 % each; 6 or more have a chance of 0.5 %."""
    true = simulate(load("collective-impact").replace(months=3), 40_000, 99, measures=["trust_in_contacts"])
    high = float(true["trust_in_contacts"][:, 3].mean())
    vary = [{"name": "potency", "low": 1, "high": 6}]
    edge = claim(TRUST, against=None, month=3, band={"high": high}, vary=vary)
    verdicts = [challenge(edge, runs=1_000, seed=100 + 4 * at).verdict for at in range(60)]
    assert verdicts.count("refuted") <= 5
