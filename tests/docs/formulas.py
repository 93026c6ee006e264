"""The formula of a rule, read from its code: `start + rate · (goal − start)` for what the function returns."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["arguments", "called", "formula", "meaning"]

SIGNS = ((" * ", " · "), (" - ", " − "), (" <= ", " ≤ "), (" >= ", " ≥ "))


def formula(rule: Callable[..., Any]) -> str:
    """What the function returns, with what stands for a part of it; "" for an algorithm with loops.

    Cases come in the order in which the code tries them.
    """
    cases, parts = [], []
    for step in _body(rule):
        match step:
            case ast.Return(value=ast.expr() as value):
                cases.append(_told(value))
            case ast.If(test=test, body=[ast.Return(value=ast.expr() as value)], orelse=[]):
                cases.append(f"{_told(value)} if {_told(test)}")
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                parts.append(f"{name} = {_told(value)}")
            case _:
                return ""
    return "; ".join(cases) + ("" if not parts else " with " + ", ".join(parts))


def arguments(rule: Callable[..., Any]) -> str:
    """The arguments in order; `p`, the parameters, is left out."""
    return ", ".join(name for name in inspect.signature(rule).parameters if name != "p")


def meaning(rule: Callable[..., Any]) -> str:
    """The docstring on one line, every sentence with its period."""
    told = " ".join((inspect.getdoc(rule) or "").split())
    return told if told.endswith(".") else f"{told}."


def called(rule: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """The plain functions of `theory/rules` that the function calls, in order."""
    world = rule.__globals__
    for step in _body(rule):
        for node in ast.walk(step):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found = world.get(node.func.id)
                if inspect.isfunction(found):
                    yield found


def _body(rule: Callable[..., Any]) -> list[ast.stmt]:
    """The statements of the function after its docstring."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(rule))).body
    assert isinstance(definition, ast.FunctionDef)
    return definition.body[1 if ast.get_docstring(definition) else 0 :]


def _told(value: ast.expr) -> str:
    """An expression as a reader writes it: parameters and functions by their bare names."""
    text = re.sub(r"\b(?:p|math)\.(?=[a-z])", "", ast.unparse(value))
    text = re.sub(r"\b(\d+)\.0\b", r"\1", text)
    for written, sign in SIGNS:
        text = text.replace(written, sign)
    return re.sub(r"-(?=[\w(])", "−", text)
