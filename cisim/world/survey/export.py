"""A coalition written as two CSV files that `import_survey` reads back as the same coalition."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from cisim.errors import SpecError
from cisim.world.partners import generated_id
from cisim.world.scenario import Scenario

__all__ = ["export_survey"]

ORGANIZATIONS = ("id", "name", "sector", "capacity", "trust", "backbone")
TIES = ("source", "target", "contact", "collaboration", "trust", "trust_back")


def export_survey(scenario: Scenario, organizations: Path | str, ties: Path | str) -> None:
    """Write who takes part and every listed tie, one row a pair: contacts a month, shares of 0 to 1.

    What a survey does not hold (mission, framing, engagement, levers, events ...) stays in the
    scenario's own file; collaboration that only some ties leave open is filled when read back. Raises
    SpecError if contacts are drawn for each replicate, since then there is no coalition to write.
    """
    drawn = sum(tie.contact is None for tie in scenario.tie)
    faults = []
    if scenario.network.unlisted == "drawn":
        faults.append('network.unlisted is "drawn": its contacts differ between replicates, so no survey can '
                      'hold them; allowed is "absent".')  # fmt: skip
    elif drawn:
        faults.append(f"contact of {drawn} listed ties is drawn for each replicate; give it a number.")
    if faults:
        raise SpecError(faults, source=f"Scenario {scenario.name!r}")
    _write(Path(organizations), ORGANIZATIONS, _organizations(scenario))
    _write(Path(ties), TIES, _ties(scenario))


def _organizations(scenario: Scenario) -> Iterable[Sequence[object]]:
    listed = {partner.id for partner in scenario.partner}
    sectors = scenario.roster.sectors
    for number in range(scenario.roster.count):
        if (ident := generated_id(number + 1)) not in listed:
            yield ident, ident, sectors[number % len(sectors)], None, None, 0
    for partner in scenario.partner:
        yield partner.id, partner.name or partner.id, partner.sector, partner.capacity, partner.trust, 0
    backbone = scenario.backbone
    if scenario.levers.get("backbone_staff", 0) > 0 or any(
        backbone.id in tie.between for tie in scenario.tie
    ):
        yield backbone.id, backbone.name or backbone.id, backbone.sector, None, None, 1


def _ties(scenario: Scenario) -> Iterable[Sequence[object]]:
    for tie in scenario.tie:
        trust, back = tie.trust or (None, None)
        yield *tie.between, tie.contact, tie.collaboration, trust, back


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """The rows as UTF-8 CSV, put in place at once so that no half-written file is ever seen."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text.getvalue(), encoding="utf-8", newline="")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
