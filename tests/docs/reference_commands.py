"""Reference of the command line, from the commands themselves: arguments, options, defaults, examples."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import typer
from typer.main import get_command

from cisim.cli import app
from tests.docs.tables import Generated, Passage, Table

__all__ = ["commands", "passages"]

VALUES = {int: "whole number", float: "number", str: "text", Path: "path", bool: ""}


def passages() -> dict[str, Generated]:
    """Every passage of this file by its name."""
    listed = [f"[`{title}`](#{title.replace(' ', '-')})" for title, _, _ in commands()]
    return {
        "reference-commands": Passage(
            " · ".join(listed) + "\n\n" + "\n\n".join(_command(*told) for told in commands())
        )
    }


def commands() -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """(as it is typed, command, {parameter: its type}) of every command, in the order of the help."""
    yield from _in(app, "cisim")


def _in(typed: typer.Typer, prefix: str) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    made: Any = get_command(typed)
    for info in typed.registered_commands:
        hints = get_type_hints(inspect.unwrap(info.callback)) if info.callback else {}
        yield f"{prefix} {info.name}", made.commands[info.name], hints
    for group in typed.registered_groups:
        if group.typer_instance is not None:
            yield from _in(group.typer_instance, f"{prefix} {group.name}")


def _command(title: str, command: Any, hints: dict[str, Any]) -> str:
    """A heading, what the command does, its example, and a table of what it takes."""
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option"]
    usage = " ".join([title, *(_word(each) for each in arguments), "[OPTIONS]" if options else ""]).strip()
    rows = [(f"`{_word(each)}`", "", "needed" if each.required else "", _says(each)) for each in arguments]
    rows += [_option(each, hints.get(each.name)) for each in options]
    example = (command.epilog or "").removeprefix("Example: ").strip()
    parts = [f"## {title}", _plain(command.help), f"```text\n{usage}\n```"]
    parts += [Table(("takes", "value", "unless told", "meaning"), rows).text().strip()] if rows else []
    return "\n\n".join([*parts, f"Example: `{example}`"] if example else parts)


def _option(option: Any, hint: Any) -> tuple[str, str, str, str]:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    return names, f"`{option.metavar}`" if option.metavar else _value(hint), _default(option), _says(option)


def _default(option: Any) -> str:
    """What holds unless told; `needed` for an option without which there is nothing to do."""
    value = option.default() if callable(option.default) else option.default
    if option.required:
        return "needed"
    if isinstance(value, bool):
        return f"`{option.opts[0]}`" if value else ""
    return "" if value in (None, "", (), []) else f"`{getattr(value, 'value', value)}`"


def _value(hint: Any) -> str:
    """The kind of one value of `Annotated[list[Path] | None, ...]`, or the words that are allowed."""
    while (parts := get_args(hint)) and get_origin(hint) is not Literal:
        named = get_origin(hint) is Annotated
        hint = parts[0] if named else next(part for part in parts if part is not type(None))
    return ", ".join(f"`{word}`" for word in parts) or VALUES.get(hint, "")


def _word(argument: Any) -> str:
    word = str(argument.metavar or argument.name.upper())
    return word if argument.required else f"[{word}]"


def _says(told: Any) -> str:
    return _plain(told.help)


def _plain(text: str | None) -> str:
    """Help without the markup of a terminal, and safe in a page."""
    return re.sub(r"<(?=[a-z/])", "&lt;", re.sub(r"\[/?(?:bold|dim|italic|cyan)\]", "", text or ""))
