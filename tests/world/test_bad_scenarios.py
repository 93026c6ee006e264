"""Every malformed scenario gives one SpecError that says what is wrong, given, allowed, and what to do."""

from __future__ import annotations

import pytest

from cisim.errors import SpecError
from cisim.world.scenario import Scenario

HEAD = 'name = "a"\n'
TWO = HEAD + "roster = { count = 2 }\n"

CASES: dict[str, tuple[str, list[str]]] = {
    "not TOML": ("name = ", ["not valid TOML", "line 1"]),
    "key given twice": ('name = "a"\nname = "b"', ["not valid TOML", "line 2"]),
    "table given twice": (HEAD + "[levers]\n[levers]", ["not valid TOML", "line 3"]),
    "no name": ("months = 12", ["name:", "is missing"]),
    "name with capitals": ('name = "My Plan"', ["name:", "'My Plan'", "small letters, digits and hyphens"]),
    "name a number": ("name = 3", ["name:", "given 3", "county-2030"]),
    "title not text": (HEAD + "title = 3", ["title:", "must be text", "given 3", "quotes"]),
    "title of two lines": (HEAD + 'title = "a\\nb"', ["title:", "one line"]),
    "other format": (HEAD + "format = 2", ["format:", "given 2", "only format so far"]),
    "unknown key": (HEAD + "monhts = 12", ["monhts:", "not a known key", "given 12", "Did you mean 'months'?"]),
    "unknown table": (HEAD + "[lever]\nagenda = 1", ["lever:", "not a known key", "Did you mean 'levers'?"]),
    "months with a fraction": (HEAD + "months = 12.5", ["months:", "whole number", "given 12.5", "1 to 1200"]),
    "months as text": (HEAD + 'months = "12"', ["months:", "given '12'", "whole number from 1 to 1200"]),
    "months true": (HEAD + "months = true", ["months:", "given True"]),
    "no months": (HEAD + "months = 0", ["months:", "out of range", "given 0", "1 to 1200"]),
    "one workstream": (HEAD + 'workstreams = ["a"]', ["workstreams:", "2 to 12 names"]),
    "workstream twice": (HEAD + 'workstreams = ["a", "a"]', ["workstreams:", "twice", "each once"]),
    "workstream a number": (HEAD + 'workstreams = ["a", 2]', ["workstreams[1]:", "given 2"]),
    "unknown source": (
        HEAD + '[[sources]]\nkey = "berardo201"\nreason = "x"',
        ["sources[0].key", "unknown source, given 'berardo201'", "Did you mean 'berardo2010'?"],
    ),
    "source without reason": (HEAD + '[[sources]]\nkey = "kania2011"', ["sources[0].reason", "is missing"]),
    "target above 1": (HEAD + "[issue]\ntarget = 1.5", ["issue.target:", "given 1.5", "0 to 1"]),
    "need of other length": (HEAD + "[issue]\nneed = [1, 2]", ["issue.need:", "2 numbers", "5 workstreams"]),
    "need negative": (HEAD + "[issue]\nneed = [1, -2, 1, 1, 1]", ["issue.need:", "number 2", "given -2"]),
    "need of nothing": (HEAD + "[issue]\nneed = [0, 0, 0, 0, 0]", ["issue.need:", "adds up to nothing"]),
    "need with text": (HEAD + '[issue]\nneed = [1, 1, 1, 1, "x"]', ["issue.need:", "number 5", "given 'x'"]),
    "need a number": (HEAD + "[issue]\nneed = 1", ["issue.need:", "list of numbers", "given 1"]),
    "nobody": (HEAD + "[roster]\ncount = 0", ["roster.count:", "nobody", "one partner or more"]),
    "too many": (HEAD + "[roster]\ncount = 30000", ["roster.count:", "given 30000", "0 to 20000"]),
    "too many for all pairs": (
        HEAD + "[roster]\ncount = 5000",
        ["network.possible:", "5000 partners", "up to 2000", "possible = 'sparse'"],
    ),
    "members as text": (HEAD + '[roster]\nmembers = "yes"', ["roster.members:", "true or false", "'yes'"]),
    "no sectors": (HEAD + "[roster]\nsectors = []", ["roster.sectors:", "one or more names"]),
    "roster a number": (HEAD + "roster = 12", ["roster:", "must be a table", "given 12"]),
    "unknown roster key": (HEAD + "[roster]\nsize = 2", ["roster.size:", "not a known key", "Known: count"]),
    "partner without id": (HEAD + '[[partner]]\nname = "x"', ["partner[0].id", "is missing"]),
    "partner key": (
        HEAD + '[[partner]]\nid = "x"\ncapcity = 2',
        ["partner[0].capcity ('x'):", "not a known key", "Did you mean 'capacity'?"],
    ),
    "partner twice": (
        HEAD + '[[partner]]\nid = "x"\n[[partner]]\nid = "x"',
        ["partner:", "'x'", "2 times", "id of its own"],
    ),
    "partner negative": (
        HEAD + '[[partner]]\nid = "x"\n[[partner]]\nid = "y"\ncapacity = -1',
        ["partner[1].capacity ('y'):", "given -1", "100000 FTE"],
    ),
    "partner nan": (HEAD + '[[partner]]\nid = "x"\ntrust = nan', ["partner[0].trust", "finite", "0 to 1"]),
    "partner infinite": (HEAD + '[[partner]]\nid = "x"\ncapacity = inf', ["partner[0].capacity", "finite"]),
    "partner profile": (
        HEAD + '[[partner]]\nid = "x"\nframing = [1, 1, 1]',
        ["partner[0].framing ('x'):", "3 numbers", "5 workstreams", "one number a workstream"],
    ),
    "partners not tables": (HEAD + 'partner = ["x"]', ["partner[0]:", "must be a table", "'x'"]),
    "one partner table": (HEAD + '[partner]\nid = "x"', ["partner:", "must be a list"]),
    "backbone id is a partner": (
        TWO + '[backbone]\nid = "partner-2"',
        ["backbone.id:", "'partner-2'", "another id"],
    ),
    "network word": (
        HEAD + '[network]\npossible = "sparce"',
        ["network.possible:", "'sparce'", "'all', 'sparse'", "Did you mean 'sparse'?"],
    ),
    "unlisted word": (HEAD + '[network]\nunlisted = "none"', ["network.unlisted:", "'drawn', 'absent'"]),
    "network seed": (HEAD + "[network]\nseed = -1", ["network.seed:", "given -1"]),
    "tie with nobody": (
        TWO + '[[tie]]\nbetween = ["partner-1", "partner-9"]',
        ["tie[0].between:", "unknown organization 'partner-9'", "Did you mean 'partner-"],
    ),
    "tie with itself": (
        TWO + '[[tie]]\nbetween = ["partner-1", "partner-1"]',
        ["tie[0].between:", "itself", "two organizations"],
    ),
    "tie twice": (
        TWO + '[[tie]]\nbetween = ["partner-1", "partner-2"]\n[[tie]]\nbetween = ["partner-2", "partner-1"]',
        ["tie[1].between:", "already have tie[0]", "either order"],
    ),
    "tie of three": (TWO + '[[tie]]\nbetween = ["a", "b", "c"]', ["tie[0].between", "two organizations"]),
    "tie of none": (TWO + "[[tie]]\ncontact = 1", ["tie[0].between", "is missing"]),
    "tie contact": (
        TWO + '[[tie]]\nbetween = ["partner-1", "partner-2"]\ncontact = -1',
        ["tie[0].contact", "given -1", "contacts a month"],
    ),
    "tie trust of one": (
        TWO + '[[tie]]\nbetween = ["partner-1", "partner-2"]\ntrust = 0.5',
        ["tie[0].trust", "two numbers from 0 to 1", "given 0.5", "'drawn'"],
    ),
    "tie trust above 1": (
        TWO + '[[tie]]\nbetween = ["partner-1", "partner-2"]\ntrust = [0.5, 7]',
        ["tie[0].trust", "given 7", "0 to 1"],
    ),
    "unknown lever": (HEAD + "[levers]\nagneda = 1", ["levers:", "'agneda'", "Did you mean 'agenda'?"]),
    "lever too high": (HEAD + "[levers]\nagenda = 2", ["levers:", "'agenda' = 2", "0 to 1"]),
    "lever nan": (HEAD + "[levers]\nmeetings = nan", ["levers:", "'meetings'", "0 to 60"]),
    "lever text": (HEAD + '[levers]\nagenda = "high"', ["levers:", "must be a number", "'high'"]),
    "levers a list": (HEAD + "levers = [1]", ["levers:", "table of names and numbers"]),
    "unknown parameter": (
        HEAD + "[parameters]\ntrust_gains = 0.1",
        ["parameters:", "'trust_gains'", "Did you mean 'trust_gain'?"],
    ),
    "parameter out of range": (
        HEAD + "[parameters]\nsubstitution = 3",
        ["parameters:", "'substitution' = 3", "-20 to 1"],
    ),
    "unknown rule": (HEAD + '[rules]\ntrsut = "symmetric"', ["rules:", "'trsut'", "Did you mean 'trust'?"]),
    "unknown variant": (HEAD + '[rules]\ntrust = "symetric"', ["rules:", "'symetric'", "asymmetric, symmetric"]),
    "event without kind": (HEAD + "[[event]]\nmonth = 1", ["event[0]:", "needs a kind", "funder-leaves"]),
    "unknown event": (
        HEAD + '[[event]]\nkind = "funder-leave"\nmonth = 1',
        ["event[0] ('funder-leave'):", "unknown kind", "Did you mean 'funder-leaves'?"],
    ),
    "event without month": (HEAD + '[[event]]\nkind = "funder-leaves"', ["event[0].month", "is missing"]),
    "event in month 0": (
        HEAD + '[[event]]\nkind = "funder-leaves"\nmonth = 0',
        ["event[0].month ('funder-leaves'):", "given 0", "1 to 1200"],
    ),
    "event after the end": (
        HEAD + 'months = 24\n[[event]]\nkind = "funder-leaves"\nmonth = 36',
        ["event[0] ('funder-leaves'):", "month 36 is after the end", "1 to 24"],
    ),
    "event key": (
        HEAD + '[[event]]\nkind = "funder-leaves"\nmonth = 3\nstaffcut = 1',
        ["event[0].staffcut", "not a known key", "Did you mean 'staff_cut'?"],
    ),
    "event partner unknown": (
        TWO + '[[event]]\nkind = "partner-leaves"\nmonth = 3\npartner = "partner-7"',
        ["event[0] ('partner-leaves'): partner:", "unknown organization 'partner-7'", "Did you mean"],
    ),
    "event partner is the backbone": (
        TWO + '[[event]]\nkind = "partner-leaves"\nmonth = 3\npartner = "backbone"',
        ["event[0]", "'backbone' is the backbone", "allowed are partners"],
    ),
    "event lever unknown": (
        HEAD + '[[event]]\nkind = "set-lever"\nmonth = 3\nlever = "agend"\nvalue = 1',
        ["event[0].lever", "'agend'", "Did you mean 'agenda'?"],
    ),
    "event lever value": (
        HEAD + '[[event]]\nkind = "ramp-lever"\nmonth = 3\nlever = "agenda"\nvalue = 3\nover = 2',
        ["event[0] ('ramp-lever'):", "'agenda' = 3", "0 to 1"],
    ),
    "breach with itself": (
        TWO + '[[event]]\nkind = "trust-breach"\nmonth = 3\npartner = "partner-1"\nwith = "partner-1"',
        ["event[0] ('trust-breach'):", "both 'partner-1'", "name two"],
    ),
    "merger with itself": (
        TWO + '[[event]]\nkind = "merger"\nmonth = 3\ninto = "partner-1"\npartner = "partner-1"',
        ["event[0] ('merger'):", "both 'partner-1'", "name two partners"],
    ),
    "partner leaves after its merger": (
        TWO + '[[event]]\nkind = "merger"\nmonth = 3\ninto = "partner-1"\npartner = "partner-2"\n'
        '[[event]]\nkind = "partner-leaves"\nmonth = 4\npartner = "partner-2"',
        ["event[1] ('partner-leaves'):", "merged in month 3", "another partner"],
    ),
    "events bring a lever out of range": (
        HEAD + "[levers]\nbackbone_staff = 400\n"
        '[[event]]\nkind = "hire-backbone-staff"\nmonth = 7\nfte = 200',
        ["event:", "'backbone_staff'", "600 in month 7", "0 to 500 FTE", "change one of them"],
    ),
    "extends nothing known": (
        'extends = "colective-impact"\nname = "a"',
        ["extends:", "'colective-impact'", "Did you mean 'collective-impact'?"],
    ),
    "extends a number": ('extends = 3\nname = "a"', ["extends:", "no preset 3"]),
    "extends without a name": ('extends = "collective-impact"', ["name:", "is missing"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_one_fault_is_told_once_with_all_that_helps(case: str) -> None:
    text, fragments = CASES[case]
    with pytest.raises(SpecError) as caught:
        Scenario.from_toml(text, source="plan.toml")
    assert len(caught.value.faults) == 1, caught.value
    message = str(caught.value)
    assert message.startswith("plan.toml: ")
    assert [part for part in fragments if part not in message] == [], message
    for jargon in ("pydantic", "validation error", "type=", "float_", "Traceback", "Input should"):
        assert jargon not in message


def test_every_fault_of_a_file_is_told_at_once() -> None:
    parts = [text.removeprefix(HEAD) for name, (text, _) in CASES.items() if name in _TOGETHER]
    text = "months = 12\n" + "\n".join(parts)
    with pytest.raises(SpecError) as caught:
        Scenario.from_toml(text, source="plan.toml")
    message = str(caught.value)
    assert message.startswith("plan.toml: 9 faults\n")
    for fragment in (
        "name: is missing",
        "issue.need: has 2 numbers",
        "partner[0].capcity ('x'): is not a known key",
        "levers: unknown lever 'agneda'",
        "parameters: unknown uncertainty 'trust_gains'",
        "rules: unknown rule choice 'trsut'",
        "event[0] ('funder-leave'): unknown kind",
        "event[1].staffcut ('funder-leaves'): is not a known key",
        "tie[0].between ('ab'): must name two organizations",
    ):
        assert fragment in message, fragment


_TOGETHER = {
    "need of other length", "partner key", "unknown lever", "unknown parameter", "unknown rule",
    "unknown event", "event key", "tie text",
}  # fmt: skip
CASES["tie text"] = (HEAD + '[[tie]]\nbetween = "ab"', ["tie[0].between", "two organizations", "'ab'"])


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 45


def test_a_record_made_in_code_is_checked_too() -> None:
    from cisim.world.events import FunderLeaves

    with pytest.raises(SpecError) as caught:
        FunderLeaves(month=-1, staff_cut=2)
    assert len(caught.value.faults) == 2
    assert str(caught.value).startswith("FunderLeaves: 2 faults")


def test_text_that_cannot_be_saved_is_refused() -> None:
    with pytest.raises(SpecError, match="title:"):
        Scenario(name="a", title="\ud800")
