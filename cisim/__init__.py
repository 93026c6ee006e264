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
    "DataError": "cisim.errors",
    "Ensemble": "cisim.engine.ensemble",
    "LEVERS": "cisim.theory.parameters",
    "MEASURES": "cisim.theory.measures",
    "Results": "cisim.study.kept.results",
    "RunError": "cisim.errors",
    "Scenario": "cisim.world.scenario",
    "SpecError": "cisim.errors",
    "StoreError": "cisim.errors",
    "Study": "cisim.study.study",
    "SurveyMap": "cisim.world.survey",
    "UNCERTAINTIES": "cisim.theory.parameters",
    "import_survey": "cisim.world.survey",
    "load": "cisim.verbs",
    "preset": "cisim.verbs",
    "presets": "cisim.verbs",
    "simulate": "cisim.engine.ensemble",
}

__all__ = [
    "LEVERS",
    "MEASURES",
    "UNCERTAINTIES",
    "CisimError",
    "CoalitionModel",
    "DataError",
    "Ensemble",
    "Results",
    "RunError",
    "Scenario",
    "SpecError",
    "StoreError",
    "Study",
    "SurveyMap",
    "__version__",
    "import_survey",
    "load",
    "preset",
    "presets",
    "simulate",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'cisim' has no attribute {name!r}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
