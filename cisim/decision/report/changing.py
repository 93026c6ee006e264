"""The section on what would change the answer: unknown numbers, one at a time."""

from __future__ import annotations

from cisim.decision.report.change import Split
from cisim.decision.report.document import Paragraph, Section, Table, Text
from cisim.decision.report.findings import Findings
from cisim.decision.report.numbers import PERCENT, figure
from cisim.theory.parameters import UNCERTAINTIES

__all__ = ["changing"]

MOST = 8


def changing(found: Findings) -> Section:
    """The difference between the chosen plan and its rival where one unknown is low and where it is high."""
    chosen, rival = found.called(found.chosen), found.called(found.rival)
    if not found.splits:
        words = (
            f"{chosen} against {rival}: no unknown number was varied in these worlds, so what would change the answer cannot be told from "
            "them. Make the report with --uncertain posterior, or with ranges."
        )
        return Section("What would change the answer", (Paragraph((words,)),))
    words = (
        f"How much less of the problem {chosen} leaves than {rival}, in the third of worlds where one unknown number is lowest and in the "
        f"third where it is highest. The {min(MOST, len(found.splits))} of {len(found.splits)} that tell most, first. "
        "Their intervals hold together at 95 % (Bonferroni)."
    )
    head = ("Unknown number", "Low third: up to", "Less of the problem, %", "High third: from",
            "Less of the problem, %", "The order")  # fmt: skip
    rows = tuple(_row(found, split) for split in found.splits[:MOST])
    table = Table("By unknown number", head, rows, (1, 2, 3, 4))
    worth = (Paragraph(_worth_knowing(found)),) if found.worth_most is not None else ()
    return Section("What would change the answer", (Paragraph((words,)), table, *worth))


def _worth_knowing(found: Findings) -> Text:
    """Whether any unknown is worth measuring before the choice."""
    most = found.worth_most
    if most is None:
        return ()
    told = figure(f"worth of knowing {most.name}", most.worth, PERCENT)
    begin = (
        f"Worth measuring before the choice: of all that was varied, knowing {most.name} exactly would help most. ",
        "The choice made with it would leave ",
        *told,
        " of today’s problem less in the mean",
    )
    if not most.above_chance:
        return (*begin, "; that does not rise above chance.")
    if most.worth.high < found.question.least:
        return (*begin, ", which is less than what matters: no measurement has to come first.")
    return (*begin, ".")


def _row(found: Findings, split: Split) -> tuple[Text, ...]:
    declared = UNCERTAINTIES[split.name]
    whole = found.less(found.chosen, found.rival)
    return (
        (f"{split.name}: {declared.meaning}",), (f"{split.up_to:.3g} {declared.unit}",),
        figure(f"less of the problem where {split.name} is low", split.low, PERCENT, bare=True),
        (f"{split.from_:.3g} {declared.unit}",),
        figure(f"less of the problem where {split.name} is high", split.high, PERCENT, bare=True),
        (split.turn(whole),),
    )  # fmt: skip
