"""The sections on what the answer rests on: the question, the plans in words, evidence, assumptions, limits, sources."""

from __future__ import annotations

import numpy as np

from cisim.decision.prices import DECLARED
from cisim.decision.report.answer import UNPUBLISHED, partners_of
from cisim.decision.report.cited import reasons
from cisim.decision.report.document import Bold, Items, Paragraph, Section, Table, Text
from cisim.decision.report.findings import Findings
from cisim.decision.report.standing import Pattern, concerned
from cisim.decision.report.wording import BACKING
from cisim.decision.report.words import label_of, plan_words
from cisim.decision.worlds import Worlds
from cisim.evidence.matter import MATTER_MOST, MATTER_RUNS
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.rules import default_choices
from cisim.theory.sources import ASSUMPTION, SOURCES
from cisim.world.scenario import Scenario

__all__ = [
    "LIMITS",
    "assumed",
    "evidence",
    "limits",
    "plans",
    "question",
    "sources",
]

LIMITS = (
    (
        "This is no forecast of your community. Use differences between plans, their direction and their order, with their "
        "intervals; not the level of the problem in some year."
    ),
    (
        "It is no evidence that collective impact works, or does not. The model holds what its authors assumed; it shows "
        "what would follow. Cochrane’s review of 58 studies of community coalitions finds that the evidence does not "
        "explain how they work (Anderson et al. 2015, doi:10.1002/14651858.CD009905.pub2)."
    ),
    (
        "Left out: people within organizations, residents and their power, politics, funders with aims of their own, other "
        "coalitions, strategy, and any cause of the problem but the work of partners."
    ),
    "Money is staff time and activities times assumed prices. It is no budget, and no return on investment.",
    "It is not for decisions about one organization or one person: partners have drawn characters.",
)


def question(found: Findings) -> Section:
    """What was asked, in words."""
    asked, worlds = found.question, found.tried.worlds
    world = asked.world
    aim = 100 * (1 - world.issue.target)
    backbone = world.backbone.name or world.backbone.id
    told = (
        f"Which of {len(asked.plans)} plans leaves least of the problem by month {asked.month}, and at what cost?",
        f"For whom: {world.title or world.name}, {partners_of(world)}, backbone {backbone}, over {world.months} months.",
        f"Target: severity {world.issue.target:g}, which is {aim:.3g} % less of the problem than today.",
        f"Worlds: each plan was tried in the same {asked.replicates:,} simulated worlds; {_worlds_in_words(worlds)}.",
        _said(world),
    )
    lines: tuple[Text, ...] = tuple((line,) for line in told if line)
    return Section("The question", (Items(lines),))


def plans(found: Findings) -> Section:
    """Each plan in words."""
    lines: list[Text] = []
    for place, (plan, scenario) in enumerate(
        zip(found.question.plans, found.question.scenarios(), strict=True)
    ):
        told = "; ".join(plan_words(plan, scenario))
        lines.append((Bold((f"{found.letter(place)} {plan.called}",)), f": {told}."))
    return Section("The plans in words", (Items(tuple(lines)),))


def evidence(found: Findings) -> Section:
    """Which observed patterns concern the difference between the chosen plan and its rival, and how they stand."""
    patterns = concerned(found.levers)
    what = ", ".join(label_of(name) if name in LEVERS else name for name in found.levers) or "nothing"
    words = (
        f"{found.called(found.chosen)} and {found.called(found.rival)} differ in: {what}. {BACKING[found.grade][0].upper()}"
        f"{BACKING[found.grade][1:]}. That decides how strong the advice on top may be."
    )
    head = (
        "Observed in real coalitions",
        "With the default settings",
        "Other plausible settings that show it",
    )
    rows = tuple(_pattern_row(pattern) for pattern in patterns)
    table = Table("Patterns that concern this choice", head, rows, (2,))
    return Section("What evidence stands behind it", (Paragraph((words,)), table))


def assumed(found: Findings) -> Section:
    """What was assumed: what the world changes, what was varied, what matters most, prices."""
    world, worlds = found.question.world, found.tried.worlds
    counts = (
        f"{UNPUBLISHED} of the model’s {len(UNCERTAINTIES)} unknown numbers have no published basis: each is an "
        f"assumption. {_worlds_in_words(worlds)[0].upper()}{_worlds_in_words(worlds)[1:]}."
    )
    blocks: list[Paragraph | Items | Table] = [Paragraph((counts,))]
    if changed := _changed(world):
        blocks += [Paragraph(("The world that was told changes these:",)), Items(changed)]
    blocks += [_matters(found), _prices(found)]
    return Section("What was assumed", tuple(blocks))


def limits() -> Section:
    """What the model is not for."""
    return Section("Limits", (Items(tuple((line,) for line in LIMITS)),))


def sources(found: Findings) -> Section:
    """Works that parameters, rules and the world rest on."""
    lines = [(f"{SOURCES[key]} For: {reason}.",) for key, reason in reasons(found.question.scenarios())]
    return Section("Sources", (Items(tuple(lines)),))


def _worlds_in_words(worlds: Worlds) -> str:
    unknown, total = len(worlds.unknown), len(UNCERTAINTIES)
    if worlds.uncertain == "ranges":
        return (
            f"{unknown} of {total} unknown numbers lie anywhere in their declared ranges, the others are held"
        )
    posterior = worlds.scenario.posterior
    if posterior is None or not unknown:
        return f"all {total} unknown numbers are held at one value, and chance differs from world to world"
    shared = worlds.crossed
    settings = min(len(posterior), worlds.replicates) if shared is None else len(np.unique(shared.points))
    return (
        f"{unknown} of {total} unknown numbers are drawn from {settings} settings that agree with what is known of "
        f"real coalitions (posterior “{posterior.origin or 'own'}”), the others are held"
    )


def _said(world: Scenario) -> str:
    return f"Of the world: {world.description.strip()}" if world.description else ""


def _pattern_row(pattern: Pattern) -> tuple[Text, ...]:
    return (
        (f"{pattern.number}. {pattern.says}",), (pattern.verdict,), (f"{pattern.shown} of {pattern.settings}",),
    )  # fmt: skip


def _changed(world: Scenario) -> tuple[Text, ...]:
    lines = []
    for name, value in world.parameters.items():
        declared = UNCERTAINTIES[name]
        if value != declared.default:
            basis = ASSUMPTION if declared.basis == ASSUMPTION else f"default from {declared.basis}"
            lines.append(
                f"{name} = {value:g} {declared.unit} instead of {declared.default:g}: {declared.meaning} [{basis}]"
            )
    usual = default_choices()
    lines += [f"rule of {choice}: {name}" for choice, name in world.rules.items() if name != usual[choice]]
    return tuple((line,) for line in lines)


def _matters(found: Findings) -> Table:
    head = ("Unknown number", "Here", "Basis", "Share of the spread in what a coalition takes away")
    rows = tuple(
        (
            (f"{name}: {UNCERTAINTIES[name].meaning}",), (_here(found, name),), (UNCERTAINTIES[name].basis,),
            (f"{100 * share:.0f} % ({100 * low:.0f} to {100 * high:.0f} %)",),
        )
        for name, share, low, high in MATTER_MOST
    )  # fmt: skip
    return Table(
        f"What matters most (preset collective-impact, ten years, {MATTER_RUNS:,} runs)", head, rows, (3,)
    )


def _here(found: Findings, name: str) -> str:
    declared, worlds = UNCERTAINTIES[name], found.tried.worlds
    if name not in worlds.unknown:
        told = found.question.world.parameters.get(name, declared.default)
        return f"{told:g} {declared.unit}, held (plausible {declared.low:g} to {declared.high:g})"
    values = worlds.values(name)
    return f"{values.min():.3g} to {values.max():.3g} {declared.unit}, varied"


def _prices(found: Findings) -> Table:
    prices = found.question.prices
    head = ("Price", f"{prices.currency}", "for", "Paid by", "Basis")
    rows = tuple(
        (
            (price.meaning,), (f"{getattr(prices, name):,.10g}",), (price.unit,), (f"the {price.payer}",),
            (price.basis if getattr(prices, name) == price.default else "as told for this report",),
        )
        for name, price in DECLARED.items()
    )  # fmt: skip
    return Table("Prices", head, rows, (1,))
