"""The value of information: which unknown is worth measuring before a plan is chosen."""

from cisim.decision.information.asking import answer_of, ask, check_information, information_answer
from cisim.decision.information.estimate import Known, Part, all_known, everything_known, known
from cisim.decision.information.worth import Information, value_of_information

__all__ = [
    "Information", "Known", "Part", "all_known", "answer_of", "ask", "check_information", "everything_known",
    "information_answer", "known", "value_of_information",
]  # fmt: skip
