"""Attribution against games whose Shapley values, interactions and dividends are known, and against chance."""

from __future__ import annotations

import itertools
import math

import numpy as np
import polars as pl
import pytest

from cisim.errors import SpecError
from cisim.insight.attribution import COMPLEMENTS, INDEPENDENT, SUBSTITUTES, attribute, by_subset
from cisim.insight.attribution.game import dividends, interaction_weights, named, pairs
from cisim.insight.crossed import of_draws

FIVE = ("agenda", "measurement", "activities", "communication", "backbone")


def game(worth, players):
    """The value of every combination, the same in two replicates: (2**n, 2)."""
    sets = [{k for k in range(players) if row >> k & 1} for row in range(2**players)]
    return np.repeat([[float(worth(inside))] for inside in sets], 2, axis=1)


def names(count):
    return [f"p{k}" for k in range(count)]


def shapley(values, players=None):
    return attribute(values, players or names(len(values).bit_length() - 1)).shapley.mean[:, 0]


def test_an_additive_game_gives_each_player_its_own_weight_and_no_pair_anything():
    weights = [0.1, 0.05, 0.04, 0.03, 0.08]
    found = attribute(game(lambda inside: 2 + sum(weights[k] for k in inside), 5), FIVE)
    for part in (found.shapley, found.alone, found.removed):
        assert part.mean[:, 0] == pytest.approx(weights)
    assert found.share.mean[:, 0] == pytest.approx(np.array(weights) / 0.3)
    assert not found.interaction.mean.any() and not found.need.mean.any()  # rounding counts as 0
    assert found.best == ("agenda",) and found.over_best.mean[0] == pytest.approx(0.2)
    assert INDEPENDENT in found.verdict() and "0 complements, 0 substitutes, 10 not" in found.verdict()


def test_the_glove_game():
    """One left glove, two right ones; a pair is worth 1 (Shapley: 2/3, 1/6, 1/6)."""
    assert shapley(game(lambda inside: 0 in inside and len(inside) > 1, 3)) == pytest.approx(
        [2 / 3, 1 / 6, 1 / 6]
    )


def test_the_airport_game():
    """A runway as long as the largest plane needs; its first part is for all, its last for one (Littlechild)."""
    costs = [1, 2, 4]
    assert shapley(game(lambda inside: max((costs[k] for k in inside), default=0), 3)) == pytest.approx(
        [1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 2]
    )


def test_a_unanimity_game_splits_evenly_and_has_one_dividend():
    needed = {0, 2, 3}
    found = attribute(game(lambda inside: needed <= inside, 5), FIVE)
    assert found.shapley.mean[:, 0] == pytest.approx([1 / 3, 0, 1 / 3, 1 / 3, 0])
    assert np.flatnonzero(found.dividends.mean[:, 0]).tolist() == [0b01101]
    for (i, j), index in zip(pairs(5), found.interaction.mean[:, 0], strict=True):
        assert index == pytest.approx(1 / 2 if {i, j} <= needed else 0)  # 1 / (|T| - 1)
    assert found.need.mean[0] == 1 and "need each other (complements)" in found.verdict()


@pytest.mark.parametrize("synergy, kind", [(0.25, COMPLEMENTS), (-0.25, SUBSTITUTES)])
def test_a_pair_with_a_synergy_has_it_as_its_index_and_no_other_pair_has_any(synergy, kind):
    found = attribute(
        game(lambda inside: len(inside) + synergy * ({1, 3} <= inside), 4), list("abcd"), months=60
    )
    told = dict(zip(found.pairs, found.interaction.mean[:, 0], strict=True))
    assert told.pop(("b", "d")) == pytest.approx(synergy)
    assert not any(told.values())
    assert f"At month 60, b and d are {kind}" in found.pair_verdict("d", "b")
    assert INDEPENDENT in found.pair_verdict("a", "b")
    assert found.together()["verdict"].to_list() == [kind]


def test_any_game_agrees_with_the_definitions():
    """Shapley as the mean over orders, the index as the mean of second differences (Grabisch & Roubens)."""
    n = 4
    values = np.random.default_rng(1).normal(size=(2**n, 2))
    found = attribute(values, names(n))
    worth = values.mean(axis=1)
    over_orders = np.zeros(n)
    for order in itertools.permutations(range(n)):
        before = 0
        for k in order:
            over_orders[k] += (worth[before | 1 << k] - worth[before]) / math.factorial(n)
            before |= 1 << k
    assert found.shapley.mean[:, 0] == pytest.approx(over_orders)
    for (i, j), index in zip(pairs(n), found.interaction.mean[:, 0], strict=True):
        both, total = 1 << i | 1 << j, 0.0
        for rest in (row for row in range(2**n) if not row & both):
            size = rest.bit_count()
            weight = math.factorial(size) * math.factorial(n - size - 2) / math.factorial(n - 1)
            total += weight * (worth[rest | both] - worth[rest | 1 << i] - worth[rest | 1 << j] + worth[rest])
        assert index == pytest.approx(total)


@pytest.mark.parametrize("n", [2, 5, 10])
def test_shares_add_up_in_every_replicate_and_dividends_give_the_game_back(n):
    values = np.random.default_rng(n).normal(size=(2**n, 3, 2))
    found = attribute(values, names(n), months=[12, 60])
    assert found.shapley.mean.sum(axis=0) == pytest.approx((values[-1] - values[0]).mean(axis=0), abs=1e-12)
    parts = dividends(values)
    everything = np.arange(2**n)
    some = 2**n - 2
    assert parts[(everything & some) == everything].sum(axis=0) == pytest.approx(values[some])
    assert len(interaction_weights(n)) == len(found.pairs) == n * (n - 1) // 2


def test_alike_players_get_alike_and_a_player_without_effect_gets_nothing():
    random = np.random.default_rng(2)
    worth = random.normal(
        size=(3, 2, 9)
    )  # by how many of players 0 and 1, and whether 2 is in place; 3 is idle
    rows = np.arange(16)
    values = worth[(rows & 1) + (rows >> 1 & 1), rows >> 2 & 1]
    found = attribute(values, names(4))
    assert found.shapley.mean[0] == pytest.approx(found.shapley.mean[1])
    assert found.shapley.low[0] == pytest.approx(found.shapley.low[1])
    for part in (found.shapley, found.alone, found.removed):
        assert (part.mean[3], part.low[3], part.high[3]) == (0, 0, 0)


def test_what_a_world_does_to_all_combinations_falls_out():
    random = np.random.default_rng(3)
    values = random.normal(size=(8, 20))
    worlds = attribute(values + 50 * random.normal(size=20), names(3))
    for name in ("shapley", "interaction", "need", "removed"):
        for end in ("mean", "low", "high"):
            assert getattr(getattr(worlds, name), end) == pytest.approx(
                getattr(getattr(attribute(values, names(3)), name), end), abs=1e-9
            )


def test_intervals_hold_the_truth_as_often_as_they_say():
    """2,000 trials of 12 replicates, one a month; the share that hold is 0.95 within 4 standard errors."""
    trials, truth = 2000, game(lambda inside: 3 * len(inside) + 2 * ({0, 1} <= inside), 3)[:, :1]
    noise = np.random.default_rng(4).normal(size=(8, 12, trials))
    found = attribute(truth[..., None] + noise, names(3))
    expected = {"shapley": [4, 4, 3], "alone": [3, 3, 3], "removed": [5, 5, 3], "interaction": [2, 0, 0],
                "share": [4 / 11, 4 / 11, 3 / 11]}  # fmt: skip
    bound = 4 * math.sqrt(0.95 * 0.05 / trials)
    for name, values in expected.items():
        part = getattr(found, name)
        for row, value in enumerate(values):
            held = np.mean((part.low[row] <= value) & (value <= part.high[row]))
            assert held == pytest.approx(0.95, abs=bound), name
    assert np.mean((found.need.low <= 2) & (found.need.high >= 2)) == pytest.approx(0.95, abs=bound)


def test_draws_that_come_twice_count_once():
    once = np.random.default_rng(6).normal(size=(8, 15, 2)) + game(len, 3)[:, :1, None]
    settings = np.tile(np.arange(15.0)[:, None], (2, 1))
    twice = attribute(np.tile(once, (1, 2, 1)), names(3), crossed=of_draws(settings))
    for name in (
        "outcome",
        "shapley",
        "share",
        "alone",
        "removed",
        "interaction",
        "dividends",
        "need",
        "whole",
    ):
        for end in ("mean", "low", "high"):
            told = getattr(getattr(attribute(once, names(3)), name), end)
            assert getattr(getattr(twice, name), end) == pytest.approx(told, rel=1e-9), name


def test_intervals_hold_the_truth_where_replicates_share_their_settings():
    """2,000 trials of 20 settings in 60 replicates, one a month; taken as 60 of their own, fewer than 80 % hold."""
    trials, random = 2000, np.random.default_rng(7)
    place = np.arange(60) % 20
    worth = game(lambda inside: 3 * len(inside), 3)[:, :1, None]
    gains = random.normal(size=(8, 20, trials))[:, place] + 0.5 * random.normal(size=(8, 60, trials))
    shared = attribute(worth + gains, names(3), crossed=of_draws(place[:, None]))
    apart = attribute(worth + gains, names(3))
    bound = 4 * math.sqrt(0.95 * 0.05 / trials)
    for name, value in (("shapley", 3), ("share", 1 / 3), ("alone", 3), ("interaction", 0)):
        held, missed = (
            np.mean((part.low[0] <= value) & (value <= part.high[0]))
            for part in (getattr(shared, name), getattr(apart, name))
        )
        assert held == pytest.approx(0.95, abs=bound), name
        assert missed < 0.8, name


def test_what_replicates_share_must_be_told_of_each():
    with pytest.raises(SpecError, match="of each of the 3 replicates, given 4"):
        attribute(np.ones((4, 3)), ["a", "b"], crossed=of_draws(np.array([[1.0], [1.0], [2.0], [2.0]])))


def test_without_a_gain_there_are_no_shares_and_a_note_says_so():
    values = np.random.default_rng(5).normal(size=(4, 30, 3))
    values[:, :, 0] = 7.0  # nothing has happened yet
    values[3, :, 2] += 40
    found = attribute(values, ["agenda", "backbone"], months=[0, 1, 60])
    assert np.isnan(found.share.mean[:, :2]).all() and np.isfinite(found.share.mean[:, 2]).all()
    assert found.share.mean[:, 2].sum() == pytest.approx(1)
    assert "2 of 3 months (0, 1)" in found.notes[0] and len(found.notes) == 1
    assert (
        "not distinguishable from 0" in found.verdict(0)
        and "not distinguishable from 0" not in found.verdict()
    )


def test_shares_are_bounded_exactly_where_the_gain_is_told_from_0():
    """Fieller's interval, near the edge: 400 gains about as large as their intervals."""
    values = np.random.default_rng(6).normal(size=(4, 8, 400))
    values[3] += 0.9
    found = attribute(values, ["a", "b"])
    assert np.array_equal(np.isfinite(found.share.low[0]), found.whole.sign != 0)
    assert np.array_equal(np.isfinite(found.share.high[1]), found.whole.sign != 0)
    assert 50 < np.isnan(found.share.mean[0]).sum() < 350


def test_a_loss_is_said_to_be_one():
    found = attribute(np.add(game(lambda inside: -len(inside), 3), [0, 0.01]), names(3))
    assert "give minus the outcome" in found.notes[0] and "All together lower the outcome" in found.verdict()


def test_tables_have_a_row_for_each_month_and_entry():
    values = np.random.default_rng(7).normal(size=(32, 6, 2)) + np.arange(32)[:, None, None]
    found = attribute(values, FIVE, months=[12, 60])
    table = found.table()
    assert table.shape == (10, 14) and table["month"].to_list() == [12] * 5 + [60] * 5
    row = table.row(7, named=True)
    assert row["player"] == "activities" and row["removed_low"] == found.removed.low[2, 1]
    assert found.interactions().shape == (20, 7) and found.together().shape == (2, 12)
    combinations = found.combinations().filter(month=60, has_agenda=True, has_backbone=True)
    assert combinations["combination"][0] == "agenda + backbone" and combinations.height == 8
    assert combinations["outcome"][0] == found.outcome.mean[0b10001, 1]
    one = attribute(values[..., 0], FIVE)
    assert one.table()["month"].to_list() == [None] * 5 and one.notes == () and "month" not in one.verdict()


def test_unknown_months_and_pairs_are_refused():
    found = attribute(np.ones((4, 2, 2)), ["a", "b"])
    with pytest.raises(SpecError, match="no month 60 here; months: 0, 1"):
        found.verdict(60)
    with pytest.raises(SpecError, match="no pair 'a' and 'c'; players: a, b"):
        found.pair_verdict("a", "c")


def test_all_faults_of_the_values_are_told_at_once():
    with pytest.raises(SpecError) as told:
        attribute(np.ones((8, 1)), ["a", "a"], level=95)
    assert len(told.value.faults) == 4
    for part in ("level", "'a'", "4 combinations of 2 players, given 8", "at least 2 replicates"):
        assert part in str(told.value)
    for values, players, problem in (
        (np.ones((2048, 2)), names(11), "2 to 10 names, given 11"),
        (np.ones(4), ["a", "b"], r"given shape \(4,\)"),
        ("none", ["a", "b"], "must be an array of numbers"),
    ):
        with pytest.raises(SpecError, match=problem):
            attribute(values, players)
    for months, problem in (
        ([1], "each of the 2 months"),
        (["a", "b"], "each of the 2 months"),
        ([5, 5], "must differ"),
    ):
        with pytest.raises(SpecError, match=problem):
            attribute(np.ones((4, 2, 2)), ["a", "b"], months=months)


def test_outcomes_without_a_value_are_counted_and_what_to_do_is_said():
    values = np.ones((8, 5, 3))
    values[3, 2, 1:] = math.nan
    values[7, 4, 0] = math.inf
    with pytest.raises(
        SpecError, match=r"3 of 120 .* 2 replicates and 2 combinations \(p0 \+ p1, .*leave these months out"
    ):
        attribute(values, names(3))


def runs(months=(24,)):
    """A row for each combination, replicate and month, shuffled; the outcome tells which it is."""
    rows = [
        {"agenda": bool(row & 1), "backbone": bool(row & 2), "replicate": r, "month": m, "out": 100 * row + r + m / 100}
        for row in range(4) for r in (3, 5, 8) for m in months
    ]  # fmt: skip
    return pl.DataFrame(rows).sample(fraction=1, shuffle=True, seed=1)


def test_a_table_of_runs_becomes_the_outcome_of_every_combination():
    values = by_subset(runs(), ["agenda", "backbone"], "out")
    assert values == pytest.approx(np.array([[100 * row + r + 0.24 for r in (3, 5, 8)] for row in range(4)]))
    monthly = by_subset(runs((0, 24)), ["agenda", "backbone"], "out", month="month")
    assert monthly.shape == (4, 3, 2) and monthly[3, 1, 1] == 305.24
    swapped = by_subset(runs(), ["backbone", "agenda"], "out")
    assert np.array_equal(swapped, values[[0, 2, 1, 3]])
    with_null = runs().with_columns(out=pl.when(pl.col("replicate") > 3).then("out"))
    assert np.isnan(by_subset(with_null, ["agenda", "backbone"], "out")[:, 0]).all()


def test_missing_and_doubled_combinations_are_named():
    frame = runs().filter(~(pl.col("agenda") & pl.col("backbone") & (pl.col("replicate") == 5)))
    frame = pl.concat([frame, frame.filter(~pl.col("agenda"), ~pl.col("backbone"), replicate=8)])
    with pytest.raises(SpecError) as told:
        by_subset(frame, ["agenda", "backbone"], "out")
    assert told.value.faults[0] == "combination 'agenda + backbone' is missing in replicate 5."
    assert told.value.faults[1] == "combination 'none in place' is there more than once in replicate 8."
    assert "month='month'" in told.value.faults[2]
    with pytest.raises(SpecError, match="combination 'agenda' is missing\\."):
        by_subset(runs().filter(~(pl.col("agenda") & ~pl.col("backbone"))), ["agenda", "backbone"], "out")
    many = pl.DataFrame({name: [True] for name in FIVE} | {"replicate": [0], "out": [1.0]})
    with pytest.raises(SpecError, match="26 more combinations"):
        by_subset(many, FIVE, "out")


def test_columns_that_cannot_be_used_are_told_at_once():
    frame = runs().with_columns(backbone=pl.lit(3.0), out=pl.lit("much"), replicate=pl.lit(None, pl.Int64))
    with pytest.raises(SpecError) as told:
        by_subset(frame, ["agendas", "backbone"], "out")
    text = str(told.value)
    assert "Did you mean 'agenda'?" in text and "pl.col('backbone') > 0" in text
    assert "null in 12 rows" in text and "must hold numbers" in text
    with pytest.raises(SpecError, match="no rows"):
        by_subset(runs().clear(), ["agenda", "backbone"], "out")


def test_combinations_are_named_by_their_players():
    assert [named(row, ("a", "b")) for row in range(4)] == ["none in place", "a", "b", "a + b"]
