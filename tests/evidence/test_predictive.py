"""The posterior predictive: one value a draw, chance taken out, and pictures that can be read."""

from __future__ import annotations

import csv
from itertools import combinations

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from cisim.cli.screen import answering
from cisim.cli.validate import validate
from cisim.errors import SpecError
from cisim.evidence.page import text_of_page, write_page
from cisim.evidence.pattern import ABOVE_NOTHING, Band, Estimate, Figure, Pattern
from cisim.evidence.patterns import PATTERNS
from cisim.evidence.patterns.ties import ratio
from cisim.evidence.pictures import picture
from cisim.evidence.predictive import GROUP, MOST, Predictive, fitted_to, predict, shown_by
from cisim.evidence.validation import Verdict, as_rows
from cisim.evidence.words import Evidence, band_in_words, carried, how_chosen, in_one_sentence
from cisim.world.posterior import Posterior

WIDE, UNIT = Band(1.0, 3.0), Band(0.0, 1.0)


def spread_evenly(draws: int, low: float = 1.0, high: float = 3.0) -> Posterior:
    return Posterior.from_table(["potency"], np.linspace(low, high, draws)[:, None].tolist())


def potency(noise: float, band: Band = WIDE, **how) -> Figure:
    """A figure that runs nothing: a replicate's own potency, with a normal error of this SD."""

    def rows(trials):
        column = trials.posterior.rows[np.arange(trials.replicates) % len(trials.posterior), 0]
        return column + noise * np.random.default_rng(trials.seed).standard_normal(trials.replicates)

    return Figure("potency", "Potency", band, rows, **how)


def pattern_of(*figures: Figure, number: int = 200) -> Pattern:
    return Pattern(number, "made up", "Potency is there.", figures, ())


def only(figure: Figure, posterior: Posterior, **how) -> Predictive:
    return predict([pattern_of(figure)], posterior, **how)[200][0]


def found(values, band: Band = UNIT, **how) -> Predictive:
    return Predictive(Figure("x", "X", band, np.empty, **how), np.array(values, float), 8, 0.0)


def verdict_of(pattern: Pattern, value: float = 2.0) -> Verdict:
    return Verdict(pattern, tuple(Estimate(one, value, value - 0.1, value + 0.1, 20) for one in pattern.figures))  # fmt: skip


def test_without_chance_a_value_is_that_of_its_draw_and_a_small_group_is_enough():
    posterior = spread_evenly(10)
    told = only(potency(0.0), posterior)
    np.testing.assert_allclose(told.values, posterior.rows[:, 0])
    assert (told.replicates, told.chance) == (GROUP, 0.0)
    assert told.spread == pytest.approx((1.0 + 2 / 9, 1.0 + 8 / 9, 3.0 - 2 / 9))


def test_draws_are_taken_evenly_and_all_if_there_are_no_more():
    posterior = spread_evenly(40)
    np.testing.assert_allclose(only(potency(0.0), posterior, draws=4).values, posterior.rows[::10, 0])
    assert len(only(potency(0.0), posterior, draws=90).values) == 40
    with pytest.raises(SpecError, match="draws must be at least 2, given 1"):
        predict([], posterior, draws=1)


def test_chance_is_taken_out_so_that_values_spread_as_their_draws():
    """Draws have an SD of 0.59, means over 8 replicates of SD 1.2 another 0.42; n = 200 draws, within 4 SE."""
    posterior = spread_evenly(200)
    told = only(potency(1.2), posterior, draws=200)
    known, chance = posterior.rows[:, 0].std(ddof=1), 1.2**2 / told.replicates
    assert told.values.std(ddof=1) == pytest.approx(known, rel=4 / np.sqrt(2 * 200))
    assert told.chance == pytest.approx(chance / (known**2 + chance), abs=0.1)
    assert told.values.mean() == pytest.approx(2.0, abs=4 * np.sqrt(chance / 200))


def test_draws_that_do_not_differ_stand_in_one_place_and_get_the_largest_groups():
    told = only(potency(1.0, Band(1.95, 2.05)), spread_evenly(30, 1.999, 2.001))
    assert told.replicates == MOST
    assert told.chance > 0.7
    assert told.values.std() < 0.5 / np.sqrt(MOST)


def test_what_no_chance_has_moved_stays():
    """Half of the draws has no error: their values are those of the draws, whatever the others make of the spread."""

    def rows(trials):
        at = np.arange(trials.replicates) % 10
        return np.where(at < 5, 0.0, 1.0 + 2 * np.random.default_rng(trials.seed).standard_normal(len(at)))

    told = only(Figure("half", "Half", Band(), rows), spread_evenly(10))
    np.testing.assert_array_equal(told.values[:5], 0.0)


def test_a_draw_without_a_value_is_not_inside_and_warns_nobody():
    def rows(trials):
        at = np.arange(trials.replicates) % 4
        one = np.ones(len(at))
        return np.column_stack([at != 1, one, at > 1, one]).astype(float)

    told = only(Figure("ratio", "Ratio", Band(1.0), rows, ratio), spread_evenly(4))
    np.testing.assert_array_equal(told.inside, [True, False, True, True])
    assert np.isinf(told.values[0]) and np.isnan(told.values[1])
    assert told.spread == (1.0, 1.0, np.inf)
    assert np.isnan(found([np.nan, np.nan]).spread).all()


def test_a_pattern_is_shown_by_draws_with_every_figure_inside():
    both = (found([0.5, 0.5, 2.0, 0.1]), found([0.5, 3.0, 0.5, 0.2]))
    assert shown_by(both) == 2


def test_the_shipped_draws_say_which_patterns_they_were_drawn_to():
    shipped = Posterior.read("shipped")
    assert fitted_to(shipped) == {1, 2, 3, 5, 6, 8, 9, 10, 11, 15, 16, 19}
    assert fitted_to(spread_evenly(2)) is None
    assert how_chosen(4, fitted_to(shipped)).endswith("without a look at this pattern.")
    assert how_chosen(5, fitted_to(shipped)).endswith("to come near this pattern, among others.")
    assert how_chosen(5, None) == ""


@pytest.mark.parametrize(
    ("band", "percent", "words"),
    [
        (Band(0.5, 1.0), True, "we assume: 50 to 100 %"),
        (Band(-0.26, -0.04, "ivers2012"), True, "known: −26 to −4 %"),
        (Band(4.0, basis="x"), False, "known: at least 4"),
        (Band(high=0.1), True, "we assume: at most 10 %"),
        (Band(ABOVE_NOTHING, 1.0), True, "we assume: above 0"),
        (Band(ABOVE_NOTHING, 0.3), False, "we assume: above 0, at most 0.3"),
        (Band(-1.0, -ABOVE_NOTHING), True, "we assume: below 0"),
        (Band(-0.2, -ABOVE_NOTHING), False, "we assume: at least −0.2, below 0"),
    ],
)
def test_a_band_in_words(band, percent, words):
    assert band_in_words(Figure("x", "X", band, np.empty, percent=percent)) == words


def test_one_sentence_says_the_verdict_and_how_many_draws_show_it():
    one = pattern_of(potency(0.0, Band(0.0, 5.0)))
    inside, outside = found([0.5] * 3), found([2.0] * 3)
    assert in_one_sentence(verdict_of(one), [inside]) == (
        "With the default settings this holds. Of 3 other plausible settings, all show it."
    )
    two = pattern_of(potency(0.0, Band(0.0, 1.0)), potency(0.0, Band(0.0, 1.0)))
    assert in_one_sentence(verdict_of(two), [inside, outside], carried("mine")) == (
        "With all draws together this does not hold. Of 3 single draws, none shows it in every row."
    )


@pytest.fixture(scope="module", params=sorted(PATTERNS))
def drawn(request):
    """The picture of a pattern with 50 made-up draws around a band's end, and what stands where on it."""
    pattern = PATTERNS[request.param]
    ends = [one.band.low if np.isfinite(one.band.low) else one.band.high for one in pattern.figures]
    draws = np.random.default_rng(pattern.number).standard_normal(50)
    predicted = [Predictive(one, end + 0.2 * draws, 8, 0.1) for one, end in zip(pattern.figures, ends, strict=True)]  # fmt: skip
    estimates = [Estimate(one, end, end - 0.1, end + 0.1, 100) for one, end in zip(pattern.figures, ends, strict=True)]  # fmt: skip
    canvas = picture(Verdict(pattern, tuple(estimates)), predicted, chosen=how_chosen(1, {1}))
    canvas.canvas.draw()
    texts = [*canvas.texts, *canvas.legends[0].get_texts()]
    for axes in canvas.axes:
        texts += [axes.xaxis.label, *axes.get_yticklabels()]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts if text.get_text()]
    return canvas, boxes


def test_no_word_of_a_picture_is_cut_off(drawn):
    canvas, boxes = drawn
    whole = canvas.bbox
    for words, box in boxes:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= whole.width and box.y1 <= whole.height, words


def test_no_word_of_a_picture_lies_on_another(drawn):
    for (one, here), (other, there) in combinations(drawn[1], 2):
        assert not here.overlaps(there), (one, other)


def test_words_of_a_picture_say_what_its_axes_count():
    for pattern in PATTERNS.values():
        assert all(figure.axis for figure in pattern.figures), pattern.name


def test_a_picture_without_any_value_is_drawn_all_the_same():
    pattern = pattern_of(potency(0.0, Band(1.0)), potency(0.0))
    picture(verdict_of(pattern, np.inf), [found([np.nan] * 4), found([np.inf] * 4)])
    picture(verdict_of(pattern, np.nan), [found([np.nan, 1, 2, np.inf]), found([1.0] * 4)])


def test_the_page_tells_shares_inside_in_its_table_and_keeps_the_verdict_of_the_defaults(tmp_path):
    pattern = pattern_of(potency(0.0, Band(0.0, 1.5)))
    predicted = predict([pattern], spread_evenly(5))
    evidence = Evidence((verdict_of(pattern, 1.0),), predicted, spread_evenly(5))
    write_page(evidence, tmp_path)
    page = (tmp_path / "evidence.md").read_text(encoding="utf-8")
    assert page == text_of_page(evidence)
    assert "| 200 | Potency is there. | 2 of 5 | holds |" in page
    assert "Of 5 other plausible settings, 2 show it." in page
    assert "| Potency | 0 to 1.5 | assumption |  | 1.000 (0.900 to 1.100) | 2.000 (1.000 to 3.000) | 40 % | 0 % | holds |" in page  # fmt: skip
    assert (tmp_path / "images/evidence/200-made-up.png").read_bytes().startswith(b"\x89PNG")
    with open(tmp_path / "evidence.csv", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["status"], row["draws"], row["draws_inside"], row["draws_median"]) == (
        "holds",
        "5",
        "2",
        "2.0",
    )
    assert "draws" not in as_rows(evidence.verdicts)[0]


def test_the_page_tells_how_many_settings_are_distinct_where_draws_come_more_than_once():
    pattern = pattern_of(potency(0.0))
    twice = Posterior.from_table(["potency"], [[1.0], [2.0], [2.0], [3.0]], origin="draws.csv")
    page = text_of_page(Evidence((verdict_of(pattern),), predict([pattern], twice), twice))
    told = "The settings are 4 of the 4 draws of 1 parameter from draws.csv (3 distinct; some draws come more than once)"
    assert told in " ".join(page.split())


def test_the_command_writes_page_table_and_pictures_with_the_shipped_draws(tmp_path):
    app = typer.Typer()
    app.command()(answering(validate))
    few = ["--pattern", "9", "--replicates", "20", "--most", "20", "--draws", "3", "--quiet"]
    told = CliRunner().invoke(app, [*few, "--page", str(tmp_path)])
    assert told.exit_code == 0, told.output
    page = (tmp_path / "evidence.md").read_text(encoding="utf-8")
    assert "Run with the shipped defaults" in page
    assert "3 of the 200 draws of 20 parameters of the shipped posterior ([calibration]" in page
    assert (tmp_path / "images/evidence/09-trust-and-age.png").exists()
