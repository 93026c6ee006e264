"""Which parameters are plausible, given what coalitions are known to do: approximate Bayesian computation.

pyABC calls a model draw by draw, in processes and with a database of its own; ELFI and sbi take batches, but come
with a graph of tasks or with deep learning, and PyMC compiles models of its own. The compiled kernel runs hundreds
of draws a call in its threads, and what is needed around it is small: so this is NumPy and SciPy, keeps the
installation lean, every run on disk, and is checked by `sbc`.

This room knows arrays alone: a simulator from values and seeds to statistics, a prior, targets.
"""

from __future__ import annotations

from cisim.evidence.calibration.abc import Progress, Simulator, calibrate
from cisim.evidence.calibration.findings import Excluded, Joint, Share
from cisim.evidence.calibration.prior import Prior
from cisim.evidence.calibration.result import Calibration, Step
from cisim.evidence.calibration.targets import Target

__all__ = [
    "Calibration",
    "Excluded",
    "Joint",
    "Prior",
    "Progress",
    "Share",
    "Simulator",
    "Step",
    "Target",
    "calibrate",
]
