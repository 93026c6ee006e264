"""Verdicts on patterns: what they rest on, and that the published page is what the model gives."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from cisim.errors import SpecError
from cisim.evidence.pattern import Band, Figure, Pattern, estimate, status_of
from cisim.evidence.patterns import PATTERNS
from cisim.evidence.patterns.coalitions import MATURE
from cisim.evidence.plausible import CALIBRATED, CALIBRATED_TO, targets_of
from cisim.evidence.trials import Trials
from cisim.evidence.validation import as_rows, chosen, validate
from cisim.theory.sources import ASSUMPTION, SOURCES
from cisim.world.posterior import Posterior

DOCS = Path(__file__).parents[2] / "docs"
MUST_HOLD = {1, 2, 3, 4, 5, 8, 10, 11, 12, 13, 15, 16, 18}


def drawn(mean: float, band: Band) -> Figure:
    """A figure that runs nothing: normal draws, SD 1, one a replicate."""
    return Figure(
        "draws", "Draws", band, lambda t: np.random.default_rng(7).normal(mean, 1.0, t.replicates)[:, None]
    )


@pytest.mark.parametrize(
    ("interval", "status"),
    [((0.2, 0.8), "holds"), ((1.1, 1.4), "fails"), ((-3, -1), "fails"), ((0.8, 1.2), "undecided"), ((-1, 2), "undecided")],
)  # fmt: skip
def test_a_verdict_asks_for_the_whole_interval(interval, status):
    assert status_of(Band(0.0, 1.0), float(np.mean(interval)), *interval) == status


def test_an_interval_is_that_of_a_mean_and_narrows_with_replicates():
    wide, narrow = (estimate(drawn(0.5, Band(0, 1)), Trials(count)) for count in (100, 1600))
    assert wide.high - wide.low == pytest.approx(2 * 1.96 / 10, rel=0.25)
    assert narrow.high - narrow.low == pytest.approx(2 * 1.96 / 40, rel=0.25)
    assert narrow.low < 0.5 < narrow.high


def test_an_undecided_pattern_gets_more_replicates_and_no_more_than_allowed():
    near = Pattern(200, "near", "Near the edge.", (drawn(0.2, Band(0.0, 1.0)),), ())
    (verdict,) = validate([near], replicates=50, most=800)
    assert verdict.status == "holds"
    assert 50 < verdict.estimates[0].replicates <= 800
    (short,) = validate([near], replicates=50, most=50)
    assert (short.status, short.estimates[0].replicates) == ("undecided", 50)


def test_a_wrong_number_and_too_few_replicates_are_refused():
    with pytest.raises(SpecError, match=r"there is no pattern 91; there are 1, 2, 3"):
        chosen([1, 91])
    with pytest.raises(SpecError, match="replicates must be at least 20, given 3"):
        validate([], replicates=3)


def test_every_pattern_names_sources_that_exist_and_bands_with_a_basis():
    assert {number for number, pattern in PATTERNS.items() if pattern.must} == MUST_HOLD
    assert set(PATTERNS) == set(range(1, 20)) - {7}  # 7 is the forecast, see docs/forecast.md
    for pattern in PATTERNS.values():
        assert set(pattern.sources) <= set(SOURCES)
        assert {figure.band.basis for figure in pattern.figures} <= {ASSUMPTION, *SOURCES}


def test_calibration_gets_a_closed_band_for_every_figure():
    patterns = chosen(CALIBRATED_TO)
    targets = targets_of(patterns)
    figures = [figure for pattern in patterns for figure in pattern.figures]
    for target, figure in zip(targets, figures, strict=True):
        assert np.isfinite(target.band).all()
        assert figure.band.holds(target.band[0]) or np.isinf(figure.band.low)


def test_the_page_says_that_all_patterns_hold_that_must():
    page = (DOCS / "evidence.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| (\d+) \| .* \| (\S+) \|$", page, re.MULTILINE))
    assert set(map(int, told)) == set(PATTERNS)
    assert {int(number) for number, status in told.items() if status != "holds"} == {14, 17}


def test_one_pattern_is_what_the_page_says():
    assert_as_published([1])


@pytest.mark.slow
def test_every_pattern_is_what_the_page_says():
    assert_as_published(None)


def assert_as_published(numbers: list[int] | None) -> None:
    """Each figure as in docs/evidence.csv: what moved is named, with the command that writes the page anew."""
    with open(DOCS / "evidence.csv", encoding="utf-8") as file:
        published = {(row["pattern"], row["figure"]): row for row in csv.DictReader(file)}
    moved = []
    for row in as_rows(validate(chosen(numbers))):
        was = published[str(row["pattern"]), row["figure"]]
        if row["status"] != was["status"] or row["value"] != pytest.approx(
            float(was["value"]), rel=1e-6, abs=1e-9
        ):
            moved.append(
                f"pattern {row['pattern']} ({row['name']}), {row['figure']}: {was['value']} ({was['status']}) "
                f"became {row['value']:.4f} ({row['status']})"
            )
    assert not moved, "\n".join([*moved, "If that is meant: cisim validate --page docs"])


def test_the_shipped_posterior_says_what_it_was_fitted_to():
    shipped = Posterior.read("shipped")
    assert set(shipped.names) == set(CALIBRATED)
    assert len(shipped.rows) == 200
    assert {"code", "targets", "tolerance", "seed"} <= set(shipped.provenance)
    trials = Trials(20, posterior=shipped)
    assert trials.parameter(MATURE, "potency") == pytest.approx(
        shipped.rows[:20, shipped.names.index("potency")]
    )
