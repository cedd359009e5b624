"""Pages as a reader has them: opened in Chromium, offline, by keyboard and pointer, wide and narrow.

All tests are in this one file, so that one worker makes the pages and starts the browser, once.
"""

from __future__ import annotations

import os
import pkgutil
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from motifnet.io.motif_files import read_motifs
from motifnet.report import pages as page_modules
from motifnet.report.pages.page_registry import PAGES
from tests.browser.made_pages import MadePage, make_pages

WIDTHS = (1400, 400)
NAMES = (
    "align", "cluster", "compare-matches", "crowded", "decode", "enrich", "folded", "profile",
    "scan-hits", "simulate", "test", "told", "train",
)  # fmt: skip
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

for _module in pkgutil.iter_modules(page_modules.__path__):
    import_module(f"{page_modules.__name__}.{_module.name}")


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        pytest.skip(f"there is no browser here: none of {', '.join(_BROWSERS)}")
    # Chromium refuses its sandbox to root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=path, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def made(browser, tmp_path_factory) -> dict[str, MadePage]:
    return {page.name: page for page in make_pages(tmp_path_factory.mktemp("pages"))}


@pytest.fixture
def opened(browser, made) -> Iterator:
    """Opens a page of some width; fails if it had errors, or asked for anything but itself."""
    contexts, told = [], []

    def open_page(name: str, width: int = 1400):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        address = made[name].path.as_uri()
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda request: told.extend(_foreign(request.url, address)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert told == []


def _foreign(asked: str, address: str) -> list[str]:
    """What is asked for that the page does not hold; pictures are made as blobs of its own."""
    return [] if asked == address or asked.startswith("blob:") else [asked]


def unfold(page) -> None:
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.wait_for_timeout(50)


def test_every_kind_of_page_is_opened(made):
    assert set(made) == set(NAMES)
    assert {page.kind for page in made.values()} == set(PAGES)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_accessible_and_not_wider_than_the_window(opened, name, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    page = opened(name, width)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]][:2]) for each in found] == []


def test_numbers_are_copied_as_numbers(opened, made):
    for name in NAMES:
        page = opened(name)
        unfold(page)
        cells = page.locator("table.sortable td").all_text_contents()
        assert len(cells) > 3
        for cell in cells:
            assert not set(cell) & set("\u202f\u2009×\u2212"), (name, cell)


@pytest.mark.parametrize(
    "name", ["train", "enrich", "cluster", "compare-matches", "decode", "scan-hits", "test"]
)
def test_a_table_is_sorted_by_keyboard(opened, name):
    page = opened(name)
    unfold(page)
    table = page.locator("table.sortable:has(tbody tr:nth-child(2))").first
    heading = table.locator("thead th:has(button)").nth(1)
    for order in ("ascending", "descending"):
        heading.locator("button").focus()
        page.keyboard.press("Enter")
        assert heading.get_attribute("aria-sort") == order
        keys = table.evaluate(
            "(table, i) => [...table.tBodies[0].rows].map((row) => keyOf(row, i))",
            heading.evaluate("(cell) => cell.cellIndex"),
        )
        assert len(keys) > 1
        in_order = keys if order == "ascending" else keys[::-1]
        for one, other in pairwise(in_order):
            assert page.evaluate("([a, b]) => compared(a, b)", [one, other]) <= 0


def test_rows_are_filtered_and_taken_as_tsv(opened):
    page = opened("crowded")
    box = page.locator("input[type=search]").first
    table = page.locator("table.sortable").first
    names = table.evaluate("(table) => [...table.tBodies[0].rows].map((row) => content(row.cells[1]))")
    box.fill(names[3])
    shown = table.evaluate("(table) => [...table.tBodies[0].rows].filter((row) => !row.hidden).length")
    assert 1 <= shown < len(names)
    assert f"{shown} of {len(names)} rows" in page.locator(".table-tools").first.inner_text()
    with page.expect_download() as download:
        page.locator("button", has_text="save TSV").first.click()
    assert download.value.suggested_filename.endswith(".tsv")
    header, *rows = (line.split("\t") for line in Path(download.value.path()).read_text().splitlines())
    assert [row[1] for row in rows] == [name for name in names if names[3] in name]
    for row in rows:
        for column in ("Width", "Bits", "Sites", "% targets", "% controls", "Fold", "E", "AUROC"):
            float(row[header.index(column)])


def test_motifs_that_are_alike_are_folded_until_asked_for(opened):
    page = opened("folded")
    member = page.locator("tr.member")
    assert not member.first.is_visible()
    fold = page.locator("button.unfold").first
    fold.focus()
    page.keyboard.press("Enter")
    assert fold.get_attribute("aria-expanded") == "true"
    assert member.first.is_visible()
    member.first.locator(".logo").wait_for()


@pytest.mark.parametrize("name", ["train", "enrich", "cluster", "decode", "simulate", "profile", "scan-hits"])
def test_a_motif_is_given_as_motifnet_writes_it(opened, tmp_path, name):
    page = opened(name)
    given = page.evaluate("GIVEN[document.querySelector('.take').dataset.give]")
    page.locator(".taken summary").first.click()
    for words, suffix, digits in (("MEME", "meme", 8), ("JASPAR", "jaspar", 5)):
        page.locator(".taken button", has_text=words).first.click()
        page.locator("#status", has_text=words).wait_for(state="attached")
        file = tmp_path / f"given.{suffix}"
        file.write_text(page.evaluate("navigator.clipboard.readText()"))
        (motif,) = read_motifs(file)
        counts = np.array(given["counts"], float)
        np.testing.assert_allclose(motif.probabilities, counts / counts.sum(0), atol=10.0**-digits)
        assert motif.name == given["name"]
    page.locator(".taken button", has_text="IUPAC").first.click()
    page.locator("#status", has_text="consensus").wait_for(state="attached")
    assert page.evaluate("navigator.clipboard.readText()") == motif.consensus == given["consensus"]


@pytest.mark.parametrize(("name", "file"), [("train", "motifs.meme"), ("cluster", "families.meme")])
def test_meme_from_the_page_is_that_of_the_file(opened, made, name, file):
    page = opened(name)
    given = page.evaluate("meme(GIVEN[document.querySelector('.take').dataset.give])")
    written = (made[name].path.parent / file).read_text()
    head, found, first = written.partition("MOTIF ")
    assert given == (head + found + first.partition("MOTIF ")[0]).rstrip() + "\n"


def test_sites_are_given_as_in_the_file(opened, made):
    page = opened("train")
    page.locator(".taken summary").first.click()
    with page.expect_download() as download:
        page.locator(".taken button", has_text="BED").first.click()
    lines = Path(download.value.path()).read_text().splitlines()
    written = (made["train"].path.parent / "sites.bed").read_text().splitlines()
    name = lines[0].split("\t")[3]
    assert lines == [line for line in written if line.split("\t")[3] == name]


def test_a_logo_is_given_as_svg_and_png(opened):
    page = opened("train")
    page.locator(".taken summary").first.click()
    files = {}
    for words in ("SVG", "PNG"):
        with page.expect_download() as download:
            page.locator(".taken button", has_text=words).first.click()
        files[words] = Path(download.value.path()).read_bytes()
    assert files["PNG"].startswith(b"\x89PNG")
    drawing = ET.fromstring(files["SVG"])
    names = [part.tag.rpartition("}")[2] for part in drawing.iter()]
    assert names.count("use") > 5
    ids = {part.get("id") for part in drawing.iter()}
    assert {part.get("href", "").removeprefix("#") for part in drawing.iter() if part.get("href")} <= ids
    letters = [part for part in drawing.iter() if part.get("id", "").startswith("g")]
    assert letters
    assert all(part.get("fill", "").startswith("#") for part in letters)


_BOTH_DRAWINGS = """() => {
  const there = document.querySelector(".forward svg");
  const [own, known] = tracksOf(there.closest("th").querySelector(".reverse.drawn").dataset.tracks);
  const all = known.motif.counts[0].length, width = own.motif.counts[0].length, shown = known.to - known.from;
  const turned = { offset: width - known.offset - shown, from: all - known.to, to: all - known.from };
  const box = document.createElement("div");
  box.innerHTML = drawn([{ ...own, reverse: false }, { ...known, ...turned, reverse: !known.reverse }]);
  const numbers = (part) => ["transform", "x", "y"].map((name) => part.getAttribute(name) ?? "").join(" ");
  const parts = (svg) => [...svg.querySelectorAll("use, text, rect")].map((part) =>
    [part.getAttribute("href") ?? part.textContent, (numbers(part).match(/[\\d.]+/g) ?? []).map(Number)]);
  return [parts(there), parts(box.firstElementChild)];
}"""


def test_the_script_draws_logos_as_the_program_does(opened):
    """A motif and its match stand in the page, drawn by the program; the script draws them anew."""
    drawings = opened("train").evaluate(_BOTH_DRAWINGS)
    ours, scripts = (
        sorted(parts, key=lambda part: (part[0], np.round(part[1], 1).tolist())) for parts in drawings
    )
    assert len(ours) == len(scripts) > 10
    for (name, numbers), (other, others) in zip(ours, scripts, strict=True):
        assert name == other
        np.testing.assert_allclose(numbers, others, atol=0.02)


def test_a_link_opens_what_is_folded_and_navigation_stays(opened):
    page = opened("cluster")
    page.set_viewport_size({"width": 1400, "height": 300})
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = false")
    page.locator("a[href='#family-1']").first.click()
    assert page.locator("#family-1").get_attribute("open") is not None
    page.locator("#family-1 .drawn .logo").wait_for()
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(600)
    assert page.locator("nav").bounding_box()["y"] == 0


def test_links_lead_to_files_that_are_there(made):
    from html_page import Page

    for one in made.values():
        if one.name in ("crowded", "folded", "test", "told"):
            continue
        links = [
            link for link in Page(one.path.read_text()).all("href") if not link.startswith(("#", "https:"))
        ]
        assert links, one.name
        for link in links:
            assert (one.path.parent / link).exists(), (one.name, link)


# Numbers, places and names of files that lie on more than one line.
BROKEN = """() => [...document.querySelectorAll("td, .files a")].flatMap((cell) => {
  const broken = [], texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/\\S+/g)) {
    if (!/^([-+]?\\d[-+.\\de]*|[-\\w]+\\.[a-z]+)$/.test(word[0])) continue;
    const range = document.createRange();
    range.setStart(texts.currentNode, word.index);
    range.setEnd(texts.currentNode, word.index + word[0].length);
    const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
    if (lines.size > 1) broken.push(word[0]);
  }
  const lines = new Set([...cell.getClientRects()].map((box) => Math.round(box.top)));
  return cell.matches("a") && lines.size > 1 ? [...broken, cell.textContent] : broken;
})"""


@pytest.mark.parametrize("name", NAMES)
def test_numbers_and_names_of_files_stay_on_one_line(opened, name):
    page = opened(name, 400)
    unfold(page)
    assert page.evaluate(BROKEN) == []
