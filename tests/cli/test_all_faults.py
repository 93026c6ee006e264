"""Whatever is wrong with world, plans, prices and the question of a command is told in one message, before anything runs."""

from __future__ import annotations

import pytest

COMPARE = ("compare", "nobody", "late.toml", "--world", "nowhere", "--prices", "prices.toml", "--seed", "-1", "--uncertain", "perhaps")  # fmt: skip
LATE = 'name = "late"\n[[event]]\nkind = "set-lever"\nmonth = 40\nlever = "meetings"\nvalue = 2\n'
ALL = ("'nowhere'", "nobody", "prices.toml: meeting: is out of range", "given -1", "given 'perhaps'")
CASES = [
    ("compare", COMPARE, ALL),
    ("robust", ("robust", *COMPARE[1:], "--threshold", "sev<1"), (*ALL, "'sev<1' must be")),
    ("information", ("information", *COMPARE[1:]), ALL),
    ("report", ("report", "nobody", "--world", "nowhere", "--prices", "prices.toml", "--out", "report.pdf"),
     ("--out: report.pdf", "--month is missing", "'nowhere'", "nobody", "meeting: is out of range")),
    ("report of a search", ("report", "nobody", "--search", "folder", "--month", 3, "--out", "report.pdf"),
     ("--out: report.pdf", "leave out --month", "no search.toml in it", "nobody")),
    ("reach", ("reach", "nowhere", "--severity", 2, "--month", 0, "--probability", 1, "--from", "nobody", "--lever", "x", "--prices", "prices.toml"),
     ("'nowhere'", "nobody", "'x' is not NAME=LOW..HIGH", "meeting: is out of range", "severity must be", "month must be", "probability must be")),
    ("fork", ("fork", "nobody", "--world", "nowhere", "--month", 3, "--change", "agenda=1"), ("'nowhere'", "nobody")),
    ("plans in a sound world", ("compare", "late.toml", "late.toml", "--world", "isolated-impact", "--months", 12, "--month", 13, "--of", "sevrity", "--level", 2),
     ("Plan 'late' in world", "Plan 'late-2' in world", "month must be from 1 to 12", "did you mean 'severity'", "level must be")),
]  # fmt: skip


@pytest.mark.parametrize(("args", "told"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_all_faults_are_told_at_once(cisim, tmp_path, args, told):
    (tmp_path / "folder").mkdir()
    (tmp_path / "prices.toml").write_text("meeting = -3\n")
    (tmp_path / "late.toml").write_text(LATE)
    result = cisim(*args)
    assert result.exit_code == 2 and result.stdout == ""
    assert result.stderr.count("Error") == 1 and " faults\n" in result.stderr
    for part in told:
        assert part.lower() in result.stderr.lower(), (part, result.stderr)


def test_one_fault_keeps_its_own_message(cisim):
    result = cisim("compare", "collective-impact", "isolated-impact", "--world", "nowhere")
    assert result.stderr.startswith("Error: 'nowhere': there is no preset")
    assert "faults" not in result.stderr
