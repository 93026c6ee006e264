"""What one visitor may ask for, so that nobody can starve the others."""

from __future__ import annotations

from dataclasses import asdict, dataclass

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """The most of everything that a session holds or asks of the machine."""

    replicates: int = 200
    months: int = 240
    plans: int = 6
    partners: int = 200
    events: int = 100
    upload_bytes: int = 2_000_000
    link_characters: int = 8_000
    undo_steps: int = 200
    undo_bytes: int = 50_000_000  # of ties and draws that undo keeps alive, about

    def told(self) -> dict[str, float]:
        """The limits by name, for the browser."""
        return {name: float(value) for name, value in asdict(self).items()}
