"""Scenarios drawn at random for the tests of the engines: small, short, and anything that is allowed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from cisim.theory.parameters import LEVERS, UNCERTAINTIES, Parameter
from cisim.world.scenario import Scenario

VARIANTS: tuple[dict[str, str], ...] = (
    {},  # the defaults
    {"influence": "degroot", "trust": "symmetric", "delivery": "linear"},
    {"influence": "bounded-confidence", "trust": "asymmetric", "delivery": "minimum"},
    {"influence": "friedkin-johnsen", "trust": "symmetric", "delivery": "minimum"},
)
"""Few, because each is compiled once (about half a minute); together they use every variant."""
USUAL, OTHER_WIDTHS = (5,), (2, 6)
"""Numbers of workstreams; each takes a kernel of its own."""
MARKED = [
    pytest.param(VARIANTS[0], USUAL, id="default"),
    pytest.param(VARIANTS[0], OTHER_WIDTHS, id="default, other widths", marks=pytest.mark.slow),
    *(
        pytest.param(rules, USUAL, id="-".join(rules.values()), marks=pytest.mark.slow)
        for rules in VARIANTS[1:]
    ),
]
"""Rules and widths for a test of each; all but the first are compiled where there is time."""

shares = st.floats(0, 1)
Strategy = st.SearchStrategy[Any]


def of(declared: Parameter) -> Strategy:
    """Any value that is allowed; the ends and the default often."""
    ends = st.sampled_from([declared.least, declared.low, declared.default, declared.high, declared.most])
    return ends | st.floats(declared.least, declared.most)


def some_of(declared: dict[str, Parameter], most: int) -> Strategy:
    """{name: value} for up to `most` declared numbers."""

    def values(names: list[str]) -> Strategy:
        return st.fixed_dictionaries({name: of(declared[name]) for name in names})

    return st.lists(st.sampled_from(list(declared)), max_size=most, unique=True).flatmap(values)


def with_room(levers: dict[str, float]) -> dict[str, float]:
    """Levers below their most by as much as four events can add."""
    most = {"backbone_staff": LEVERS["backbone_staff"].most - 25, "pooled_funding": 9_000.0}
    return levers | {name: min(levers[name], most[name]) for name in most if name in levers}


def profile(width: int) -> Strategy:
    """Shares of the workstreams, some of them often nothing."""
    share = st.floats(0.01, 1) | st.just(0.0)
    return st.none() | st.lists(share, min_size=width, max_size=width).filter(any)


def partner(name: str, width: int) -> Strategy:
    """A listed partner that says anything of itself, or nothing."""
    return st.fixed_dictionaries(
        {"id": st.just(name)},
        optional={
            "sector": st.sampled_from(["", "nonprofit", "government"]),
            "member": st.booleans(), "may_join": st.booleans(),
            "capacity": st.floats(0.1, 50), "relational_capacity": st.floats(0, 200),
            "engagement": shares, "practice": shares, "trust": shares,
            "mission": profile(width), "framing": profile(width), "portfolio": profile(width),
        },
    )  # fmt: skip


def tie(pair: tuple[str, str]) -> Strategy:
    """What is known of a pair."""
    return st.fixed_dictionaries(
        {"between": st.just(pair)},
        optional={
            "contact": st.floats(0, 100) | st.just(0.0),
            "trust": st.tuples(st.none() | shares, st.none() | shares),
            "collaboration": shares,
        },
    )


def event_fields(ids: list[str]) -> dict[str, dict[str, Strategy]]:
    """What an event of each kind needs besides its month. Only the last partner ever merges into another."""
    who, level = st.sampled_from(ids[:-1]), shares
    return {
        "hire-backbone-staff": {"fte": st.floats(0, 20)},
        "cut-backbone-staff": {"fte": st.floats(0, 20)},
        "backbone-closes": {},
        "funder-enters": {"pooled_funding": st.floats(0, 50), "staff": st.floats(0, 5)},
        "funder-leaves": {"staff_cut": level},
        "launch-shared-measurement": {"level": level},
        "drop-shared-measurement": {},
        "set-lever": {"lever": st.sampled_from(["agenda", "funded", "prototyping"]), "value": level},
        "ramp-lever": {"lever": st.just("coordination"), "value": level, "over": st.integers(1, 9)},
        "partner-joins": {"partner": who},
        "partner-leaves": {"partner": who},
        "leader-changes": {"partner": st.sampled_from([*ids[:-1], "backbone"]), "loss": level},
        "trust-breach": {"partner": st.just(ids[0]), "with": st.sampled_from([*ids[1:-1], "backbone"]), "loss": level},
        "policy-window": {"size": st.floats(0, 2)},
        "issue-shock": {"size": st.floats(-1, 1)},
        "merger": {"into": who, "partner": st.just(ids[-1])},
        "backbone-moves": {"loss": level},
    }  # fmt: skip


def event(ids: list[str], months: int) -> Strategy:
    """An event of any kind in any month."""

    def fill(kind: str) -> Strategy:
        told = {"kind": st.just(kind), "month": st.integers(1, months)}
        return st.fixed_dictionaries(told | fields[kind])

    fields = event_fields(ids)
    return st.sampled_from(list(fields)).flatmap(fill)


@st.composite
def scenarios(
    draw: st.DrawFn,
    rules: dict[str, str] | None = None,
    parameters: int = 12,
    months: tuple[int, int] = (3, 10),
    widths: tuple[int, ...] = USUAL,
) -> Scenario:
    """A scenario of 2 to 9 partners with anything that may happen in it."""
    width = draw(st.sampled_from(widths))
    horizon = draw(st.integers(*months))
    count = draw(st.integers(2, 7))
    listed = draw(st.sampled_from([[], ["partner-2"], ["partner-1", "Extra"], ["Extra", "Other"]]))
    ids = list(dict.fromkeys([*(f"partner-{n + 1}" for n in range(count)), *listed]))
    pairs = [(a, b) for at, a in enumerate([*ids, "backbone"]) for b in [*ids, "backbone"][:at]]
    known = draw(st.lists(st.sampled_from(pairs), max_size=4, unique=True))
    return Scenario(
        name="random",
        months=horizon,
        workstreams=tuple(f"work {k}" for k in range(width)),
        issue={"need": draw(profile(width)), "target": draw(shares)},
        roster={"count": count, "members": draw(st.booleans()), "may_join": draw(st.booleans())},
        partner=[draw(partner(name, width)) for name in listed],
        network={
            "possible": draw(st.sampled_from(["all", "sparse"])),
            "ties_per_partner": draw(st.integers(0, 6)),
            "unlisted": draw(st.sampled_from(["drawn", "absent"])),
        },
        tie=[draw(tie(pair)) for pair in known],
        levers=draw(some_of(LEVERS, 9).map(with_room)),
        parameters=draw(some_of(UNCERTAINTIES, parameters)),
        rules=rules or {},
        event=draw(st.lists(event(ids, horizon), max_size=4, unique_by=lambda told: told["kind"])),
    )
