"""From a file of claims to what it names: scenarios, settings, ranges. Every fault is told at once.

What rests on a faulty part is not judged, so that one mistake is told once.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cisim.errors import SpecError, did_you_mean, nearest
from cisim.evidence.claims.claim import Claim, Side
from cisim.evidence.claims.file import ClaimFile, Told
from cisim.evidence.claims.ranges import varied
from cisim.study.spec import targets
from cisim.study.spec.file import file_fault, files_beside
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.rules import CHOICES
from cisim.world.fields import short
from cisim.world.library import preset_names
from cisim.world.presets import load
from cisim.world.scenario import Scenario
from cisim.world.toml import parse, text_of

__all__ = ["read_claims"]

_SETTABLE = ("lever", "parameter", "rule")
_EXAMPLE: dict[str, Any] = {
    "name": "claim", "says": "claim", "scenario": "collective-impact", "measure": "severity", "month": 0,
    "figure": "mean", "band": [0, 1],
}  # fmt: skip
"""What stands for parts that every claim must have, while the others are checked."""


def read_claims(path: str | os.PathLike[str]) -> tuple[Claim, ...]:
    """The claims in a TOML file; paths of scenarios in it are relative to the file.

    Raises SpecError with every fault of all claims at once.
    """
    source, place = str(path), Path(path)
    if fault := file_fault(place):
        raise SpecError(fault, source="Claims")
    try:
        values = parse(text_of(place))
    except SpecError as error:
        raise SpecError(error.faults, source=source) from None
    entries = values.get("claim")
    if not isinstance(entries, list) or not entries or not all(isinstance(e, Mapping) for e in entries):
        raise SpecError([*_key_faults(values), "a file of claims needs [[claim]]."], source=source)
    faults = _key_faults(values)
    claims: list[Claim | None] = []
    for at, entry in enumerate(entries):
        claim, wrong = _claim(entry, place.parent)
        label = f" ({entry['name']!r})" if isinstance(entry.get("name"), str) else ""
        faults += [f"claim[{at}]{label} {fault}" for fault in wrong]
        claims.append(claim)
    faults += _namesakes(entries)
    if faults:
        raise SpecError(faults, source=source)
    return tuple(claim for claim in claims if claim is not None)


def _key_faults(values: Mapping[str, Any]) -> list[str]:
    try:
        ClaimFile(**{key: value for key, value in values.items() if key != "claim"}, claim=())
    except SpecError as error:
        return list(error.faults)
    return []


def _namesakes(entries: list[Mapping[str, Any]]) -> list[str]:
    names = Counter(entry["name"] for entry in entries if isinstance(entry.get("name"), str))
    return [
        f"{count} claims are called {name!r}; give each a name of its own."
        for name, count in names.items() if count > 1
    ]  # fmt: skip


def _claim(entry: Mapping[str, Any], folder: Path) -> tuple[Claim | None, list[str]]:
    """(the claim, its faults); None where there are any."""
    told, faults = _sound(entry)
    this = _side(told["scenario"], {}, folder, "scenario", faults) if "scenario" in told else None
    against = told.get("against")
    other = None if against is None else _other(told, against, folder, faults)
    for key, side in (("scenario", this), ("against", other)):
        if side is not None and "month" in told and told["month"] > side.scenario.months:
            faults.append(
                f"month: {told['month']} is after the end of {side.told!r} ({key}), which runs {side.scenario.months} "
                "months; name an earlier one."
            )
    faults += _figure_faults(told)
    ranges = varied(told["vary"], this, other, faults) if "vary" in told else ()
    if faults or this is None:
        return None, faults
    named = ("name", "says", "measure", "month", "figure", "band", "inside", "sources")
    return Claim(this=this, other=other, vary=ranges, **{key: told[key] for key in named}), []


def _sound(entry: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """(the sound values of a claim by key, what is wrong with the others)."""
    try:
        return _values(Told(**entry)), []
    except SpecError as error:
        faults = list(error.faults)
    found = _values(Told(**_EXAMPLE))
    for key in Told.model_fields:
        if key not in entry:
            if key in _EXAMPLE:
                del found[key]
            continue
        try:
            found[key] = getattr(Told(**(_EXAMPLE | {key: entry[key]})), key)
        except SpecError:
            del found[key]
    return found, faults


def _values(told: Told) -> dict[str, Any]:
    return {key: getattr(told, key) for key in Told.model_fields}


def _other(
    told: Mapping[str, Any], against: Mapping[str, Any], folder: Path, faults: list[str]
) -> Side | None:
    """The other side; None, with a fault, if there is no such thing."""
    settings = {name: value for name, value in against.items() if name != "scenario"}
    base = against.get("scenario", told.get("scenario"))
    if base is None:
        return None
    if not isinstance(base, str):
        faults.append(f"against.scenario: must be a preset or a TOML file in quotes, given {short(base)}.")
        return None
    place = "against.scenario" if "scenario" in against else ""
    return _side(base, settings, folder, place, faults)


def _side(told: str, settings: Mapping[str, Any], folder: Path, place: str, faults: list[str]) -> Side | None:
    """A scenario with settings; None, with faults, if there is no such thing. place: "" if told elsewhere."""
    wrong = [fault for name in settings if (fault := _setting_fault(name))]
    faults += wrong
    try:
        path, scenario = _scenario(told, folder)
    except SpecError as error:
        where = "" if error.source == "Claims" else f"in {told!r}, "
        faults += [f"{place}: {where}{fault}" for fault in error.faults] if place else []
        return None
    if wrong:
        return None
    try:
        return Side(path, targets.apply(scenario, settings), dict(settings))
    except SpecError as error:
        faults += [f"against: {fault}" for fault in error.faults]
        return None


def _setting_fault(name: str) -> str | None:
    if targets.kind_of(name) in _SETTABLE:
        return None
    near = did_you_mean(name, [*LEVERS, *UNCERTAINTIES, *CHOICES, "scenario"])
    hint = near if near.startswith(" Did") else " List them with: cisim parameters"
    return f"against: no lever, parameter or rule choice is called {name!r}.{hint}"


def _scenario(told: str, folder: Path) -> tuple[str, Scenario]:
    """(the preset's name or the path from here, the scenario)."""
    if told in preset_names():
        return told, load(told)
    path = folder / told
    if told.endswith(".toml"):
        if fault := file_fault(path):
            raise SpecError(fault, source="Claims")
        return str(path), Scenario.read(path)
    hint = nearest(told, [*preset_names(), *files_beside(path, ".toml")])
    raise SpecError(
        f"there is no preset {told!r}, and a file must end in .toml.{hint or ' List presets: cisim presets'}",
        source="Claims",
    )


def _figure_faults(told: Mapping[str, Any]) -> list[str]:
    """What does not fit together in figure, band, inside and against."""
    faults = []
    kind, inside, against = (told.get(key) for key in ("figure", "inside", "against"))
    if kind == "share" and "inside" in told and inside is None:
        faults.append("inside: a share needs to know where values must lie; as in inside = { high = 0.8 }.")
    if kind not in (None, "share") and inside is not None:
        faults.append(f'inside: is for a share; write figure = "share", or take it out of this {kind}.')
    if kind == "ratio" and "against" in told and against is None:
        faults.append("against: a ratio needs another side; as in against = { backbone_staff = 0 }.")
    if kind is not None and {"band", "measure", "against"} <= told.keys():
        low, high = _possible(kind, told["measure"], against is not None)
        if (band := told["band"]).high < low or band.low > high:
            faults.append(
                f"band: a {kind} of this measure lies between {low:g} and {high:g}, never in the band, {band}; "
                "the claim could not hold."
            )
    return faults


def _possible(kind: str, measure: str, paired: bool) -> tuple[float, float]:
    """Between which values a figure can lie at all."""
    declared = MEASURES[measure]
    width = declared.high - declared.low
    if kind == "share":
        return 0.0, 1.0
    if kind == "ratio":
        return (0.0 if declared.low >= 0 else float("-inf")), float("inf")
    if kind == "spread":
        return 0.0, 2 * width if paired else width
    return (-width, width) if paired else (declared.low, declared.high)
