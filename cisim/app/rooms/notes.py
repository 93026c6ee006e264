"""What is told of answers for as long as it is so: why one is not there yet, or what it leaves out."""

from __future__ import annotations

from cisim.app.protocol import Notice

__all__ = ["Notes"]


class Notes:
    """The notes of one tab, each of what a page has asked for; a page shows its own."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], Notice] = {}

    def tell(self, page: str, asked: str, note: Notice | None) -> bool:
        """Put this note in the place of the one before it, or take that away; True if anything has changed."""
        before = self._told.pop((page, asked), None)
        if note is not None:
            self._told[page, asked] = note
        return note != before

    def of(self, page: str) -> list[Notice]:
        """What a page shows, the same note once."""
        found: list[Notice] = []
        for (where, _), note in self._told.items():
            if where == page and note not in found:
                found.append(note)
        return found

    def dismiss(self, page: str, place: int) -> bool:
        """The person has read the note at this place of the page; False if there is none."""
        shown = self.of(page)
        if not 0 <= place < len(shown):
            return False
        self._told = {key: note for key, note in self._told.items() if key[0] != page or note != shown[place]}
        return True
