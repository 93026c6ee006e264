"""A link restores everything exactly; a broken or hostile one gives a notice, never an error."""

from __future__ import annotations

import base64
import json
import random
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_actions import JSON, SENSIBLE

from cisim import verbs
from cisim.app.state.actions import act
from cisim.app.state.history import History, start
from cisim.app.state.limits import Limits
from cisim.app.state.link import link_of, restored
from cisim.app.state.packing import packed
from cisim.app.state.session import Session
from cisim.app.state.view import view_of
from cisim.world.events import KINDS
from cisim.world.network import Tie
from cisim.world.partners import Partner
from cisim.world.scenario import Scenario

LIMITS = Limits()
FIRST = start().present


def after(*actions: dict) -> History:
    history = start()
    for action in actions:
        history, notices = act(history, action)
        assert not [one for one in notices if one["kind"] == "error"], (action, notices)
    return history


def again(session: Session) -> Session:
    link = link_of(session, LIMITS)
    assert link
    found, notices = restored(link, LIMITS, FIRST)
    assert notices == []
    return found


def link_with(values: object) -> str:
    """A link that holds these values, with the right checksum."""
    return link_around(zlib.compress(json.dumps(values).encode()))


def link_around(raw: bytes, version: str = "1") -> str:
    data = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    return f"s={version}.{data}.{zlib.crc32(data.encode()):08x}"


def refusal(query: str, limits: Limits = LIMITS) -> str:
    """What is said of a link that cannot be opened; the first session is there all the same."""
    session, notices = restored(query, limits, FIRST)
    assert session is FIRST
    assert [one["kind"] for one in notices] == ["error"]
    json.dumps(notices, ensure_ascii=False).encode()
    return " ".join([notices[0]["text"], *notices[0]["details"]])


def coalition(partners: int, share: float) -> Scenario:
    """A listed coalition with a known part of its ties."""
    draws = random.Random(4)
    ids = [f"org-{number}" for number in range(partners)]
    ties = [
        Tie(between=(one, other), contact=round(10 * draws.random(), 4), trust=(round(draws.random(), 3), None))
        for at, one in enumerate(ids) for other in ids[:at] if draws.random() < share
    ]  # fmt: skip
    listed = tuple(Partner(id=one, name=f"Organization {one}", capacity=draws.random() + 0.1) for one in ids)
    return Scenario(name="listed", title="Ünïted Way", partner=listed, tie=tuple(ties))


def test_twenty_events_of_every_kind_are_restored_exactly():
    draws = random.Random(1)
    kinds = [*KINDS, *KINDS][:20]
    events = [
        {"do": "event-add", "event": {"kind": kind, "month": draws.randint(1, 60)}}
        for kind in kinds if kind != "merger"
    ]  # fmt: skip
    events += [
        {"do": "event-add", "event": {"kind": "merger", "month": 100, "partner": f"partner-{n}"}}
        for n in (8, 9)
    ]
    history = after(*events[:20])
    now = history.present
    assert len(now.scenario.event) == 20
    found = again(now)
    assert found == now and found.scenario.event == now.scenario.event
    assert [event.model_dump() for event in found.scenario.event] == [
        event.model_dump() for event in now.scenario.event
    ]
    assert len(link_of(now, LIMITS)) < 1_000


def test_everything_else_is_restored_exactly():
    history = after(
        {"do": "lever", "name": "agenda", "value": 0.1 + 0.2}, {"do": "baseline"}, {"do": "seed", "value": 2**32 - 1},
        {"do": "replicates", "value": 173}, {"do": "replicate", "value": 99}, {"do": "posterior", "name": "shipped"},
        {"do": "plan-add"}, {"do": "story", "name": "statewide-coalition"}, {"do": "plan-title", "title": "Plan ü"},
        {"do": "rule", "choice": "influence", "variant": "degroot"}, {"do": "target", "value": 0.61},
        {"do": "parameter", "name": "trust_gain", "value": 1 / 30}, {"do": "select", "id": "food-bank"},
        {"do": "predict", "outcome": "trust_mean", "points": [[0, 0.3], [60, 2 / 3]], "choice": "it rises", "hidden": True},
        {"do": "desk", "month": 60, "outcome": "contribution"}, {"do": "bench-open", "folder": "studies/one"},
        {"do": "bench-axes", "x": "agenda", "y": "meetings", "outcome": "severity"}, {"do": "page", "name": "desk"},
    )  # fmt: skip
    now = history.present
    found = again(now)
    assert found == now
    assert found.scenario.posterior == now.scenario.posterior and found.baseline == now.baseline
    assert found.openings == now.openings


def test_a_link_that_came_back_is_the_same_link():
    now = after({"do": "plan-add"}, {"do": "lever", "name": "meetings", "value": 1.7}).present
    assert link_of(again(now), LIMITS) == link_of(now, LIMITS)


def test_an_imported_coalition_fits_where_it_is_small_and_is_restored_exactly():
    scenario = coalition(12, 0.4)
    now = Session(
        plans=(scenario, verbs.preset("isolated-impact")),
        openings=(scenario, verbs.preset("isolated-impact")),
    )
    found = again(now)
    assert found == now and found.scenario.to_toml() == scenario.to_toml()


def test_a_coalition_too_large_for_an_address_has_no_link():
    text = coalition(60, 0.8).to_toml()
    history = after({"do": "upload", "kind": "scenario", "files": [{"name": "large.toml", "text": text}]})
    assert view_of(history)["link"] == ""


def test_an_own_posterior_travels_in_the_link_where_it_fits():
    table = {"names": ["trust_gain", "potency"], "rows": [[0.03, 2.5], [0.04, 3.5]], "origin": "mine.csv"}
    scenario = verbs.preset("collective-impact").replace(posterior=table)
    found = again(Session(plans=(scenario,), openings=(scenario,)))
    assert found.scenario.posterior == scenario.posterior and found.scenario.posterior.origin == "mine.csv"


@given(st.lists(SENSIBLE, max_size=16))
@settings(max_examples=60)
def test_any_session_that_can_be_reached_is_restored_exactly(actions):
    history = start()
    for action in actions:
        history, _ = act(history, action)
    now = history.present
    link = link_of(now, replace(LIMITS, link_characters=100_000))
    found, notices = restored(link, LIMITS, FIRST)
    assert notices == [] and found == now
    assert [plan.to_toml() for plan in found.plans] == [plan.to_toml() for plan in now.plans]
    assert packed(found) == packed(now)


def test_opening_a_link_is_a_step_that_can_be_taken_back():
    link = link_of(after({"do": "lever", "name": "agenda", "value": 0.25}).present, LIMITS)
    history, notices = act(start(), {"do": "open-link", "query": f"?{link}"})
    assert notices == [] and history.present.scenario.levers["agenda"] == 0.25
    again_, _ = act(history, {"do": "open-link", "query": link})
    assert len(again_.past) == 1, "the same link again is no step"
    assert act(history, {"do": "undo"})[0].present == FIRST
    assert act(history, {"do": "open-link", "query": ""})[0].present == FIRST


def test_links_that_people_write_work():
    session, notices = restored(
        "?agenda=0.5&story=funder-leaves&seed=3&months=60&page=desk&trust_gain=.05", LIMITS, FIRST
    )
    assert notices == []
    assert session.scenario.name == "funder-leaves" and session.scenario.levers["agenda"] == 0.5
    assert (session.seed, session.months, session.page) == (3, 60, "desk")
    assert session.scenario.parameters == {"trust_gain": 0.05}
    assert session.scenario.levers["pooled_funding"] == 5, "what is not told is the story's"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("agenda=nan", "finite"),
        ("agenda=inf", "finite"),
        ("agenda=1e999", "finite"),
        ("agenda=-1", "allowed is 0 to 1"),
        ("agenda=" + "9" * 5_000, "finite"),
        ("seed=1.5", "whole number"),
        ("months=99999", "240"),
        ("agendum=1", "Did you mean 'agenda'?"),
        ("story=funder-leavs", "Did you mean 'funder-leaves'?"),
        ("story=../../etc/passwd", "no preset"),
        ("posterior=/etc/passwd", "no shipped posterior"),
        ("junk", "nothing called 'junk'"),
        ("&&&", "nothing in it"),
        ("x" * 10_000, "nothing called"),
        ("%00%ff\ud800=1", "nothing called"),
        ("y" * 100_001, "allowed are 100,000"),
        ("&".join(f"a{n}=1" for n in range(300)), "damaged"),
        ("s=", "format"),
        ("s=2.abc.def", "this page reads format '1'"),
        ("s=1", "damaged"),
        ("s=1.abc.00000000", "damaged"),
        ("s=1.äöü.00000000", "damaged"),
        (link_around(b"no zip"), "damaged"),
        (link_around(zlib.compress(b"no json")), "damaged"),
        (link_around(zlib.compress(b"[" * 100_000)), "damaged"),
        (link_around(zlib.compress(b"{}"))[:-1], "damaged"),
        (link_around(zlib.compress(b"{}")[:-3]), "damaged"),
        (link_around(zlib.compress(b"0" * 50_000_000, 9)), "damaged"),
        (link_around(zlib.compress(b'{"seed": NaN}')), "damaged"),
        (link_around(zlib.compress(b'{"seed": 1' + b"0" * 1_000 + b"}")), "too large"),
        (link_around(zlib.compress(b'{"seed": 1' + b"0" * 5_000 + b"}")), "damaged"),
        (link_around(zlib.compress(b"{}"), "9"), "format"),
        (link_with([]), "damaged"),
        (link_with({}), "openings"),
        (link_with({"openings": [], "plans": []}), "plans: is empty"),
        (link_with({"openings": ["isolated-impact"], "plans": [[1, {}]]}), "allowed is a whole number from 0 to 0"),
        (link_with({"openings": ["isolated"], "plans": [[0, {}]]}), "no preset 'isolated'"),
        (link_with({"openings": ["isolated-impact"], "plans": [[0, {}]], "sed": 1}), "'sed' is not a known key"),
        (link_with({"openings": ["isolated-impact"], "plans": [[0, {"levers": {"agenda": 2}}]]}), "out of range"),
        (link_with({"openings": ["isolated-impact"], "plans": [[0, {"levers": 7}]]}), "levers"),
        (link_with({"openings": ["isolated-impact"], "plans": [[0, {"lever": {}}]]}), "not a known key"),
        (link_with({"openings": ["isolated-impact"], "plans": [[0, {"months": 900}]]}), "months: 900 are more"),
        (link_with({"openings": ["isolated-impact"], "plans": [[0, {"posterior": "/etc/passwd"}]]}), "no shipped posterior"),
        (link_with({"openings": ["isolated-impact"], "plans": [[0, {"roster": {"count": 2_000}}]]}), "partners: 2,000"),
        (link_with({"openings": ["isolated-impact"], "plans": [[0, {}]], "replicates": 10**6}), "1 to 200"),
        (link_with({"openings": ["isolated-impact"], "plans": [[0, {}]], "selected": "nobody"}), "no organization"),
        (link_with({"openings": [{"name": "x"}], "plans": [[0, {}]] * 7}), "allowed are up to 6"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(query, told):
    assert told in refusal(query)


def test_a_link_of_a_server_that_allows_more_is_refused_in_words():
    link = link_of(after({"do": "replicates", "value": 150}, {"do": "months", "value": 200}).present, LIMITS)
    assert "up to 120" in refusal(link, Limits(months=120))
    assert "1 to 100" in refusal(link, Limits(replicates=100))


def test_a_link_with_one_letter_changed_is_noticed():
    link = link_of(after({"do": "lever", "name": "agenda", "value": 0.25}).present, LIMITS)
    for at in range(4, len(link), 7):
        other = "A" if link[at] != "A" else "B"
        refusal(link[:at] + other + link[at + 1 :])


@given(
    st.text(max_size=80)
    | st.builds("s={}".format, st.text(max_size=60))
    | st.builds("s=1.{}.{}".format, st.text(), st.text())
)
@settings(max_examples=150)
def test_no_text_breaks_it(query):
    restored(query, LIMITS, FIRST)


PLAUSIBLE = st.fixed_dictionaries(
    {
        "openings": st.lists(st.sampled_from(verbs.presets()) | JSON, max_size=2),
        "plans": st.just([[0, {}]]) | JSON,
    },
    optional={
        name: JSON
        for name in ("shown", "seed", "replicate", "page", "prediction", "desk", "bench", "baseline")
    },
)
DIFFERENCES = st.dictionaries(
    st.sampled_from([*Scenario.model_fields]),
    JSON | st.dictionaries(st.sampled_from(["agenda", "count", "id"]), JSON),
    max_size=3,
)


@given(
    PLAUSIBLE | st.builds(lambda told: {"openings": ["isolated-impact"], "plans": [[0, told]]}, DIFFERENCES)
)
@settings(max_examples=150)
def test_no_values_with_the_right_checksum_break_it(values):
    text = json.dumps(values)
    session, notices = restored(link_around(zlib.compress(text.encode())), LIMITS, FIRST)
    assert bool(notices) == (session is FIRST)
