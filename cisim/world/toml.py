"""Scenario files: TOML text to plain values and back."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cisim.errors import SpecError
from cisim.world.fields import DRAWN

__all__ = ["BYTE_ORDER_MARK", "dump", "parse", "text_of"]

BYTE_ORDER_MARK = "\ufeff"
"""What Notepad on Windows may put before a text in UTF-8."""


def text_of(path: str | os.PathLike[str]) -> str:
    """The text of a file, without the mark that some editors put before UTF-8. Raises SpecError if it is no UTF-8."""
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SpecError("not a text file in UTF-8; save it as UTF-8.", source=str(path)) from None
    except OSError as error:
        raise SpecError(f"cannot be read ({error.strerror}); check the path.", source=str(path)) from None


def parse(text: str) -> dict[str, Any]:
    """The values in a TOML text. Raises SpecError with line and column if it is not TOML."""
    try:
        return tomllib.loads(text.removeprefix(BYTE_ORDER_MARK))
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a ValueError
        last = len(text.splitlines())
        told = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "Too long or too deep a value"
        problem = told.replace("at end of document", f"at line {last}, the end of the document")
        raise SpecError(f"not valid TOML: {problem}; look at that line, or just above it.") from None


def dump(values: Mapping[str, Any]) -> str:
    """TOML text: plain values first, then tables, then lists of tables; one value a line, and a list in a list.

    Inside a list None is written as the word for "drawn"; elsewhere None must not occur.
    """
    blocks = ["".join(_line(key, value) for key, value in values.items() if not _is_table(value))]
    for key, value in values.items():
        if isinstance(value, Mapping):
            blocks.append(_block(f"[{key}]", value))
        elif _is_table(value):
            blocks.extend(_block(f"[[{key}]]", entry) for entry in value)
    return "\n".join(blocks)


def _is_table(value: object) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, (list, tuple)) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _block(header: str, values: Mapping[str, Any]) -> str:
    return header + "\n" + "".join(_line(key, value) for key, value in values.items())


def _line(key: str, value: object) -> str:
    name = key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _text(key)
    return f"{name} = {_value(value)}\n"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(_line(key, entry).rstrip() for key, entry in value.items())} }}"
    if isinstance(value, (list, tuple)):
        if value and all(isinstance(item, (list, tuple)) for item in value):
            return "[\n" + "".join(f"  {_value(item)},\n" for item in value) + "]"
        return f"[{', '.join(_text(DRAWN) if item is None else _value(item) for item in value)}]"
    return repr(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
