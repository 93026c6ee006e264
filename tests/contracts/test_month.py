"""The month has one order: in the list that people read, in the Mesa model, and in the kernel."""

from __future__ import annotations

import ast
import inspect

import pytest

from cisim.engine import kernel
from cisim.engine.model import CoalitionModel
from cisim.theory.month import MONTH

ALIAS = {"issue_moves": "issue"}
"""`issue` is the kernel's array of the social issue, so the phase has a longer name there."""


def phases_of_the_kernel() -> list[str]:
    """Functions that the kernel calls for each month after the first, in order."""
    tree = ast.parse(inspect.getsource(kernel.run_replicates))
    month = next(node for node in ast.walk(tree) if isinstance(node, ast.For) and target(node) == "month")
    after_origin = next(node for node in month.body if isinstance(node, ast.If))
    assert ast.unparse(after_origin.test) == "month > 0"
    calls = [node for part in after_origin.body for node in ast.walk(part) if isinstance(node, ast.Call)]
    return [ALIAS.get(name, name) for name in (ast.unparse(call.func) for call in calls)]


def target(loop: ast.For) -> str:
    return ast.unparse(loop.target)


def test_the_kernel_walks_the_month_in_order():
    assert phases_of_the_kernel() == [phase.name for phase in MONTH]


def test_the_model_walks_the_month_in_order(monkeypatch):
    from cisim.world.scenario import Scenario

    walked: list[str] = []
    for phase in MONTH:
        monkeypatch.setattr(CoalitionModel, phase.name, lambda self, name=phase.name: walked.append(name))
    model = CoalitionModel(Scenario(name="order", roster={"count": 2}, months=1))
    model.step()
    assert walked == [phase.name for phase in MONTH]


@pytest.mark.parametrize("phase", MONTH, ids=lambda phase: phase.name)
def test_every_phase_says_what_it_is(phase):
    assert phase.meaning.endswith(".") and inspect.getdoc(getattr(CoalitionModel, phase.name))
    name = next((longer for longer, name in ALIAS.items() if name == phase.name), phase.name)
    assert inspect.getdoc(getattr(kernel, name))
