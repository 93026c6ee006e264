"""A scenario in words: the whole plan, told before it runs."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.rules import default_choices
from cisim.theory.sources import ASSUMPTION
from cisim.theory.state import FUNCTIONS

if TYPE_CHECKING:
    from cisim.world.scenario import Scenario

__all__ = ["describe", "level_word"]

WIDTH = 80
_MOST_NAMES = 45
_MOST_SPREADS = 12
_LEVELS = ("agenda", "measurement", "coordination", "prototyping")
_LABELS = {
    "agenda": "common agenda process",
    "measurement": "shared measurement",
    "coordination": "coordinated activities",
    "prototyping": "prototyping",
    "meetings": "meetings",
    "backbone_staff": "backbone staff",
    "pooled_funding": "pooled funding",
    "invitations": "invitations",
    "funded": "core funding",
}
_PER_REPLICATE = "drawn for each replicate"


def describe(scenario: Scenario) -> str:
    """Who, network, issue, levers, what differs from the defaults, and what happens in which month."""
    title = f"{scenario.title or scenario.name} ({scenario.name})"
    parts = [f"{title}\n{'=' * len(title)}", *_description(scenario)]
    for heading, lines in (
        ("Who", _who(scenario)),
        ("Network", _network(scenario)),
        ("Issue", _issue(scenario)),
        ("Levers at the start", _levers(scenario)),
        ("Parameters that differ from the default", _parameters(scenario)),
        *_posterior(scenario),
        ("Rules that differ from the default", _rules(scenario)),
        ("What happens", _calendar(scenario)),
    ):
        parts.append("\n".join([heading, *(lines or ["  none"])]))
    return "\n\n".join(parts) + "\n"


def level_word(level: float) -> str:
    """A level in the field's own words: 0 absent, 0.5 emerging, 1 mature."""
    words = {0.0: "absent", 0.5: "emerging", 1.0: "mature"}
    if level in words:
        return words[level]
    return "between absent and emerging" if level < 0.5 else "between emerging and mature"


def _description(scenario: Scenario) -> list[str]:
    return [textwrap.fill(part, WIDTH) for part in scenario.description.split("\n\n") if part]


def _who(scenario: Scenario) -> list[str]:
    blueprint = scenario.lower()
    rows = blueprint.organizations[:-1]
    members, total = int(rows["member"].sum()), len(rows)
    sectors = Counter(blueprint.sectors[number] or "without a sector" for number in rows["sector"])
    listed = {partner.id for partner in scenario.partner}
    generated = sum(name not in listed for name in blueprint.ids[:-1])
    mix = ", ".join(f"{number} {sector}" for sector, number in sectors.items())
    called = scenario.backbone.name or scenario.backbone.id
    lines = [
        f"{_count(total, 'partner')} ({_origin(total - generated, generated)}): {mix}.",
        _membership(members, int(((rows["member"] == 0) & (rows["may_join"] == 1)).sum()), total),
        *_named(scenario),
        _given(scenario, total),
        f"The backbone is called {called!r}; it acts while it has staff and delivers no services itself.",
    ]
    return _items(lines)


def _membership(members: int, may_join: int, total: int) -> str:
    first = f"{_count(members, 'partner')} {'is a member' if members == 1 else 'are members'} at the start"
    return f"{first}." if members == total else f"{first}; {may_join:,} of the others may join if invited."


def _origin(listed: int, generated: int) -> str:
    if listed and generated:
        return f"{listed} listed, {generated} generated"
    return "all listed" if listed else "all generated"


def _named(scenario: Scenario) -> list[str]:
    """The names of listed partners where there are few enough to read."""
    named = [partner.name for partner in scenario.partner if partner.name]
    return [f"Among them: {', '.join(named)}."] if 0 < len(named) <= _MOST_NAMES else []


def _given(scenario: Scenario, total: int) -> str:
    """What listed partners say of themselves, and that the rest is drawn."""
    values = ("capacity", "relational_capacity", "engagement", "practice", "trust")
    told = {
        name.replace("_", " "): sum(getattr(partner, name) is not None for partner in scenario.partner)
        for name in (*values, "mission", "framing", "portfolio")
    }
    given = ", ".join(f"{name} of {number}" for name, number in told.items() if number)
    drawn = ", ".join(name for name, number in told.items() if number < total)
    parts = [f"Given: {given}."] if given else []
    parts += [f"{'Otherwise drawn' if given else 'Drawn'} for each replicate: {drawn}."] if drawn else []
    return " ".join(parts)


def _network(scenario: Scenario) -> list[str]:
    blueprint, network = scenario.lower(), scenario.network
    backbone = len(blueprint.ids) - 1
    pairs = int((blueprint.ties["j"] < backbone).sum())
    possible = (
        f"Every pair of partners can be in contact: {_count(pairs, 'pair')}."
        if network.possible == "all"
        else f"{_count(pairs, 'pair')} of partners can be in contact, about {network.ties_per_partner} a "
        f"partner, made from seed {network.seed}."
    )
    with_backbone = sum(scenario.backbone.id in tie.between for tie in scenario.tie)
    listed = (
        f"{_count(len(scenario.tie), 'tie')} {'is' if len(scenario.tie) == 1 else 'are'} listed, "
        f"{with_backbone} of them with the backbone."
        if scenario.tie
        else "No tie is listed."
    )
    others = "pairs that are not listed" if scenario.tie else "all pairs"
    rest = (
        "Pairs that are not listed start without contact and joint work."
        if network.unlisted == "absent"
        else f"First contacts and joint work of {others} are {_PER_REPLICATE}; contact with the "
        "backbone starts at 0 unless it is listed."
    )
    return _items([possible, listed, rest, f"Trust that is not listed is {_PER_REPLICATE}."])


def _issue(scenario: Scenario) -> list[str]:
    issue, streams = scenario.issue, scenario.workstreams
    need = (
        f"The true mix of work it needs is {_PER_REPLICATE}."
        if issue.need is None
        else f"The true mix of work it needs: {_mix(streams, issue.need)}."
    )
    return _items(
        [
            f"{len(streams)} workstreams: {', '.join(streams)}.",
            f"{need} Partners do not know it.",
            f"Target: severity {issue.target:g}, {_percent(1 - issue.target)} below the start.",
        ]
    )


def _levers(scenario: Scenario) -> list[str]:
    values = {name: scenario.levers.get(name, declared.default) for name, declared in LEVERS.items()}
    rows = [(label, _number(values[name]), _in_words(name, values[name])) for name, label in _LABELS.items()]
    focus = _mix(FUNCTIONS, [values[f"focus_{name}"] for name in FUNCTIONS])
    return [*_columns(rows), *_items([f"Backbone time: {focus}."] if values["backbone_staff"] else [])]


def _in_words(name: str, value: float) -> str:
    if name in _LEVELS:
        return level_word(value)
    if name == "funded":
        return {0.0: "ended", 1.0: "secure"}.get(value, "partly secure")
    unit = LEVERS[name].unit
    return "none" if value == 0 else {"FTE": "full-time equivalents", "per month": "a month"}.get(unit, unit)


def _parameters(scenario: Scenario) -> list[str]:
    lines = []
    for name, value in scenario.parameters.items():
        declared = UNCERTAINTIES[name]
        if value != declared.default:
            basis = ASSUMPTION if declared.basis == ASSUMPTION else f"default from {declared.basis}"
            change = f"{name} = {value:g} {declared.unit} instead of {declared.default:g}"
            lines.append(f"{change}: {declared.meaning} [{basis}]")
    return _items(lines)


def _posterior(scenario: Scenario) -> list[tuple[str, list[str]]]:
    """What the draws are, told where there are any."""
    posterior = scenario.posterior
    if posterior is None:
        return []
    free = posterior.free(scenario.parameters)
    first = (
        f"{posterior.in_words()}; replicate r has draw r, counted from 0, and after the last the first again."
    )
    spreads = posterior.summary()
    rows = []
    for name in free[:_MOST_SPREADS]:
        spread, declared = spreads[name], UNCERTAINTIES[name]
        ends = f"{spread.low:.3g} to {spread.high:.3g} {declared.unit} (5 to 95 %)"
        rows.append((name, f"{spread.median:.3g}", f"{ends}, default {declared.default:g}"))
    more = [f"… and {len(free) - _MOST_SPREADS} more."] if len(free) > _MOST_SPREADS else []
    if own := [name for name in posterior.names if name not in free]:
        more.append(f"Not drawn, as the scenario says them itself: {', '.join(own)}.")
    more += [f"{key}: {value}" for key, value in posterior.provenance.items()]
    return [("Posterior", [*_items([first]), *(_columns(rows) if rows else []), *_items(more)])]


def _rules(scenario: Scenario) -> list[str]:
    usual = default_choices()
    differing = {choice: name for choice, name in scenario.rules.items() if name != usual[choice]}
    return _items(f"{choice}: {name} instead of {usual[choice]}" for choice, name in differing.items())


def _calendar(scenario: Scenario) -> list[str]:
    names = scenario.names
    rows = [("month 1", _year(1), "The initiative starts with the levers above.")]
    for event in sorted(scenario.event, key=lambda event: event.month):
        what = f"{event.what(names)}."
        told = what if what.startswith(tuple(names.values())) else what[0].upper() + what[1:]
        rows.append((f"month {event.month}", _year(event.month), told))
    rows.append((f"month {scenario.months}", _year(scenario.months), "The run ends."))
    return _columns(rows)


def _year(month: int) -> str:
    year, of_year = divmod(month - 1, 12)
    return f"year {year + 1}, month {of_year + 1}"


def _mix(labels: Iterable[str], shares: Iterable[float]) -> str:
    return ", ".join(f"{label} {_percent(share)}" for label, share in zip(labels, shares, strict=True))


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"


def _number(value: float) -> str:
    return f"{value:g}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _items(lines: Iterable[str]) -> list[str]:
    return [textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ") for line in lines]


def _columns(rows: list[tuple[str, str, str]]) -> list[str]:
    """Rows of three columns, the last wrapped under itself."""
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = []
    for left, middle, right in rows:
        lead = f"  {left:<{first}}  {middle:<{second}}  "
        lines.append(
            textwrap.fill(right, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead)).rstrip()
        )
    return lines
