"""Twins of plain functions: the same code, in a world where chosen names stand for something else."""

from __future__ import annotations

import dis
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any

__all__ = ["bind", "global_names"]


def bind(
    function: Any,
    names: dict[str, Any],
    wrap: Callable[[FunctionType], Any] = lambda plain: plain,
    twins: dict[FunctionType, Any] | None = None,
) -> Any:
    """A twin of `function` in which `names` are bound, and every plain function it calls is a twin too.

    `wrap` turns a plain twin into what is wanted (compiled, or itself). `twins` collects them, so that
    a function that several others call has one twin. Anything but a plain function is returned as it is.
    """
    twins = {} if twins is None else twins
    if not isinstance(function, FunctionType):
        return function
    if function not in twins:
        world = {**function.__globals__, **names}
        for name in global_names(function):
            called = world.get(name)
            if isinstance(called, FunctionType) and called is not function:
                world[name] = bind(called, names, wrap, twins)
        plain = FunctionType(
            function.__code__, world, function.__name__, function.__defaults__, function.__closure__
        )
        plain.__qualname__ = function.__qualname__
        plain.__module__ = function.__module__
        twins[function] = wrap(plain)
    return twins[function]


def global_names(function: FunctionType) -> list[str]:
    """The names that a function, and the code nested in it, looks up in its module."""
    codes, names = [function.__code__], []
    while codes:
        code = codes.pop()
        codes += [value for value in code.co_consts if isinstance(value, CodeType)]
        names += [step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"]
    return list(dict.fromkeys(names))
