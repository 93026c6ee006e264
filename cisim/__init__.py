"""cisim simulates collective impact coalitions.

Partner organizations are agents whose trust, communication frequency and activity alignment change over
years, so that people can test how backbone support, shared measurement and the other conditions affect
progress on a social issue.

    import cisim
    coalition = cisim.preset("collective-impact")
    print(coalition.describe())
    ensemble = cisim.simulate(coalition, replicates=100, seed=1)
    ensemble["severity"]        # an array: replicates x months

Names are loaded when they are first used, so that `import cisim` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cisim.decision.compare import compare_plans
    from cisim.decision.fork import fork
    from cisim.decision.optimize import optimize
    from cisim.decision.plan import Plan
    from cisim.decision.prices import Prices
    from cisim.decision.report import make_report, verify
    from cisim.decision.trying import try_plans
    from cisim.decision.worlds import worlds_of
    from cisim.engine.ensemble import Ensemble, simulate
    from cisim.engine.model import CoalitionModel
    from cisim.errors import CisimError, DataError, RunError, SpecError, StoreError
    from cisim.study.kept.results import Results
    from cisim.study.study import Study
    from cisim.theory.measures import MEASURES
    from cisim.theory.parameters import LEVERS, UNCERTAINTIES
    from cisim.verbs import load, preset, presets
    from cisim.world.scenario import Scenario
    from cisim.world.survey import SurveyMap, import_survey

__version__ = "0.1.0"

_PUBLIC = {
    "CisimError": "cisim.errors",
    "CoalitionModel": "cisim.engine.model",
    "compare_plans": "cisim.decision.compare",
    "DataError": "cisim.errors",
    "Ensemble": "cisim.engine.ensemble",
    "fork": "cisim.decision.fork",
    "import_survey": "cisim.world.survey",
    "LEVERS": "cisim.theory.parameters",
    "load": "cisim.verbs",
    "make_report": "cisim.decision.report",
    "MEASURES": "cisim.theory.measures",
    "optimize": "cisim.decision.optimize",
    "Plan": "cisim.decision.plan",
    "preset": "cisim.verbs",
    "presets": "cisim.verbs",
    "Prices": "cisim.decision.prices",
    "Results": "cisim.study.kept.results",
    "RunError": "cisim.errors",
    "Scenario": "cisim.world.scenario",
    "simulate": "cisim.engine.ensemble",
    "SpecError": "cisim.errors",
    "StoreError": "cisim.errors",
    "Study": "cisim.study.study",
    "SurveyMap": "cisim.world.survey",
    "try_plans": "cisim.decision.trying",
    "UNCERTAINTIES": "cisim.theory.parameters",
    "verify": "cisim.decision.report",
    "worlds_of": "cisim.decision.worlds",
}

__all__ = [
    "LEVERS",
    "MEASURES",
    "UNCERTAINTIES",
    "CisimError",
    "CoalitionModel",
    "DataError",
    "Ensemble",
    "Plan",
    "Prices",
    "Results",
    "RunError",
    "Scenario",
    "SpecError",
    "StoreError",
    "Study",
    "SurveyMap",
    "__version__",
    "compare_plans",
    "fork",
    "import_survey",
    "load",
    "make_report",
    "optimize",
    "preset",
    "presets",
    "simulate",
    "try_plans",
    "verify",
    "worlds_of",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'cisim' has no attribute {name!r}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
