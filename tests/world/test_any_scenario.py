"""What holds for any scenario, tried on scenarios drawn at random."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cisim.theory.parameters import LEVERS, UNCERTAINTIES, Parameter
from cisim.theory.rules import CHOICES
from cisim.theory.sources import SOURCES
from cisim.world.events import KINDS
from cisim.world.scenario import Scenario

IDS = ("partner-1", "partner-2", "partner-3", 'North "County"', "Ünï/köd 🌍", "x.y = 3 # no", "'", "7")
shares = st.floats(0, 1)
anything = st.text(max_size=30).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text))
line = anything.map(lambda text: " ".join(text.split())).filter(lambda text: len(text.splitlines()) <= 1)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def numbers(declared: dict[str, Parameter]) -> st.SearchStrategy[dict[str, float]]:
    return st.fixed_dictionaries({}, optional={n: st.floats(p.least, p.most) for n, p in declared.items()})


def profile(width: int) -> st.SearchStrategy[Any]:
    return maybe(st.lists(st.floats(0, 1e9), min_size=width, max_size=width).filter(lambda v: sum(v) > 1e-6))


def partner(name: str, width: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"id": st.just(name)},
        optional={
            "name": line, "sector": line, "member": st.booleans(), "may_join": st.booleans(),
            "capacity": st.floats(0.001, 100_000), "relational_capacity": st.floats(0, 10_000),
            "engagement": shares, "practice": shares, "trust": shares,
            "mission": profile(width), "framing": profile(width), "portfolio": profile(width),
        },
    )  # fmt: skip


def event(ids: list[str], months: int) -> st.SearchStrategy[dict[str, Any]]:
    month, who = st.integers(1, months), st.sampled_from(ids)
    level = st.floats(0, 1)
    fields: dict[str, dict[str, Any]] = {
        "hire-backbone-staff": {"fte": st.floats(0, 20)},
        "cut-backbone-staff": {"fte": st.floats(0, 20)},
        "backbone-closes": {},
        "funder-enters": {"pooled_funding": st.floats(0, 50), "staff": st.floats(0, 20)},
        "funder-leaves": {"staff_cut": level},
        "launch-shared-measurement": {"level": level},
        "drop-shared-measurement": {},
        "set-lever": {"lever": st.just("agenda"), "value": level},
        "ramp-lever": {"lever": st.just("coordination"), "value": level, "over": st.integers(1, 99)},
        "partner-joins": {"partner": who},
        "partner-leaves": {"partner": who},
        "leader-changes": {"partner": who, "loss": level},
        "trust-breach": {"partner": st.just(ids[0]), "with": st.none() | st.sampled_from(ids[1:]), "loss": level},
        "policy-window": {"size": st.floats(0, 100)},
        "issue-shock": {"size": st.floats(-5, 5)},
        "merger": {"into": st.just(ids[0]), "partner": st.just("partner-2"), "month": st.just(months)},
        "backbone-moves": {"loss": level},
    }  # fmt: skip
    assert fields.keys() == KINDS.keys(), "give the new event a strategy here"
    return st.one_of(
        [
            st.fixed_dictionaries({"kind": st.just(kind), "month": month} | more)
            for kind, more in fields.items()
        ]
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    width = draw(st.integers(2, 12))
    months = draw(st.integers(1, 1_200))
    listed = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=5))
    told: dict[str, Any] = {"name": draw(st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True))}
    told |= {"months": months, "title": draw(line), "description": draw(anything)}
    told |= (
        {"workstreams": [f"stream {k}" for k in range(width)]} if width != 5 or draw(st.booleans()) else {}
    )
    if not listed or draw(st.booleans()) or not {"partner-1", "partner-2"} <= set(listed):
        told["roster"] = draw(
            st.fixed_dictionaries(
                {"count": st.integers(3, 40)}, optional={"members": st.booleans(), "may_join": st.booleans()}
            )
        )
    told["partner"] = [draw(partner(name, width)) for name in listed]
    ids = list(dict.fromkeys(["partner-1", "partner-2", *listed]))
    pairs = st.lists(st.sampled_from([*ids, "backbone"]), min_size=2, max_size=2, unique=True)
    told["tie"] = [
        {
            "between": pair,
            "contact": draw(maybe(st.floats(0, 500))),
            "trust": draw(maybe(st.tuples(maybe(shares), maybe(shares)))),
            "collaboration": draw(maybe(shares)),
        }
        for pair in draw(st.lists(pairs, max_size=6, unique_by=frozenset))
    ]
    told["event"] = draw(st.lists(event(ids, months), max_size=6))
    told["issue"] = {"need": draw(profile(width)), "target": draw(shares)}
    told["network"] = {
        "possible": draw(st.sampled_from(["all", "sparse"])),
        "ties_per_partner": draw(st.integers(0, 30)),
        "unlisted": draw(st.sampled_from(["drawn", "absent"])),
        "seed": draw(st.integers(0, 2**63 - 1)),
    }
    levers = draw(numbers(LEVERS))
    told["levers"] = levers | {"backbone_staff": min(levers.get("backbone_staff", 0), 300)}
    told["levers"]["pooled_funding"] = min(levers.get("pooled_funding", 0), 5_000)
    told["parameters"] = draw(numbers(UNCERTAINTIES))
    told["rules"] = draw(
        st.fixed_dictionaries(
            {}, optional={choice: st.sampled_from(list(v)) for choice, v in CHOICES.items()}
        )
    )
    told["sources"] = [
        {"key": key, "reason": draw(line.filter(bool))}
        for key in draw(st.lists(st.sampled_from(list(SOURCES)), max_size=2))
    ]
    return Scenario(**told)


QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@QUICK
@given(scenarios())
def test_to_toml_and_back_is_the_same_scenario(plan: Scenario) -> None:
    text = plan.to_toml()
    again = Scenario.from_toml(text)
    assert again == plan
    assert again.to_toml() == text


@QUICK
@given(scenarios())
def test_any_scenario_lowers_and_describes_itself(plan: Scenario) -> None:
    blueprint = plan.lower()
    assert blueprint.ids == plan.ids
    assert len(blueprint.levers) == plan.months + 1
    assert all(len(line) <= 80 or " " not in line.strip() for line in _body(plan))


def _body(plan: Scenario) -> list[str]:
    return plan.replace(description="", title="").describe().splitlines()[2:]
