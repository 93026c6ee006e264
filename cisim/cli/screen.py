"""What a person sees: results on stdout; notes, progress and errors on stderr."""

from __future__ import annotations

import functools
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import typer

from cisim.errors import CisimError, DataError, RunError, SpecError, StoreError

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["INTERRUPTED", "PATIENCE", "answering", "console", "note", "print_json", "running", "spinning"]

FAILED, BAD_INPUT, CANNOT_WRITE, INTERRUPTED = 1, 2, 3, 130
WIDE = 160
"""Columns where stdout is a file or a pipe."""
PATIENCE = 10.0
"""Seconds between lines of progress where stderr is not a terminal."""


def answering(command: Callable[..., None]) -> Callable[..., None]:
    """The command with a clear message and an exit code in place of a traceback."""

    @functools.wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError:  # whoever read the output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except KeyboardInterrupt:
            note("Interrupted.")
            raise typer.Exit(INTERRUPTED) from None
        except (CisimError, OSError, MemoryError) as error:
            note(f"Error: {_message(error)}")
            raise typer.Exit(_code(error)) from None

    return guarded


def console(stderr: bool = False) -> Console:
    """The screen, or a wide page where the output goes to a file."""
    from rich.console import Console

    screen = Console(stderr=stderr, highlight=False)
    return screen if screen.is_terminal else Console(stderr=stderr, highlight=False, width=WIDE)


def note(text: str, quiet: bool = False) -> None:
    """A line on stderr."""
    if not quiet:
        with suppress(BrokenPipeError):
            typer.echo(text, err=True)


def print_json(value: Any) -> None:
    """JSON on stdout; what is not a finite number becomes null."""
    from cisim.world.disk import json_text

    typer.echo(json_text(value))


@contextmanager
def spinning(text: str, quiet: bool) -> Iterator[None]:
    """A line that says what is going on while a person waits."""
    if quiet:
        yield
    elif sys.stderr.isatty():
        with console(stderr=True).status(text):
            yield
    else:
        note(text)
        yield


@contextmanager
def running(whole: int, quiet: bool) -> Iterator[Callable[[str, int], None]]:
    """Progress over `whole` replicates of all scenarios: call it with (scenario, replicates more)."""
    if quiet:
        yield lambda name, more: None
    elif sys.stderr.isatty():
        with _bar(whole) as advance:
            yield advance
    else:
        yield _lines(whole)


@contextmanager
def _bar(whole: int) -> Iterator[Callable[[str, int], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        task = progress.add_task("running", total=whole)
        yield lambda name, more: progress.update(task, advance=more, description=name)


def _lines(whole: int) -> Callable[[str, int], None]:
    done, last = 0, time.monotonic()

    def advance(name: str, more: int) -> None:
        nonlocal done, last
        done += more
        if time.monotonic() - last > PATIENCE:
            last = time.monotonic()
            note(f"{name}: {done} of {whole} replicates done")

    return advance


def _message(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "not enough memory; ask for fewer --replicates or --measures."
    if isinstance(error, OSError) and not isinstance(error, CisimError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}."
    return str(error)


def _code(error: BaseException) -> int:
    if isinstance(error, (SpecError, DataError)):
        return BAD_INPUT
    if isinstance(error, (StoreError, OSError)) and not isinstance(error, RunError):
        return CANNOT_WRITE
    return FAILED
