"""A fork: what may be changed, what is refused, what is told and kept, and the same in many worlds."""

from __future__ import annotations

import json

import numpy as np
import pytest

from cisim.decision.fork import fork
from cisim.decision.fork.change import forked, read_changes, touched
from cisim.decision.fork.explaining import explain, sections
from cisim.decision.fork.folder import write
from cisim.decision.fork.kinds import GROUPS, KINDS
from cisim.decision.fork.picture import cascade_figure
from cisim.decision.fork.ways import CHANNELS
from cisim.decision.fork.worlds import in_worlds
from cisim.decision.plan import Plan
from cisim.engine.ensemble import simulate
from cisim.errors import SpecError, StoreError
from cisim.insight.comparison import compare
from cisim.theory.month import MONTH
from cisim.world.events import SetLever
from cisim.world.scenario import Scenario

LEVERS = {"agenda": 1, "measurement": 1, "coordination": 1, "meetings": 2, "backbone_staff": 2}


@pytest.fixture(scope="module")
def scenario():
    return Scenario(
        name="small",
        months=40,
        roster={"count": 5},
        partner=[{"id": "bank", "name": "Food Bank"}, {"id": "school", "name": "School District"}],
        levers=LEVERS,
        event=[{"kind": "funder-leaves", "month": 20}, {"kind": "ramp-lever", "month": 5, "lever": "meetings",
                                                         "value": 4, "over": 20}],
    )  # fmt: skip


@pytest.fixture(scope="module")
def told(scenario):
    return fork(scenario, 3, 2, month=12, change="backbone-closes")


def words(scenario, change, month=12):
    return [each.in_words(scenario.names) for each in read_changes(change, scenario, month)]


def test_a_lever_an_event_and_a_table_are_changes(scenario):
    assert words(scenario, "backbone_staff=0") == words(scenario, {"backbone_staff": 0})
    assert words(scenario, SetLever(month=1, lever="backbone_staff", value=0)) == words(
        scenario, "backbone_staff=0"
    )
    assert words(scenario, "partner leaves partner='Food Bank'") == ["Food Bank leaves the initiative"]
    assert words(scenario, {"kind": "partner-leaves", "partner": "bank"}) == [
        "Food Bank leaves the initiative"
    ]
    assert len(words(scenario, ["meetings=0", "backbone closes"])) == 2
    assert words(scenario, "trust-breach partner=bank with='School District' loss=0.3")[0].endswith(
        "falls by 30%"
    )


def test_a_lever_holds_from_the_month_on_even_amid_a_ramp(scenario):
    other = forked(scenario, 12, read_changes("meetings=0", scenario, 12))
    before, after = scenario.plan().levers()["meetings"], other.plan().levers()["meetings"]
    assert np.array_equal(before[:12], after[:12]) and (after[12:] == 0).all()
    assert before[12] > before[4]


def test_a_planned_event_can_be_left_out(scenario):
    other = forked(scenario, 12, read_changes("without funder-leaves", scenario, 12))
    assert [event.kind for event in other.event] == ["ramp-lever"]
    assert touched(scenario, read_changes("without funder-leaves", scenario, 12)) == {7}


def test_what_a_change_touches_is_read_off_its_effects(scenario):
    assert touched(scenario, read_changes("partner-leaves partner=bank", scenario, 3)) == {5}
    assert touched(scenario, read_changes("backbone-moves", scenario, 3)) == {7}
    assert touched(scenario, read_changes("meetings=0", scenario, 3)) == set()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("trust_gain=0.1", "holds for a whole run"),
        ("influence=degroot", "rule choice"),
        ("backbone_stuff=1", "Did you mean 'backbone_staff'"),
        ("backbone_staff=-1", "out of range"),
        ("partner-leaves", "partner: is missing"),
        ("partner-leaves partner=bonk", "unknown organization 'bonk'"),
        ("partner-leaves partner=backbone", "is the backbone"),
        ("partner-leavs partner=bank", "Did you mean 'partner-leaves'"),
        ("backbone-closes month=4", "leave out month"),
        ("without backbone-closes", "planned are: funder-leaves in month 20"),
        ("without nonsense", "no kind of event 'nonsense'"),
        ("partner-leaves partner='bank", "quote that is not closed"),
        ("", "says nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_is_refused_with_the_reason(scenario, change, said):
    with pytest.raises(SpecError, match="--change") as error:
        fork(scenario, month=12, change=change)
    assert said in str(error.value)


def test_every_fault_is_told_at_once(scenario):
    with pytest.raises(SpecError) as error:
        fork(scenario, month=41, change=["trust_gain=1", "nothing=2"])
    assert len(error.value.faults) == 3
    with pytest.raises(SpecError, match="at least one change"):
        fork(scenario, month=4, change=[])
    with pytest.raises(SpecError, match="seed"):
        fork(scenario, -1, month=4, change="meetings=0")


def test_events_that_clash_with_the_change_are_refused(scenario):
    merged = scenario.replace(event=[{"kind": "merger", "month": 2, "into": "bank", "partner": "school"}])
    with pytest.raises(SpecError, match="merged in month 2"):
        fork(merged, month=6, change="partner-leaves partner=school")


def test_a_fork_is_the_scenario_with_the_event(scenario, told):
    again = Scenario.from_toml(told.with_.scenario.to_toml())
    ensemble = simulate(again, [2], 3, measures=["severity"], keep_history=[2])
    assert np.array_equal(ensemble["severity"][0], told.with_["severity"])
    assert ensemble.history(2).ties.tobytes() == told.with_.ties.tobytes()


def test_a_plan_is_forked_in_its_world(scenario):
    plan = Plan(name="none", levers={"backbone_staff": 0})
    assert fork(plan.on(scenario), month=3, change="backbone_staff=2").difference.every


def test_a_change_that_changes_nothing_is_told_so(scenario):
    same = fork(scenario, month=3, change=f"agenda={LEVERS['agenda']}")
    assert not same.difference.every and not same.cascade and not same.traces
    assert "same to the last bit" in same.story()
    assert cascade_figure(same).get_axes()


def test_the_first_trace_is_in_the_phase_that_reads_the_lever(scenario):
    def first(change):
        traces = fork(scenario, 3, 2, month=12, change=change).traces
        return next((each.phase, each.month) for each in traces if each.organization >= 0)

    assert first("backbone-closes") == ("contact", 12)
    assert first("coordination=0") == ("activities", 12)
    assert first("measurement=0") == ("measurement", 12)
    assert first("pooled_funding=5") == ("delivery", 12)
    assert first("partner-leaves partner=bank") == ("events", 12)


def test_all_that_depends_on_the_backbone_comes_by_the_tie_with_it(told):
    assert told.cascade[0].organization == 7 and told.cascade[0].way.generation == 0
    members = [trace for trace in told.traces if trace.phase == "contact" and trace.month == 12 and trace.way]
    assert members and all(trace.way.source == 7 for trace in members if trace.field.startswith("help"))


def test_the_story_names_organizations_and_says_that_it_is_one_world(told):
    text = told.story()
    assert text.startswith("# small: what if, from month 12, the backbone closes")
    assert "partner-1" not in text and "Partner 1" in text
    assert "This is one world" in text and "Severity in month 40 is" in text
    assert list(sections(told)) == [
        "What comes of it, in this one world", "How sure", "What tells most, in this one world", "How it spreads",
        "Where the two runs part",
    ]  # fmt: skip


def test_the_answer_has_every_happening_once(told):
    tables = explain(told).tables
    assert set(tables) == {"outcomes", "kinds", "cascade", "events", "traces"}
    events = tables["events"]
    assert events["month_without"].count() == len(told.logs[0])
    assert events["month_with"].count() == len(told.logs[1])
    assert (events.filter(events["differs"] == "both")["month_without"] > 0).all()
    outcomes = dict(tables["outcomes"].select("measure", "difference").iter_rows())
    assert outcomes["severity"] == told.with_["severity"][-1] - told.without["severity"][-1]


def test_over_worlds_counts_and_outcomes_are_paired_world_by_world(told):
    worlds = 20  # more than are held in memory at a time
    many = in_worlds(told, worlds)
    assert many.worlds is not None
    forks = [fork(told.without.scenario, 3, r, month=12, change="backbone-closes") for r in range(worlds)]
    severity = [[run["severity"][-1] for run in (each.without, each.with_)] for each in forks]
    expected = compare(*np.array(severity).T)
    found = many.worlds.outcomes["severity"]
    assert found.difference == expected.difference and found.low == expected.low
    lapses = [
        [sum(h.kind == "contact-lapses" and h.month >= 12 for h in log) for log in each.logs]
        for each in forks
    ]
    expected = compare(*np.array(lapses, dtype=float).T)
    assert many.worlds.kinds["contact-lapses"].difference == expected.difference
    assert many.worlds.kinds["contact-lapses"].b_higher == expected.b_higher
    text = many.story()
    assert f"in {worlds} worlds" in text and "How often, over worlds" in text and "95 % interval" in text


@pytest.mark.parametrize("worlds", [1, 0, True, 2.5])
def test_fewer_than_two_worlds_have_no_interval(told, worlds):
    with pytest.raises(SpecError, match="at least 2"):
        in_worlds(told, worlds)


def test_kinds_are_of_known_groups_and_phases():
    phases = {phase.name for phase in MONTH}
    assert set(CHANNELS) == phases
    for name, kind in KINDS.items():
        assert kind.name == name and kind.group in GROUPS and kind.phase in phases and kind.weight > 0


def test_a_folder_holds_the_story_the_tables_and_the_picture(told, tmp_path):
    assert write(told, tmp_path / "new" / "folder") == []
    names = {file.name for file in (tmp_path / "new" / "folder").iterdir()}
    tables = {"outcomes.csv", "kinds.csv", "cascade.csv", "events.csv", "traces.csv"}
    assert names == tables | {"story.md", "fork.toml", "cascade.png", "cascade.svg"}
    assert Scenario.read(tmp_path / "new" / "folder" / "fork.toml") == told.with_.scenario
    drawn = (tmp_path / "new" / "folder" / "cascade.svg").read_bytes()
    write(told, tmp_path / "new" / "folder")
    assert (tmp_path / "new" / "folder" / "cascade.svg").exists() and drawn.startswith(b"<?xml")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="is a file"):
        write(told, tmp_path / "file")


def test_tables_are_plain_enough_for_json(told):
    for table in explain(told).tables.values():
        assert json.loads(json.dumps(table.to_dicts()))
