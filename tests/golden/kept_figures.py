"""The figures that are kept: which presets, replicates, measures and months, and where they lie."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

import cisim

__all__ = ["FOLDER", "PRESETS", "file_of", "read", "run", "write"]

FOLDER = Path(__file__).parent
PRESETS = ("collective-impact", "phased-inclusion", "statewide-coalition")
"""Generated partners; listed partners and events; listed ties."""
SEED = 1
REPLICATES = 3
MONTHS = (0, 1, 2, 12, 36, 60, 120)
MEASURES = (
    "severity", "severity_alone", "severity_observed", "system_change", "effective_work", "agenda_consensus",
    "agenda_error", "indicator_coverage", "alignment", "reinforcement", "coordination_reached",
    "backbone_support", "engagement", "practice", "load", "members", "influence_concentration",
    "monthly_density", "centralization_monthly", "trust_mean", "trust_spread", "trust_in_contacts",
    "trust_reciprocity", "collaboration", "shared_work", "backbone_betweenness", "cost_total",
)  # fmt: skip


def file_of(preset: str) -> Path:
    """Where the figures of a preset lie."""
    return FOLDER / f"{preset}.json"


def run(preset: str) -> dict[str, Any]:
    """The figures of a preset now, as hexadecimal floats: {measure: [one row a replicate]}."""
    ensemble = cisim.simulate(cisim.preset(preset), replicates=REPLICATES, seed=SEED, measures=MEASURES)
    months = [month for month in MONTHS if month < len(ensemble.months)]
    return {
        "seed": SEED,
        "months": months,
        "mathematics": mathematics(),
        "figures": {
            name: [[float(value).hex() for value in row] for row in ensemble[name][:, months]]
            for name in MEASURES
        },
    }


def mathematics() -> str:
    """Whose `exp`, `log`, `pow` and `cos` these are: their last bit may differ elsewhere."""
    return " ".join((platform.machine(), *platform.libc_ver())).strip()


def read(preset: str) -> dict[str, Any]:
    """The figures that are kept for a preset."""
    kept: dict[str, Any] = json.loads(file_of(preset).read_text(encoding="utf-8"))
    return kept


def write(preset: str) -> bool:
    """Keep the figures of a preset as they are now; True if they differ from those kept before."""
    now = run(preset)
    text = json.dumps(now, indent=1) + "\n"
    file = file_of(preset)
    if file.exists() and read(preset) == now:
        return False
    file.write_text(text, encoding="utf-8")
    return True
