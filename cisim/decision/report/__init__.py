"""A report that a board can read, and the check of every number in it."""

from cisim.decision.report.making import make_report
from cisim.decision.report.question import Question, question_of
from cisim.decision.report.verifying import Verdict, verify

__all__ = ["Question", "Verdict", "make_report", "question_of", "verify"]
