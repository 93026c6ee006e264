"""Claims of users: a TOML file, read with every fault at once, tested like the patterns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cisim.engine.ensemble import simulate
from cisim.errors import SpecError
from cisim.evidence.claims import FIRST_NUMBER, claims_in, read_claims
from cisim.evidence.claims.kinds import KINDS, deviations, figure_of, known
from cisim.evidence.pattern import Band, estimate
from cisim.evidence.trials import Trials
from cisim.theory.parameters import UNCERTAINTIES
from cisim.world.presets import load
from cisim.world.toml import dump

OURS = 'extends = "collective-impact"\nname = "ours"\nmonths = 12\n\n[levers]\nbackbone_staff = 2\n'
WHOLE = """
[[claim]]
name = "backbone-lifts-trust"
says = "With our backbone, members trust those they meet more after a year than without it."
scenario = "ours.toml"
against = { backbone_staff = 0, trust = "symmetric" }
measure = "trust_in_contacts"
month = 12
figure = "mean"
band = { low = 0.001 }
sources = ["our survey 2025"]
vary = [ { name = "trust_gain", low = 0.01, high = 0.06 }, { name = "meetings" } ]
"""
PLAIN: dict[str, Any] = {
    "name": "plain", "says": "It is so.", "scenario": "collective-impact", "measure": "trust_in_contacts",
    "month": 6, "figure": "mean", "band": [0, 1],
}  # fmt: skip


@pytest.fixture
def write(tmp_path):
    """Writes a file of claims, each like PLAIN with these changes (None: without the key), beside ours.toml."""
    (tmp_path / "ours.toml").write_text(OURS, encoding="utf-8")

    def made(*claims: dict[str, Any] | str):
        path = tmp_path / "claims.toml"
        tables = [
            {key: value for key, value in (PLAIN | told).items() if value is not None}
            for told in claims
            if not isinstance(told, str)
        ]
        texts = [told for told in claims if isinstance(told, str)]
        path.write_text(
            "\n".join([*texts, *(dump({"claim": [table]}) for table in tables)]), encoding="utf-8"
        )
        return path

    return made


def faults(path) -> list[str]:
    with pytest.raises(SpecError) as caught:
        read_claims(path)
    assert str(path) in str(caught.value)
    return list(caught.value.faults)


def test_a_claim_is_read_with_both_sides_and_its_ranges(write):
    path = write(WHOLE)
    (claim,) = read_claims(path)
    assert (claim.name, claim.measure, claim.month, claim.figure) == (
        "backbone-lifts-trust", "trust_in_contacts", 12, "mean"
    )  # fmt: skip
    assert claim.band == Band(low=0.001) and claim.sources == ("our survey 2025",)
    assert claim.this.told == str(path.parent / "ours.toml") and claim.other is not None
    assert claim.this.scenario.levers["backbone_staff"] == 2
    assert claim.other.scenario.levers["backbone_staff"] == 0
    assert claim.other.scenario.rules["trust"] == "symmetric"
    assert [(v.name, v.low, v.high) for v in claim.vary] == [("trust_gain", 0.01, 0.06), ("meetings", 0, 6)]
    assert claim.in_words() == (
        "mean of the paired difference in trust_in_contacts in month 12: at least 0.001"
    )


def test_without_ranges_it_varies_every_uncertainty_that_the_other_side_does_not_set(write):
    (claim,) = read_claims(write({"against": {"trust_gain": 0.05}}))
    told = {v.name: (v.low, v.high) for v in claim.vary}
    declared = {name: (p.low, p.high) for name, p in UNCERTAINTIES.items() if name != "trust_gain"}
    assert told == declared


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"mesure": "severity"}, "mesure: is not a known key, given 'severity'. Did you mean 'measure'?"),
        ({"measure": None}, 'measure: is missing; it must be given, for example measure = "severity".'),
        ({"measure": "severty"}, "measure: there is no measure 'severty'. Did you mean 'severity'?"),
        ({"month": 121}, "month: 121 is after the end of 'collective-impact' (scenario), which runs 120 months"),
        ({"against": {"scenario": "ours.toml"}, "month": 13}, "(against), which runs 12 months"),
        ({"band": [2, 1]}, "band: is empty, given {'high': 1, 'low': 2}; low must not be above high."),
        ({"band": {"lo": 1}}, "band: 'lo' is not a known key. Did you mean 'low'?"),
        ({"band": [0, "many"]}, "band: high must be a number from -1e+09 to 1e+09, given 'many'."),
        ({"band": {"low": 1.5}}, "band: a mean of this measure lies between 0 and 1, never in the band, at least 1.5"),
        ({"figure": "share"}, "inside: a share needs to know where values must lie"),
        ({"inside": [0, 1]}, 'inside: is for a share; write figure = "share", or take it out of this mean.'),
        ({"figure": "ratio"}, "against: a ratio needs another side; as in against = { backbone_staff = 0 }."),
        ({"figure": "averge"}, "figure: given 'averge'; allowed: 'mean', 'median'"),
        ({"scenario": "our.toml"}, "our.toml. Did you mean 'ours.toml'?"),
        ({"scenario": "collective"}, "scenario: there is no preset 'collective', and a file must end in .toml."),
        ({"against": {"scenario": 3}}, "against.scenario: must be a preset or a TOML file in quotes, given 3."),
        ({"against": {"backbone_stuff": 1}}, "is called 'backbone_stuff'. Did you mean 'backbone_staff'?"),
        ({"against": {"backbone_staff": -1}}, "against: levers: lever 'backbone_staff' = -1 is out of range"),
        ({"against": {"trust": "blind"}}, "against: rules: "),
        ({"against": {}}, "against: must be a table of settings, or of a scenario, given {}"),
        ({"vary": [{"name": "trust_gian"}]}, "no lever or parameter is called so. Did you mean 'trust_gain'?"),
        ({"vary": [{"name": "trust"}]}, "vary[0] ('trust'): is a rule choice, and only numbers vary"),
        ({"vary": [{"name": "trust_gain", "low": 0.5, "high": 0.1}]}, "low must be below high, given 0.5 and 0.1."),
        ({"vary": [{"name": "trust_gain", "low": -1}]}, "uncertainty 'trust_gain' = -1.0 is out of range"),
        ({"vary": [{"name": "agenda"}, {"name": "agenda"}]}, "vary: 'agenda' is named 2 times; name it once."),
    ],
)  # fmt: skip
def test_a_fault_says_where_and_what_is_allowed(write, changes, fault):
    (told,) = faults(write(changes))
    assert told.startswith("claim[0] ('plain') ") and fault in told


def test_every_fault_of_a_file_is_told_at_once(write):
    first = {
        "name": "twice", "measure": "severty", "band": [2, 1], "scenario": "collectiv-impact",
        "against": {"backbone_stuff": 0}, "vary": [{"name": "trust_gian"}],
    }  # fmt: skip
    second = {"name": "twice", "month": 999, "figure": "ratio", "says": None}
    told = faults(write("formt = 1", first, second))
    expected = (
        "formt: is not a known key", "claim[0] ('twice') measure:", "claim[0] ('twice') band:",
        "claim[0] ('twice') scenario:", "claim[0] ('twice') against:", "claim[0] ('twice') vary[0] ('trust_gian'):",
        "claim[1] ('twice') says: is missing", "claim[1] ('twice') month: 999 is after the end",
        "claim[1] ('twice') against: a ratio needs another side", "2 claims are called 'twice'",
    )  # fmt: skip
    assert len(told) == len(expected)
    for start in expected:
        assert any(fault.startswith(start) for fault in told), start


def test_a_lever_that_events_would_move_out_of_its_range_is_refused(write, tmp_path):
    event = '\n[[event]]\nkind = "hire-backbone-staff"\nmonth = 3\nfte = 10\n'
    (tmp_path / "hiring.toml").write_text(OURS + event, encoding="utf-8")
    (told,) = faults(write({"scenario": "hiring.toml", "vary": [{"name": "backbone_staff", "high": 495}]}))
    assert "vary[0] ('backbone_staff'): with 495 at the start, event: " in told and "505 in month 3" in told
    (claim,) = read_claims(
        write({"scenario": "hiring.toml", "vary": [{"name": "backbone_staff", "high": 490}]})
    )
    assert claim.vary[0].high == 490


def test_no_file_and_a_file_without_claims_say_what_to_do(write, tmp_path):
    path = write({})
    with pytest.raises(SpecError, match=r"there is no file .*claim\.toml\. Did you mean 'claims\.toml'\?"):
        read_claims(path.with_name("claim.toml"))
    path.write_text('[claims]\nname = "a"\n', encoding="utf-8")
    told = faults(path)
    assert told[0].startswith("claims: is not a known key") and "needs [[claim]]" in told[1]
    path.write_text("[[claim]\n", encoding="utf-8")
    assert "not valid TOML" in faults(path)[0]


def test_claims_as_patterns_give_the_figures_of_their_sides(write):
    paired = {"against": {"backbone_staff": 0}}
    path = write(
        {"name": "mean"} | paired,
        {"name": "median", "figure": "median"},
        {"name": "share", "figure": "share", "inside": {"low": 0.6}},
        {"name": "spread", "figure": "spread"} | paired,
        {"name": "ratio", "figure": "ratio", "band": {"low": 1}} | paired,
    )
    patterns = claims_in(path)
    assert [p.number for p in patterns] == list(range(FIRST_NUMBER, FIRST_NUMBER + 5))
    found = {p.name: estimate(p.figures[0], Trials(replicates=40, seed=3)) for p in patterns}
    full = load("collective-impact")
    without = full.replace(levers={**full.levers, "backbone_staff": 0.0})
    a, b = (
        simulate(s, 40, 3, measures=["trust_in_contacts"])["trust_in_contacts"][:, 6] for s in (full, without)
    )
    expected = {
        "mean": (a - b).mean(), "median": np.median(a), "share": (a >= 0.6).mean(),
        "spread": (a - b).std(ddof=1), "ratio": a.mean() / b.mean(),
    }  # fmt: skip
    for name, value in expected.items():
        assert found[name].value == pytest.approx(value, rel=1e-12), name
        assert found[name].low <= value <= found[name].high and found[name].replicates == 40


def test_replicates_without_a_value_are_left_out():
    rows = np.array([[1.0], [np.nan], [3.0]])
    assert figure_of("mean", rows) == 2.0 and len(known(rows)) == 2
    for kind in KINDS:
        nothing = np.full((3, 2 if kind == "ratio" else 1), np.nan)
        assert np.isnan(figure_of(kind, nothing))
    assert np.isnan(figure_of("ratio", np.array([[1.0, 0.0], [2.0, 0.0]])))


@pytest.mark.parametrize("kind", ["mean", "median", "spread", "ratio"])
def test_deviations_give_the_standard_error(kind):
    """Against the spread of the figure over 2,000 samples of 400: its own standard error is 1.6 %; 8 % allowed."""
    draws = np.random.default_rng(4)
    samples = draws.normal([3.0, 2.0], [1.0, 0.4], (2_000, 400, 2))[..., : 2 if kind == "ratio" else 1]
    spread = np.std([figure_of(kind, rows) for rows in samples])
    told = np.mean([deviations(kind, rows).std(ddof=1) for rows in samples[:50]]) / np.sqrt(400)
    assert told == pytest.approx(spread, rel=0.08)
