"""Keep new golden figures, with a reason: `python -m tests.golden.update "why the numbers change"`."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence

from tests.golden.kept_figures import FOLDER, PRESETS, write

HISTORY = FOLDER / "HISTORY.md"
USAGE = 'Say why the numbers change: python -m tests.golden.update "reason"'


def main(words: Sequence[str]) -> int:
    """Write the figures and the line of reason; 2 without a reason, 0 otherwise."""
    reason = " ".join(" ".join(words).split())
    if len(reason) < 8:
        print(USAGE, file=sys.stderr)
        return 2
    changed = [preset for preset in PRESETS if write(preset)]
    if not changed:
        print("No figure differs; nothing is written.")
        return 0
    with HISTORY.open("a", encoding="utf-8") as history:
        history.write(f"- {datetime.date.today()} {reason} ({', '.join(changed)})\n")
    print(f"New figures of {', '.join(changed)}, and a line in {HISTORY.name}. Now tell it in CHANGELOG.md.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
