"""Forecast wave 2 of a partnership from wave 1, and say how good such forecasts are."""

from cisim.evidence.forecast.answer import Answer, answer, answer_evaluation, train
from cisim.evidence.forecast.evaluation import Evaluation, evaluate, leave_one_out
from cisim.evidence.forecast.naming import NamingModel, fit_naming, shipped
from cisim.evidence.forecast.prediction import Prediction, predict
from cisim.evidence.forecast.simulation import Months, simulate_course
from cisim.evidence.forecast.waves import Partnership, read_partnerships

__all__ = [
    "Answer",
    "Evaluation",
    "Months",
    "NamingModel",
    "Partnership",
    "Prediction",
    "answer",
    "answer_evaluation",
    "evaluate",
    "fit_naming",
    "leave_one_out",
    "predict",
    "read_partnerships",
    "shipped",
    "simulate_course",
    "train",
]
