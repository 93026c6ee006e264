"""What went wrong, in a sentence for the person at the page."""

from __future__ import annotations

from cisim.errors import RunError, SpecError

__all__ = ["sentence_of"]


def sentence_of(error: Exception) -> str:
    """The sentence for an error; it holds neither paths nor code."""
    if isinstance(error, RunError):
        when = "" if error.month is None else f" in month {error.month}"
        return (
            f"Run {error.replicate} has no finite numbers any more{when}: {error.problem}. "
            "Bring the assumptions that you changed back towards their usual range."
        )
    if isinstance(error, SpecError):
        return " ".join(error.faults)
    if isinstance(error, MemoryError):
        return "There is not enough memory for this; choose fewer partners, months or runs."
    return "This could not be computed; the reason is in the server's log. Undo brings the last picture back."
