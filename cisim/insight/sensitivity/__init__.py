"""Which factors an outcome depends on, and how much of it is chance.

`sobol` splits the variance of an outcome over factors; `morris` screens many factors with few runs. Both
take the unit cube's design as it was run, so a factor may be a number, a category or a variant of a rule.
"""

from __future__ import annotations

from cisim.insight.sensitivity.chance import PARTS, Split
from cisim.insight.sensitivity.elementary import Morris, morris
from cisim.insight.sensitivity.variance import Sobol, sobol

__all__ = ["PARTS", "Morris", "Sobol", "Split", "morris", "sobol"]
