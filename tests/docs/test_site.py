"""The site builds strictly; its links and anchors lead somewhere, and no page loads anything from elsewhere."""

from __future__ import annotations

import posixpath
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.site import build
from tests.docs.staging import ROOT, stage

LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "link": "href"}
"""What makes a browser fetch something: {element: attribute}."""


class Page(HTMLParser):
    """The links, anchors and loads of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = {""}
        self.loads: list[str] = []
        self.classes: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.anchors |= {told[name] for name in ("id", "name") if name in told}
        self.classes |= set(told.get("class", "").split())
        if tag == "a" and "href" in told:
            self.links.append(told["href"])
        if LOADS.get(tag) in told and not (
            tag == "link" and told.get("rel") in ("canonical", "prev", "next")
        ):
            self.loads.append(told[LOADS[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(ROOT / "mkdocs.yml", folder / "mkdocs.yml")
    done = build(folder)
    assert done.returncode == 0, done.stderr
    return folder / "build" / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    found = {path.relative_to(site).as_posix(): Page(path) for path in site.rglob("*.html")}
    assert len(found) > 50
    return found


@pytest.mark.slow
def test_every_link_of_the_site_leads_to_a_page_and_an_anchor(site: Path, pages: dict[str, Page]) -> None:
    lost = []
    for name, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if (
                parts.scheme or parts.netloc or name == "404.html"
            ):  # of the theme, with addresses from the root
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
            target = name if not parts.path else path
            if target not in pages:
                lost += [] if (site / target).exists() else [f"{name} links to {link}"]
            elif unquote(parts.fragment) not in pages[target].anchors | {"__skip", "__tabbed"}:
                lost.append(f"{name} links to {link}, which has no such anchor")
    assert not lost, "\n".join(lost)


@pytest.mark.slow
def test_no_page_loads_anything_from_elsewhere(site: Path, pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert page.loads, name
        assert not [load for load in page.loads if urlsplit(load).netloc or load.startswith("http")], name
        assert "mermaid" not in page.classes, f"{name}: the theme would fetch mermaid from a CDN"
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert "@import" not in text and "url(http" not in text and "url(//" not in text, style


@pytest.mark.slow
def test_every_document_is_a_page(pages: dict[str, Page]) -> None:
    for path in (ROOT / "docs").rglob("*.md"):
        assert path.relative_to(ROOT / "docs").with_suffix(".html").as_posix() in pages


def test_links_that_leave_the_documents_lead_to_pages_of_the_site(tmp_path: Path) -> None:
    stage(tmp_path)
    index = (tmp_path / "index.md").read_text(encoding="utf-8")
    assert "](outside/CONTRIBUTING.md)" in index and "](../" not in index
    contributing = (tmp_path / "outside" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert "](../architecture.md)" in contributing and "](docs/" not in contributing
    tutorial = (tmp_path / "tutorials" / "researcher.md").read_text(encoding="utf-8")
    assert "](../studies.md)" in tutorial


def test_a_file_of_code_becomes_a_page_that_shows_it(tmp_path: Path) -> None:
    stage(tmp_path)
    shown = (tmp_path / "outside" / "cisim" / "theory" / "rules" / "trust.py.md").read_text(encoding="utf-8")
    assert shown.count("~~~~") == 2 and "def asymmetric(" in shown
    assert "outside/cisim/theory/rules/trust.py.md" in (tmp_path / "odd.md").read_text(encoding="utf-8")


def test_code_in_a_document_is_not_taken_for_a_link(tmp_path: Path) -> None:
    stage(tmp_path)
    for name in ("rules.md", "studies.md"):
        before, after = ((folder / name).read_text(encoding="utf-8") for folder in (ROOT / "docs", tmp_path))
        assert [b for b in before.split("```")[1::2]] == [b for b in after.split("```")[1::2]]
