"""What is made of a record is made once, and forgotten with it."""

from __future__ import annotations

import gc
import weakref

from cisim.app.state.kept import Kept
from cisim.app.state.limits import Limits
from cisim.app.state.link import link_of
from cisim.app.state.session import first_session


class Record:
    pass


def test_it_is_made_once_while_the_record_lives():
    made = []
    kept = Kept(lambda record: made.append(record) or len(made), 8)
    one, other = Record(), Record()
    assert [kept(one), kept(one), kept(other), kept(one)] == [1, 1, 2, 1]


def test_it_is_forgotten_with_the_record_and_does_not_hold_it():
    kept = Kept(lambda record: "made", 8)
    record = Record()
    kept(record)
    watch = weakref.ref(record)
    del record
    gc.collect()
    assert watch() is None and len(kept) == 0


def test_only_the_last_ones_are_kept():
    kept = Kept(id, 3)
    records = [Record() for _ in range(9)]
    for record in records:
        assert kept(record) == id(record)
    assert len(kept) == 3


def test_a_session_that_is_over_leaves_nothing_behind():
    session = first_session()
    link_of(session, Limits())
    watch = weakref.ref(session)
    del session
    gc.collect()
    assert watch() is None
