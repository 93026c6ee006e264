"""A frozen record of a scenario, and its faults as plain sentences with the place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from cisim.errors import SpecError, did_you_mean
from cisim.world.fields import short

__all__ = ["Record", "sentences"]


class Record(BaseModel):
    """Values that belong together and cannot change; unknown names are refused.

    Raises SpecError with every fault at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def __init__(self, /, **told: Any) -> None:
        try:
            self.__pydantic_validator__.validate_python(told, self_instance=self)
        except ValidationError as error:
            raise SpecError(sentences(error, type(self), told), source=type(self).__name__) from None

    # Marks this as no change of how pydantic builds nested records, so that their faults keep their place.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def record_for(cls, told: object) -> type[Record]:
        """The class of record that `told` describes: this one, or a kind of it."""
        return cls

    @classmethod
    def keys(cls) -> list[str]:
        """The names of its values as written in a file."""
        return [field.serialization_alias or name for name, field in cls.model_fields.items()]


def sentences(error: ValidationError, record: type[Record], told: object) -> list[str]:
    """One sentence for every fault, in the order of the file: place, what is wrong, given, allowed."""
    found = []
    for fault in error.errors(include_url=False):
        place = _place(fault["loc"], told)
        owner = _owner(record, told, fault["loc"])
        for sentence in _problem(fault, owner):
            found.append(f"{place} {sentence}" if place else sentence)
    return list(dict.fromkeys(found))


def _problem(fault: Any, owner: type[Record]) -> list[str]:
    """What is wrong, given, allowed, by the kind of fault."""
    given = f"given {short(fault['input'])}"
    match fault["type"]:
        case "value_error":
            cause = fault["ctx"]["error"]
            return list(cause.faults) if isinstance(cause, SpecError) else [str(cause)]
        case "extra_forbidden":
            name = str(fault["loc"][-1])
            return [f"is not a known key, {given}.{did_you_mean(name, owner.keys())}"]
        case "missing":
            told = owner.model_fields.get(str(fault["loc"][-1]))
            example = f", for example {told.examples[0]}" if told is not None and told.examples else ""
            return [f"is missing; it must be given{example}."]
        case "model_type" | "model_attributes_type" | "dict_type":
            brackets = f"; write [{fault['loc'][-1]}] with single brackets" if _is_tables(fault) else ""
            return [f"must be a table of keys and values, {given}{brackets}."]
        case "tuple_type" | "list_type":
            brackets = f"; write [[{fault['loc'][-1]}]] with two brackets" if _is_table(fault) else ""
            return [f"must be a list, {given}{brackets}."]
        case "string_type":
            return [f"must be text, {given}; put it in quotes."]
        case _:
            return [f"{fault['msg'][0].lower()}{fault['msg'][1:]}, {given}."]


def _is_table(fault: Any) -> bool:
    return isinstance(fault["input"], Mapping)


def _is_tables(fault: Any) -> bool:
    given = fault["input"]
    return isinstance(given, list) and bool(given) and isinstance(given[0], Mapping)


def _place(loc: tuple[int | str, ...], told: object) -> str:
    """`partner[3].capacity ("food-bank"):` for the fourth listed partner; counting starts at 0."""
    path, label = "", ""
    for step in loc:
        told = _inside(told, step)
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
        if isinstance(step, int) and isinstance(told, Mapping):
            label = _label(told)
    return f"{path}{label}:" if path else ""


def _label(told: Mapping[str, Any]) -> str:
    """What a person would call this entry: its id, its kind, its name, the two ends of a tie."""
    for key in ("id", "kind", "key", "name"):
        if isinstance(told.get(key), str):
            return f" ({told[key]!r})"
    return f" ({short(told['between'])})" if "between" in told else ""


def _inside(told: object, step: int | str) -> object:
    try:
        return told[step]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return None


def _owner(record: type[Record], told: object, loc: tuple[int | str, ...]) -> type[Record]:
    """The record that holds the last step of `loc`."""
    for step in loc[:-1]:
        told = _inside(told, step)
        if isinstance(step, str) and step in record.model_fields:
            record = _record_in(record.model_fields[step].annotation) or record
        record = record.record_for(told)
    return record


def _record_in(annotation: Any) -> type[Record] | None:
    """The record class inside an annotation such as tuple[Partner, ...]."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation
    return next((found for part in get_args(annotation) if (found := _record_in(part))), None)
