"""A study in words and a few rows, before anything is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cisim.study.designs.when import Range, When
from cisim.study.spec import targets
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.rules import CHOICES
from cisim.theory.sources import ASSUMPTION

if TYPE_CHECKING:
    from cisim.study.designs.factors import Factor
    from cisim.study.study import Study

__all__ = ["declared_range", "describe", "meaning_of", "range_of"]

WIDEST = 12
"""Factors told one by one; of more, the first ones and how many there are."""
_DESIGNS = {
    "grid": "every combination of levels",
    "zip": "levels side by side",
    "latin-hypercube": "a Latin hypercube",
    "sobol": "a Sobol sequence",
    "saltelli": "Saltelli's scheme for Sobol indices",
    "morris": "Morris trajectories",
    "one-at-a-time": "the base, then one factor at a time",
    "table": "a table of points",
    "random": "random points",
}


def describe(study: Study) -> str:
    """What is varied, in which design, how many runs, what is kept."""
    file, columns = study.file, study.columns
    points, replicates = study.size(), study.replicates
    title = f"{file.title or study.name} ({study.name})"
    lines = [title, "=" * len(title), ""]
    if file.description:
        lines += [file.description.strip(), ""]
    shown = study.factors[:WIDEST]
    lines.append(f"Base      {study.base.name}, {study.months} months")
    lines += [f"{'' if at else 'Posterior':<9} {line}" for at, line in enumerate(_posteriors(study))]
    lines.append("Factors")
    lines += [f"  {factor.name:<28} {range_of(factor)}" for factor in shown]
    if len(study.factors) > len(shown):
        lines.append(f"  … and {len(study.factors) - len(shown)} more")
    summaries = [f"{summary.name} ({summary.take})" for summary in columns.summaries]
    lines += [
        f"Design    {_DESIGNS[file.design.kind]}: {points:,} point{'' if points == 1 else 's'}",
        f"Runs      {points * replicates:,} ({points:,} × {replicates:,} worlds), seed {study.seed}",
        f"Engine    {_engine(study)}",
        f"Kept      {', '.join(columns.measures)} in {_months(columns.months, study.months)}",
        *([f"          {', '.join(summaries)}"] if summaries else []),
    ]
    return "\n".join(lines) + "\n"


def meaning_of(factor: str) -> str:
    """What a factor is, with its unit, and whether its declared range is an assumption."""
    declared = UNCERTAINTIES.get(factor) or LEVERS.get(factor)
    if declared is None:
        return targets.kind_of(factor) or ""
    basis = ASSUMPTION if declared.basis == ASSUMPTION else f"source: {declared.basis}"
    return f"{declared.meaning} [{declared.unit}; {basis}]"


def declared_range(factor: str) -> str:
    """The range worth exploring, the variants, or the truth values that a factor has unless told otherwise."""
    declared = UNCERTAINTIES.get(factor) or LEVERS.get(factor)
    if declared is not None:
        return f"{declared.low:g} to {declared.high:g}"
    kind = targets.kind_of(factor)
    if kind == "rule":
        return ", ".join(CHOICES[factor])
    return "true, false" if kind in ("condition", "event") else ""


def range_of(factor: Factor) -> str:
    """The values that a factor takes, in words; a declared range without published basis is an assumption."""
    told = factor.allowed if factor.levels is None else ", ".join(map(_word, factor.levels))
    told += ", log scale" if factor.scale == "log" else ""
    declared = UNCERTAINTIES.get(factor.name) or LEVERS.get(factor.name)
    unit = f" {declared.unit}" if declared is not None else ""
    if declared is not None and declared.role == "uncertainty" and declared.basis == ASSUMPTION:
        unit += f" ({ASSUMPTION})"
    when = " and ".join(f"{name} is {_condition(value)}" for name, value in factor.when.items())
    return f"{told}{unit}{f', when {when}' if when else ''}"


def _posteriors(study: Study) -> list[str]:
    """The draws that replicates have, by scenario where they differ; and which factors hold in their place."""
    scenarios = list(study.scenarios.values())
    if all(scenario.posterior is None for scenario in scenarios):
        return []
    users: dict[str, list[str]] = {}
    for scenario in scenarios:
        words = "none" if scenario.posterior is None else scenario.posterior.in_words()
        users.setdefault(words, []).append(scenario.name)
    lines = list(users)
    if len(users) > 1:
        lines = [f"{', '.join(dict.fromkeys(names))}: {words}" for words, names in users.items()]
    drawn = {name for scenario in scenarios if scenario.posterior for name in scenario.posterior.names}
    factors = [factor.name for factor in study.factors if factor.name in drawn]
    return [*lines, *([f"Factors hold in place of draws: {', '.join(factors)}"] if factors else [])]


def _engine(study: Study) -> str:
    if study.engine == "mesa":
        return f"Mesa, one model a run ({study.file.model or 'CoalitionModel'})"
    own = f", own rules: {', '.join(study.rules)}" if study.rules else ""
    return f"compiled{own}"


def _months(months: tuple[int, ...], horizon: int) -> str:
    if len(months) == horizon + 1:
        return "every month"
    told = ", ".join(map(str, months[:10])) + (" …" if len(months) > 10 else "")
    return f"month{'' if len(months) == 1 else 's'} {told}"


def _condition(when: When) -> str:
    return str(when) if isinstance(when, Range) else " or ".join(_word(value) for value in when)


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
