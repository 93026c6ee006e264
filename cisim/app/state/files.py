"""Uploaded files, as the browser sends them: a name, and text or base64 text of bytes."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cisim.errors import SpecError
from cisim.world.fields import short

__all__ = ["Upload", "as_text", "uploads"]


@dataclass(frozen=True)
class Upload:
    """One uploaded file: a name that can be shown and used in a folder, and its bytes."""

    name: str
    data: bytes
    size: int = 0  # that the browser says it has, where it did not send a file that is too large
    role: str = ""  # of a survey: "organizations", "ties" or not told


def uploads(files: Sequence[object], most_bytes: int) -> tuple[Upload, ...]:
    """The files of an action. Raises SpecError with every fault at once."""
    found: list[Upload] = []
    faults: list[str] = []
    for at, told in enumerate(files):
        try:
            found.append(_upload(at, told))
        except SpecError as error:
            faults += error.faults
    if (size := sum(max(len(file.data), file.size) for file in found)) > most_bytes:
        faults.append(f"{size:,} bytes are too many; allowed are up to {most_bytes:,} bytes in all.")
    if faults:
        raise SpecError(faults)
    return _told_apart(found)


def _upload(at: int, told: object) -> Upload:
    if not isinstance(told, Mapping):
        raise SpecError(f"files[{at}]: must be a file with name and text, given {short(told)}.")
    name = _name(told.get("name"), at)
    role = told.get("role", "")
    if role not in ("", "organizations", "ties"):
        raise SpecError(f"{name}: role must be 'organizations' or 'ties', given {short(role)}.")
    size = told.get("size", 0)
    return Upload(name, _data(name, told), size if isinstance(size, int) else 0, role)


def _data(name: str, told: Mapping[str, Any]) -> bytes:
    text, coded = told.get("text"), told.get("base64")
    if isinstance(coded, str):
        try:
            return base64.b64decode(coded, validate=True)
        except (binascii.Error, ValueError):
            raise SpecError(f"{name}: did not arrive whole; upload it again.") from None
    if not isinstance(text, str):
        raise SpecError(f"{name}: has no text, given {short(text)}.")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise SpecError(f"{name}: is not text in UTF-8; save it as UTF-8.") from None


def _name(told: object, at: int) -> str:
    """The name without a folder and without signs that a file system or a reader could take amiss."""
    last = re.split(r"[\\/]", told)[-1] if isinstance(told, str) else ""
    plain = re.sub(r"[^\w .()-]", "_", last)[-80:]
    short_enough = plain.encode("utf-8")[-160:].decode("utf-8", "ignore").strip(" .")
    return short_enough or f"file-{at + 1}"


def _told_apart(files: Sequence[Upload]) -> tuple[Upload, ...]:
    """The same files, names that are taken with a number in front."""
    names: list[str] = []
    for at, file in enumerate(files):
        taken = [name.casefold() for name in names]
        names.append(f"{at + 1}-{file.name}" if file.name.casefold() in taken else file.name)
    return tuple(replace(file, name=name) for name, file in zip(names, files, strict=True))


def as_text(file: Upload) -> str:
    """The text of a file. Raises SpecError if it is no text in UTF-8."""
    try:
        text = file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecError(
            f"is not text in UTF-8 (byte {error.start + 1:,}); save it as UTF-8.", source=file.name
        ) from None
    if "\0" in text or text.count("\ufffd") > len(text) // 20:
        raise SpecError("is not text but something else; choose another file.", source=file.name)
    return text
