"""Random actions: of the right form, nearly so, and any JSON at all."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from cisim import verbs
from cisim.app.state.actions import ANSWERED, CHANGES, OTHERS
from cisim.theory.measures import MEASURES
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.theory.rules import CHOICES
from cisim.world.events import KINDS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
"""Whatever a browser could send, NaN, infinity and half characters included."""

NAMES = (*CHANGES, *OTHERS, *ANSWERED)
_PARTNERS = st.sampled_from(["partner-1", "partner-2", "partner-7", "backbone", "nobody", ""])
_INDEX = st.integers(-1, 3)


def _action(do: str, **values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"do": st.just(do), **values}, optional={"final": st.booleans(), "plan": _INDEX, "serial": st.integers(0, 99)}
    )  # fmt: skip


_EVENT = st.fixed_dictionaries(
    {"kind": st.sampled_from([*KINDS, "no-kind"]), "month": st.integers(0, 130)},
    optional={
        "partner": _PARTNERS, "with": _PARTNERS | st.none(), "into": _PARTNERS, "loss": st.floats(0, 1),
        "lever": st.sampled_from(list(LEVERS)), "value": st.floats(-1, 5), "fte": st.floats(0, 4),
    },
)  # fmt: skip

SENSIBLE = st.one_of(
    _action("story", name=st.sampled_from([*verbs.presets(), "no-story"])),
    _action("lever", name=st.sampled_from([*LEVERS, "agendum"]), value=st.floats(-0.5, 2.5)),
    _action("parameter", name=st.sampled_from(list(UNCERTAINTIES)), value=st.none() | st.floats(0, 1)),
    _action("parameters-clear", everywhere=st.booleans()),
    _action("rule", choice=st.sampled_from(list(CHOICES)), variant=st.sampled_from(["ces", "linear", "degroot"])),
    _action("event-add", event=_EVENT),
    _action("event-move", index=_INDEX, month=st.integers(0, 130)),
    _action("event-change", index=_INDEX, event=_EVENT),
    _action("event-remove", index=_INDEX),
    _action("months", value=st.integers(0, 250)),
    _action("seed", value=st.integers(-1, 10)),
    _action("replicates", value=st.integers(0, 250)),
    _action("replicate", value=st.integers(0, 60)),
    _action("target", value=st.floats(0, 1)),
    _action("posterior", name=st.sampled_from(["shipped", "other", None])),
    _action("baseline", on=st.booleans()),
    _action("select", id=_PARTNERS),
    _action("plan-add"),
    _action("plan-remove", index=_INDEX),
    _action("plan-show", index=_INDEX),
    _action("plan-title", index=_INDEX, title=st.text(max_size=12)),
    _action("plan-clear"),
    _action(
        "predict", outcome=st.sampled_from(list(MEASURES)), choice=st.text(max_size=9),
        points=st.lists(st.tuples(st.integers(0, 130), st.floats(0, 2)), max_size=4),
    ),
    _action("reveal", hidden=st.booleans()),
    _action("page", name=st.sampled_from(["stage", "desk", "bench", "attic"])),
    _action("desk", month=st.integers(0, 260), outcome=st.sampled_from(["severity", "trust_mean", "joy"])),
    _action("bench-open", folder=st.text(max_size=9)),
    _action("bench-axes", x=st.sampled_from(["agenda", ""])),
    _action("dismiss", index=_INDEX),
    st.sampled_from([{"do": "undo"}, {"do": "redo"}, {"do": "import-survey"}]),
)  # fmt: skip

_KEYS = (
    "name", "value", "final", "choice", "variant", "event", "index", "month", "on", "id", "title", "outcome", "points",
    "hidden", "kind", "files", "map", "query", "folder", "x", "plan", "serial",
)  # fmt: skip
WILD = st.builds(
    lambda do, values: {"do": do, **values},
    st.sampled_from(NAMES) | st.text(max_size=12),
    st.dictionaries(st.sampled_from(_KEYS), JSON, max_size=5),
)
"""Known names with any values."""
