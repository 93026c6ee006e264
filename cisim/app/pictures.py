"""Pictures: what comes out of what is chosen, as plain data for the browser; see `protocol`."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

__all__ = [
    "AdviceNow",
    "AdvicePicture",
    "Band",
    "BenchPicture",
    "Condition",
    "DeskCourses",
    "DeskPicture",
    "Difference",
    "Network",
    "Outcome",
    "PartnerStory",
    "StagePicture",
    "Table",
]


class Band(TypedDict):
    """Quantiles over replicates for each month, rounded; None where nothing is known."""

    low: list[float | None]  # 10 %
    lower: list[float | None]  # 25 %
    median: list[float | None]
    upper: list[float | None]  # 75 %
    high: list[float | None]  # 90 %


class Outcome(TypedDict):
    """One outcome over time: band, the run that is shown, the baseline, the world without the coalition."""

    name: str
    label: str
    unit: str
    tier: str  # "early", "system", "population" or "cost"
    better: str  # "less", "more" or ""
    low: float  # of the axis
    high: float
    band: Band
    one: list[float | None]
    baseline: Band | None
    alone: list[float | None] | None  # median of the same without the coalition, where the model knows it


class Condition(TypedDict):
    """A condition of collective impact: put in place against achieved, 0 to 1 for each month."""

    name: str
    label: str
    placed: list[float]
    placed_text: str  # what was put in place, in words ("2 meetings a month")
    achieved: list[float | None]
    achieved_measure: str
    achieved_text: str  # what the achieved number means


class Network(TypedDict):
    """The coalition of one run, in frames; organization n - 1 is the backbone.

    engagement, member: (frames × n) bytes, ties' contact, trust: (frames × ties) bytes, each base64;
    a share is 0 to 255. contact: 0 none, else 1 + 254 · log(1 + 12 c) / log(1 + 12 · 31), c contacts a month.
    member: 0 not there, 1 there, 2 member. Only ties in contact in some frame are listed, the strongest first.
    """

    replicate: int
    frames: list[int]  # months
    ids: list[str]
    names: list[str]
    sector: list[int]
    sectors: list[str]
    x: list[float]  # −1 to 1
    y: list[float]
    size: list[float]  # radius, relative to a typical partner
    ties: list[list[int]]  # [i, j]
    engagement: str
    member: str
    contact: str
    trust: str
    left_out: int  # ties that are not drawn
    happenings: list[dict[str, Any]]  # {"month", "id", "text", "kind"}: joins, leaves, new representatives, …
    unit: NotRequired[float]  # largest radius of a size-1 partner, in units of x and y, at which none overlap
    happenings_left_out: NotRequired[int]


class StagePicture(TypedDict):
    """All that comes out of the plan on the Stage."""

    serial: int  # of the action that it answers
    settled: bool  # all replicates are in
    replicates: int  # that are in
    milliseconds: float  # that the server took
    outcomes: list[Outcome]
    conditions: list[Condition]
    network: Network | None
    headline: str  # one sentence with the share of runs that reach the target, and the band
    reached: dict[str, float | None]  # "share", "low", "high" (Wilson), "months" (median)
    harmed: dict[str, float | None]  # share of runs with no contribution at the end, with interval
    reached_text: NotRequired[
        str
    ]  # the same two in a sentence each; their dicts also have "count" and "runs"
    harmed_text: NotRequired[str]


class PartnerStory(TypedDict):
    """One partner at one time, in words."""

    id: str
    name: str
    lines: list[str]  # who it is, what it does now
    history: list[dict[str, Any]]  # {"month", "text"}
    ties: list[dict[str, Any]]  # {"id", "name", "trust", "trusted", "contact", "joint", "why"}
    next: list[str]  # what it is about to do, with chances
    paths: dict[str, list[float | None]]  # engagement, alignment, trust, practice by month
    month: NotRequired[int]


class Table(TypedDict):
    """The twin of a picture."""

    caption: str
    columns: list[str]
    rows: list[list[Any]]


class Difference(TypedDict):
    """One outcome of one plan less that of the first, in the same worlds."""

    plan: int
    outcome: str
    label: str
    unit: str
    better: str
    mean_a: float | None
    mean_b: float | None
    difference: float | None
    low: float | None  # 95 % interval of the mean difference
    high: float | None
    better_share: float | None  # share of worlds in which it is better
    better_low: float | None
    better_high: float | None
    worlds: int  # in which both plans have a value
    mean_path: dict[str, list[float | None]]  # "value", "low", "high": its mean and 95 % interval, by month
    sentence: str


class DeskCourses(TypedDict):
    """What of a DeskPicture is the same in every month; sent apart and once, since it is nearly all of it."""

    plans: list[dict[str, Any]]  # each: "lanes", "outcomes", "reached_path"
    mean_paths: list[dict[str, list[float | None]]]  # of the differences, in their order
    changes: list[dict[str, Any]]


class DeskPicture(TypedDict):
    """Plans compared. The browser gets its courses apart, and puts both together."""

    serial: int
    settled: bool
    replicates: int
    month: int  # T, to which the figures belong
    months: int  # the horizon
    target: float  # severity to be reached
    plans: list[dict[str, Any]]
    # each: "title", "name" ("Plan A"), "outcomes": list[Outcome], "reached": {share, low, high, months}, "reached_path": {value, low,
    # high by month}, "means": {outcome: {mean, low, high}}, "cost": {mean, low, high, unit, parts: [{label, mean, …}]}
    differences: list[Difference]
    changes: list[dict[str, Any]]  # the difference list: {"what", "values": one text a plan}
    drivers: list[dict[str, Any]]
    # of each condition: {"condition", "label", "better", "amount", "amount_low", "amount_high", "share", "low", "high"}
    drivers_state: dict[str, Any]
    # {"state": "none", "running" or "done", "done" and "all" runs, "plan", "outcome", "text": what was asked or why not}
    headline: str
    cautions: list[str]  # what a reader must know before using a figure


class AdvicePicture(TypedDict):
    """The answer to a question of the Desk."""

    question: str
    state: str  # "done" or "failed"
    asked: str  # what was asked, in words
    stale: bool  # the plans or inputs are other ones by now
    faults: list[str]  # why there is no answer
    lines: list[str]  # the answer, the most important first
    sections: list[dict[str, Any]]  # {"title", "lines"}: more of it, and what it rests on
    tables: list[Table]
    offers: list[dict[str, str]]  # {"key", "title", "text"}: plans that "advice-take" puts on the Desk
    picture: dict[str, Any]  # {"kind", ...}: as drawing/advice/ makes it


class AdviceNow(TypedDict):
    """The question that is being answered."""

    question: str  # "" for none
    state: str  # "waiting", "running", or "" for none
    text: str
    done: int  # runs so far
    all: int  # runs in all, 0 where nobody knows


class BenchPicture(TypedDict):
    """A study folder, opened."""

    serial: int
    title: str
    lines: list[str]
    settled: bool  # the answers are in as well
    studies: list[dict[str, Any]]  # that can be opened: {"folder" (for bench-open), "title", "text"}
    folder: str  # the one that is open, or ""
    factors: list[dict[str, Any]]  # {"name", "label", "low", "high", "levels"}
    outcomes: list[str]
    scatter: dict[str, Any] | None
    # {"x", "y", "outcome", "outcome_label", "least", "low", "high", "most", "points": [[x, y, value, key, replicate], …], "text": which runs}
    sensitivity: Table | None
    attribution: Table | None
    boxes: Table | None
    answers: list[dict[str, Any]]  # sentences of each analysis
