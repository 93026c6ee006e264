"""What the site is built from: docs/, and every file outside that a document links to, below `outside/`.

A link such as `../CONTRIBUTING.md` leads to the file on a code host. In the copy it leads to a page of the site: the
text of a document, or the code of a file. Any generator that reads mkdocs.yml can build from the copy, without hooks.
"""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

__all__ = ["ROOT", "stage"]

ROOT = Path(__file__).parents[2]
ALWAYS = ("CHANGELOG.md", "cisim/app/assets/favicon.svg")
"""Files outside docs/ that mkdocs.yml names."""
LINK = re.compile(r"(?<=\]\()(?P<target>[^)#\s:]+)(?=[)#\s])")
FENCED = re.compile(r"^(?P<fence>```+|~~~+).*?^(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL)
PICTURES = (".svg", ".png")
LANGUAGES = {".py": "py", ".toml": "toml", ".cff": "yaml"}


def stage(folder: Path) -> None:
    """Fill an empty or new folder with the sources of the site."""
    shutil.copytree(ROOT / "docs", folder, dirs_exist_ok=True)
    documents = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").rglob("*.md"))]
    waiting = [*documents, *ALWAYS]
    done: set[str] = set()
    for path in waiting:  # grows while it is walked
        if path not in done:
            done.add(path)
            waiting += _taken(path, folder)


def _taken(path: str, folder: Path) -> list[str]:
    """Put a file of the project where the site keeps it; the files that it links to."""
    place = folder / _in_site(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    if path.endswith(".md"):
        text = (ROOT / path).read_text(encoding="utf-8")
        place.write_text(_turned(text, path), encoding="utf-8")
        return list(_links(text, path))
    if place.suffix == ".md":
        place.write_text(_shown(path), encoding="utf-8")
    else:
        shutil.copyfile(ROOT / path, place)
    return []


def _shown(path: str) -> str:
    """A page with the code of a file, which the search leaves out."""
    code = (ROOT / path).read_text(encoding="utf-8")
    language = LANGUAGES.get(Path(path).suffix, "text")
    return f"---\nsearch:\n  exclude: true\n---\n\n# {path}\n\n~~~~{language}\n{code}\n~~~~\n"


def _turned(text: str, here: str) -> str:
    """The text of a page with its links as the site needs them."""
    start = posixpath.dirname(_in_site(here))

    def turn(link: re.Match[str]) -> str:
        path = _target(here, link["target"])
        return posixpath.relpath(_in_site(path), start) if path else link["target"]

    return "".join(part if code else LINK.sub(turn, part) for part, code in _parts(text))


def _links(text: str, here: str) -> Iterator[str]:
    """The files of the project that a page links to, as paths in the project."""
    for part, code in _parts(text):
        for link in () if code else LINK.finditer(part):
            if path := _target(here, link["target"]):
                yield path


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a block of code."""
    at = 0
    for block in FENCED.finditer(text):
        yield text[at : block.start()], False
        yield block[0], True
        at = block.end()
    yield text[at:], False


def _target(here: str, link: str) -> str | None:
    """The file that a link of a page leads to, README.md for a folder; None where there is none."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(here), link))
    if (ROOT / path).is_dir():
        path = posixpath.join(path, "README.md")
    return path if not path.startswith("../") and (ROOT / path).is_file() else None


def _in_site(path: str) -> str:
    """Where the site keeps a file of the project."""
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    return f"outside/{path}" if path.endswith((".md", *PICTURES)) else f"outside/{path}.md"
