"""Robust choice: plans in many worlds, by every view of risk, and when each plan fails."""

from cisim.decision.robust.asking import Robust, answer_of, ask, check, needed, robust_answer
from cisim.decision.robust.choice import RobustChoice, rank, robust_choice
from cisim.decision.robust.failing import Failing, failing
from cisim.decision.robust.metrics import METRICS, Metric, Settings
from cisim.decision.robust.thresholds import Threshold, met, thresholds_in

__all__ = [
    "METRICS", "Failing", "Metric", "Robust", "RobustChoice", "Settings", "Threshold", "answer_of", "ask", "check",
    "failing", "met", "needed", "rank", "robust_answer", "robust_choice", "thresholds_in",
]  # fmt: skip
