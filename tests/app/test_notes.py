"""Notes are told as long as they are so, each on the page whose answer it is about."""

from __future__ import annotations

from cisim.app.rooms.notes import Notes
from cisim.app.state.notices import notice

WAIT, LEFT_OUT = notice("wait", "being compiled"), notice("info", "not drawn")


def test_a_page_shows_its_own_notes_in_order_and_the_same_one_once():
    notes = Notes()
    assert notes.tell("desk", "plans", WAIT) and notes.tell("desk", "drivers", WAIT)
    assert notes.tell("stage", "plan", LEFT_OUT) and notes.tell("desk", "report", LEFT_OUT)
    assert (notes.of("desk"), notes.of("stage"), notes.of("bench")) == ([WAIT, LEFT_OUT], [LEFT_OUT], [])


def test_a_note_goes_once_it_is_so_no_more():
    notes = Notes()
    assert not notes.tell("desk", "plans", None)
    assert notes.tell("desk", "plans", WAIT) and not notes.tell("desk", "plans", WAIT)
    assert notes.tell("desk", "plans", LEFT_OUT) and notes.of("desk") == [LEFT_OUT]
    assert notes.tell("desk", "plans", None) and notes.of("desk") == []


def test_dismissing_takes_one_note_of_one_page():
    notes = Notes()
    for page, asked, note in (
        ("desk", "plans", WAIT),
        ("desk", "report", LEFT_OUT),
        ("stage", "plan", LEFT_OUT),
    ):
        notes.tell(page, asked, note)
    assert not notes.dismiss("desk", 2) and not notes.dismiss("desk", -1) and not notes.dismiss("bench", 0)
    assert notes.dismiss("desk", 1)
    assert (notes.of("desk"), notes.of("stage")) == ([WAIT], [LEFT_OUT])
