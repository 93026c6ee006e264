"""Pictures as SVG text, an element a line: no script, no outside reference, readable in print and without colour.

Each element that shows figures says which (`data-of`), so that a moved point is found and named.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from cisim.decision.report.document import Chart, Course, Point, Scatter
from cisim.decision.report.numbers import plain

__all__ = ["COLOURS", "DASHES", "chart", "key", "scatter"]

COLOURS = ("#5B5B5B", "#0072B2", "#BF4D00", "#007A5A", "#A6527D", "#8A6D00", "#3D8EC4", "#4A3AA8")
"""Grey for the first plan, which others are compared with; then of Okabe & Ito (2008), darkened to be read on white."""
DASHES = ("2 2.5", "", "6 3", "9 3 2 3", "1 3", "12 4", "4 1", "3 1 1 1")
WIDTH, HEIGHT = 460, 236
LEFT, RIGHT, TOP, BOTTOM = 52, 24, 12, 30


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return self.start + (self.end - self.start) * (inside - self.low) / ((self.high - self.low) or 1.0)

    def ticks(self) -> list[float]:
        """Three to six round numbers."""
        rough = (self.high - self.low) / 4 or 1.0
        size = 10.0 ** math.floor(math.log10(rough))
        step = size * next(times for times in (1, 2, 2.5, 5, 10) if rough <= times * size * (1 + 1e-9))
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [round(at * step, 12) for at in range(first, last + 1)]


def chart(told: Chart) -> list[str]:
    """Lines with bands over months; a letter of each plan at the end of its line."""
    months = len(told.courses[0].middle) - 1
    x = _Axis(0, max(months, 1), LEFT, WIDTH - RIGHT)
    y = _Axis(*told.limits, HEIGHT - BOTTOM, TOP)
    lines = [_open(told.name), *_left_axis(y), *_month_axis(x, months), _mark(x, told.month)]
    if told.level is not None and told.limits[0] <= told.level[0] <= told.limits[1]:
        lines += _level(y, *told.level)
    for course in told.courses:
        lines.append(_band(f"{told.name}: band of {course.name}", course, x, y))
    for course in told.courses:
        lines.append(_line(f"{told.name}: line of {course.name}", course, x, y))
    ends = _apart([y.at(_last(course.middle)) for course in told.courses], 11.0)
    for course, at in zip(told.courses, ends, strict=True):
        lines.append(_text(x.end + 5, at + 3.5, course.name[:1], "start", COLOURS[course.style], bold=True))
    return [*lines, "</svg>"]


def scatter(told: Scatter) -> list[str]:
    """Crosses: each plan's figure across and up, with both intervals."""
    across = _spread([end for point in told.points for end in point.across])
    up = _spread([end for point in told.points for end in point.up])
    x, y = _Axis(*across, LEFT, WIDTH - RIGHT), _Axis(*up, HEIGHT - BOTTOM, TOP)
    lines = [_open(told.name), *_left_axis(y)]
    for tick in x.ticks():
        lines.append(_text(x.at(tick), HEIGHT - BOTTOM + 12, _short(tick), "middle"))
    lines.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, told.across, "middle"))
    lines += [_cross(told.name, point, x, y) for point in told.points]
    lines += [
        _text(x.at(point.across[1]) + 5, y.at(point.up[1]) - 5, point.name[:1], "start",
              COLOURS[point.style], bold=True)
        for point in told.points
    ]  # fmt: skip
    return [*lines, "</svg>"]


def key(style: int) -> str:
    """The line of a plan, as the charts draw it."""
    at = style % len(COLOURS)
    dashes = f' stroke-dasharray="{DASHES[at]}"' if DASHES[at] else ""
    return (
        '<svg class="key" viewBox="0 0 38 8" aria-hidden="true">'
        f'<path d="M0 4H38" stroke="{COLOURS[at]}" stroke-width="3"{dashes}/></svg>'
    )


def _open(name: str) -> str:
    label = escape(name, quote=True)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}" data-of="picture {label}">'


def _left_axis(y: _Axis) -> list[str]:
    lines = []
    for value in y.ticks():
        at = y.at(value)
        lines.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#ddd" stroke-width="0.6"/>')
        lines.append(_text(LEFT - 5, at + 3, _percent(value, y), "end"))
    return lines


def _percent(value: float, y: _Axis) -> str:
    step = 100 * (y.high - y.low) / 4
    return f"{plain(100 * value, 0 if step >= 1 else 1)} %"


def _month_axis(x: _Axis, months: int) -> list[str]:
    every = 12 * max(1, round(months / 60)) if months >= 12 else max(1, months // 3)
    lines = [
        _text(x.at(month), HEIGHT - BOTTOM + 12, str(month), "middle")
        for month in range(0, months + 1, every)
    ]
    return [*lines, _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, "month", "middle")]


def _mark(x: _Axis, month: int) -> str:
    at = x.at(month)
    return f'<path d="M{at:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#777" stroke-width="0.8" stroke-dasharray="1 2"/>'


def _level(y: _Axis, value: float, word: str) -> list[str]:
    at = y.at(value)
    line = (
        f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#222" stroke-width="1" stroke-dasharray="4 2"/>'
    )
    return [line, _text(LEFT + 4, at + 11 if value == 0 else at - 4, word, "start")]


def _band(of: str, course: Course, x: _Axis, y: _Axis) -> str:
    known = [m for m, ends in enumerate(zip(course.low, course.high, strict=True)) if _finite(*ends)]
    upper = " ".join(f"{x.at(m):.1f},{y.at(course.high[m]):.1f}" for m in known)
    lower = " ".join(f"{x.at(m):.1f},{y.at(course.low[m]):.1f}" for m in reversed(known))
    return (
        f'<polygon data-of="{escape(of, quote=True)}" points="{upper} {lower}" fill="{COLOURS[course.style]}" '
        'fill-opacity="0.14"/>'
    )


def _line(of: str, course: Course, x: _Axis, y: _Axis) -> str:
    points = " ".join(
        f"{x.at(m):.1f},{y.at(value):.1f}" for m, value in enumerate(course.middle) if _finite(value)
    )
    dashes = f' stroke-dasharray="{DASHES[course.style]}"' if DASHES[course.style] else ""
    return (
        f'<polyline data-of="{escape(of, quote=True)}" points="{points}" fill="none" '
        f'stroke="{COLOURS[course.style]}" stroke-width="2"{dashes}/>'
    )


def _cross(name: str, point: Point, x: _Axis, y: _Axis) -> str:
    left, middle, right = (x.at(value) for value in point.across)
    bottom, level, top = (y.at(value) for value in point.up)
    colour = COLOURS[point.style]
    of = escape(f"{name}: {point.name}", quote=True)
    return (
        f'<g data-of="{of}"><path d="M{left:.1f} {level:.1f}H{right:.1f}M{middle:.1f} {bottom:.1f}V{top:.1f}" '
        f'stroke="{colour}" stroke-width="2"/><circle cx="{middle:.1f}" cy="{level:.1f}" r="3.2" fill="{colour}"/></g>'
    )


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#444", *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    size = 12 if bold else 10
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"{weight}>'
        f"{escape(text)}</text>"
    )


def _apart(places: Sequence[float], gap: float) -> list[float]:
    """Places moved so that neighbours are `gap` apart, in their order."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    settled = list(places)
    for before, at in pairwise(order):
        settled[at] = max(settled[at], settled[before] + gap)
    over = max(0.0, max(settled) - (HEIGHT - BOTTOM))
    return [place - over for place in settled]


def _spread(ends: Sequence[float]) -> tuple[float, float]:
    low, high = min(ends), max(ends)
    room = 0.08 * (high - low) or 0.01 * (abs(high) or 1.0)
    return low - room, high + room


def _short(value: float) -> str:
    for size, word in ((1e6, " m"), (1e3, " k")):
        if abs(value) >= size:
            return f"{value / size:.4g}{word}".replace("-", "\N{MINUS SIGN}")
    return f"{value:.4g}".replace("-", "\N{MINUS SIGN}")


def _last(values: Sequence[float]) -> float:
    return next((value for value in reversed(values) if _finite(value)), 0.0)


def _finite(*values: float) -> bool:
    return all(map(math.isfinite, values))
