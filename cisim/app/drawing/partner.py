"""One partner at one month of one run, in words; everything is read off the state, nothing is made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.app.drawing.bands import path_of
from cisim.app.drawing.happenings import happenings
from cisim.app.drawing.moment import Moment, moment_of, row_of
from cisim.app.drawing.prospects import prospects_of
from cisim.app.drawing.ties import ties_of
from cisim.app.pictures import PartnerStory

if TYPE_CHECKING:
    from cisim.engine.ensemble import Ensemble

__all__ = ["partner_story"]

_PATHS = {
    "engagement": "engagement",
    "alignment": "alignment",
    "trust": "contact_trust",
    "practice": "practice",
}


def partner_story(ensemble: Ensemble, replicate: int, key: str, month: int) -> PartnerStory:
    """The story of the partner with this id, or of the backbone, as things are at the end of a month.

    ensemble: with the history of `replicate` kept, and the measures severity_observed, indicator_coverage and
    system_change. Raises SpecError if there is no such partner, history or measure.
    """
    moment = moment_of(ensemble, replicate, month)
    row = row_of(moment, key)
    return PartnerStory(
        id=key,
        name=moment.name(row),
        lines=_backbone_lines(moment) if row == len(moment.rows) - 1 else _lines(moment, row),
        history=_history(moment, key),
        ties=ties_of(moment, row),
        next=prospects_of(moment, row),
        paths={name: _path(moment, row, field) for name, field in _PATHS.items()},
        month=moment.month,
    )


def _lines(moment: Moment, row: int) -> list[str]:
    own = moment.rows[row]
    if own["present"] == 0:
        return [f"{moment.name(row)} does not exist any more: it became part of another partner."]
    return [_who(moment, row), *_work(moment, row), _gives(moment, row), *_load(own)]


def _who(moment: Moment, row: int) -> str:
    own = moment.rows[row]
    sector = moment.scenario.lower().sectors[int(own["sector"])]
    article = "an" if not sector or sector[0].lower() in "aeiou" else "a"
    kind = f"{article} {sector} organization" if sector else "an organization"
    staff = f"{float(own['capacity']):.2g} full-time staff for this issue"
    return f"{moment.name(row)} is {kind} with {staff}; {_membership(moment, row)}."


def _membership(moment: Moment, row: int) -> str:
    own = moment.rows[row]
    if own["member"] == 0:
        was = moment.history.organizations["member"][: moment.month + 1, row].any()
        return "it was a member and is none any more" if was else "it is not a member"
    since = moment.month - int(own["tenure"])
    return (
        "it has been a member from the start" if since <= 0 else f"it has been a member since month {since}"
    )


def _work(moment: Moment, row: int) -> list[str]:
    """What it does, against its role in the plan and what it would do alone."""
    own = moment.rows[row]
    told = [
        f"It works on {_mix(moment, own['portfolio'])}; alone it would do {_mix(moment, own['mission'])}."
    ]
    if own["member"] == 1:
        told.append(
            f"Its part in the joint plan is {_mix(moment, own['role'])}; {100 * float(own['alignment']):.0f} % of its "
            "work fits that."
        )
    return told


def _gives(moment: Moment, row: int) -> str:
    own = moment.rows[row]
    given = f"It really gives {100 * float(own['engagement']):.0f} % of its staff time"
    practice = f"the quality of its practice is {100 * float(own['practice']):.0f} %"
    if own["member"] == 0:
        return f"{given}, and {practice}."
    used = f"it uses {100 * float(own['adoption']):.0f} % of the common indicators"
    return f"{given}, {practice}, and {used}."


def _load(own: Any) -> list[str]:
    load = float(own["load"])
    return (
        [f"Meetings, contact and reporting take {100 * load:.0f} % of its staff time."]
        if load >= 0.005
        else []
    )


def _backbone_lines(moment: Moment) -> list[str]:
    backbone = len(moment.rows) - 1
    staff = float(moment.scenario.plan().levers()["backbone_staff"][moment.month]) if moment.alive else 0.0
    members = np.flatnonzero(moment.rows["member"][:-1] == 1)
    met = (moment.ties["contact"] > 0) & (moment.ties["j"] == backbone)
    name = moment.name(backbone)
    if staff == 0:
        return [f"{name} is the backbone of the coalition and has no staff in this month."]
    helped = float(np.mean([moment.help(int(row)) for row in members])) if len(members) else 0.0
    return [
        f"{name} is the backbone of the coalition, with {staff:.3g} full-time staff for {len(members)} members.",
        f"It is in contact with {int(met.sum())} partners; a member gets {100 * helped:.0f} % of the help that it could.",
        f"On average partners trust it {100 * float(moment.rows['reputation'][backbone]):.0f} %.",
    ]


def _history(moment: Moment, key: str) -> list[dict[str, Any]]:
    """What happened to this partner up to the month, and to the coalition as a whole."""
    told = happenings(moment.history, moment.scenario)
    return [
        {"month": one["month"], "text": one["text"], "kind": one["kind"]}
        for one in told
        if one["month"] <= moment.month and (key in one["about"] or one["kind"] == "dissolves")
    ]


def _path(moment: Moment, row: int, field: str) -> list[float | None]:
    return path_of(moment.history.organizations[field][:, row], 3)


def _mix(moment: Moment, shares: Any) -> str:
    """The two largest parts of a mix of work."""
    order = np.argsort(-shares, kind="stable")[:2]
    return " and ".join(f"{moment.workstreams[at]} ({100 * float(shares[at]):.0f} %)" for at in order)
