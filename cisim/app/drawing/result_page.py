"""The result on one page: a self-contained HTML file to print, to send and to repeat. No script, nothing outside."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from html import escape

from cisim.app.drawing.desk import Compared
from cisim.app.drawing.desk_changes import event_text, lever_text
from cisim.app.drawing.result_assumptions import assumption_rows
from cisim.app.drawing.result_charts import result_charts
from cisim.app.drawing.result_parts import interval, items, key, page, percent_interval, section, table
from cisim.app.drawing.result_svg import COLOURS
from cisim.app.pictures import DeskPicture, Difference
from cisim.app.state.controls import label_of
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.sources import ASSUMPTION
from cisim.world.posterior import Posterior, shipped
from cisim.world.scenario import Scenario

__all__ = ["command_lines", "plan_lines", "result_page"]

SHOWN = (
    "severity", "contribution", "reached", "system_change", "engagement", "trust_in_contacts", "members", "cost_total",
)  # fmt: skip
LEAD = ("severity", "reached", "cost_total")
MOST_EVENTS = 12
UNPUBLISHED = sum(declared.basis == ASSUMPTION for declared in UNCERTAINTIES.values())
FOCUS = ("focus_agenda", "focus_activities", "focus_measurement", "focus_communication")

LIMITS = (
    "This is a tool to think with and to rule things out. It is no forecast of your community: use differences "
    + "between plans, their direction and their order, with their intervals.",
    "It is no proof that collective impact works, or does not. Most of what goes in is assumed: "
    + f"{UNPUBLISHED} of {len(UNCERTAINTIES)} properties of the world have no published basis. Reviews find that the "
    + "evidence does not explain how coalitions work.",
    "Cost is time of staff and partners, and pooled funding as the staff it pays. It is no budget and no return on "
    + "investment.",
)


def result_page(compared: Compared, picture: DeskPicture, *, made: str = "") -> str:
    """The Desk as one HTML text. picture: of `compared` at the month that it is about. made: the day, as text."""
    title = _title(compared.names)
    what = f"What comes of them, by month {picture['month']}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="small">{escape(_subtitle(compared, picture, made))}</p>',
        *(f'<p class="lead">{escape(line)}</p>' for line in _lead(picture)),
        section("The plans", _plans(compared)),
        section(what, result_charts(compared.names, picture) + _chances(picture)),
        _differences(compared.names, picture),
        _drivers(picture),
        section("Assumptions that matter most", _assumptions(compared)),
        section("Limits", items([*LIMITS, *picture["cautions"][:-1]])),
        section("To repeat it", _repeat(compared)),
    ]
    return page(title, "\n".join(part for part in parts if part))


def command_lines(compared: Compared) -> list[str]:
    """The lines that make the same runs, from the files of the plans beside them."""
    first = compared.ensembles[0]
    files = [f"{ensemble.scenario.name}.toml" for ensemble in compared.ensembles]
    words = ["cisim", "run", *files, "--replicates", str(compared.worlds), "--seed", str(first.seed)]
    if origin := _shipped(first.scenario):
        words += ["--posterior", origin]
    return [shlex.join([*words, "--out", "result"])]


def plan_lines(scenario: Scenario) -> list[str]:
    """A plan in words: the levers that are in place at the start, and what happens when."""
    usual = {name: declared.default if name in FOCUS else 0.0 for name, declared in LEVERS.items()}
    values = {name: scenario.levers.get(name, declared.default) for name, declared in LEVERS.items()}
    levers = [
        f"{label_of(name)}: {lever_text(name, value)}"
        for name, value in values.items()
        if value != usual[name]
    ]
    events = [event_text(event, scenario) for event in sorted(scenario.event, key=lambda event: event.month)]
    shown = [f"{text[0].upper()}{text[1:]}" for text in events[:MOST_EVENTS]]
    more = [f"and {len(events) - MOST_EVENTS} more events"] if len(events) > MOST_EVENTS else []
    return [*levers, *shown, *more]


def _title(titles: Sequence[str]) -> str:
    return f"{' and '.join(titles)} compared" if len(titles) < 4 else f"{len(titles)} plans compared"


def _subtitle(compared: Compared, picture: DeskPicture, made: str) -> str:
    first = compared.ensembles[0]
    when = f", made on {made}" if made else ""
    return (
        f"Simulated with cisim{when}: {len(first.scenario.ids) - 1} partners, {picture['months']} months, "
        f"{compared.worlds} worlds (seed {first.seed}), each plan in the same worlds; target: severity "
        f"{picture['target']:g} (1 = at the start)."
    )


def _lead(picture: DeskPicture) -> list[str]:
    return [row["sentence"] for row in picture["differences"] if row["outcome"] in LEAD]


def _plans(compared: Compared) -> str:
    boxes = []
    for at, (title, ensemble) in enumerate(zip(compared.titles, compared.ensembles, strict=True)):
        heading = f"<h3>{key(at)} {escape(compared.names[at])}: {escape(title)}</h3>"
        style = f"border-color:{COLOURS[at % len(COLOURS)]}"
        boxes.append(
            f'<div class="plan" style="{style}">{heading}{items(plan_lines(ensemble.scenario))}</div>'
        )
    return f'<div class="plans">{"".join(boxes)}</div>'


def _chances(picture: DeskPicture) -> str:
    rows = [
        [
            f"{key(at)} {escape(plan['name'])}",
            percent_interval(*(plan["reached"][end] for end in ("share", "low", "high"))),
            interval(*(plan["cost"][end] for end in ("mean", "low", "high"))),
        ]
        for at, plan in enumerate(picture["plans"])
    ]
    unit = picture["plans"][0]["cost"]["unit"]
    head = (
        "Plan",
        "Worlds that reach the target by then (95 % interval)",
        f"Cost so far, {unit} (95 % interval)",
    )
    return table(head, rows, numbers=(1, 2))


def _differences(titles: Sequence[str], picture: DeskPicture) -> str:
    wanted = [row for row in picture["differences"] if row["outcome"] in SHOWN]
    if not wanted:
        return ""
    wanted.sort(key=lambda row: (row["plan"], SHOWN.index(row["outcome"])))
    means = picture["plans"][0]["means"]
    rows = [_difference_row(row, means[row["outcome"]]) for row in wanted]
    head = ("", "Outcome", titles[0], "Difference", "Better in")
    note = (
        f"Difference: less {titles[0]}, world by world. In brackets: 95 % intervals. Each interval stands on its own: of "
        "20, one misses by chance."
    )
    body = table(head, rows, numbers=(2, 3, 4)) + f'<p class="small">{escape(note)}</p>'
    return section("Differences in the same worlds", body)


def _difference_row(row: Difference, first: dict[str, float | None]) -> list[str]:
    sure = row["low"] is not None and row["high"] is not None and not row["low"] <= 0 <= row["high"]
    difference = escape(interval(row["difference"], row["low"], row["high"], sign=True))
    better = percent_interval(row["better_share"], row["better_low"], row["better_high"])
    return [
        key(row["plan"]),
        escape(f"{row['label']} ({row['unit']})"),
        escape(interval(first["mean"], first["low"], first["high"])),
        f"<strong>{difference}</strong>" if sure else f'<span class="unsure">{difference}: none can be told</span>',
        escape(f"{better} of worlds" if row["better"] else "neither way is better"),
    ]  # fmt: skip


def _drivers(picture: DeskPicture) -> str:
    if not picture["drivers"]:
        return ""
    rows = [
        [
            escape(row["label"]),
            escape(interval(row["amount"], row["amount_low"], row["amount_high"], sign=True)),
            escape(percent_interval(row["share"], row["low"], row["high"])),
        ]
        for row in picture["drivers"]
    ]
    head = ("Condition", "Part of the difference (95 % interval)", "Share (95 % interval)")
    text = escape(str(picture["drivers_state"].get("text", "")))
    return section(
        "What drives the difference", f'<p class="small">{text}</p>{table(head, rows, numbers=(1, 2))}'
    )


def _assumptions(compared: Compared) -> str:
    rows = [[escape(cell) for cell in row] for row in assumption_rows(compared.ensembles[0].scenario)]
    note = (
        "Share: of the variance of what the coalition takes away in ten years, when every assumption lies anywhere in its "
        "range (total Sobol index with 95 % interval, preset collective-impact)."
    )
    body = table(("What is assumed", "Here", "Basis", "Share (95 % interval)"), rows, numbers=(3,))
    return f'{body}<p class="small">{escape(note)}</p>'


def _repeat(compared: Compared) -> str:
    lines = "\n".join(command_lines(compared))
    files = "".join(
        f"<details><summary>{escape(ensemble.scenario.name)}.toml</summary>"
        f"<pre>{escape(_file(ensemble.scenario))}</pre></details>"
        for ensemble in compared.ensembles
    )
    return f"<p>Save each plan as a file (below, or in the app), then:</p><pre>{escape(lines)}</pre>{files}"


def _file(scenario: Scenario) -> str:
    """The file of a plan; a posterior that comes with cisim is named on the command line in its place."""
    return (scenario.replace(posterior=None) if _shipped(scenario) else scenario).to_toml()


def _shipped(scenario: Scenario) -> str:
    """The name of the shipped posterior that a scenario carries, draw for draw; "" if none."""
    posterior = scenario.posterior
    if posterior is None or posterior.origin not in shipped():
        return ""
    return posterior.origin if Posterior.read(posterior.origin).digest == posterior.digest else ""
