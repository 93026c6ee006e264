"""The coalition of one run as frames for the browser to play: bytes, so that ten years are a few dozen kilobytes."""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.app.drawing.happenings import happenings
from cisim.app.drawing.layout import layout, room_for
from cisim.app.naming import readable_names
from cisim.app.pictures import Network

if TYPE_CHECKING:
    from cisim.engine.ensemble import History
    from cisim.world.scenario import Scenario

__all__ = ["contact_bytes", "contacts_of", "network_of"]

Array = np.ndarray[Any, Any]

MOST_FRAMES = 61
MOST_TIES = 700
MOST_HAPPENINGS = 400
MOST_CONTACT = 31.0  # contacts a month: every day
_CURVE = 12.0
_SMALLEST, _LARGEST = 0.6, 1.9  # radius, in those of a typical partner
_BACKBONE = 1.6


def network_of(
    history: History, scenario: Scenario, *, replicate: int = 0, most_ties: int = MOST_TIES
) -> Network:
    """The history of one run as a network that can be drawn.

    Frames are one to a few months apart. Only ties in contact in some frame are drawn, the strongest `most_ties` of
    them (by mean contact); those with the backbone always are.
    """
    frames = _frames(len(history.organizations))
    rows, ties = history.organizations, history.ties
    contact = ties["contact"][frames]
    chosen, left_out = _chosen(contact, ties["j"][0] == len(history.ids) - 1, most_ties)
    trust = ties["trust"][np.ix_(frames, chosen)].mean(axis=2)
    blueprint = scenario.lower()
    sector = rows["sector"][0].tolist()
    x, y = layout(history.ids, tuple(sector))
    size = _sizes(rows["capacity"][0])
    told = happenings(history, scenario)
    names = readable_names(scenario)
    return Network(
        replicate=replicate,
        frames=frames.tolist(),
        ids=list(history.ids),
        names=[names[name] for name in history.ids],
        sector=sector,
        sectors=_sector_names(blueprint.sectors, sector),
        x=list(x),
        y=list(y),
        size=size,
        ties=np.column_stack([ties["i"][0, chosen], ties["j"][0, chosen]]).tolist(),
        engagement=_text(_share_bytes(rows["engagement"][frames])),
        member=_text((rows["present"][frames] * (1 + rows["member"][frames])).astype(np.uint8)),
        contact=_text(contact_bytes(contact[:, chosen])),
        trust=_text(_share_bytes(trust)),
        unit=round(room_for(x, y, size), 4),
        left_out=left_out,
        happenings=told[:MOST_HAPPENINGS],
        happenings_left_out=max(0, len(told) - MOST_HAPPENINGS),
    )


def contact_bytes(contact: Array) -> Array:
    """Contacts a month on a logarithmic scale of bytes; 0 only where there is none."""
    scaled = 1 + 254 * np.log1p(_CURVE * np.minimum(contact, MOST_CONTACT)) / math.log1p(
        _CURVE * MOST_CONTACT
    )
    return np.where(contact > 0, np.rint(scaled), 0).astype(np.uint8)


def contacts_of(scaled: Array) -> Array:
    """The contacts a month that bytes stand for."""
    share = (scaled.astype(float) - 1) / 254
    return np.where(scaled > 0, np.expm1(share * math.log1p(_CURVE * MOST_CONTACT)) / _CURVE, 0.0)


def _frames(months: int) -> Array:
    """Months that are drawn: every one, or every second, third, ..., and the last."""
    apart = math.ceil((months - 1) / (MOST_FRAMES - 1)) or 1
    found = np.arange(0, months, apart)
    return found if found[-1] == months - 1 else np.append(found, months - 1)[-MOST_FRAMES:]


def _chosen(contact: Array, with_backbone: Array, most: int) -> tuple[Array, int]:
    """(ties to draw, strongest first; how many in contact are left out); contact: (frames, ties)."""
    strength = contact.mean(axis=0)
    met = np.flatnonzero(strength > 0)
    order = met[np.argsort(-strength[met], kind="stable")]
    kept = with_backbone[order]
    drawn = kept | (np.cumsum(~kept) <= max(0, most - int(kept.sum())))
    return order[drawn], int((~drawn).sum())


def _sector_names(names: tuple[str, ...], sector: list[int]) -> list[str]:
    """Names for a legend; a sector without a name is the backbone's own, if nobody else is in it."""
    unnamed = "no sector told" if any(names[number] == "" for number in sector[:-1]) else "backbone"
    return [name or unnamed for name in names]


def _sizes(capacity: Array) -> list[float]:
    """Radius of each organization: area by capacity, within what can be seen and told apart."""
    partners = capacity[:-1]
    typical = float(np.median(partners[partners > 0])) if (partners > 0).any() else 1.0
    radius = np.clip(np.sqrt(capacity / typical), _SMALLEST, _LARGEST)
    radius[-1] = _BACKBONE
    return [round(value, 3) for value in radius.tolist()]


def _share_bytes(values: Array) -> Array:
    rounded: Array = np.rint(255 * np.clip(values, 0.0, 1.0))
    return rounded.astype(np.uint8)


def _text(values: Array) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
