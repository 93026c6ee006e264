"""`python -m benchmarks [NAME ...] [--repeats N]`: a table, and the same as JSON in benchmarks/results.json.

Without names all are measured. Claims are ratios within one run; absolute figures are this machine's.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.measurements import MEASUREMENTS, machine


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(MEASUREMENTS)}")
    parser.add_argument("--repeats", type=int, default=3, help="best of so many (default 3)")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results.json")
    wanted = parser.parse_args()
    unknown = sorted(set(wanted.names) - set(MEASUREMENTS))
    if unknown or wanted.repeats < 1:
        parser.error(
            f"unknown {unknown}; known: {', '.join(MEASUREMENTS)}" if unknown else "--repeats is 1 or more"
        )
    results: dict[str, object] = {"machine": machine()}
    for name in wanted.names or MEASUREMENTS:
        figures = MEASUREMENTS[name](wanted.repeats)
        results[name] = figures
        print(f"\n{name}: {(MEASUREMENTS[name].__doc__ or '').splitlines()[0]}")
        for label, value in figures.items():
            print(f"  {label:<55} {value:>12,.4g}")
    wanted.out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
