"""A posterior: draws of uncertainties that are plausible together, such as a calibration gives.

Each row is one draw, each column one uncertainty. In a scenario with a posterior of P draws, replicate r has
draw r % P, so that a difference between two scenarios with the same posterior stays paired. What the scenario
itself says of a parameter holds in place of the column of that name.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cisim.errors import SpecError, did_you_mean
from cisim.theory.parameters import UNCERTAINTIES, record
from cisim.world.disk import write_whole
from cisim.world.draws import ENDING, csv_text, draws_in, draws_of, provenance_of
from cisim.world.fields import short
from cisim.world.toml import text_of

__all__ = ["ENDING", "Posterior", "Spread", "beside", "is_name", "posterior_of", "shipped"]

Array = np.ndarray[Any, Any]

_SHELF = files("cisim.world") / "posteriors"
_KEYS = ("origin", "provenance", "names", "rows")


class Spread(NamedTuple):
    """Where the draws of one parameter lie: median, and the ends of the central 90 %."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Posterior:
    """P draws of m uncertainties: `rows` (P, m), not to be written to, a column for each of `names`.

    provenance: {key: value}, how the draws were made. origin: the file or the shipped sample they were read
    from, "" if none. Two are equal if names, draws and provenance are. Made by `from_table` or `read`, which
    check everything.
    """

    names: tuple[str, ...]
    rows: Array
    provenance: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""

    @classmethod
    def from_table(
        cls, names: Any, values: Any, *, provenance: Mapping[str, str] | None = None, origin: str = ""
    ) -> Posterior:
        """The posterior with these draws, (P, m) numbers in the units and ranges that are declared.

        Raises SpecError with every fault at once.
        """
        columns, rows, faults = draws_of(names, values)
        told, wrong = provenance_of({} if provenance is None else provenance)
        if not isinstance(origin, str):
            wrong.append(f"origin: must be text, given {short(origin)}; put it in quotes.")
        if faults := [*wrong, *faults]:
            raise SpecError(faults, source="Posterior")
        return cls(columns, rows, told, origin)

    @classmethod
    def read(cls, path_or_name: str | os.PathLike[str]) -> Posterior:
        """The posterior in a CSV file; a name without an ending and a folder is that of a shipped sample.

        The file: lines `# key: value` first, kept as provenance; then the names of parameters; then a draw a
        line. Raises SpecError with every fault at once, by row of the file.
        """
        told = os.fspath(path_or_name)
        if is_name(told):
            return cls._of_text(_shipped_text(told), told, f"Posterior {told!r}")
        return cls._of_text(text_of(told), Path(told).name, told)

    @classmethod
    def _of_text(cls, text: str, origin: str, source: str) -> Posterior:
        provenance, names, rows, faults = draws_in(text)
        if faults:
            raise SpecError(faults, source=source)
        return cls(names, rows, provenance, origin)

    @cached_property
    def digest(self) -> str:
        """A hash of the names and of every draw."""
        text = hashlib.blake2b("\0".join(self.names).encode(), digest_size=16)
        text.update(np.ascontiguousarray(self.rows).tobytes())
        return text.hexdigest()

    def __len__(self) -> int:
        return len(self.rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Posterior):
            return NotImplemented
        return self.digest == other.digest and self.provenance == other.provenance

    def __hash__(self) -> int:
        return hash(self.digest)

    def free(self, told: Mapping[str, float]) -> list[str]:
        """The parameters that the draws decide, where a scenario says `told` itself."""
        return [name for name in self.names if name not in told]

    def parameters(self, told: Mapping[str, float]) -> Array:
        """Array of ParameterRow (P,): `told` first, then the draws, then the declared defaults."""
        found = np.repeat(record(told, UNCERTAINTIES), len(self))
        for name in self.free(told):
            found[name] = self.rows[:, self.names.index(name)]
        return found

    def summary(self) -> dict[str, Spread]:
        """{name: median, 5 % and 95 % of its draws}, in the order of columns."""
        middle, low, high = np.quantile(self.rows, (0.5, 0.05, 0.95), axis=0).tolist()
        return {name: Spread(middle[at], low[at], high[at]) for at, name in enumerate(self.names)}

    def in_words(self) -> str:
        """How many draws of how many parameters, and where they are from."""
        draws, width = len(self), len(self.names)
        size = f"{draws:,} draw{'' if draws == 1 else 's'} of {width} parameter{'' if width == 1 else 's'}"
        return f"{size} from {self.origin}" if self.origin else size

    def identity(self) -> dict[str, Any]:
        """What tells it from others: origin, number of draws, parameters, digest, provenance."""
        return {
            "origin": self.origin, "draws": len(self), "parameters": list(self.names), "digest": self.digest,
            "provenance": dict(self.provenance),
        }  # fmt: skip

    def table(self) -> dict[str, Any]:
        """Everything as plain values, for a scenario's file."""
        told = {"origin": self.origin, "provenance": dict(self.provenance)}
        whole = {"names": list(self.names), "rows": self.rows.tolist()}
        return {key: value for key, value in told.items() if value} | whole

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the CSV file whole or not at all. Raises StoreError if that is impossible."""
        write_whole(Path(path), self.to_csv().encode())

    def to_csv(self) -> str:
        """The text of its file; reading it gives an equal posterior."""
        return csv_text(self.provenance, self.names, self.rows)


def posterior_of(told: object) -> Posterior | None:
    """The posterior that a value of a scenario stands for: itself, a file or name, a table; None for none.

    Raises SpecError with every fault at once.
    """
    if told is None or isinstance(told, Posterior):
        return told
    if isinstance(told, (str, os.PathLike)):
        try:
            return Posterior.read(told)
        except SpecError as error:
            raise SpecError([f"in {os.fspath(told)!r}, {fault}" for fault in error.faults]) from None
    if not isinstance(told, Mapping):
        raise SpecError(f"must be a file, a name, or a table with names and rows, given {short(told)}.")
    unknown = [f"{key!r} is not a known key.{did_you_mean(key, _KEYS)}" for key in told if key not in _KEYS]
    unknown += [f"{key} is missing; it must be given." for key in ("names", "rows") if key not in told]
    if unknown:
        raise SpecError(unknown)
    given = {key: told[key] for key in ("origin", "provenance") if key in told}
    return Posterior.from_table(told["names"], told["rows"], **given)


def is_name(told: str) -> bool:
    """True for what can only be the name of a shipped sample: without an ending and without a folder."""
    return bool(told) and Path(told).name == told and not Path(told).suffix


def beside(told: object, folder: Path) -> object:
    """What stands for a posterior in a file in this folder: a path in it leads from there."""
    return str(folder / told) if isinstance(told, str) and told and not is_name(told) else told


def shipped() -> tuple[str, ...]:
    """The names of the samples that come with cisim, sorted."""
    if not _SHELF.is_dir():
        return ()
    names = [file.name for file in _SHELF.iterdir() if file.name.endswith(ENDING)]
    return tuple(sorted(name.removesuffix(ENDING) for name in names))


def _shipped_text(name: str) -> str:
    if name not in (known := shipped()):
        raise SpecError(
            f"there is no posterior of this name, and a file needs an ending, as in {name + ENDING!r}."
            f"{did_you_mean(name, known)}",
            source=f"Posterior {name!r}",
        )
    return (_SHELF / f"{name}{ENDING}").read_text(encoding="utf-8")
