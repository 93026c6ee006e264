"""Whether slow inclusion wins: from the runs to findings and figures."""

from __future__ import annotations

from matplotlib.figure import Figure

from cisim import Results
from experiments.drawing import Curve, curves
from experiments.findings import Array, Finding, Found, Runs, Settings, difference, mean, portion, posts

PACES = {
    "all at once": "collective-impact", "over 1 year": "one-year.toml", "over 2 years": "phased-inclusion",
    "over 4 years": "four-years.toml", "never": "never.toml",
}  # fmt: skip
SLOW, YEARS = ("over 1 year", "over 2 years", "over 4 years"), (1, 2, 4)
STAFF, LOSSES = (0.5, 1, 3), {1.5: "trust as usual", 4: "trust breaks easily"}
MEASURES = {
    "contribution": "contribution",
    "trust_in_contacts": "trust in contacts",
    "members": "members",
    "alive": "coalitions alive",
}
MONTHS = {60: "5 years", 120: "10 years"}


def _at(pace: str, staff: float, loss: float) -> Settings:
    return {"scenario": PACES[pace], "backbone_staff": staff, "trust_loss_ratio": loss}


def findings(results: Results) -> list[Finding]:
    """Each pace, and what it changes against all at once."""
    runs = Runs(results)
    return [
        one
        for loss, breaks in LOSSES.items()
        for staff in STAFF
        for month, years in MONTHS.items()
        for pace in PACES
        for one in _of_pace(runs, pace, staff, loss, month, f"{pace}, {posts(staff)}, {breaks}, {years}")
    ] + _where_it_pays(runs)


def _of_pace(runs: Runs, pace: str, staff: float, loss: float, month: int, where: str) -> list[Finding]:
    found = []
    for measure, name in MEASURES.items():
        once, here = (runs(f"{measure}@{month}", _at(one, staff, loss)) for one in ("all at once", pace))
        if measure == "contribution":
            found.append(mean(name, where, here))
        if measure == "alive":
            found.append(portion(name, where, here == 1.0))
        if pace != "all at once":
            places = 2 if measure in ("members", "alive") else 3
            found.append(difference(f"{name} less all at once", where, once, here, places))
    return found


def _where_it_pays(runs: Runs) -> list[Finding]:
    """How much better two years of inclusion do against all at once in one place than in another."""

    def gain(staff: float, loss: float) -> Array:
        number = "contribution@120"
        return runs(number, _at("over 2 years", staff, loss)) - runs(number, _at("all at once", staff, loss))

    figure = "difference of the gain by 2 years of inclusion"
    small, breaks = (gain(3, 1.5), gain(0.5, 1.5)), (gain(3, 1.5), gain(3, 4))
    return [
        difference(figure, "0.5 posts less 3 posts, 10 years", *small),
        difference(figure, "trust breaks easily less as usual, 10 years", *breaks),
    ]


def figures(results: Results, found: Found) -> dict[str, Figure]:
    """What each pace changes against all at once after ten years, a line for each size of the backbone."""
    panels = {}
    for figure, heading in (
        ("contribution", "Contribution"), ("trust in contacts", "Trust in contacts"), ("members", "Members"),
    ):  # fmt: skip
        panels[heading] = [
            Curve(f"{posts(staff)}", YEARS, found.line(f"{figure} less all at once", [
                f"{pace}, {posts(staff)}, {LOSSES[1.5]}, 10 years" for pace in SLOW
            ]))
            for staff in STAFF
        ]  # fmt: skip
    subtitle = "after ten years, less all at once in the same worlds"
    return {
        "inclusion": curves(
            panels,
            "What slow inclusion changes",
            subtitle,
            "years that inclusion takes",
            worlds=results.study.replicates,
        )
    }
