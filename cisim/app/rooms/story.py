"""The story of the partner that is open on the Stage, as the run that is shown has it."""

from __future__ import annotations

from cisim.app.drawing.partner import partner_story
from cisim.app.rooms.stage import StageRoom
from cisim.app.rooms.tools import Tools
from cisim.engine.ensemble import Ensemble

__all__ = ["Story"]


class Story:
    """Told again whenever another run is shown, until it is closed."""

    def __init__(self, tools: Tools, stage: StageRoom) -> None:
        self.tools, self._stage = tools, stage
        self._open: tuple[str, int] | None = None  # the partner, and the month

    def open(self, key: str, month: int) -> None:
        """Tell the story of this partner up to a month."""
        self._open = (key, month)
        self.tools.mail.put("partner", self.tell)

    def close(self) -> None:
        """Tell no story any more."""
        self._open = None
        self.tools.post({"partner": None})

    def tell(self) -> None:
        """Have the story that is open told as the run now shown has it; called in the tab's own thread."""
        if self._open is not None:
            self._stage.run(self._tell)

    def _tell(self, ensemble: Ensemble, replicate: int) -> None:
        if self._open is None:
            return  # closed meanwhile
        key, month = self._open
        if key not in ensemble.scenario.names:
            self.close()
            return
        month = min(month, len(ensemble.months) - 1)
        self.tools.post({"partner": partner_story(ensemble, replicate, key, month)})
