"""Text files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cisim.errors import StoreError

__all__ = ["write_text"]


def write_text(target: Path, text: str) -> None:
    """Write a file under another name, then give it its name. Raises StoreError if that is impossible."""
    try:
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror}); check the folder.") from error
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(draft, target)
    except BaseException as error:
        Path(draft).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise StoreError(f"{target}: cannot be written ({error.strerror}).") from error
        raise
