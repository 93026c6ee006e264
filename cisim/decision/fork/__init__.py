"""A run stopped in a month, one thing changed, every other draw kept: what differs, and how it spreads."""

from cisim.decision.fork.forking import Fork, fork

__all__ = ["Fork", "fork"]
