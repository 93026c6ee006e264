"""Progress of a study: a live line for a person, lines of JSON for a program."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from cisim.cli.screen import PATIENCE, console, note
from cisim.errors import StoreError

if TYPE_CHECKING:
    from cisim.study.running.session import Progress

__all__ = ["watching"]

Watch = Callable[["Progress"], None]


@contextmanager
def watching(file: Path | None, quiet: bool) -> Iterator[Watch]:
    """A function to call with progress: it tells the person on stderr, and writes to `file` ("-": stdout)."""
    with _stream(file) as stream, _person(quiet) as tell:

        def watch(progress: Progress) -> None:
            tell(progress)
            _say(as_json(progress), stream)

        try:
            yield watch
        finally:
            _say({"event": "end"}, stream)


def as_json(progress: Progress) -> dict[str, Any]:
    """Progress as one line of the stream."""
    left = progress.seconds_left
    return {
        "event": "progress",
        "done": progress.done,
        "already": progress.already,
        "whole": progress.whole,
        "failed": progress.failed,
        "seconds": round(progress.seconds, 3),
        "rate": round(progress.rate, 3),
        "seconds_left": round(left, 1) if left != float("inf") else None,
        "bytes": progress.written,
    }


def line(progress: Progress) -> str:
    """Progress as one line for a person."""
    kept = progress.already + progress.done
    share = 100 * kept / progress.whole if progress.whole else 100.0
    left = progress.seconds_left
    span = "?" if left == float("inf") else f"{int(left) // 60}:{int(left) % 60:02d}"
    failed = f", {progress.failed:,} failed" if progress.failed else ""
    return (
        f"{kept:,} of {progress.whole:,} runs ({share:.1f} %), {progress.rate:,.0f} a second{failed}, "
        f"{span} left, {progress.written / 1e6:.1f} MB"
    )


def _say(told: dict[str, Any], stream: TextIO | None) -> None:
    """A line of the stream, if there is one; a stream that cannot take it ends nothing."""
    if stream is not None:
        with suppress(OSError):
            print(json.dumps(told), file=stream, flush=True)


@contextmanager
def _person(quiet: bool) -> Iterator[Watch]:
    if quiet:
        yield lambda progress: None
    elif sys.stderr.isatty():
        with console(stderr=True).status("Starting …") as status:
            yield lambda progress: status.update(line(progress))
    else:
        yield _patient()


def _patient() -> Watch:
    last = time.monotonic()

    def tell(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() - last > PATIENCE:
            last = time.monotonic()
            note(line(progress))

    return tell


@contextmanager
def _stream(file: Path | None) -> Iterator[TextIO | None]:
    if file is None or str(file) == "-":
        yield None if file is None else sys.stdout
        return
    with ExitStack() as opened:
        try:
            stream = opened.enter_context(open(file, "a", encoding="utf-8", buffering=1))
        except OSError as error:
            raise StoreError(f"{file}: cannot be written ({error.strerror}).") from error
        try:
            yield stream
        finally:
            try:
                stream.close()
            except OSError as error:  # the runs are kept all the same
                note(f"{file}: progress could not be written ({error.strerror}).")
