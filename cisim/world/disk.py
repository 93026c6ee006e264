"""Files that are there whole or not at all, and survive the loss of power."""

from __future__ import annotations

import json
import math
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from cisim.errors import StoreError

__all__ = ["is_draft", "json_text", "make_folder", "sweep", "write_new", "write_whole"]

_DRAFT = ".draft"
_ABANDONED = 3600.0  # seconds after which nobody writes a draft any more


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name, bring it to the disk, then give it its name. Raises StoreError."""
    draft = path.parent / f".{path.name}.{secrets.token_hex(4)}{_DRAFT}"
    try:
        with open(draft, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror or error}).") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def write_new(path: Path, content: bytes, *, force: bool = False) -> None:
    """Write a file that people edit whole; one that is there and differs only with `force`. Raises StoreError."""
    if path.is_file() and not force:
        try:
            same = path.read_bytes() == content
        except OSError as error:
            raise StoreError(f"{path}: cannot be read ({error.strerror or error}).") from error
        if not same:
            raise StoreError(
                f"{path}: is there already, and differs from what would be written; name another file, or add --force "
                "to replace it."
            )
    write_whole(path, content)


def json_text(value: Any) -> str:
    """JSON for a file or another program: what is not a finite number becomes null."""
    return json.dumps(_finite(value), indent=2, ensure_ascii=False, allow_nan=False)


def is_draft(path: Path) -> bool:
    """True for a file that was being written, perhaps when its process came to a sudden end."""
    return path.name.startswith(".") and path.name.endswith(_DRAFT)


def sweep(folder: Path) -> None:
    """Remove drafts that sudden ends left behind an hour ago or more."""
    for draft in folder.rglob(f".*{_DRAFT}"):
        with suppress(OSError):
            if time.time() - draft.stat().st_mtime > _ABANDONED:
                draft.unlink()


def make_folder(path: Path) -> Path:
    """The folder, made if it is not there. Raises StoreError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path}: cannot be made ({error.strerror}); name another folder.") from error
    return path


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
