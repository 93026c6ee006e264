"""A posterior is a checked table of draws that goes to CSV and TOML and back, and lies below what a scenario says."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cisim.errors import SpecError, StoreError
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.world import library
from cisim.world import posterior as posteriors
from cisim.world.draws import MOST_DRAWS
from cisim.world.posterior import Posterior, Spread, is_name
from cisim.world.scenario import Scenario

NAMES = ("trust_gain", "trust_mean", "potency")
ROWS = [[0.02, 0.5, 1.0], [0.04, 0.6, 1.2], [0.06, 0.7, 1.4]]
TOLD = {"made by": "a test", "data": "none, at all: made up"}
TEXT = """\
# made by: a test
# data: none, at all: made up
trust_gain,trust_mean,potency
0.02,0.5,1.0
0.04,0.6,1.2
0.06,0.7,1.4
"""


@pytest.fixture
def sample() -> Posterior:
    return Posterior.from_table(NAMES, ROWS, provenance=TOLD)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shelf with two shipped samples in place of cisim's own."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "README.md").write_text("Samples.", encoding="utf-8")
    for name in ("shipped", "towns"):
        (folder / f"{name}.csv").write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(posteriors, "_SHELF", folder)
    return folder


def faults(told: object) -> tuple[str, ...]:
    with pytest.raises(SpecError) as caught:
        Scenario(name="a", posterior=told)
    return caught.value.faults


def file_faults(tmp_path: Path, text: str) -> tuple[str, ...]:
    (tmp_path / "bad.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        Posterior.read(tmp_path / "bad.csv")
    assert str(tmp_path / "bad.csv") in str(caught.value)
    return caught.value.faults


# The table


def test_a_file_is_draws_by_name_with_provenance(tmp_path: Path, sample: Posterior) -> None:
    (tmp_path / "draws.csv").write_text("\ufeff" + TEXT.replace("\n", "\r\n") + "\r\n", encoding="utf-8")
    found = Posterior.read(tmp_path / "draws.csv")
    assert (found.names, found.rows.tolist(), found.provenance) == (NAMES, ROWS, TOLD)
    assert found == sample and hash(found) == hash(sample)
    assert (found.origin, len(found)) == ("draws.csv", 3)
    assert found.in_words() == "3 draws of 3 parameters from draws.csv"


def test_it_is_written_as_it_was_read(tmp_path: Path, sample: Posterior) -> None:
    sample.write(tmp_path / "draws.csv")
    assert (tmp_path / "draws.csv").read_text(encoding="utf-8") == TEXT
    assert os.listdir(tmp_path) == ["draws.csv"]
    with pytest.raises(StoreError, match="cannot be written"):
        sample.write(tmp_path / "nowhere" / "draws.csv")


def test_names_draws_and_provenance_make_it_what_it_is(sample: Posterior) -> None:
    assert sample == Posterior.from_table(list(NAMES), np.array(ROWS), provenance=TOLD, origin="elsewhere")
    others = [
        Posterior.from_table(NAMES, ROWS),
        Posterior.from_table(NAMES, ROWS[:2], provenance=TOLD),
        Posterior.from_table(NAMES, [*ROWS[:2], [0.06, 0.7, 1.5]], provenance=TOLD),
        Posterior.from_table((*NAMES[:2], "trend"), [[*row[:2], 0.01] for row in ROWS], provenance=TOLD),
    ]
    assert all(sample != other for other in others)
    assert sample != ROWS
    assert pickle.loads(pickle.dumps(sample)) == sample
    with pytest.raises(AttributeError):
        sample.names = ()  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        sample.rows[0, 0] = 1.0


def test_the_summary_is_median_and_central_ninety_percent() -> None:
    found = Posterior.from_table(["trust_gain", "potency"], [[k / 1000, 5.0] for k in range(101)])
    gain, potency = found.summary().values()
    assert gain == pytest.approx((0.05, 0.005, 0.095), abs=1e-12)
    assert potency == Spread(5.0, 5.0, 5.0)
    assert list(found.summary()) == ["trust_gain", "potency"]


def test_a_draw_is_a_row_of_every_declared_parameter(sample: Posterior) -> None:
    rows = sample.parameters({"trust_mean": 0.33, "trend": 0.02})
    assert rows["trust_gain"].tolist() == [0.02, 0.04, 0.06]
    assert rows["trust_mean"].tolist() == [0.33] * 3
    assert rows["trend"].tolist() == [0.02] * 3
    assert rows["openness"].tolist() == [UNCERTAINTIES["openness"].default] * 3
    assert sample.free({"trust_mean": 0.33, "trend": 0.02}) == ["trust_gain", "potency"]


inside = st.sampled_from(list(UNCERTAINTIES))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.data())
def test_any_posterior_comes_back_to_the_last_bit(data: st.DataObject) -> None:
    names = data.draw(st.lists(inside, min_size=1, max_size=6, unique=True))
    values = [st.floats(UNCERTAINTIES[name].least, UNCERTAINTIES[name].most) for name in names]
    rows = data.draw(st.lists(st.tuples(*values), min_size=1, max_size=5))
    words = st.text(max_size=12).map(lambda text: " ".join(text.replace(":", "").split()))
    line = words.filter(
        lambda text: len(text.splitlines()) <= 1 and not any("\ud800" <= c <= "\udfff" for c in text)
    )
    told = data.draw(st.dictionaries(line.filter(bool), line, max_size=3))
    found = Posterior.from_table(names, rows, provenance=told)
    text = found.to_csv()
    again = Posterior._of_text(text, "", "Text")
    assert again == found and again.to_csv() == text
    plan = Scenario(name="a", posterior=found)
    assert Scenario.from_toml(plan.to_toml()) == plan
    assert Scenario.from_toml(plan.to_toml()).to_toml() == plan.to_toml()


# Faults


def test_every_fault_of_a_file_is_told_at_once_with_its_row(tmp_path: Path) -> None:
    found = file_faults(
        tmp_path,
        "# no colon\n# by: one\n# by: two\n"
        "trust_gian,meetings,trust_mean,trust_mean,potency,\n"
        "0.02,0.5,1.0\n\n"
        "0.02,0.5,1.7,abc,-4,1\n"
        "nan,0,0.1,,inf,3\n",
    )
    assert found == (
        "row 1: must be '# key: value', given '# no colon'.",
        "row 3: key 'by' is told before; leave one.",
        "column 'trust_gian': unknown uncertainty. Did you mean 'trust_gain'?",
        "column 'meetings' is a lever, which a coalition chooses; a posterior holds uncertainties. Leave it out.",
        "column 'trust_mean' is there 2 times; leave one of them.",
        "column '': unknown uncertainty. List them with: cisim parameters --role uncertainty",
        "each draw has a number for each of the 6 names; given 3 in row 5.",
        "column 'trust_mean': given '1.7' in row 7; allowed is a number from 0.02 to 1 share.",
        "column 'trust_mean': given 'abc' in row 7, '' in row 8; allowed is a number from 0.02 to 1 share.",
        "column 'potency': given '-4' in row 7, 'inf' in row 8; allowed is a number from 0 to 50 per unit.",
    )


@pytest.mark.parametrize("cell", ["nan", "NaN", "inf", "-inf", "0,02", "", "1e400", "two", "-0.001", "1.001"])
def test_only_numbers_within_what_the_equations_allow_are_draws(tmp_path: Path, cell: str) -> None:
    (fault,) = file_faults(tmp_path, f'trust_gain\n0\n1\n"{cell}"\n')
    assert fault == (
        f"column 'trust_gain': given {cell!r} in row 4; allowed is a number from 0 to 1 per contact."
    )


@pytest.mark.parametrize("text", ["", "# made by: nobody\n", "\n\n"])
def test_an_empty_file_has_no_names_and_no_draws(tmp_path: Path, text: str) -> None:
    nameless, drawless = file_faults(tmp_path, text)
    assert "there is no name of a parameter; name one or more, such as" in nameless
    assert drawless == "there are 0 draws; allowed are 1 to 100,000."


def test_too_many_draws_are_refused(tmp_path: Path) -> None:
    text = "trust_gain\n" + "0.02\n" * (MOST_DRAWS + 1)
    assert file_faults(tmp_path, text) == ("there are 100,001 draws; allowed are 1 to 100,000.",)
    (tmp_path / "most.csv").write_text(text.removesuffix("0.02\n"), encoding="utf-8")
    assert len(Posterior.read(tmp_path / "most.csv")) == MOST_DRAWS


def test_of_many_faults_in_a_column_some_are_told_and_all_are_counted(tmp_path: Path) -> None:
    (fault,) = file_faults(tmp_path, "trust_gain\n" + "7\n" * 900)
    assert "'7' in row 2, '7' in row 3, '7' in row 4, '7' in row 5, '7' in row 6 and 895 more;" in fault


def test_what_is_no_csv_or_no_text_is_said(tmp_path: Path) -> None:
    (fault,) = file_faults(tmp_path, 'trust_gain\n"' + "x" * 200_000 + '"\n')
    assert "cannot be read as CSV (field larger" in fault
    (tmp_path / "binary.csv").write_bytes(b"trust_gain\n\xff\n")
    with pytest.raises(SpecError, match="UTF-8"):
        Posterior.read(tmp_path / "binary.csv")
    with pytest.raises(SpecError, match=r"nowhere\.csv: cannot be read"):
        Posterior.read(tmp_path / "nowhere.csv")


@pytest.mark.parametrize("name", LEVERS)
def test_no_lever_is_a_draw(name: str) -> None:
    with pytest.raises(SpecError, match="is a lever, which a coalition chooses"):
        Posterior.from_table([name], [[LEVERS[name].default]])


@pytest.mark.parametrize(
    ("names", "rows", "said"),
    [
        ("trust_gain", [[0.1]], "names: must be a list of parameters in quotes, given 'trust_gain'."),
        ([1], [[0.1]], "names: must be a list of parameters in quotes, given [1]."),
        (["trust_gain"], [0.1], "rows: must be a list of draws, each a list of numbers, given [0.1]."),
        (["trust_gain"], 0.1, "rows: must be a list of draws, each a list of numbers, given 0.1."),
        (["trust_gain"], [["0.1"]], "column 'trust_gain': given '0.1' in rows[0];"),
        (["trust_gain"], [[0.1], [True]], "column 'trust_gain': given True in rows[1];"),
        (["trust_gain"], [[0.1], [None]], "column 'trust_gain': given None in rows[1];"),
        (["trust_gain"], [[10**400]], "column 'trust_gain': given 1000"),
        (["trust_gain"], [[0.1, 0.2]], "each draw has a number for each of the 1 names; given 2 in rows[0]."),
        (["trust_gain"], [], "there are 0 draws; allowed are 1 to 100,000."),
        ([], [[]], "there is no name of a parameter"),
    ],
)  # fmt: skip
def test_a_table_in_code_is_checked_like_a_file(names: object, rows: object, said: str) -> None:
    with pytest.raises(SpecError) as caught:
        Posterior.from_table(names, rows)
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith(said)


@pytest.mark.parametrize(
    "told", [{"a:b": "c"}, {"": "c"}, {"a": "two\nlines"}, {"a": 3}, {3: "a"}, {"a": " b "}, "a"]
)
def test_provenance_is_what_lines_of_a_file_can_hold(told: object) -> None:
    with pytest.raises(SpecError, match="provenance"):
        Posterior.from_table(["trust_gain"], [[0.1]], provenance=told)  # type: ignore[arg-type]


def test_numpy_numbers_are_numbers() -> None:
    rows = [[np.float32(0.5), np.int64(3)], (np.float64(0.25), 4)]
    assert Posterior.from_table(["trust_gain", "potency"], rows).rows.tolist() == [[0.5, 3.0], [0.25, 4.0]]


# Shipped samples


def test_a_name_without_ending_and_folder_is_of_a_shipped_sample(shelf: Path, sample: Posterior) -> None:
    assert posteriors.shipped() == ("shipped", "towns")
    found = Posterior.read("shipped")
    assert (found, found.origin) == (sample, "shipped")
    assert Scenario(name="a", posterior="towns").posterior == sample
    assert Scenario.from_toml('name = "a"\nposterior = "towns"').posterior == sample
    assert is_name("shipped")
    assert not any(map(is_name, ("a.csv", "x/shipped", "./shipped", "")))


def test_an_unknown_sample_is_told_with_the_nearest(shelf: Path) -> None:
    with pytest.raises(SpecError, match=r"needs an ending, as in 'shiped\.csv'\. Did you mean 'shipped'\?"):
        Posterior.read("shiped")
    with pytest.raises(SpecError, match=r"Known: shipped, towns\."):
        Posterior.read("zzz")


def test_where_no_sample_is_shipped_there_is_none(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posteriors, "_SHELF", shelf / "nowhere")
    assert posteriors.shipped() == ()
    with pytest.raises(SpecError, match="there is no posterior of this name"):
        Posterior.read("shipped")


def test_every_sample_that_comes_with_cisim_is_sound_and_says_how_it_was_made() -> None:
    assert posteriors._SHELF.joinpath("README.md").is_file()
    for name in posteriors.shipped():
        assert Posterior.read(name).provenance


# In a scenario


def test_a_scenario_without_posterior_is_as_before() -> None:
    plan = Scenario(name="a", parameters={"trend": 0.02})
    assert plan.posterior is None
    assert plan.to_toml() == 'format = 1\nname = "a"\n\n[parameters]\ntrend = 0.02\n'
    assert plan.lower().parameters.shape == (1,)
    assert "Posterior" not in plan.describe()


def test_a_scenario_file_names_its_draws_beside_it_and_keeps_them_when_written(
    tmp_path: Path, sample: Posterior
) -> None:
    (tmp_path / "sub").mkdir()
    sample.write(tmp_path / "sub" / "draws.csv")
    text = 'extends = "collective-impact"\nname = "a"\nposterior = "sub/draws.csv"\n'
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    plan = Scenario.read(tmp_path / "a.toml")
    assert plan.posterior == sample
    (tmp_path / "sub" / "draws.csv").unlink()
    plan.write(tmp_path / "b.toml")
    assert Scenario.read(tmp_path / "b.toml") == plan
    told = plan.to_toml().partition("[posterior]\n")[2]
    assert told == (
        'origin = "draws.csv"\nprovenance = { "made by" = "a test", data = "none, at all: made up" }\n'
        'names = ["trust_gain", "trust_mean", "potency"]\n'
        "rows = [\n  [0.02, 0.5, 1.0],\n  [0.04, 0.6, 1.2],\n  [0.06, 0.7, 1.4],\n]\n"
    )


def test_draws_are_a_row_each_below_what_the_scenario_says(sample: Posterior) -> None:
    plan = Scenario(
        name="a", posterior=sample, parameters={"trust_mean": UNCERTAINTIES["trust_mean"].default}
    )
    rows = plan.lower().parameters
    assert rows["trust_gain"].tolist() == [0.02, 0.04, 0.06]
    assert rows["trust_mean"].tolist() == [UNCERTAINTIES["trust_mean"].default] * 3
    assert plan.replace(parameters={}).lower().parameters["trust_mean"].tolist() == [0.5, 0.6, 0.7]
    assert plan.replace(posterior=None).lower().parameters.shape == (1,)
    assert plan.replace(months=12).posterior is sample


def test_a_file_that_extends_keeps_the_draws_or_replaces_them_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    below = Scenario(name="below", posterior=Posterior.from_table(NAMES, ROWS, provenance=TOLD)).to_toml()
    monkeypatch.setattr(library, "preset_names", lambda: ("below",))
    monkeypatch.setattr(library, "preset_text", lambda _: below)
    kept = Scenario.from_toml('extends = "below"\nname = "a"\n').posterior
    assert kept is not None and kept.names == NAMES
    other = 'extends = "below"\nname = "a"\n[posterior]\nnames = ["trend"]\nrows = [[0.01], [0.02]]\n'
    replaced = Scenario.from_toml(other).posterior
    assert replaced == Posterior.from_table(["trend"], [[0.01], [0.02]])


def test_faults_of_draws_are_told_with_those_of_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("trust_gain\n7\n", encoding="utf-8")
    text = 'name = "a"\nmonths = 0\nposterior = "bad.csv"\n'
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        Scenario.read(tmp_path / "a.toml")
    months, draws = caught.value.faults
    assert months.startswith("months: is out of range")
    assert draws == (
        f"posterior: in {str(tmp_path / 'bad.csv')!r}, column 'trust_gain': given '7' in row 2; "
        "allowed is a number from 0 to 1 per contact."
    )


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (3, "posterior: must be a file, a name, or a table with names and rows, given 3."),
        ([[0.1]], "posterior: must be a file, a name, or a table with names and rows, given [[0.1]]."),
        ({"names": ["trend"]}, "posterior: rows is missing; it must be given."),
        ({"rows": [[0.1]]}, "posterior: names is missing; it must be given."),
        ({"names": ["trend"], "rows": [[0]], "name": 1}, "posterior: 'name' is not a known key. Did you mean 'names'?"),
        ({"names": ["trend"], "rows": [[0]], "origin": 1}, "posterior: origin: must be text, given 1; put it in quotes."),
        ("nowhere.csv", "posterior: in 'nowhere.csv', cannot be read (No such file or directory); check the path."),
    ],
)  # fmt: skip
def test_what_is_no_posterior_is_said(told: object, said: str) -> None:
    assert faults(told) == (said,)


def test_the_draws_are_told_in_words(sample: Posterior) -> None:
    plan = Scenario(name="a", posterior=sample, parameters={"trust_mean": 0.6})
    told = plan.describe().partition("\nPosterior\n")[2].partition("\n\n")[0]
    assert told == (
        "  3 draws of 3 parameters; replicate r has draw r, counted from 0, and after the\n"
        "    last the first again.\n"
        "  trust_gain  0.04  0.022 to 0.058 per contact (5 to 95 %), default "
        f"{UNCERTAINTIES['trust_gain'].default:g}\n"
        f"  potency     1.2   1.02 to 1.38 per unit (5 to 95 %), default {UNCERTAINTIES['potency'].default:g}\n"
        "  Not drawn, as the scenario says them itself: trust_mean.\n"
        "  made by: a test\n"
        "  data: none, at all: made up"
    )


def test_of_many_parameters_most_are_told(sample: Posterior) -> None:
    every = Posterior.from_table(list(UNCERTAINTIES), [[row.default for row in UNCERTAINTIES.values()]])
    told = Scenario(name="a", posterior=every).describe().partition("\nPosterior\n")[2].partition("\n\n")[0]
    assert f"1 draw of {len(UNCERTAINTIES)} parameters;" in told
    assert f"  … and {len(UNCERTAINTIES) - 12} more." in told
    assert all(len(line) <= 80 for line in told.splitlines())
