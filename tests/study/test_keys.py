"""No address is shared: not between replicates, points, streams, seeds or studies."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from cisim.engine import streams
from cisim.study.running.engines import engine_for
from cisim.study.running.plan import keyed_points


@njit
def _draws(seeds, replicates, stream_count, months, out):
    at = 0
    for seed in seeds:
        for replicate in range(replicates):
            for stream in range(1, stream_count + 1):
                for month in range(months):
                    words = block((seed, replicate, month), stream, 7, 0)
                    out[at, 0] = (words[0] << 32) | words[1]
                    out[at, 1] = (words[2] << 32) | words[3]
                    at += 1
    return at


block = njit(streams.block)


def test_a_million_addresses_share_no_draw():
    """Seeds 0, 1 and 2, replicates, all streams, months: 1,008,000 addresses, each with 128 bits of its own."""
    out = np.zeros((1_008_000, 2), np.uint64)
    count = _draws(np.array([0, 1, 2]), 500, 16, 42, out)
    assert count == len(out)
    assert len(np.unique(out.view("V16").ravel())) == count


@pytest.mark.slow
def test_a_million_runs_have_keys_of_their_own(study):
    """250,000 points in four studies with seeds 0 to 3, each with replicates of its own under a key."""
    seen = set()
    for seed in range(4):
        told = study(
            seed=seed, design={"kind": "random", "points": 250_000},
            factor=[{"name": "trust_gain"}, {"name": "meetings"}, {"name": "trust"}],
        )  # fmt: skip
        seen |= set(keyed_points(told, engine_for(told).worlds)["key"])
    assert len(seen) == 1_000_000


def keys(told):
    return keyed_points(told, engine_for(told).worlds)["key"].to_list()


def test_seed_0_is_a_seed_and_no_two_seeds_share_a_run(study):
    of = {seed: set(keys(study(seed=seed))) for seed in (0, 1, 2, 2**32 - 1)}
    assert all(len(found) == 12 for found in of.values())
    assert len(set.union(*of.values())) == 48


def test_a_key_is_of_what_is_run_not_of_how_it_is_called(study, tmp_path):
    plain = keys(study())
    (tmp_path / "named.toml").write_text(
        'extends = "collective-impact"\nname = "named"\ntitle = "Named"\ndescription = "Otherwise"\n[roster]\ncount = 6\n'
    )
    assert keys(study(base="named.toml", name="other", title="Other")) == plain
    assert keys(study(keep={"measures": ["alignment"]}, replicates=9)) == plain


@pytest.mark.parametrize(
    "change",
    ["months = 23", "[issue]\ntarget = 0.5", "[parameters]\ntrust_mean = 0.61", "[rules]\ntrust = 'symmetric'",
     "[levers]\nmeetings = 2.5", "[network]\npossible = 'sparse'\nties_per_partner = 2", '[[event]]\nkind = "backbone-closes"\nmonth = 9',
     '[[partner]]\nid = "partner-2"\ncapacity = 1.5', '[[tie]]\nbetween = ["partner-1", "partner-2"]\ncontact = 1.0',
     '[backbone]\nid = "hub"'],
)  # fmt: skip
def test_whatever_can_move_a_result_moves_every_key(study, tmp_path, change):
    roster = "" if "roster" in change else "\n[roster]\ncount = 6\n"
    head, _, table = change.partition("\n") if change.startswith("months") else ("", "", change)
    (tmp_path / "changed.toml").write_text(
        f'extends = "collective-impact"\nname = "changed"\n{head}\n{roster}\n{table}\n'
    )
    months = (
        {"months": None, "keep": {"measures": ["severity"], "months": [12]}} if "months" in change else {}
    )
    assert not set(keys(study(base="changed.toml", **months))) & set(keys(study()))
