"""Small pictures for a printed page, as SVG text: no script, no outside reference, readable without colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["COLOURS", "DASHES", "Course", "chart"]

COLOURS = ("#0072B2", "#BF4D00", "#007A5A", "#A6527D", "#5B5B5B", "#8A6D00")
"""Of Okabe & Ito (2008), darkened where needed to be read as text on white."""
DASHES = ("", "6 3", "2 2.5", "9 3 2 3", "1 3", "12 4")
WIDTH, HEIGHT = 330, 168
LEFT, RIGHT, TOP, BOTTOM = 38, 12, 10, 26

Numbers = Sequence[float | None]


@dataclass(frozen=True)
class Course:
    """A line over months with the ends of its band; style: which colour and dashes."""

    title: str
    middle: Numbers
    low: Numbers
    high: Numbers
    style: int


def chart(
    label: str,
    courses: Sequence[Course],
    limits: tuple[float, float],
    *,
    month: int,
    level: tuple[float, str] | None = None,
    percent: bool = False,
) -> str:
    """The courses on one axis; `level`: a horizontal line with a word; `month`: marked by a vertical one."""
    months = len(courses[0].middle) - 1
    frame = _Frame(months, *limits)
    parts = [_axes(frame, percent), _mark(frame, month)]
    if level is not None and limits[0] <= level[0] <= limits[1]:
        parts.append(_level(frame, *level))
    parts += [_band(frame, course) for course in courses] + [_line(frame, course) for course in courses]
    body = "".join(parts)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label, quote=True)}" '
        f'xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    )


@dataclass(frozen=True)
class _Frame:
    months: int
    low: float
    high: float

    def x(self, month: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * month / max(self.months, 1)

    def y(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return TOP + (HEIGHT - TOP - BOTTOM) * (self.high - inside) / ((self.high - self.low) or 1.0)


def _axes(frame: _Frame, percent: bool) -> str:
    lines = []
    for value in _ticks(frame.low, frame.high):
        told = f"{100 * value:.0f} %" if percent else f"{value:.6g}".replace("-", "\N{MINUS SIGN}")
        y = frame.y(value)
        lines.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd" stroke-width="0.6"/>')
        lines.append(_text(LEFT - 4, y + 3, told, "end"))
    every = 12 * max(1, round(frame.months / 60))
    for month in range(0, frame.months + 1, every):
        lines.append(_text(frame.x(month), HEIGHT - BOTTOM + 12, str(month), "middle"))
    lines.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 3, "month", "middle"))
    return "".join(lines)


def _ticks(low: float, high: float) -> list[float]:
    """Three to six round numbers from low to high."""
    rough = (high - low) / 4 or 1.0
    size = 10.0 ** math.floor(math.log10(rough))
    step = size * next(times for times in (1, 2, 2.5, 5, 10) if rough <= times * size * (1 + 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(at * step, 10) for at in range(first, last + 1)]


def _mark(frame: _Frame, month: int) -> str:
    x = frame.x(month)
    return f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#777" stroke-width="0.8" stroke-dasharray="1 2"/>'


def _level(frame: _Frame, value: float, word: str) -> str:
    y = frame.y(value)
    line = (
        f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#222" stroke-width="1" stroke-dasharray="4 2"/>'
    )
    return line + _text(LEFT + 3, y - 3, word, "start")


def _band(frame: _Frame, course: Course) -> str:
    known = [m for m, (a, b) in enumerate(zip(course.low, course.high, strict=True)) if None not in (a, b)]
    if not known:
        return ""
    upper = " ".join(f"{frame.x(m):.1f},{frame.y(course.high[m] or 0.0):.1f}" for m in known)
    lower = " ".join(f"{frame.x(m):.1f},{frame.y(course.low[m] or 0.0):.1f}" for m in reversed(known))
    colour = COLOURS[course.style % len(COLOURS)]
    return f'<polygon points="{upper} {lower}" fill="{colour}" fill-opacity="0.16"/>'


def _line(frame: _Frame, course: Course) -> str:
    points = " ".join(
        f"{frame.x(m):.1f},{frame.y(value):.1f}" for m, value in enumerate(course.middle) if value is not None
    )
    style = course.style % len(COLOURS)
    dashes = f' stroke-dasharray="{DASHES[style]}"' if DASHES[style] else ""
    return f'<polyline points="{points}" fill="none" stroke="{COLOURS[style]}" stroke-width="1.8"{dashes}/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="8.5" fill="#444" text-anchor="{anchor}">{escape(text)}</text>'
