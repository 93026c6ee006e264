"""What a survey leaves open, and how the import fills it: one sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cisim.world.survey.columns import SurveyMap
from cisim.world.survey.organizations import Roll
from cisim.world.survey.summary import Summary

__all__ = ["gaps"]

RECIPROCAL = {
    "mean": "their mean counts",
    "max": "the higher one counts",
    "first": "the one listed first counts",
    "error": "none is allowed",
}
DRAWN = "drawn for each replicate"


def gaps(roll: Roll, summary: Summary, survey_map: SurveyMap, seed: int) -> tuple[str, ...]:
    """What was missing, and how it was filled or left to the model."""
    return (*_ties(summary, survey_map, seed), *_trust(summary), *_backbone(roll))


def _ties(summary: Summary, survey_map: SurveyMap, seed: int) -> Iterator[str]:
    if summary.silent:
        yield (
            f"{_few(summary.silent)} reported nothing and did not answer: their ties are what others report."
        )
    if summary.contradictions:
        pairs, rule = _count(summary.contradictions, "pair"), RECIPROCAL[survey_map.reciprocal]
        yield f"The two sides of {pairs} report different contact: {rule}."
    joint = summary.collaboration
    for what, answers in (("Contact", summary.contact), ("Collaboration", joint)):
        if answers.filled:
            pairs = f"{_count(answers.filled, 'pair')} of {answers.asked}"
            kind = "of the same kind (listed, with the backbone)"
            yield f"{what} of {pairs} was missing: copied from answered pairs {kind}, drawn with seed {seed}."
    if joint.left:
        yield f"Collaboration of {_count(joint.left, 'pair')} is missing and {DRAWN}."
    if not joint.asked:
        yield f"Collaboration was not asked: that of pairs in contact is {DRAWN}."


def _trust(summary: Summary) -> Iterator[str]:
    general, within = summary.trust, summary.tie_trust
    if not general.asked:
        yield f"General trust was not asked: it is {DRAWN}."
    elif general.answered < general.asked:
        missing = general.asked - general.answered
        yield f"Trust of {missing} of {general.asked} organizations is missing and {DRAWN}."
    if not within.asked:
        yield f"Trust of one organization in another was not asked: it is {DRAWN}."
    elif within.answered < within.asked:
        yield f"Trust within listed ties is missing {within.asked - within.answered} times and {DRAWN}."


def _backbone(roll: Roll) -> Iterator[str]:
    for organization in roll.organizations:
        if organization.id == roll.backbone and (organization.trust or organization.capacity):
            yield "The backbone's own trust and capacity are not used: it delivers no services itself."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _few(ids: Sequence[str], most: int = 8) -> str:
    shown = ", ".join(ids[:most]) + (f" and {len(ids) - most} more" if len(ids) > most else "")
    return f"{_count(len(ids), 'organization')} ({shown})"
