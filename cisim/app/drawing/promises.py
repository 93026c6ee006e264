"""Promises kept and broken on a tie, month by month: made again from the same draws that the engine used.

A run's history holds contact and trust, not the single contacts. But every draw has an address, so each month's
contacts, and how many of them were kept from either side, can be told exactly as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from cisim.engine.streams import CONTACTS, block, uniform

if TYPE_CHECKING:
    from cisim.engine.ensemble import History

__all__ = ["Promises", "promises_in", "promises_of_year"]


@dataclass(frozen=True)
class Promises:
    """Contacts of a pair in some months, and how many each side saw kept: (by i of j, by j of i)."""

    contacts: int
    kept: tuple[int, int]

    def broken(self, side: int) -> int:
        """How many that side saw broken."""
        return self.contacts - self.kept[side]


def promises_in(
    history: History, tie: int, month: int, where: tuple[int, int], rules: SimpleNamespace, p: Any
) -> Promises:
    """The contacts of one tie in one month (1 or later); where: (seed, replicate).

    Exact but for a month in which one of the two sent a new representative after they had met.
    """
    now, before = history.ties[month, tie], history.ties[month - 1, tie]
    i, j = history.organizations[month, now["i"]], history.organizations[month, now["j"]]
    contact, silence = float(now["contact"]), float(now["silence"])
    if contact <= 0.0:
        return Promises(0, (0, 0))
    words = block((*where, month), CONTACTS, int(i["address"]), int(j["address"]))
    contacts = rules.contacts_in_month(contact, silence, uniform(words[0]))
    if contacts == 0:
        return Promises(0, (0, 0))
    earlier = history.organizations[month - 1]
    agreement = float(before["agreement"])
    kept = [
        rules.kept_contacts(
            contacts,
            rules.kept_probability(
                agreement, float(earlier[other]["engagement"]), float(own["help_communication"]), p
            ),
            uniform(words[1 + side]),
        )
        for side, (own, other) in enumerate(((i, now["j"]), (j, now["i"])))
    ]
    return Promises(contacts, (kept[0], kept[1]))


def promises_of_year(
    history: History, tie: int, month: int, where: tuple[int, int], rules: SimpleNamespace, p: Any
) -> Promises:
    """The contacts of one tie in the twelve months up to `month`."""
    found = [promises_in(history, tie, at, where, rules, p) for at in range(max(1, month - 11), month + 1)]
    kept = (sum(one.kept[0] for one in found), sum(one.kept[1] for one in found))
    return Promises(sum(one.contacts for one in found), kept)
