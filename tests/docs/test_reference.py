"""The reference leaves nothing out: every name, command, key and word that a reader may meet is told."""

from __future__ import annotations

import re

import pytest

import cisim
from cisim.theory.parameters import LEVERS, UNCERTAINTIES
from cisim.world.presets import catalogue
from tests.docs.generate import DOCS
from tests.docs.meanings import MEANINGS
from tests.docs.reference_commands import commands
from tests.docs.reference_files import FILES, keys
from tests.docs.reference_python import GROUPS

REFERENCE = DOCS / "reference"
README = (DOCS.parent / "README.md").read_text(encoding="utf-8")
WORDS = re.compile(r"^\| (?P<word>[\w -]+) \| (?P<meaning>.+) \|$", re.MULTILINE)


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def test_every_public_name_is_told_once() -> None:
    told = [name for names in GROUPS.values() for name in names]
    assert sorted(told) == sorted(set(cisim.__all__) - {"__version__"})
    for name in told:
        assert page("python.md").count(f"\n### {name}\n") == 1


@pytest.mark.parametrize("kind", FILES)
def test_every_key_of_a_file_has_its_meaning(kind: str) -> None:
    known = {f"{place.strip('[]')}.{key}" if place else key for place, key, _ in keys(FILES[kind])}
    assert set(MEANINGS[kind]) == known, f"tests/docs/meanings.py, {kind}"


def test_every_key_says_what_is_allowed() -> None:
    for row in re.findall(r"^\| `\w+` \| (.*?) \|", page("files.md"), flags=re.MULTILINE):
        assert row and "given" not in row and not row.startswith("must"), row


def test_every_command_says_what_it_does_and_gives_an_example() -> None:
    for title, command, _ in commands():
        assert f"\n## {title}\n" in page("commands.md")
        assert command.help and command.epilog and command.epilog.startswith("Example: cisim"), title
        for told in command.params:
            assert told.help, f"{title}: {told.name}"


def test_every_parameter_and_preset_is_told() -> None:
    for name in (*LEVERS, *UNCERTAINTIES):
        assert page("parameters.md").count(f"\n| `{name}` |") == 1
    for name in catalogue():
        assert f"\n### {name}\n" in page("presets.md")


def test_words_are_sorted_and_mean_what_the_readme_says() -> None:
    glossary = {told["word"]: told["meaning"] for told in WORDS.finditer(page("glossary.md"))}
    words = [word for word in glossary if word not in ("word", "---")]
    assert len(words) > 40 and words == sorted(words, key=str.lower)
    for told in WORDS.finditer(README.split("## Words\n")[1]):
        if told["word"] not in ("word", "---"):
            assert glossary.get(told["word"]) == told["meaning"], (
                f"docs/reference/glossary.md, {told['word']}"
            )
