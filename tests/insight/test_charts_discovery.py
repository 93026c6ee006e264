"""Figures of attribution and of scenario discovery hold what they claim, and can be read."""

from __future__ import annotations

import sys

import numpy as np
import polars as pl
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from cisim.errors import SpecError
from cisim.insight.attribution import attribute
from cisim.insight.charts.attribution import interactions_figure, shares_figure
from cisim.insight.charts.discovery import box_figure, peeling_figure, points_figure
from cisim.insight.discovery import Box, Range, prim, score
from cisim.insight.drawing import COLOURS
from cisim.insight.figures import save

FIVE = ("agenda", "measurement", "activities", "communication", "backbone")


def attribution(players=FIVE, months=(0, 60), sign=1.0):
    """A game in which the first and the last need each other, and the second and third overlap, from month 60."""
    random = np.random.default_rng(1)
    n = len(players)
    rows = np.arange(2**n)
    worth = sum((0.1 / (k + 1)) * (rows >> k & 1) for k in range(n))
    worth = (
        worth
        + 0.08 * (rows & 1) * (rows >> (n - 1) & 1)
        - 0.03 * (rows >> 1 & 1) * (rows >> min(2, n - 1) & 1)
    )
    noise = random.normal(0, 0.004, (2**n, 40))
    values = sign * np.stack([np.zeros_like(noise), worth[:, None] + noise], axis=-1)
    return attribute(values, players, months=months)


def points(count, seed):
    random = np.random.default_rng(seed)
    leaves = random.random(count) < 0.5
    month = [int(m) if told else None for m, told in zip(random.integers(12, 61, count), leaves, strict=True)]
    return pl.DataFrame(
        {
            "backbone_staff": random.uniform(0, 5, count),
            "trust": random.choice(["symmetric", "asymmetric", "forgiving"], count),
            "event.funder-leaves.month-in-which-it-happens": pl.Series(month, dtype=pl.Int64),
            "meetings": random.integers(0, 6, count),
        }
    )


PLANTED = Box(
    {
        "backbone_staff": Range(high=1.8),
        "trust": frozenset(["symmetric", "asymmetric"]),
        "event.funder-leaves.month-in-which-it-happens": Range(low=30, inactive=True),
    }
)


@pytest.fixture(scope="module")
def study():
    """A table of points with hits, its peeling, the chosen box, and its score on fresh points."""
    frame, fresh = points(800, 1), points(800, 2)
    hit, fresh_hit = (
        np.random.default_rng(3).random(800) < np.where(PLANTED.contains(table), 0.9, 0.1)
        for table in (frame, fresh)
    )
    result = prim(frame, hit)
    chosen = result.choose()
    return frame, hit, result, chosen, score(chosen.box, fresh, fresh_hit)


def ticks(axis):
    """Names of ticks in view."""
    low, high = sorted(axis.get_view_interval())
    return [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]


def readable(figure, path):
    """Saved, no text leaves the figure and no two overlap."""
    save(figure, path / "figure.png")
    figure.canvas.draw()  # saving laid it out for another resolution
    renderer = figure.canvas.get_renderer()
    texts = [*figure.texts]
    for axes in figure.axes:
        texts += [
            *axes.texts,
            *(ticks(axes.xaxis) + ticks(axes.yaxis) if axes.axison else []),
            axes.xaxis.label,
            axes.yaxis.label,
            axes.title,
            axes._left_title,
        ]
    for legend in [*figure.legends, *(axes.get_legend() for axes in figure.axes if axes.get_legend())]:
        texts += [*legend.get_texts(), legend.get_title()]
    shown = [text for text in texts if text.get_visible() and text.get_text()]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in shown]
    for at, (text, box) in enumerate(boxes):
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 and box.y1 <= figure.bbox.y1, text
        assert not [(text, other) for other, below in boxes[at + 1 :] if box.overlaps(below)]


def words(figure):
    texts = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    return " ".join(text.get_text() for text in texts).replace("\n", " ").replace("\N{NO-BREAK SPACE}", " ")


def rectangles(axes, colour=None):
    wanted = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [p for p in wanted if colour is None or to_rgb(p.get_facecolor()) == pytest.approx(to_rgb(colour))]


def test_bars_are_the_shares_the_gains_alone_and_the_losses(tmp_path):
    found = attribution()
    figure = shares_figure(found, outcome="contribution")
    left, right = figure.axes
    order = np.argsort(-found.shapley.mean[:, 1])
    assert [bar.get_width() for bar in left.patches] == pytest.approx(100 * found.share.mean[order, 1])
    assert [label.get_text() for label in left.get_yticklabels()] == [FIVE[k] for k in order]
    widths = np.array([bar.get_width() for bar in right.patches]).reshape(5, 2)
    assert widths == pytest.approx(
        np.column_stack([found.alone.mean[order, 1], found.removed.mean[order, 1]])
    )
    lines = [
        line.get_xdata() for line in left.lines if len(line.get_xdata()) == 2 and line.get_xdata()[0] != 0
    ]
    assert lines[0] == pytest.approx(
        [100 * found.share.low[order[0], 1], 100 * found.share.high[order[0], 1]]
    )
    assert found.verdict(60) in words(figure) and "month 60" in words(figure)
    readable(figure, tmp_path)


def test_without_shares_the_bars_are_shapley_values(tmp_path):
    figure = shares_figure(attribution(), month=0)
    assert "Shapley value" in figure.axes[0].get_title(loc="left")
    assert "not distinguishable from 0" in words(figure)
    readable(figure, tmp_path)
    with pytest.raises(SpecError, match="no month 7"):
        shares_figure(attribution(), month=7)


def test_every_pair_is_written_and_framed_where_its_interval_excludes_0(tmp_path):
    found = attribution()
    figure = interactions_figure(found, outcome="contribution")
    cells = rectangles(figure.axes[0])
    assert len(cells) == 10
    framed = [cell.get_edgecolor()[3] > 0 for cell in cells]
    assert framed == (found.interaction.sign[:, 1] != 0).tolist() and 0 < sum(framed) < 10
    assert to_rgb(cells[3].get_facecolor()) == pytest.approx(to_rgb(COLOURS[0]))  # the largest: full blue
    told = [text.get_text() for text in figure.axes[0].texts]
    assert told[6] == f"{found.interaction.mean[3, 1]:+.3f}" and told[7].startswith(
        f"{found.interaction.low[3, 1]:.3f}"
    )
    assert any(text.startswith("\N{MINUS SIGN}0.03") for text in told)
    assert found.verdict() in words(figure)
    readable(figure, tmp_path)


@pytest.mark.parametrize("count, sign", [(2, 1.0), (2, -1.0), (8, -1.0), (10, 1000.0)])
def test_few_and_many_players_with_long_names_can_be_read(count, sign, tmp_path):
    found = attribution([f"a condition with a long name, no. {k}" for k in range(count)], sign=sign)
    readable(shares_figure(found), tmp_path)
    readable(interactions_figure(found), tmp_path)
    readable(interactions_figure(found, month=0), tmp_path)


def test_the_peeling_is_every_step_with_the_chosen_box_and_fresh_points(study, tmp_path):
    _, _, result, chosen, told = study
    figure = peeling_figure(result, chosen, told)
    line, *others = figure.axes[0].lines
    assert np.array_equal(line.get_xdata(), [step.coverage for step in result.steps])
    assert np.array_equal(line.get_ydata(), [step.density for step in result.steps])
    (ring,) = [mark for mark in others if mark.get_marker() == "o"]
    assert (ring.get_xdata()[0], ring.get_ydata()[0]) == (chosen.coverage, chosen.density)
    (diamond,) = [mark for mark in others if mark.get_marker() == "D"]
    assert (diamond.get_xdata()[0], diamond.get_ydata()[0]) == (told.coverage.value, told.density.value)
    assert "optimistic" in words(figure) and chosen.box.sentence() in words(figure)
    readable(figure, tmp_path)
    alone = peeling_figure(result)
    assert not [mark for mark in alone.axes[0].lines if mark.get_marker() == "D"]
    readable(alone, tmp_path)


def test_a_box_is_drawn_against_the_whole_range_of_each_factor(study, tmp_path):
    frame, _, _, chosen, told = study
    figure = box_figure(chosen, frame)
    axes = figure.axes[0]
    widths = {}
    for patch in rectangles(axes, COLOURS[0]):
        row = round(patch.get_y() + 0.13)
        widths[row] = widths.get(row, 0) + patch.get_width()
    names = [
        text.get_text() for text in axes.texts if text.get_ha() == "right" and text.get_position()[0] < 0
    ]
    assert "0" in [text.get_text() for text in axes.texts]  # to a hundredth of the range
    assert names[0] == "backbone staff" and "trust" in names and len(names) == 3
    staff = frame["backbone_staff"]
    expected = (chosen.box.restrictions["backbone_staff"].high - staff.min()) / (staff.max() - staff.min())
    assert widths[0] == pytest.approx(expected)
    assert widths[names.index("trust")] == pytest.approx(2 / 3)
    assert "optimistic" in words(figure) and "p < 0.001" in words(figure)
    readable(figure, tmp_path)
    scored = box_figure(chosen, frame, told)
    assert told.sentence() in words(scored) and "optimistic" not in words(scored)
    readable(scored, tmp_path)


def test_points_lie_over_the_two_most_restricted_factors(study, tmp_path):
    frame, hit, _, chosen, _ = study
    figure = points_figure(chosen.box, frame, hit)
    axes = figure.axes[0]
    faint, bold = axes.collections
    others = Box({"m": chosen.box.restrictions[frame.columns[2]]}).contains(
        frame.rename({frame.columns[2]: "m"})
    )
    assert len(faint.get_offsets()) == (~others).sum() and len(bold.get_offsets()) == others.sum()
    assert sorted(bold.get_array()) == sorted(hit[others])
    assert len(rectangles(axes)) == 2  # one for each category inside
    high = {round(patch.get_x() + patch.get_width(), 6) for patch in rectangles(axes)}
    assert high == {round(chosen.box.restrictions["backbone_staff"].high, 6)}
    assert axes.get_xlabel() == "backbone staff" and axes.get_ylabel() == "trust"
    readable(figure, tmp_path)


@pytest.mark.parametrize(
    "box",
    [
        Box(),
        Box({"meetings": Range(2, 3)}),
        Box({"trust": frozenset(["forgiving"])}),
        Box({"event.funder-leaves.month-in-which-it-happens": frozenset([None])}),
        Box(
            {"event.funder-leaves.month-in-which-it-happens": Range(inactive=False), "meetings": Range(low=5)}
        ),
    ],
)
def test_boxes_of_any_kind_can_be_drawn(box, tmp_path):
    frame = points(120, 4)
    shares = np.random.default_rng(5).binomial(10, np.where(box.contains(frame), 0.8, 0.3)) / 10
    result = prim(frame, shares)
    readable(points_figure(box, frame, shares), tmp_path)
    for step in (result.steps[0], result.choose(), result.steps[-1]):
        readable(box_figure(step, frame), tmp_path)
    readable(peeling_figure(result), tmp_path)


def test_figures_that_cannot_be_drawn_say_why(study):
    frame, hit, _, chosen, _ = study
    with pytest.raises(SpecError, match="at least two factors"):
        points_figure(Box(), frame.select("trust"), hit)
    with pytest.raises(SpecError, match="one entry for each of the 800 points"):
        points_figure(chosen.box, frame, hit[:5])
    with pytest.raises(SpecError, match="no column for the restricted factor 'trust'"):
        box_figure(chosen, frame.drop("trust"))


def test_saving_is_repeatable_and_never_touches_pyplot(study, tmp_path):
    frame, hit, result, chosen, told = study
    draw = {
        "shares": lambda: shares_figure(attribution()), "pairs": lambda: interactions_figure(attribution()),
        "peeling": lambda: peeling_figure(result, chosen, told), "box": lambda: box_figure(chosen, frame, told),
        "points": lambda: points_figure(chosen.box, frame, hit),
    }  # fmt: skip
    for name, figure in draw.items():
        for copy in ("a", "b"):
            save(figure(), tmp_path / f"{name}-{copy}.png")
        assert (tmp_path / f"{name}-a.png").read_bytes() == (tmp_path / f"{name}-b.png").read_bytes()
        save(figure(), tmp_path / f"{name}.svg")
        assert (tmp_path / f"{name}.svg").read_text().startswith("<?xml")
    assert "matplotlib.pyplot" not in sys.modules
