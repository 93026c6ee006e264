"""From files to an answer: a forecast of partnerships, or how good it is where wave 2 is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cisim.errors import SpecError
from cisim.evidence.forecast import tables, words
from cisim.evidence.forecast.evaluation import Case, Evaluation, evaluate, leave_one_out
from cisim.evidence.forecast.folder import naming_text
from cisim.evidence.forecast.naming import NamingModel, fit_naming, shipped
from cisim.evidence.forecast.prediction import Prediction, predict
from cisim.evidence.forecast.simulation import Months, simulate_course
from cisim.evidence.forecast.waves import Partnership

__all__ = ["Answer", "answer", "answer_evaluation", "train"]

Progress = Callable[[str, int], None]
"""Called with the name of a partnership and how many replicates more are done."""


@dataclass(frozen=True)
class Answer:
    """`text` for a reader, `files` by name for a folder, and what they were made from."""

    text: str
    files: dict[str, str]
    naming: NamingModel | None
    predictions: tuple[Prediction, ...] = ()
    evaluation: Evaluation | None = None


def answer(
    told: Sequence[Partnership],
    how: Months,
    training: Sequence[Partnership] = (),
    progress: Progress | None = None,
) -> Answer:
    """The forecast of each partnership, with shipped coefficients or those fitted to the training partnerships."""
    naming = train(training, how, progress) if training else shipped()
    predictions = tuple(predict(one, course, naming) for one, course in _courses(told, how, progress))
    text = words.forecast_text(predictions, naming, how)
    files = {
        "ties.csv": tables.ties_table(predictions).write_csv(),
        "organizations.csv": tables.organizations_table(predictions).write_csv(),
        "naming.toml": naming_text(naming),
        "forecast.md": text,
    }
    return Answer(text, files, naming, predictions)


def answer_evaluation(
    told: Sequence[Partnership],
    how: Months,
    training: Sequence[Partnership] = (),
    progress: Progress | None = None,
) -> Answer:
    """How good the forecast is: leave-one-out, or fitted to the training partnerships and tested on those told."""
    tested = _with_both_waves(told, "--evaluate")
    if training:
        cases = _courses(_with_both_waves(training, "--train"), how, progress)
        found = evaluate(cases, _courses(tested, how, progress), how.seed)
        fitted = f"Fitted to {_count(len(cases))}, tested on {_count(len(tested))}:"
    else:
        found = leave_one_out(_courses(tested, how, progress), how.seed)
        fitted = f"Each of {_count(len(tested))} is forecast by what is fitted to the others:"
    if without := len(told) - len(tested):
        fitted = f"{_count(without)} without wave 2 left out. {fitted}"
    text = words.evaluation_text(found, fitted, how)
    files = {
        "scores.csv": tables.scores_table(found).write_csv(),
        "calibration.csv": tables.calibration_table(found).write_csv(),
        "trust.csv": tables.trust_table(found).write_csv(),
        "pairs.csv": tables.held_out_table(found).write_csv(),
        "forecast.md": text,
    }
    return Answer(text, files, None, evaluation=found)


def train(training: Sequence[Partnership], how: Months, progress: Progress | None = None) -> NamingModel:
    """The observation model fitted to partnerships whose wave 2 is known."""
    known = _with_both_waves(training, "--train")
    cases = _courses(known, how, progress)
    pairs = sum(int(one.in_both_waves.sum()) for one in known)
    provenance = {
        "fitted_to": f"{pairs} pairs of {_count(len(known))} answered in both waves",
        "months": how.months,
        "replicates": how.replicates,
        "seed": how.seed,
    }
    return fit_naming(cases, provenance)


def _courses(told: Sequence[Partnership], how: Months, progress: Progress | None) -> list[Case]:
    def advancing(name: str) -> Callable[[int], None] | None:
        return None if progress is None else lambda more: progress(name, more)

    return [(one, simulate_course(one, how, advancing(one.name))) for one in told]


def _with_both_waves(told: Sequence[Partnership], source: str) -> list[Partnership]:
    known = [one for one in told if one.in_both_waves.any()]
    if not known:
        raise SpecError(
            "no pair is answered in both waves; a second column of ties, such as tie_2001, must hold wave 2.",
            source=source,
        )
    return known


def _count(partnerships: int) -> str:
    return f"{partnerships} partnership{'' if partnerships == 1 else 's'}"
