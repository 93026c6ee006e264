"""A user's own code: a Mesa model or rule functions, named as `file.py:Name` or `package.module:Name`."""

from __future__ import annotations

import ast
import hashlib
import importlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

from cisim.errors import SpecError, did_you_mean
from cisim.study.spec.file import Place, file_fault
from cisim.theory.rules import rule_set
from cisim.world.fields import short
from cisim.world.scenario import Scenario

__all__ = [
    "GIVEN",
    "keywords",
    "load",
    "load_all",
    "locate",
    "model_fault",
    "reporters",
    "rule_fault",
    "source_of",
]

GIVEN = ("self", "scenario", "seed", "replicate", "rules", "rng")
"""Arguments of a model that cisim gives itself."""


def locate(reference: str, folder: Path | Place) -> str:
    """The reference with its file, if it is one, as a whole path. Raises SpecError if it cannot be used."""
    place, _, name = reference.rpartition(":")
    is_file = place.endswith(".py")
    if not (name.isidentifier() and (is_file or all(part.isidentifier() for part in place.split(".")))):
        raise SpecError(
            f"own code is written as 'file.py:Name' or 'package.module:Name', given {reference!r}; for example "
            "'my_model.py:MyCoalition'."
        )
    if not is_file:
        if not _is_module(place) and file_fault(folder / f"{place}.py") is None:
            raise SpecError(f"there is no module {place!r}. Did you mean '{place}.py:{name}'?")
        return reference
    path = folder / place
    if fault := file_fault(path):
        raise SpecError(fault)
    return f"{path.resolve()}:{name}"


def load(reference: str) -> Any:
    """The class or function that a located reference names. Raises SpecError with what went wrong."""
    place, _, name = reference.rpartition(":")
    try:
        module = _from_file(Path(place)) if place.endswith(".py") else importlib.import_module(place)
    except (Exception, SystemExit) as error:  # anything can go wrong in code of a user
        raise SpecError(f"{place} cannot be imported: {_told(error, place)}.") from error
    if not hasattr(module, name):
        near = did_you_mean(name, [known for known in vars(module) if not known.startswith("_")])
        raise SpecError(f"{place} defines no {name!r}.{near}")
    return getattr(module, name)


def load_all(references: Mapping[str, str]) -> dict[str, Any]:
    """{slot: function} of {slot: located reference}."""
    return {slot: load(reference) for slot, reference in references.items()}


def rule_fault(slot: str, rule: Any) -> str | None:
    """Why this cannot be the rule of that slot, or None."""
    if not inspect.isfunction(rule):
        return f"must name a function (def ...), given {_what(rule)}."
    try:
        rule_set({}, {slot: rule})
    except SpecError as error:
        return error.faults[0].removeprefix(f"rule for slot {slot!r} ")
    return None


def model_fault(model: Any) -> str | None:
    """Why this cannot be a model, or None."""
    from cisim.engine.model import CoalitionModel

    if inspect.isclass(model) and issubclass(model, CoalitionModel):
        return None
    return f"must name a class that extends cisim.CoalitionModel, given {_what(model)}."


def keywords(model: type) -> dict[str, Any]:
    """{keyword of a model's constructor that factors can give: its default, or None where it has none}.

    Where a constructor takes any keyword, those of the class that it extends are taken too.
    """
    found: dict[str, Any] = {}
    for maker in (vars(part).get("__init__") for part in inspect.getmro(model)):
        told = inspect.signature(maker).parameters.values() if inspect.isfunction(maker) else ()
        for one in told:
            if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY) and one.name not in GIVEN:
                found.setdefault(one.name, None if one.default is one.empty else one.default)
        if told and all(one.kind is not one.VAR_KEYWORD for one in told):
            break
    return found


def reporters(
    model: Any, scenario: Scenario, rules: Mapping[str, Any], keywords: Mapping[str, Any]
) -> list[str]:
    """The measures that a model collects, found by building one. Raises SpecError if that is impossible."""
    try:
        built = model(scenario, seed=0, replicate=0, **({"rules": rules} if rules else {}), **keywords)
        return list(built.datacollector.model_reporters)
    except (Exception, SystemExit) as error:
        place = str(getattr(sys.modules.get(model.__module__), "__file__", ""))
        raise SpecError(f"{model.__name__} cannot be built: {_told(error, place)}.") from error


def source_of(found: Any) -> str:
    """The text that a user's class or function rests on: the whole file of it, and of the classes it extends."""
    classes = inspect.getmro(found) if inspect.isclass(found) else (found,)
    modules = {part.__module__ for part in classes if not part.__module__.startswith(("cisim.", "mesa."))}
    texts = []
    for name in sorted(modules - {"builtins", "typing", "abc"}):
        file = getattr(sys.modules.get(name), "__file__", None)
        texts.append(Path(file).read_text(encoding="utf-8", errors="backslashreplace") if file else name)
    return "\0".join([found.__qualname__, *texts])


def _from_file(path: Path) -> ModuleType:
    """The module in a file, loaded once for each text of it.

    It cannot import its neighbours: a run is known by the text of this one file, which is all that a store keeps.
    """
    text = path.read_bytes()
    if beside := _neighbours(text, path):
        raise ImportError(
            f"it imports {', '.join(beside)} from the same folder; write all of it in one file, or install it as a "
            "package and name it as 'package.module:Name'"
        )
    name = f"cisim_own_{hashlib.blake2s(text, digest_size=9).hexdigest()}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _neighbours(text: bytes, path: Path) -> list[str]:
    """The modules beside a file that its text imports."""
    named: set[str] = set()
    with suppress(SyntaxError, ValueError):  # importing tells of it
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                named |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                named.add("." if node.level else str(node.module).partition(".")[0])
    beside = [name for name in sorted(named) if name == "." or (path.parent / f"{name}.py").is_file()]
    return [*beside, *(n for n in sorted(named - {"."}) if (path.parent / n / "__init__.py").is_file())]


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except Exception:  # the packages around it are imported
        return False


def _what(found: object) -> str:
    """What a name stands for, in words."""
    if inspect.isclass(found):
        return "another class"
    return "a function" if inspect.isfunction(found) else short(found)


def _told(error: BaseException, place: str) -> str:
    """An error in a user's code, with the line in which it was."""
    lines = [step.lineno for step in traceback.extract_tb(error.__traceback__) if step.filename == place]
    where = f" (line {lines[-1]} of {Path(place).name})" if lines else ""
    return f"{type(error).__name__}: {error}".removesuffix(".") + where
