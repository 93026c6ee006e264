"""A synthetic coalition in many dresses: pairs or matrix, any separator, directed or not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cisim.errors import SpecError
from cisim.world.scenario import Scenario
from cisim.world.survey import ImportedCoalition, SurveyMap, export_survey, import_survey, summary_text
from cisim.world.survey.summary import centralization, spearman

ORGANIZATIONS = """id,name,sector,capacity,trust,backbone
a,Alpha,health,2.5,0.6,0
b,Beta,schools,1,0.4,0
c,Gamma,health,,,0
h,Hub,lead,3,0.8,1
"""
TIES = """source,target,contact,collaboration
a,b,monthly,formal
a,h,daily,several projects
b,h,weekly,informal
c,h,never,none
"""


@pytest.fixture
def read(tmp_path: Path):
    """Import two texts (or bytes) as a survey."""

    def read(organizations: str | bytes, ties: str | bytes, map_text: str = "", **more) -> ImportedCoalition:
        files = tmp_path / "organizations.csv", tmp_path / "ties.csv"
        for path, content in zip(files, (organizations, ties), strict=True):
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_survey(*files, SurveyMap.from_toml(map_text), **{"name": "made-up"} | more)

    return read


def contacts(imported: ImportedCoalition) -> dict[frozenset[str], float]:
    return {frozenset(tie.between): tie.contact for tie in imported.scenario.tie}


def essence(scenario: Scenario):
    """Who takes part and what ties there are, whatever the order of files and sides."""
    ties = {}
    for tie in scenario.tie:
        trust = dict(zip(tie.between, tie.trust or (None, None), strict=True))
        ties[frozenset(tie.between)] = tie.contact, tie.collaboration, trust
    partners = {p.id: (p.name or p.id, p.sector, p.capacity, p.trust) for p in scenario.partner}
    return partners, ties, scenario.backbone, scenario.network, scenario.levers


def test_the_scenario_holds_what_the_survey_says(read):
    imported = read(ORGANIZATIONS, TIES)
    scenario = imported.scenario
    assert [partner.id for partner in scenario.partner] == ["a", "b", "c"]
    assert scenario.backbone.id == "h" and scenario.backbone.name == "Hub"
    assert scenario.levers == {"backbone_staff": 1.8}
    assert scenario.network.unlisted == "absent"
    assert contacts(imported) == {
        frozenset("ab"): 1, frozenset("ah"): pytest.approx(250 / 12), frozenset("bh"): pytest.approx(50 / 12)
    }  # fmt: skip
    assert [tie.collaboration for tie in scenario.tie] == pytest.approx([2 / 3, 1, 1 / 3])
    assert scenario.partner[0].trust == 0.6 and scenario.partner[2].trust is None
    assert scenario.partner[0].capacity == 2.5 and scenario.partner[2].capacity is None
    assert Scenario.from_toml(scenario.to_toml()) == scenario


def test_a_map_is_given_as_it_is_or_by_its_path(read, tmp_path):
    told = read(ORGANIZATIONS, TIES, 'backbone = "h"\n[organizations]\nbackbone = ""\n')
    (tmp_path / "map.toml").write_text('backbone = "h"\n[organizations]\nbackbone = ""\n')
    files = tmp_path / "organizations.csv", tmp_path / "ties.csv"
    for path in (tmp_path / "map.toml", str(tmp_path / "map.toml")):
        assert import_survey(*files, path, name="made-up") == told
    for wrong in (3, {"backbone": "h"}):
        with pytest.raises(SpecError, match=r"given .*SurveyMap\.read\(path\)"):
            import_survey(*files, wrong, name="made-up")


def test_every_guess_and_gap_is_told(read):
    told = " ".join(read(ORGANIZATIONS, TIES).notes)
    for part in ("'contact'", "undirected, guessed", "'frequency' (guessed)", "'levels' (guessed)",
                 "Trust of 1 of 4 organizations is missing", "backbone's own trust"):  # fmt: skip
        assert part in told
    assert "Trust of 1 of 4" in read(ORGANIZATIONS, TIES).scenario.description


@pytest.mark.parametrize("ties", ["TIES", "MATRIX", "DIRECTED", "GAPS"])
def test_the_map_as_used_repeats_the_import_without_guessing(read, ties):
    organizations = LETTERS if ties == "GAPS" else ORGANIZATIONS
    first = read(organizations, globals()[ties])
    again = read(organizations, globals()[ties], first.survey_map.to_toml())
    assert again.scenario == first.scenario and again.survey_map == first.survey_map
    assert "guessed" in " ".join(first.notes) and "guessed" not in " ".join(again.notes)


def test_figures_of_a_coalition_done_by_hand(read):
    summary = read(ORGANIZATIONS, TIES).summary
    assert summary.density == pytest.approx({"any": 3 / 6, "monthly": 3 / 6, "weekly": 2 / 6})
    # Degrees 2, 2, 0, 2 of at most 3 * 2: (0 + 0 + 2 + 0) / 6; weekly 1, 1, 0, 2: (1 + 1 + 2 + 0) / 6.
    assert summary.centralization == pytest.approx({"any": 2 / 6, "monthly": 2 / 6, "weekly": 4 / 6})
    assert summary.trust.mean == pytest.approx(0.6) and summary.trust.sd == pytest.approx(0.2)
    assert (summary.trust.answered, summary.trust.asked) == (3, 4)
    assert summary.levels == {"none": 3, "informal": 1, "formal": 1, "several projects": 1}


def test_centralization_is_one_for_a_star_and_zero_for_a_ring():
    import numpy as np

    star = np.zeros((6, 6), bool)
    star[0, 1:] = star[1:, 0] = True
    ring = np.roll(np.eye(6, dtype=bool), 1, axis=1)
    assert centralization(star) == 1 and centralization(ring | ring.T) == 0
    assert centralization(star[:2, :2]) is None


def test_spearman_shares_ranks_and_leaves_out_what_is_missing():
    import numpy as np

    x = np.array([1.0, 2, 2, 4, np.nan])
    assert spearman(x, x**3) == pytest.approx(1)
    # Ranks 1, 2.5, 2.5, 4 against 4, 2, 3, 1: covariance -4.5, variances 4.5 and 5.
    assert spearman(x, np.array([9.0, 2, 3, 1, 5])) == pytest.approx(-4.5 / (4.5 * 5) ** 0.5)
    assert spearman(x, np.ones(5)) is None


@pytest.mark.parametrize(
    "dress",
    [
        lambda text: text.replace(",", ";").replace("2.5", "2,5").replace("0.", "0,"),
        lambda text: text.replace(",", "\t"),
        lambda text: "sep=;\r\n" + text.replace(",", ";").replace("\n", "\r\n"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", ",,\n"),
        lambda text: text.replace("\n", "\n\n") + ",,,\n",
        lambda text: text.replace(",", " , "),
    ],
    ids=[
        "semicolon and decimal comma",
        "tab",
        "sep line, CRLF",
        "BOM",
        "UTF-16",
        "trailing",
        "blank",
        "blanks",
    ],
)
def test_files_as_spreadsheets_write_them_say_the_same(read, dress):
    assert essence(read(dress(ORGANIZATIONS), dress(TIES)).scenario) == essence(
        read(ORGANIZATIONS, TIES).scenario
    )


def test_windows_encoding_is_read_and_said(read):
    imported = read(ORGANIZATIONS.replace("Alpha", "Santé").encode("cp1252"), TIES)
    assert imported.scenario.partner[0].name == "Santé"
    assert any("Windows-1252" in note for note in imported.notes)


def test_quoted_cells_may_hold_separators_and_line_breaks(read):
    imported = read(ORGANIZATIONS.replace("Alpha", '"Alpha, Inc.\nWest"'), TIES)
    assert imported.scenario.partner[0].name == "Alpha, Inc. West"


def test_ids_that_a_spreadsheet_made_decimal_are_the_same_ids(read):
    imported = read("id\n1\n2\n3\n", "source,target,contact\n1.0,2.0,weekly\n2,3,weekly\n")
    assert set(contacts(imported)) == {frozenset("12"), frozenset("23")}


MATRIX = "x,a,b,c,h\na,0,1,0,20\nb,1,0,0,4\nc,0,0,,0\nh,20,4,0,0\n"


def test_a_matrix_is_recognized_and_read(read):
    imported = read(ORGANIZATIONS, MATRIX)
    assert imported.survey_map.layout == "matrix" and not imported.summary.directed
    assert contacts(imported) == {frozenset("ab"): 1, frozenset("ah"): 20, frozenset("bh"): 4}


@pytest.mark.parametrize(
    "triangle",
    ["x,a,b,c,h\na,,1,0,20\nb,,,0,4\nc,,,,0\nh,,,,\n", "x,a,b,c,h\na,,,,\nb,1,,,\nc,0,0,,\nh,20,4,0,\n"],
)
def test_one_triangle_of_a_matrix_is_enough(read, triangle):
    assert contacts(read(ORGANIZATIONS, triangle)) == contacts(read(ORGANIZATIONS, MATRIX))


DIRECTED = "source,target,contact\na,b,4\nb,a,2\nh,a,1\nb,h,3\n"


@pytest.mark.parametrize(("rule", "ab", "ah"), [("mean", 3, 0.5), ("max", 4, 1), ("first", 4, 1)])
def test_two_reports_of_a_pair_are_joined_by_the_rule(read, rule, ab, ah):
    imported = read(ORGANIZATIONS, DIRECTED, f'directed = true\nreciprocal = "{rule}"')
    assert contacts(imported)[frozenset("ab")] == ab
    assert contacts(imported)[frozenset("ah")] == ah  # a answered and does not name h
    assert imported.summary.silent == ("c",)  # c reported nothing, but b, h and a did: absent
    assert frozenset("ac") not in contacts(imported)


def test_figures_of_directed_reports(read):
    summary = read(ORGANIZATIONS, DIRECTED).summary
    assert summary.directed
    assert summary.reports_density == pytest.approx(4 / 9)  # c did not answer: 3 reporters of 3 others
    assert summary.reciprocity == pytest.approx(2 / 4)
    assert summary.agreement == 0


def test_trust_items_are_read_on_their_range_and_averaged(read):
    ties = "source,target,contact,open,reliable\na,b,1,1,5\nb,a,1,3,NA\n"
    text = 'directed = true\nties.trust = ["open", "reliable"]\nties.trust_scale = [1, 5]'
    (tie,) = read(ORGANIZATIONS, ties, text).scenario.tie
    assert tie.trust == pytest.approx((0.5, 0.5))
    reverse = read(ORGANIZATIONS, ties, text.replace("[1, 5]", "[5, 1]")).scenario.tie[0]
    assert reverse.trust == pytest.approx((0.5, 0.5))


def test_trust_without_a_stated_range_is_not_guessed(read):
    imported = read(ORGANIZATIONS.replace("0.6", "6"), TIES)
    assert imported.summary.trust.asked == 0
    assert any("State trust_scale" in note for note in imported.notes)


def test_an_edge_list_without_contact_names_ties(read):
    imported = read(ORGANIZATIONS, "source,target\na,b\nb,h\n", "ties.named = 2")
    assert set(contacts(imported).values()) == {2.0}
    assert any("assumption" in note for note in imported.notes)
    labelled = read(ORGANIZATIONS, "source,target,comment\na,b,old\nb,h,new\n", "ties.contact = ''")
    assert set(contacts(labelled).values()) == {1.0}


@pytest.mark.parametrize(
    ("scale", "answers"),
    [
        ('"frequency"', ("never", "Quarterly", "WEEKLY")),
        ('"codes"', ("0", "2", "4.0")),
        ('"contacts"', ("0", str(1 / 3), str(50 / 12))),
        (
            '{no = 0, "now and then" = 0.3333333333333333, often = 4.166666666666667}',
            ("no", "now_and then", "Often"),
        ),
    ],
)
def test_any_scale_gives_contacts_a_month(read, scale, answers):
    rows = zip(("a,b", "a,h", "b,h"), answers, strict=True)
    ties = "source,target,contact\n" + "".join(f"{pair},{answer}\n" for pair, answer in rows)
    found = contacts(read(ORGANIZATIONS, ties, f"ties.scale = {scale}"))
    assert found == {frozenset("ah"): pytest.approx(1 / 3), frozenset("bh"): pytest.approx(50 / 12)}


GAPS = "source,target,contact,collaboration\n" + "".join(
    f"{a},{b},{(i * j) % 5 if (i + j) % 4 else 'NA'},{((i + j) % 3) / 2 if (i * j) % 7 else ''}\n"
    for i, a in enumerate("abcdefgh")
    for j, b in enumerate("abcdefgh")
    if i < j
)
LETTERS = "id,backbone\n" + "".join(f"{letter},{int(letter == 'h')}\n" for letter in "abcdefgh")


def test_filling_is_seeded_told_and_free_of_row_order(read):
    first = read(LETTERS, GAPS)
    assert first.summary.contact.filled > 0 and first.summary.collaboration.filled > 0
    assert first.summary.contact.left == first.summary.collaboration.left == 0
    assert any("drawn with seed 0" in note for note in first.notes)
    header, *rows = GAPS.splitlines()
    random.Random(4).shuffle(rows)
    names, *lines = LETTERS.splitlines()
    shuffled = read("\n".join([names, *reversed(lines)]), "\n".join([header, *rows]))
    assert essence(shuffled.scenario) == essence(first.scenario)
    others = [essence(read(LETTERS, GAPS, seed=seed).scenario) for seed in range(1, 6)]
    assert any(other != essence(first.scenario) for other in others)


def test_filled_answers_come_from_the_answered_ones_and_leave_them_alone(read):
    filled, kept = read(LETTERS, GAPS), read(LETTERS, GAPS, seed=3)
    given = {frozenset(row.split(",")[:2]): row.split(",")[2:] for row in GAPS.splitlines()[1:]}
    for imported in (filled, kept):
        for tie in imported.scenario.tie:
            contact, joint = given[frozenset(tie.between)]
            assert contact in ("NA", f"{tie.contact:g}")
            assert joint in ("", str(tie.collaboration))
            assert tie.contact in range(5) and tie.collaboration in (0, 0.5, 1)


def test_drawn_contact_follows_the_answered_distribution(read):
    """8 of 10 answered pairs are in contact: of 180 filled ones 144 ± 4 SE (5.4) should be."""
    ids = [f"o{number}" for number in range(20)]
    pairs = [(a, b) for n, a in enumerate(ids) for b in ids[n + 1 :]]
    rows = [f"{a},{b},{'' if n >= 10 else int(n < 8)}" for n, (a, b) in enumerate(pairs)]
    imported = read("id\n" + "\n".join(ids), "source,target,contact\n" + "\n".join(rows))
    assert imported.summary.contact.filled == 180
    assert 122 <= len(imported.scenario.tie) - 8 <= 166


def test_pairs_not_listed_are_missing_if_the_map_says_so(read):
    imported = read(ORGANIZATIONS, TIES, 'unlisted = "missing"')
    assert imported.summary.contact.answered == 4 and imported.summary.contact.filled == 2


def test_one_network_of_several_is_picked(read):
    organizations = "net,id\nx,1\nx,2\nx,3\ny,1\ny,2\n"
    ties = "net,source,target,contact\nx,1,2,1\nx,2,3,4\ny,1,2,8\n"
    assert contacts(read(organizations, ties, "where.net = 'x'")) == {frozenset("12"): 1, frozenset("23"): 4}


def test_ties_of_organizations_outside_the_filter_are_left_out(read):
    organizations, ties = "net,id\nx,1\nx,2\ny,3\n", "source,target,contact\n1,2,1\n2,3,4\n"
    assert contacts(read(organizations, ties, "where.net = 'x'")) == {frozenset("12"): 1}


@pytest.mark.parametrize(
    "backbone", ["backbone = 'h'", "organizations.backbone = 'sector'\norganizations.backbone_value='lead'"]
)
def test_the_backbone_is_marked_by_id_or_column(read, backbone):
    assert read(ORGANIZATIONS, TIES, backbone).scenario.backbone.id == "h"


def test_without_a_backbone_no_organization_takes_its_seat(read):
    imported = read("id\nbackbone\nb\n", "source,target,contact\nb,backbone,1\n")
    assert [partner.id for partner in imported.scenario.partner] == ["backbone", "b"]
    assert imported.scenario.backbone.id == "no-backbone" and imported.scenario.levers == {}


def test_export_and_import_give_the_same_coalition(read, tmp_path):
    ties = TIES.replace("contact,collaboration", "contact,collaboration,trust,trust_back").replace(
        "formal\n", "formal,0.2,0.9\n"
    )
    ties = "\n".join(line if line.count(",") == 5 else line + ",," for line in ties.splitlines())
    scenario = read(ORGANIZATIONS, ties).scenario
    assert scenario.tie[0].trust == (0.2, 0.9)
    export_survey(scenario, tmp_path / "o.csv", tmp_path / "t.csv")
    again = import_survey(tmp_path / "o.csv", tmp_path / "t.csv", name="again").scenario
    assert essence(again) == essence(scenario)


@pytest.mark.parametrize("survey", [(LETTERS, GAPS), (ORGANIZATIONS, MATRIX), (ORGANIZATIONS, DIRECTED)])
def test_any_imported_coalition_survives_export(read, tmp_path, survey):
    scenario = read(*survey).scenario
    export_survey(scenario, tmp_path / "o.csv", tmp_path / "t.csv")
    again = import_survey(tmp_path / "o.csv", tmp_path / "t.csv", name="again").scenario
    assert essence(again) == essence(scenario)


def test_a_scenario_whose_contacts_are_drawn_cannot_be_exported(tmp_path):
    with pytest.raises(SpecError, match="drawn"):
        export_survey(Scenario(name="made-up"), tmp_path / "o.csv", tmp_path / "t.csv")
    assert not list(tmp_path.iterdir())


def test_the_summary_fits_one_screen(read):
    text = summary_text(read(ORGANIZATIONS, DIRECTED, "directed = true"))
    assert len(text.splitlines()) <= 30 and max(map(len, text.splitlines())) <= 100
    for part in ("Hub is the backbone", "density", "centralization", "reciprocity", "mean 0.60, SD 0.20"):
        assert part in text


def test_the_lowered_scenario_has_the_survey_in_its_arrays(read):
    lowered = read(ORGANIZATIONS, TIES).scenario.lower()
    assert lowered.ids == ("a", "b", "c", "h")
    assert lowered.ties["contact"].tolist() == pytest.approx([1, 0, 250 / 12, 0, 50 / 12, 0])
