"""Every page that motifnet writes, of small runs, and of made-up results that a small run does not give."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from factory import crowded_result, told_result
from known_motifs import enriched, result, spacing
from tested_ties import found_tie, many, page
from tested_ties import result as result_of_ties

from motifnet.cli import main
from motifnet.report.pages.enrichment import render_enrichment
from motifnet.report.pages.run_report import render_run
from tests.cli.calls import CALLS, write_inputs

_MORE = {"train": " --motif-db m.meme", "scan": " --html", "compare": " m.meme"}
_WITHOUT_PAGE = {"convert", "logos"}
_KIND = re.compile(r'<p class="kind">motifnet ([\w ]+)</p>')


class MadePage(NamedTuple):
    """A page, and what kind it says it is."""

    name: str
    path: Path
    kind: str


def make_pages(folder: Path) -> list[MadePage]:
    """The pages of all commands, and some more."""
    write_inputs(folder)
    before = Path.cwd()
    os.chdir(folder)
    try:
        for name, call in CALLS.items():
            # Pages of tests of ties are of one kind, of which one is made up below.
            if name not in _WITHOUT_PAGE and not name.startswith("test "):
                output = name if call.output == "out" else f"{name}-{call.output}"
                main((call.arguments + _MORE.get(name, "")).replace("OUT", output).split())
    finally:
        os.chdir(before)
    made_up: dict[str, Callable[[], str]] = {
        "told": lambda: render_run(told_result()),
        "crowded": lambda: render_run(crowded_result(12)),
        "folded": lambda: render_enrichment(result([enriched(), enriched(), enriched(like=3)], [spacing()])),
        "test": lambda: page(result_of_ties([found_tie(1e-5), *many(14)])),
    }
    for name, render in made_up.items():
        (folder / f"{name}.html").write_text(render())
    paths = sorted([*folder.glob("*.html"), *folder.glob("*/report.html")])
    paths.remove(folder / "trained" / "report.html")  # an input; that of "train" is a page of the same kind
    return [MadePage(_name(path), path, _kind(path)) for path in paths]


def _name(path: Path) -> str:
    return path.parent.name if path.name == "report.html" else path.stem


def _kind(path: Path) -> str:
    found = _KIND.search(path.read_text())
    assert found, f"{path} does not say what kind of page it is"
    return found[1]
