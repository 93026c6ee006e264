"""A file of claims as it is written in TOML, checked value by value; `loading` finds what it names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, InstanceOf

from cisim.errors import SpecError, did_you_mean
from cisim.evidence.claims.kinds import KINDS, Kind
from cisim.evidence.pattern import Band
from cisim.theory.measures import MEASURES
from cisim.world.fields import one_of, scalar, short, slug, text, whole, within
from cisim.world.record import Record

__all__ = ["LARGEST", "ClaimFile", "Told", "VaryTold"]

LARGEST = 1e9
"""No end of a band or a range is further from 0."""
_ENDS = ("low", "high")


def _measure(value: object) -> object:
    if isinstance(value, str) and value in MEASURES:
        return value
    near = did_you_mean(value, MEASURES) if isinstance(value, str) else ""
    hint = near if near.startswith(" Did") else " List them with: cisim measures"
    raise SpecError(f"there is no measure {short(value)}.{hint}")


def _band(value: object) -> object:
    """A Band from [low, high], or from a table with one end or both."""
    if value is None or isinstance(value, Band):
        return value
    if isinstance(value, (list, tuple)) and len(value) == 2:
        value = dict(zip(_ENDS, value, strict=True))
    if not isinstance(value, Mapping) or not value:
        raise SpecError(f"must be [low, high], or a table with low, high or both, given {short(value)}.")
    faults = [f"{key!r} is not a known key.{did_you_mean(key, _ENDS)}" for key in value if key not in _ENDS]
    faults += [fault for key in _ENDS if key in value and (fault := _end_fault(key, scalar(value[key])))]
    if not faults and value.get("low", -math.inf) > value.get("high", math.inf):
        faults = [f"is empty, given {short(value)}; low must not be above high."]
    if faults:
        raise SpecError(faults)
    low, high = (float(scalar(value.get(key, end))) for key, end in (("low", -math.inf), ("high", math.inf)))
    return Band(low, high)


def _end_fault(key: str, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= LARGEST:
        return f"{key} must be a number from {-LARGEST:g} to {LARGEST:g}, given {short(value)}."
    return None


def _against(value: object) -> object:
    if value is None or (isinstance(value, Mapping) and value):
        return value
    raise SpecError(
        f"must be a table of settings, or of a scenario, given {short(value)}; as in {{ backbone_staff = 0 }}."
    )


class VaryTold(Record):
    """A lever or an uncertainty, and the range in which the claim is said to hold (default: as declared)."""

    name: Annotated[str, text(1, 200)] = Field(examples=['name = "trust_gain"'])
    low: Annotated[float | None, within(-LARGEST, LARGEST, drawn=True)] = None
    high: Annotated[float | None, within(-LARGEST, LARGEST, drawn=True)] = None


class Told(Record):
    """One claim as written: in this scenario, this figure of this measure lies in this band in this month.

    against: the other side, {setting: value}, and `scenario` among them; the value of a replicate is then this
    side's less the other's. inside: for a share, where the value of a replicate must lie. vary: the ranges in
    which the claim is said to hold. Raises SpecError with every fault at once.
    """

    name: Annotated[str, slug()] = Field(examples=['name = "backbone-lifts-trust"'])
    says: Annotated[str, text(1, 1_000)] = Field(examples=['says = "Our backbone lifts trust."'])
    scenario: Annotated[str, text(1, 1_000)] = Field(examples=['scenario = "collective-impact"'])
    against: Annotated[dict[str, Any] | None, BeforeValidator(_against)] = None
    measure: Annotated[str, BeforeValidator(_measure)] = Field(examples=['measure = "severity"'])
    month: Annotated[int, whole(0, 1_200, "months")] = Field(examples=["month = 36"])
    figure: Annotated[Kind, one_of(*KINDS)] = Field(examples=['figure = "mean"'])
    band: Annotated[InstanceOf[Band], BeforeValidator(_band)] = Field(examples=["band = [0.01, 1.0]"])
    inside: Annotated[InstanceOf[Band] | None, BeforeValidator(_band)] = None
    sources: tuple[Annotated[str, text(1, 300)], ...] = ()
    vary: tuple[VaryTold, ...] = ()


class ClaimFile(Record):
    """A file of claims: the format, and a list of [[claim]]."""

    format: Annotated[int, whole(1, 1, "(the only format so far)")] = 1
    claim: tuple[Told, ...] = Field(examples=["[[claim]]"])
