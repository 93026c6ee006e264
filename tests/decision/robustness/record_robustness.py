"""Record what Rhodium and RAPID say of one table of outcomes: `python record_robustness.py FOLDER_OF_RAPID`.

Needs Rhodium (pip install rhodium "numpy<2" setuptools) and a clone of https://github.com/cameronmcphail/RAPID, which is
on no package index; it is the code of McPhail et al. (2018). Only this script needs them; the tests read what it wrote,
robustness.json. EMA Workbench (2.5.3) has no robustness metrics of its own.

Hadjimichael, Gold, Hadka and Reed (2020), Journal of Open Research Software 8:12, doi:10.5334/jors.293.
"""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

FILE = Path(__file__).with_name("robustness.json")
WORLDS, PLANS = 41, 4  # 0.1 and 0.9 of 41 worlds fall on a world, so that interpolation makes no difference
THRESHOLD = 0.6


def main() -> int:
    """Write robustness.json; 2 without the folder of RAPID."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    sys.path.insert(0, str(Path(sys.argv[1]) / "rapid" / "robustness"))  # its examples need more
    warnings.simplefilter("ignore")  # RAPID uses names that NumPy has since changed
    stream = np.random.default_rng(2018)
    table = stream.gamma([2.0, 4.0, 8.0, 3.0], [0.3, 0.16, 0.07, 0.2], size=(WORLDS, PLANS)).round(4)
    commit = subprocess.run(
        ["git", "-C", sys.argv[1], "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    told = {
        "rhodium": version("rhodium"), "rapid": commit, "numpy": np.__version__, "threshold": THRESHOLD,
        "table": table.tolist(),
        "more": {"rapid": rapid(table, True), "rhodium": rhodium(table, True)},
        "less": {"rapid": rapid(table, False), "rhodium": rhodium(table, False)},
    }  # fmt: skip
    FILE.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 0


def rapid(table: np.ndarray, more: bool) -> dict[str, list[float]]:
    """Metrics by the code of McPhail et al.; it turns outcomes so that more is better."""
    import metrics as m

    f = table.T
    told = {
        "maximin": m.maximin(f, maximise=more), "laplace": m.laplace(f, maximise=more),
        "hurwicz 0.25": m.hurwicz(f, maximise=more, alpha=0.25), "minimax_regret": m.minimax_regret(f, maximise=more),
        "percentile_regret": m.percentile_regret(f, maximise=more), "mean_variance": m.mean_variance(f, maximise=more),
        "starrs_domain": m.starrs_domain(f, maximise=more, threshold=THRESHOLD),
    }  # fmt: skip
    return {name: np.asarray(values).tolist() for name, values in told.items()}


def rhodium(table: np.ndarray, more: bool) -> dict[str, list[float]]:
    """Regret from the best plan of each world, over the own outcome, 90th percentile; and satisficing."""
    from rhodium import Constraint, Model, Response
    from rhodium.robustness import regret_type2, satisficing_type1

    model: Any = Model(lambda y: y)
    model.responses = [Response("y", Response.MAXIMIZE if more else Response.MINIMIZE)]
    model.constraints = [Constraint(f"y {'>=' if more else '<='} {THRESHOLD}")]
    results = [[{"y": float(value)} for value in column] for column in table.T]
    return {
        "regret_type2": [float(regret_type2(model, results, own)) for own in results],
        "satisficing_type1": [float(satisficing_type1(model, own)) for own in results],
    }


if __name__ == "__main__":
    raise SystemExit(main())
