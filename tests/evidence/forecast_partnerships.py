"""Made-up partnerships in two waves: a few popular organizations, ties that partly last, a question for few names."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cisim.evidence.forecast import Partnership


def partnership(name: str = "made", size: int = 12, density: float = 0.12, seed: int = 0) -> Partnership:
    """Names depend on the target's popularity; four in ten last, the others are made anew."""
    draws = np.random.default_rng([seed, size])
    popular, usual = draws.normal(0, 1.2, size), np.log(density / (1 - density)) - 0.7
    chance = np.broadcast_to(1 / (1 + np.exp(-usual - popular)), (size, size))
    early = (draws.random((size, size)) < chance).astype(float)
    later = np.where(draws.random((size, size)) < 0.4, early, draws.random((size, size)) < chance)
    early[0, 1] = 1.0
    for wave in (early, later):
        np.fill_diagonal(wave, np.nan)
    trust = draws.integers(2, 10, size).astype(float)
    changed = np.clip(trust + draws.integers(-2, 3, size), 0, 10).astype(float)
    sectors = tuple(("government", "nonprofit")[i % 2] for i in range(size))
    ids = tuple(f"{name}-{i + 1}" for i in range(size))
    return Partnership(name, ids, sectors, early, later, trust, changed)


def write(folder: Path, *told: Partnership, later: bool = True) -> Path:
    """The two files of these partnerships, with or without columns of wave 2."""
    folder.mkdir(exist_ok=True)
    tie = "tie_1,tie_2" if later else "tie_1"
    trust = "trust_1,trust_2" if later else "trust_1"
    dyads, organizations = [f"partnership,source,target,{tie}"], [f"id,partnership,sector,{trust}"]
    for one in told:
        for i, j in np.argwhere(~np.eye(one.size, dtype=bool)):
            waves = (one.named[i, j], one.named_later[i, j])[: 1 + later]
            dyads.append(",".join([one.name, one.ids[i], one.ids[j], *map(cell, waves)]))
        for i in range(one.size):
            items = (one.trust[i], one.trust_later[i])[: 1 + later]
            organizations.append(",".join([one.ids[i], one.name, one.sectors[i], *map(cell, items)]))
    (folder / "dyads.csv").write_text("\n".join(dyads) + "\n")
    (folder / "organizations.csv").write_text("\n".join(organizations) + "\n")
    return folder


def cell(value: float) -> str:
    return "" if np.isnan(value) else f"{value:g}"
