"""The address of a page: which page, and the query that restores everything on it."""

from __future__ import annotations

from cisim.app.state.session import PAGES

__all__ = ["PATHS", "TITLES", "address_of", "page_of"]

PATHS = {page: "/" if page == PAGES[0] else f"/{page}" for page in PAGES}
TITLES = {"stage": "Stage · cisim", "desk": "Desk · cisim", "bench": "Bench · cisim"}


def address_of(page: str, query: str) -> str:
    """The address below the root path of the app."""
    return f"{PATHS[page]}?{query}" if query else PATHS[page]


def page_of(path: str) -> str:
    """The page that a path leads to; the first for a path that leads nowhere."""
    return next((page for page, known in PATHS.items() if known.strip("/") == path.strip("/")), PAGES[0])
