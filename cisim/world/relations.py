"""What must fit together in a scenario: ids, months, lengths; read from plain values, however faulty.

Every check takes values as they were told, before they are known to be sound, so that all faults of a
file can be reported at once; what is not of the right form is left to the checks of single values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from pydantic import BaseModel

from cisim.errors import did_you_mean
from cisim.world.events import KINDS
from cisim.world.network import MOST_DENSE
from cisim.world.partners import BackbonePartner, Roster, generated_id

__all__ = ["default_roster", "partner_ids", "plain", "relation_faults"]

Told = Mapping[str, Any]


def plain(value: object) -> Any:
    """`value` with every record as a table."""
    if isinstance(value, BaseModel):
        return value.model_dump(by_alias=True)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def default_roster(listed: bool) -> Roster:
    """The roster where none is told: 25 generated partners, or none where partners are listed."""
    return Roster(count=0) if listed else Roster()


def partner_ids(count: int, listed: list[str]) -> list[str]:
    """Generated ids in order, then the listed ones that are new."""
    return list(dict.fromkeys([*(generated_id(number + 1) for number in range(count)), *listed]))


def relation_faults(told: Told, *, months: int, workstreams: int) -> list[str]:
    """Every fault between values. `months`, `workstreams`: as told, or the default if that is faulty."""
    backbone = _backbone_id(told)
    given = [entry.get("id") for _, entry in _entries(told, "partner")]
    listed = [name.strip() for name in given if isinstance(name, str)]
    ids = partner_ids(_count(told), listed)
    known = {**dict.fromkeys(ids, False), backbone: True}
    return [
        *_partner_faults(listed, ids, backbone),
        *_size_faults(len(ids), told),
        *_length_faults(told, workstreams),
        *_tie_faults(told, known),
        *_event_faults(told, known, months),
    ]


def _entries(told: Told, key: str) -> Iterator[tuple[int, Told]]:
    rows = told.get(key, ())
    if isinstance(rows, (list, tuple)):
        yield from ((at, row) for at, row in enumerate(rows) if isinstance(row, Mapping))


def _table(told: Told, key: str) -> Told:
    value = told.get(key)
    return value if isinstance(value, Mapping) else {}


def _backbone_id(told: Told) -> str:
    given = _table(told, "backbone").get("id")
    return given.strip() if isinstance(given, str) else BackbonePartner().id


def _count(told: Told) -> int:
    default = default_roster(bool(told.get("partner"))) if told.get("roster") is None else Roster()
    given = _table(told, "roster").get("count", default.count)
    sound = isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= 20_000
    return given if sound else Roster().count


def _partner_faults(listed: list[str], ids: list[str], backbone: str) -> Iterator[str]:
    for name, times in Counter(listed).items():
        if times > 1:
            yield f"partner: id {name!r} is given {times} times; each partner needs an id of its own."
    if backbone in ids:
        yield f"backbone.id: {backbone!r} is the id of a partner too; give one of them another id."


def _size_faults(partners: int, told: Told) -> Iterator[str]:
    if partners == 0 and not told.get("partner"):
        yield "roster.count: 0 and no [[partner]] listed, so there is nobody; allowed is one partner or more."
    if partners > MOST_DENSE and _table(told, "network").get("possible", "all") == "all":
        yield (
            f"network.possible: 'all' with {partners} partners makes too many pairs; allowed are up to "
            f"{MOST_DENSE} partners. Use possible = 'sparse'."
        )


def _length_faults(told: Told, workstreams: int) -> Iterator[str]:
    profiles = [("issue.need", _table(told, "issue").get("need"))]
    for at, entry in _entries(told, "partner"):
        for name in ("mission", "framing", "portfolio"):
            profiles.append((f"partner[{at}].{name} ({entry.get('id')!r})", entry.get(name)))
    for place, values in profiles:
        if isinstance(values, (list, tuple)) and len(values) != workstreams:
            yield (
                f"{place}: has {len(values)} numbers, but there are {workstreams} workstreams; "
                "give one number a workstream."
            )


def _tie_faults(told: Told, known: Mapping[str, bool]) -> Iterator[str]:
    seen: dict[frozenset[str], int] = {}
    for at, entry in _entries(told, "tie"):
        ends = entry.get("between")
        if not (isinstance(ends, (list, tuple)) and len(ends) == 2 and all(isinstance(e, str) for e in ends)):
            continue
        first, second = (end.strip() for end in ends)
        for end in dict.fromkeys((first, second)):
            if end not in known:
                yield f"tie[{at}].between: unknown organization {end!r}.{_nearest(end, known)}"
        if first == second:
            yield f"tie[{at}].between: a tie of {first!r} with itself; name two organizations."
        elif (earlier := seen.setdefault(frozenset((first, second)), at)) != at:
            yield (
                f"tie[{at}].between: {first!r} and {second!r} already have tie[{earlier}]; "
                "leave one of them, in either order."
            )


def _event_faults(told: Told, known: Mapping[str, bool], months: int) -> Iterator[str]:
    gone = _merged(told)
    for at, entry in _entries(told, "event"):
        kind, month = entry.get("kind"), entry.get("month")
        place = f"event[{at}] ({kind!r})"
        if isinstance(month, int) and months < month <= 1_200:
            yield f"{place}: month {month} is after the end; allowed is 1 to {months} (months = {months})."
        if not isinstance(kind, str) or kind not in KINDS:
            continue
        for key, refers in KINDS[kind].references.items():
            name = entry.get(key, entry.get(f"{key}_"))
            if not isinstance(name, str):
                continue
            name = name.strip()
            if name not in known:
                yield f"{place}: {key}: unknown organization {name!r}.{_nearest(name, known)}"
            elif known[name] and not refers.backbone:
                yield f"{place}: {key}: {name!r} is the backbone; allowed are partners."
            elif isinstance(month, int) and month > gone.get(name, month):
                yield f"{place}: {key}: {name!r} merged in month {gone[name]}; name another partner."


def _merged(told: Told) -> dict[str, int]:
    """The month in which each partner that becomes part of another does so."""
    return {
        entry["partner"]: entry["month"]
        for _, entry in _entries(told, "event")
        if entry.get("kind") == "merger"
        and isinstance(entry.get("partner"), str)
        and isinstance(entry.get("month"), int)
    }


def _nearest(name: str, known: Mapping[str, bool]) -> str:
    hint = did_you_mean(name, known)
    if hint.startswith(" Did") or len(known) <= 12:
        return hint
    some = ", ".join(list(known)[:5])
    return f" Known are {len(known)}, for example {some}; the backbone is {list(known)[-1]!r}."
