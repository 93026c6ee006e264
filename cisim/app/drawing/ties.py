"""Whom a partner is in contact with, and why it trusts them as it does."""

from __future__ import annotations

from typing import Any

import numpy as np

from cisim.app.drawing.moment import Moment
from cisim.app.drawing.promises import Promises, promises_of_year

__all__ = ["contact_words", "ties_of"]

MOST = 12
_YEAR = 12
_TELLING = 0.01  # of a chance; less is no difference worth telling
_LEVELS = ("no joint work", "informal joint work", "a formal joint project", "several joint projects")


def ties_of(moment: Moment, row: int, most: int = MOST) -> list[dict[str, Any]]:
    """The ties of an organization, the most frequent contact first: trust from both sides, joint work, and why."""
    ties = moment.ties
    mine = np.flatnonzero(((ties["i"] == row) | (ties["j"] == row)) & (ties["contact"] > 0))
    order = mine[np.argsort(-ties["contact"][mine], kind="stable")][:most]
    return [_tie(moment, row, int(at)) for at in order]


def contact_words(contact: float) -> str:
    """How often a pair is in contact, as a person says it."""
    if contact >= 10:
        return "almost daily"
    if contact >= 2.04:
        return f"about {contact:.0f} times a month"
    if contact >= 0.58:
        return "about once a month"
    if contact >= 0.14:
        return "a few times a year"
    return "rarely"


def _tie(moment: Moment, row: int, at: int) -> dict[str, Any]:
    tie = moment.ties[at]
    side = 0 if tie["i"] == row else 1
    other = int(tie["j"] if side == 0 else tie["i"])
    where = moment.seed, moment.replicate
    year = promises_of_year(moment.history, at, moment.month, where, moment.rules, moment.p)
    return {
        "id": moment.history.ids[other],
        "name": moment.name(other),
        "trust": round(float(tie["trust"][side]), 3),
        "trusted": round(float(tie["trust"][1 - side]), 3),
        "contact": round(float(tie["contact"]), 3),
        "joint": round(float(tie["collaboration"]), 3),
        "joint_text": _LEVELS[round(3 * float(tie["collaboration"]))],
        "contact_text": contact_words(float(tie["contact"])),
        "contacts": year.contacts,
        "kept": year.kept[side],
        "broken": year.broken(side),
        "why": _why(moment, row, other, at, side, year),
    }


def _why(moment: Moment, row: int, other: int, at: int, side: int, year: Promises) -> str:
    """Why this trust is what it is: promises kept and broken, new representatives, or what is heard."""
    told = [_kept(moment, year, side, other), _moved(moment, at, side), _lost(moment, row, other)]
    told.append(_lately(moment, row, other, at, year))
    return " ".join(sentence for sentence in told if sentence)


def _kept(moment: Moment, year: Promises, side: int, other: int) -> str:
    since = "the last year" if moment.month >= _YEAR else "the time so far"
    if moment.month == 0:
        return ""
    if year.contacts == 0:
        return f"They did not really meet in {since}."
    name = moment.name(other)
    if year.contacts == 1:
        return (
            f"In {since} they met once, and {name} {'kept' if year.kept[side] else 'did not keep'} its word."
        )
    kept = "all" if year.broken(side) == 0 else str(year.kept[side]) if year.kept[side] else "none"
    return f"In {since} {name} kept its word in {kept} of {year.contacts} contacts."


def _moved(moment: Moment, at: int, side: int) -> str:
    back = max(0, moment.month - _YEAR)
    before, now = (float(moment.history.ties[month, at]["trust"][side]) for month in (back, moment.month))
    if moment.month == 0 or abs(now - before) < 0.02:
        return f"Trust is {100 * now:.0f} %." if moment.month == 0 else f"Trust stayed at {100 * now:.0f} %."
    return f"Trust {'rose' if now > before else 'fell'} from {100 * before:.0f} to {100 * now:.0f} %."


def _lost(moment: Moment, row: int, other: int) -> str:
    """New representatives in the last year, who inherit only a part of what was personal."""
    months = slice(max(1, moment.month - _YEAR + 1), moment.month + 1)
    changed = [
        moment.name(one)
        for one in (row, other)
        if moment.history.organizations["new_representative"][months, one].any()
    ]
    return f"{' and '.join(changed)} sent somebody new, who had to begin again." if changed else ""


def _lately(moment: Moment, row: int, other: int, at: int, year: Promises) -> str:
    """What the chance to keep a promise rests on; without contact, what trust goes back to."""
    rules, p, rows, tie = moment.rules, moment.p, moment.rows, moment.ties[at]
    if year.contacts == 0 and moment.month > 0:
        prior = rules.prior_trust(float(rows["reputation"][other]), float(rows["propensity"][row]))
        return (
            f"Without contact trust goes back to {100 * prior:.0f} %: half what others say of it, half how readily "
            f"{moment.name(row)} trusts anybody."
        )
    helped = float(rows["help_communication"][row])
    agreement, engagement = float(tie["agreement"]), float(rows["engagement"][other])
    usual = _usual(moment, row)
    chance = rules.kept_probability(agreement, engagement, helped, p)
    told = {
        "they see the problem": chance - rules.kept_probability(usual[0], engagement, helped, p),
        "it is engaged": chance - rules.kept_probability(agreement, usual[1], helped, p),
    }
    text, size = max(told.items(), key=lambda part: abs(part[1]))
    start = f"It can be expected to keep {100 * chance:.0f} % of its promises"
    return f"{start}{_compared(text, size)}."


def _compared(text: str, size: float) -> str:
    """What makes the chance differ from that with others whom the partner meets."""
    if abs(size) < _TELLING:
        return ", much like others"
    how = {"they see the problem": ("more alike", "less alike"), "it is engaged": ("more", "less")}[text]
    return f", {'more' if size > 0 else 'less'} than others, as {text} {how[0] if size > 0 else how[1]}"


def _usual(moment: Moment, row: int) -> tuple[float, float]:
    """(agreement, engagement) on average over those whom an organization meets."""
    ties = moment.ties
    mine = ((ties["i"] == row) | (ties["j"] == row)) & (ties["contact"] > 0)
    others = np.where(ties["i"][mine] == row, ties["j"][mine], ties["i"][mine])
    return float(ties["agreement"][mine].mean()), float(moment.rows["engagement"][others].mean())
