"""How much backbone is enough, and when it is a bottleneck: from the runs to findings and figures."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure

from cisim import Results
from cisim.world.posterior import Posterior
from experiments.drawing import Curve, curves
from experiments.findings import POSTERIOR, Finding, Found, Runs, difference, mean, posts, ratio

SIZES = (10, 25, 45)
STAFF = (0, 0.5, 1, 2, 3, 5, 8, 12)
END = "contribution@120"


def _at(size: int, staff: float) -> dict[str, float]:
    return {"roster.count": size, "backbone_staff": staff}


def _place(size: int, staff: float) -> str:
    return f"{size} partners, {posts(staff)}"


def findings(results: Results) -> list[Finding]:
    """Contribution and support by size and staff, what each further post adds, and what more partners take."""
    runs = Runs(results)
    found = [one for size in SIZES for one in _of_size(runs, size)]
    for staff in STAFF[1:]:
        few, many = (runs(END, _at(size, staff)) - runs(END, _at(size, 0)) for size in (10, 45))
        found.append(difference("gain of 45 partners less that of 10", posts(staff), few, many))
    return found + _by_hold(results, runs)


def _of_size(runs: Runs, size: int) -> list[Finding]:
    none, most = (runs(END, _at(size, staff)) for staff in (0, STAFF[-1]))
    found = []
    for staff in STAFF:
        where, here = _place(size, staff), runs(END, _at(size, staff))
        found.append(mean("contribution after 10 years", where, here))
        found.append(difference("gain over no backbone", where, none, here))
        found.append(ratio("share of what 12 posts add", where, here - none, most - none))
        found.append(mean("support of a member", where, runs("backbone_support@120", _at(size, staff))))
    for few, more in pairwise(STAFF):
        a, b = (runs(END, _at(size, staff)) / (more - few) for staff in (few, more))
        where = f"{size} partners, {few:g} to {posts(more)}"
        found.append(difference("gain for each further post", where, a, b))
    return found


def _by_hold(results: Results, runs: Runs) -> list[Finding]:
    """The share again, in worlds whose draw lets a post hold fewer contacts than the middle draw, or more."""
    draws, figure = Posterior.read(POSTERIOR), "contacts a month that a post can hold"
    hold = draws.rows[np.arange(results.study.replicates) % len(draws), draws.names.index("contacts_per_fte")]
    found = []
    for name, chosen in (("few", hold < np.median(hold)), ("many", hold >= np.median(hold))):
        found.append(mean(figure, f"worlds with {name}", np.where(chosen, hold, np.nan), 1))
        for staff in STAFF[1:]:
            none, here, most = (runs(END, _at(25, level)) for level in (0, staff, STAFF[-1]))
            where = f"{_place(25, staff)}, worlds with {name} contacts a post"
            gain = np.where(chosen, here - none, np.nan)
            found.append(ratio("share of what 12 posts add", where, gain, most - none))
    return found


def figures(results: Results, found: Found) -> dict[str, Figure]:
    """Gain and support by staff, a line for each size."""
    panels = {
        "gain over no backbone": "Gain of contribution over no backbone",
        "support of a member": "Help that a member gets (0 to 1)",
    }
    told = {
        heading: [
            Curve(f"{size} partners", STAFF, found.line(figure, [_place(size, staff) for staff in STAFF]))
            for size in SIZES
        ]
        for figure, heading in panels.items()
    }
    subtitle = "all five conditions in place, after ten years"
    return {
        "backbone": curves(
            told,
            "The first posts do most of the work",
            subtitle,
            "posts of the backbone",
            worlds=results.study.replicates,
        )
    }
