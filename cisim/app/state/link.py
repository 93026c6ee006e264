"""A session as a link, and back.

`s=1.<data>.<check>`: the version of the format; the session as JSON, compressed, in base64 for addresses; a
checksum. A link comes from anywhere: what cannot be read gives the first session and a notice.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from typing import Any
from urllib.parse import parse_qsl

from cisim.app.protocol import Notice
from cisim.app.state.kept import Kept
from cisim.app.state.limits import Limits
from cisim.app.state.notices import refusal
from cisim.app.state.packing import packed, unpacked
from cisim.app.state.readings import refuse_monsters
from cisim.app.state.session import Session
from cisim.app.state.spoken import spoken
from cisim.errors import SpecError
from cisim.world.fields import short

__all__ = ["link_of", "restored"]

VERSION = "1"
_MOST_CHARACTERS = 100_000  # of a link that is read
_MOST_BYTES = 1_000_000  # of what it unpacks to
_DAMAGED = "the link is damaged; copy the whole of it again."


def link_of(session: Session, limits: Limits) -> str:
    """The query that restores the session; "" if it is too long for an address, so that a file is needed."""
    found = _link(session)
    return found if len(found) <= limits.link_characters else ""


def _made(session: Session) -> str:
    text = packed(session)
    if len(text) > _MOST_BYTES:  # no address holds it
        return ""
    data = base64.urlsafe_b64encode(zlib.compress(text.encode("ascii"), 9)).rstrip(b"=").decode("ascii")
    return f"s={VERSION}.{data}.{_check(data)}"


_link = Kept(_made, 64)


def restored(query: str, limits: Limits, first: Session) -> tuple[Session, list[Notice]]:
    """The session that a query describes; or the first one, and a notice that says what was wrong.

    Besides `s=…`, queries that people write work: `story=funder-leaves&seed=3&agenda=0.5`.
    """
    try:
        if len(query) > _MOST_CHARACTERS:
            raise SpecError(f"the link has {len(query):,} characters; allowed are {_MOST_CHARACTERS:,}.")
        told = _told(query)
        if "s" in told:
            return unpacked(_opened(told["s"]), limits), []
        return (spoken(told, limits, first) if told else first), []
    except SpecError as error:
        return first, [refusal(error, what="The link could not be opened")]


def _told(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query.lstrip("?"), keep_blank_values=True, max_num_fields=200, errors="replace")
    except ValueError:
        raise SpecError(_DAMAGED) from None
    told = dict(pairs)
    if query.lstrip("?").strip() and not told:
        raise SpecError(f"nothing in it is a name and a value, given {short(query)}.")
    return told


def _opened(text: str) -> dict[str, Any]:
    """The plain values in a packed link, however hostile."""
    version, _, rest = text.partition(".")
    data, _, check = rest.partition(".")
    if version != VERSION:
        raise SpecError(
            f"its format is {short(version)}; this page reads format {VERSION!r}. {_DAMAGED.capitalize()}"
        )
    if not re.fullmatch(r"[A-Za-z0-9_-]+", data) or check != _check(data):
        raise SpecError(_DAMAGED)
    try:
        values = json.loads(_inflated(data), parse_constant=_refused)
    except (ValueError, RecursionError):
        raise SpecError(_DAMAGED) from None
    refuse_monsters(values, _MOST_BYTES)
    if not isinstance(values, dict):
        raise SpecError(_DAMAGED)
    return values


def _inflated(data: str) -> bytes:
    """The unpacked bytes; what would grow beyond all measure is not unpacked."""
    unpacker = zlib.decompressobj()
    try:
        raw = base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
        found = unpacker.decompress(raw, _MOST_BYTES)
    except (zlib.error, binascii.Error):
        raise SpecError(_DAMAGED) from None
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise SpecError(_DAMAGED)
    return found


def _refused(constant: str) -> float:
    raise ValueError(constant)


def _check(data: str) -> str:
    return f"{zlib.crc32(data.encode('ascii')):08x}"
