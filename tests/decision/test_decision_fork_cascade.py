"""What is told of a fork equals what plain loops over both histories find, in 100 random forks."""

from __future__ import annotations

import math

import pytest
from random_forks import random_fork

from cisim.decision.fork.history import Run
from cisim.decision.fork.kinds import KINDS
from cisim.theory.month import MONTH

FORKS = 100
ANY, MONTHLY, WEEKLY = 1 / 24, math.sqrt(1 / 3), math.sqrt(50 / 12)
CHANNELS = {
    "contact": "meetings and introductions by the backbone", "trust": "reputation in the coalition",
    "agenda": "the agenda process and shared evidence", "activities": "the common plan and its coordination",
    "measurement": "shared measurement", "engagement": "visible progress and early wins",
    "membership": "invitations and visible progress", "events": "the change itself",
}  # fmt: skip

Found = tuple[int, str, int, int, int]


def crossed(before, now, least, up, down):
    """The name of what happened when a number passes `least`, or nothing."""
    if before < least <= now:
        return up
    if now < least <= before:
        return down
    return None


def happenings(run: Run) -> set[Found]:
    """All that happened, found by loops over months, ties and organizations with numbers written out."""
    found: set[Found] = set()

    def note(month, name, a=-1, b=-1, k=-1):
        if name:
            found.add((month, name, a, b, k))

    organizations, ties = run.organizations, run.ties
    backbone = organizations.shape[1] - 1
    reached = False
    if run["severity"][0] <= run.scenario.issue.target:
        reached = True
    for month in range(1, len(organizations)):
        for tie in range(ties.shape[1]):
            before, now = ties[month - 1, tie], ties[month, tie]
            i, j = int(now["i"]), int(now["j"])
            for least, up, down in (
                (ANY, "contact-begins", "contact-lapses"),
                (MONTHLY, "contact-monthly", "contact-below-monthly"),
                (WEEKLY, "contact-weekly", "contact-below-weekly"),
            ):
                note(month, crossed(before["contact"], now["contact"], least, up, down), i, j)
            for a, b, side in ((i, j, 0), (j, i, 1)):
                was, has = before["trust"][side], now["trust"][side]
                note(month, crossed(was, has, 0.4, "trust-leaves-low", "trust-falls-low"), a, b)
                note(month, crossed(was, has, 0.7, "trust-rises-high", "trust-leaves-high"), a, b)
            if now["collaboration"] != before["collaboration"]:
                deeper = now["collaboration"] > before["collaboration"]
                note(month, "joint-work-deepens" if deeper else "joint-work-goes-back", i, j)
        for row in range(backbone):
            before, now = organizations[month - 1, row], organizations[month, row]
            for field, least, up, down in (
                ("engagement", 0.5, "engagement-rises", "engagement-falls"),
                ("adoption", 0.5, "adoption-rises", "adoption-falls"),
                ("alignment", 0.8, "alignment-rises", "alignment-falls"),
                ("coordination", 0.2, "coordination-rises", "coordination-falls"),
            ):
                note(month, crossed(before[field], now[field], least, up, down), row)
            for field, name in (("framing", "priority-turns"), ("portfolio", "work-turns")):
                was, has = list(before[field]), list(now[field])
                if was.index(max(was)) != has.index(max(has)):
                    note(month, name, row, -1, has.index(max(has)))
            for field, name in (
                ("joined_this_month", "member-joins"), ("left_this_month", "member-leaves"),
                ("new_representative", "new-representative"),
            ):  # fmt: skip
                if now[field] == 1:
                    note(month, name, row)
            if before["present"] == 1 and now["present"] == 0:
                note(month, "partner-ends", row)
        was, has = (list(organizations[m, backbone]["framing"]) for m in (month - 1, month))
        if was.index(max(was)) != has.index(max(has)):
            note(month, "agenda-shifts", -1, -1, has.index(max(has)))
        if run["alive"][month - 1] == 1 and run["alive"][month] == 0:
            note(month, "coalition-dissolves")
        if not reached and run["severity"][month] <= run.scenario.issue.target:
            reached = True
            note(month, "target-reached")
    return found


def first_differences(without: set[Found], with_: set[Found], rows: int, months: int):
    """{row: (month, what differs for it then)} by a loop over months."""
    firsts = {}
    for row in range(rows):
        for month in range(1, months + 1):
            here = {e for e in without if e[0] == month and row in e[2:4]}
            there = {e for e in with_ if e[0] == month and row in e[2:4]}
            if here != there:
                firsts[row] = (month, here ^ there)
                break
    return firsts


def touched_by(told):
    """Rows that the changes name, and the backbone where its staff or time is changed or it moves."""
    scenario = told.without.scenario
    rows = set()
    for change in told.changes:
        for event in [change.adds] if change.adds else change.drops:
            values = event.model_dump(by_alias=True)
            for key in ("partner", "with", "into"):
                if values.get(key) is not None:
                    rows.add(scenario.ids.index(values[key]))
            staff = event.kind in (
                "backbone-closes",
                "hire-backbone-staff",
                "funder-leaves",
                "backbone-moves",
            )
            if staff or values.get("lever", "") == "backbone_staff":
                rows.add(len(scenario.ids) - 1)
    return rows


def ways(told, firsts):
    """{row: (source or -1, channel, generation)}, month after month, by loops over ties."""
    order = list(KINDS)
    found = {row: (told.month, (-1, "the change itself", 0)) for row in touched_by(told)}
    root = set(found)
    for month in sorted({month for month, _ in firsts.values()}):
        new = {}
        for row, (first, differs) in firsts.items():
            if first != month or row in found:
                continue
            earliest = min(differs, key=lambda e: (order.index(e[1]), e[2], e[3], e[4]))
            best = None
            for tie in range(told.without.ties.shape[1]):
                ends = [int(told.without.ties["i"][0, tie]), int(told.without.ties["j"][0, tie])]
                if row not in ends:
                    continue
                ends.remove(row)
                other = ends[0]
                contact = max(
                    run.ties["contact"][m, tie]
                    for run in (told.without, told.with_)
                    for m in (month - 1, month)
                )
                before = other in found and (other in root or found[other][0] < month)
                if contact > 0 and before:
                    rank = (other in earliest[2:4], contact, -other)
                    best = rank if best is None or rank > best else best
            if best is None:
                new[row] = (month, (-1, CHANNELS[KINDS[earliest[1]].phase], 1))
            else:
                source = -best[2]
                new[row] = (month, (source, "a tie", found[source][1][2] + 1))
        found |= new
    return {row: way for row, (_, way) in found.items()}


@pytest.mark.parametrize("number", range(FORKS))
def test_the_cascade_is_the_difference_that_plain_loops_find(number):
    told = random_fork(number)
    without, with_ = happenings(told.without), happenings(told.with_)
    assert {tuple(each) for each in told.logs[0]} == without
    assert {tuple(each) for each in told.logs[1]} == with_
    rows, months = told.without.organizations.shape[1], told.without.scenario.months
    firsts = first_differences(without, with_, rows, months)
    steps = {step.organization: step for step in told.cascade}
    assert set(steps) == set(firsts) | touched_by(told)
    for row, (month, differs) in firsts.items():
        assert steps[row].month == month >= told.month
        assert {tuple(each) for each in steps[row].happenings} == differs
    expected = ways(told, firsts)
    assert {row: tuple(step.way) for row, step in steps.items()} == expected


@pytest.mark.parametrize("number", range(0, FORKS, 5))
def test_only_here_only_there_and_moved_are_all_that_differs(number):
    told = random_fork(number)
    left, right = (sorted(happenings(run)) for run in (told.without, told.with_))
    for each in [each for each in left if each in right]:
        left.remove(each)
        right.remove(each)
    moved = []
    for each in list(left):
        again = [other for other in right if other[1:] == each[1:]]
        if again:
            moved.append((each, again[0]))
            left.remove(each)
            right.remove(again[0])
    assert sorted(map(tuple, told.difference.only_without)) == left
    assert sorted(map(tuple, told.difference.only_with)) == right
    assert sorted((tuple(a), tuple(b)) for a, b in told.difference.moved) == sorted(moved)


@pytest.mark.parametrize("number", range(FORKS))
def test_nothing_differs_before_the_month_of_the_fork(number):
    told = random_fork(number)
    for field in ("organizations", "ties"):
        before = [getattr(run, field)[: told.month].tobytes() for run in (told.without, told.with_)]
        assert before[0] == before[1]
    for name in told.without.measures:
        assert told.without[name][: told.month].tobytes() == told.with_[name][: told.month].tobytes()


def test_random_forks_are_of_many_kinds_and_mostly_change_something():
    told = [random_fork(number) for number in range(FORKS)]
    assert len({each.change.split()[0] for each in told}) >= 6
    assert sum(bool(each.difference.every) for each in told) > FORKS / 2
    assert max(step.way.generation for each in told for step in each.cascade) >= 3


@pytest.mark.parametrize("number", range(0, FORKS, 10))
def test_first_traces_are_there_for_everybody_who_ever_differs_and_no_later(number):
    told = random_fork(number)
    a, b = told.without, told.with_
    firsts: dict[int, int] = {}
    for month in range(told.month, a.scenario.months + 1):
        for row in range(a.organizations.shape[1]):
            if row not in firsts and any(
                (a.organizations[field][month, row] != b.organizations[field][month, row]).any()
                for field in a.organizations.dtype.names
            ):
                firsts[row] = month
    traces = {each.organization: each for each in told.traces}
    assert set(firsts) <= set(traces)
    for row, month in firsts.items():
        assert told.month <= traces[row].month <= month
        assert traces[row].size > 0
    phases = [phase.name for phase in MONTH]
    order = [(each.month, phases.index(each.phase)) for each in told.traces]
    assert order == sorted(order)
