"""One month, in order. Within a phase everybody decides on the same state; phases follow one another."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["MONTH", "Phase"]


class Phase(NamedTuple):
    """One phase of the month: `name` is a method of the Mesa model; the kernel calls its twin."""

    name: str
    meaning: str


MONTH = (
    Phase("events", "Events of the month change levers, members, ties or the world."),
    Phase("contact", "Relational capacity is spent where contact is worth most; ties form and lapse."),
    Phase("trust", "Contacts are kept or broken; unused trust fades; propensities drift."),
    Phase("agenda", "Framings follow trusted contacts, facilitation and evidence; the agenda emerges."),
    Phase("plan", "Roles that together cover the agenda are laid out."),
    Phase("activities", "Members move their activities towards their roles."),
    Phase("measurement", "Common indicators are adopted; partners learn from each other and by trying."),
    Phase("delivery", "Partners deliver; overhead costs; workstreams combine against the need."),
    Phase("issue", "System change follows effective work, severity follows system change, years later."),
    Phase("engagement", "Members weigh what they see; engagement follows."),
    Phase("membership", "Members leave and join, representatives change, the coalition may dissolve."),
)
