"""The column map: which column of a survey holds what, and on which scale it was asked.

What a map leaves out is guessed from obvious column names and from the answers; each guess is told in
the notes of the import. An empty string says that the file has no such column.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import tomlkit
from pydantic import BeforeValidator, Field, ValidationError, model_validator

from cisim.errors import SpecError, did_you_mean
from cisim.world.fields import one_of, short, truth, within
from cisim.world.record import Record, sentences
from cisim.world.survey.scales import COLLABORATION_SCALES, CONTACT_SCALES, MOST_CONTACTS
from cisim.world.toml import BYTE_ORDER_MARK

__all__ = ["OrganizationColumns", "SurveyMap", "TieColumns"]

SUBJECT = "The column map"


def _text(value: object) -> object:
    """Text; also a number or truth value that stands where a word is meant, as TOML and flags allow."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)):
        return str(value).strip()
    raise SpecError(f"must be text, given {short(value)}.")


def _optional(check: Callable[[object], object]) -> BeforeValidator:
    return BeforeValidator(lambda value: None if value is None else check(value))


def _texts(value: object) -> object:
    if not isinstance(value, (list, tuple)):
        raise SpecError(f"must be a list of texts, given {short(value)}.")
    return tuple(_text(item) for item in value)


def _items(value: object) -> object:
    return _texts(value) if isinstance(value, (list, tuple)) else _text(value)


def _filter(value: object) -> object:
    if not isinstance(value, Mapping):
        raise SpecError(f"must be a table of column = value, given {short(value)}.")
    return {name: _text(wanted) for name, wanted in value.items()}


def _ends(value: object) -> object:
    numbers = isinstance(value, (list, tuple)) and len(value) == 2
    if not numbers or not all(type(end) in (int, float) and abs(end) < 1e9 for end in value):  # type: ignore[attr-defined]
        raise SpecError(
            f"must be two numbers [answer for no trust, answer for full trust], given {short(value)}."
        )
    if value[0] == value[1]:  # type: ignore[index]
        raise SpecError(f"must have two different ends, given {short(value)}.")
    return tuple(float(end) for end in value)  # type: ignore[attr-defined]


def _scale(known: Mapping[str, str], most: float, unit: str) -> BeforeValidator:
    """A named scale, or a table of answer = value from 0 to `most`."""
    check_value: Any = within(0, most, unit).func

    def check(value: object) -> object:
        if isinstance(value, str):
            if value in known:
                return value
            raise SpecError(f"there is no scale {value!r}; known: {', '.join(known)}.{_near(value, known)}")
        if not isinstance(value, Mapping) or not value:
            raise SpecError(
                f"must be the name of a scale or a table of answer = value, given {short(value)}."
            )
        faults = []
        for answer, number in value.items():
            try:
                check_value(number)
            except SpecError as problem:
                faults.append(f"answer {answer!r} {problem.faults[0]}")
        if faults:
            raise SpecError(faults)
        return {str(answer): float(number) for answer, number in value.items()}

    return _optional(check)


def _near(value: str, known: Iterable[str]) -> str:
    near = did_you_mean(value, known)
    return near if near.startswith(" Did") else ""


Text = Annotated[str | None, _optional(_text)]
Items = Annotated[str | tuple[str, ...] | None, _optional(_items)]
Ends = Annotated[tuple[float, float] | None, _optional(_ends)]
ContactScale = Annotated[
    str | dict[str, float] | None, _scale(CONTACT_SCALES, MOST_CONTACTS, "contacts a month")
]
CollaborationScale = Annotated[str | dict[str, float] | None, _scale(COLLABORATION_SCALES, 1, "")]


class OrganizationColumns(Record):
    """Columns of the file of organizations.

    `trust`: its trust in the others, one item or the mean of several, each from trust_scale[0] (no
    trust) to trust_scale[1] (full trust). `capacity`: staff for this issue, FTE. `backbone`: the column
    that marks the backbone with `backbone_value` (if not told: with 1, yes, true or x).
    """

    id: Text = None
    name: Text = None
    sector: Text = None
    capacity: Text = None
    trust: Items = None
    trust_scale: Ends = None
    backbone: Text = None
    backbone_value: Text = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        _check_trust(self.trust, self.trust_scale)
        return self


class TieColumns(Record):
    """Columns of the file of ties.

    `named`: contacts a month that a named tie stands for (assumption). `trust`: the source's trust in
    the target; `trust_back`: the reverse, where one row holds both.
    """

    source: Text = None
    target: Text = None
    contact: Text = None
    scale: ContactScale = None
    named: Annotated[float, within(0, MOST_CONTACTS, "contacts a month")] = 1.0
    collaboration: Text = None
    collaboration_scale: CollaborationScale = None
    trust: Items = None
    trust_back: Items = None
    trust_scale: Ends = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        _check_trust(self.trust or self.trust_back, self.trust_scale)
        return self


def _check_trust(items: object, scale: object) -> None:
    if items and scale is None:
        raise SpecError("trust needs trust_scale = [answer for no trust, answer for full trust].")


class SurveyMap(Record):
    """How to read a survey of a coalition: two files, their columns, scales and conventions.

    directed: true, a row is what the source reports; false, a row is what is so of the pair. reciprocal:
    what two sides that differ make of a pair. unlisted: what a pair is that the file does not list.
    missing: cells that mean no answer. where: column = value, to pick one network of several. backbone:
    its id, instead of a column that marks it.
    """

    layout: Annotated[Literal["pairs", "matrix"] | None, _optional(one_of("pairs", "matrix").func)] = None
    directed: Annotated[bool | None, truth(optional=True)] = None
    reciprocal: Annotated[
        Literal["mean", "max", "first", "error"], one_of("mean", "max", "first", "error")
    ] = "mean"
    unlisted: Annotated[Literal["absent", "missing"], one_of("absent", "missing")] = "absent"
    missing: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ("", "NA", "--")
    where: Annotated[dict[str, str], BeforeValidator(_filter)] = Field(default_factory=dict)
    backbone: Text = None
    organizations: OrganizationColumns = OrganizationColumns()
    ties: TieColumns = TieColumns()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        faults = []
        if self.backbone and self.organizations.backbone:
            faults.append("the backbone is named by its id and by a column; keep one of them.")
        columns = (self.ties.source, self.ties.target, self.ties.collaboration, self.ties.trust)
        if self.layout == "matrix" and any(columns):
            faults.append("a matrix holds contact alone; source, target, collaboration, trust need pairs.")
        if faults:
            raise SpecError(faults)
        return self

    @classmethod
    def from_toml(cls, text: str, *, source: str | None = None) -> Self:
        """The map in a TOML text; SpecError with every fault."""
        try:
            table = tomllib.loads(text.removeprefix(BYTE_ORDER_MARK))
        except tomllib.TOMLDecodeError as error:
            raise SpecError(f"this is not TOML: {error}.", source=source or SUBJECT) from None
        return cls.from_table(table, source=source)

    @classmethod
    def from_table(cls, table: Mapping[str, Any], *, source: str | None = None) -> Self:
        """The map in a table of keys and values; SpecError with every fault."""
        try:
            return cls.model_validate(dict(table))
        except ValidationError as error:
            raise SpecError(sentences(error, cls, table), source=source or SUBJECT) from None

    @classmethod
    def read(cls, path: Path | str) -> Self:
        """The map in a TOML file."""
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise SpecError(f"cannot be read as a TOML file: {error}.", source=str(path)) from None
        return cls.from_toml(text, source=str(path))

    def to_toml(self) -> str:
        """What differs from the defaults, as TOML; `from_toml` gives the same map back."""
        table = self.model_dump(mode="json", exclude_defaults=True)
        return tomlkit.dumps(table)

    def with_flags(self, flags: Iterable[str]) -> Self:
        """This map with settings like `ties.contact=frequency` or `organizations.trust_scale=[0, 10]`."""
        table = self.model_dump(mode="json", exclude_defaults=True)
        faults = [fault for flag in flags if (fault := _set(table, flag))]
        if faults:
            raise SpecError(faults, source=SUBJECT)
        return self.from_table(table)


def _set(table: dict[str, Any], flag: str) -> str | None:
    """Put one `key=value` into the table; the fault if that cannot be."""
    key, sign, text = flag.partition("=")
    *parents, last = (part.strip() for part in key.split("."))
    if not sign or not last:
        return f"{flag!r} is not a setting; write key=value, such as ties.contact=frequency."
    for parent in parents:
        table = table.setdefault(parent, {})
        if not isinstance(table, dict):
            return f"{flag!r} sets a part of {parent!r}, which has none."
    table[last] = _value(text.strip())
    return None


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
