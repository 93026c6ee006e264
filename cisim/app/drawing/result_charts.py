"""The pictures of the printed page: severity, paired difference, chance to reach the target."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from cisim.app.drawing.result_svg import Course, chart
from cisim.app.pictures import DeskPicture

__all__ = ["result_charts"]

LEAST_REACH = 0.01  # of the axis of a difference, so that nothing looks large


def result_charts(titles: Sequence[str], picture: DeskPicture) -> str:
    """Two or three small charts side by side, each with a caption that says what its band is."""
    drawn = [_severity(titles, picture), *_paired(titles, picture), _chance(titles, picture)]
    figures = "".join(f"<figure>{svg}<figcaption>{escape(text)}</figcaption></figure>" for svg, text in drawn)
    return f'<div class="charts">{figures}</div>'


def _severity(titles: Sequence[str], picture: DeskPicture) -> tuple[str, str]:
    shown = [plan["outcomes"][0] for plan in picture["plans"]]
    bands = [one["band"] for one in shown]
    courses = [Course(titles[at], b["median"], b["low"], b["high"], at) for at, b in enumerate(bands)]
    limits = (shown[0]["low"], shown[0]["high"])
    level = (picture["target"], "target")
    svg = chart("Severity over the months", courses, limits, month=picture["month"], level=level)
    return svg, "Severity: median, and where 8 of 10 worlds lie."


def _paired(titles: Sequence[str], picture: DeskPicture) -> list[tuple[str, str]]:
    rows = [row for row in picture["differences"] if row["outcome"] == "severity"]
    if not rows:
        return []
    courses = [_course(titles[row["plan"]], row["mean_path"], row["plan"]) for row in rows]
    ends = [abs(end) for c in courses for part in (c.low, c.high) for end in part if end is not None]
    reach = max([LEAST_REACH, *ends])
    level = (0.0, f"as {titles[0]}")
    label = "Difference in severity over the months"
    svg = chart(label, courses, (-reach, reach), month=picture["month"], level=level)
    return [(svg, f"Severity less that of {titles[0]}, in the same worlds: mean with 95 % interval.")]


def _chance(titles: Sequence[str], picture: DeskPicture) -> tuple[str, str]:
    courses = [_course(titles[at], plan["reached_path"], at) for at, plan in enumerate(picture["plans"])]
    label = "Chance to have reached the target, by month"
    svg = chart(label, courses, (0.0, 1.0), month=picture["month"], percent=True)
    return svg, "Share of worlds that have reached the target, with 95 % interval."


def _course(title: str, path: dict[str, Any], style: int) -> Course:
    return Course(title, path["value"], path["low"], path["high"], style)
