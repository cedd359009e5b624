"""Pages of the documents: their blocks of code, their links, and how a block is run."""

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

_BLOCK = re.compile(r"^```(\w+)(?: +([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_NUMBER = re.compile(r"\d[\d.,]*(?:e[+-]?\d+)?")
_PLURAL = re.compile(r"(# \w+?)s\b")  # of what there is such a number of


class Block(NamedTuple):
    """A fenced block: its page, its first line there, its language, what the fence says, its text."""

    page: Path
    line: int
    language: str
    info: str
    text: str

    @property
    def reason(self) -> str | None:
        """Why a block of code is not run; ``None`` for one that is, or that is no code."""
        return self.info.removeprefix("no-test").strip() if self.info.startswith("no-test") else None

    @property
    def runs(self) -> bool:
        """Whether it is code to be run."""
        return self.language in ("bash", "python") and self.reason is None

    @property
    def shows_output(self) -> bool:
        """Whether it shows what the code before it prints."""
        return (self.language, self.info) == ("text", "output")

    @property
    def place(self) -> str:
        """Page and line, as an editor takes them."""
        return f"{name(self.page)}:{self.line}"


def name(page: Path) -> str:
    """A page's path within the repository."""
    return str(page.relative_to(ROOT))


def blocks(page: Path) -> list[Block]:
    """The blocks of a page, in order."""
    text = page.read_text()
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, found[1], found[2] or "", found[3])
        for found in _BLOCK.finditer(text)
    ]


def prose(page: Path) -> str:
    """A page without its blocks."""
    return _BLOCK.sub("", page.read_text())


def links(page: Path) -> list[str]:
    """The targets of the links and pictures of a page that lead to files or headings of ours."""
    found = _LINK.findall(prose(page))
    return [target for target in found if not target.startswith(("http://", "https://"))]


def anchors(page: Path) -> set[str]:
    """The names by which headings of a page can be linked to, as GitHub makes them."""
    headings = (re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", heading) for heading in _HEADING.findall(prose(page)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def run_page(page: Path, folder: Path) -> int:
    """Run the blocks of a page in a folder, in order, and compare what they print; returns how many ran."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    printed, n_run = "", 0
    for block in blocks(page):
        if block.runs:
            printed = run_bash(block, folder) if block.language == "bash" else run_python(block, namespace)
            n_run += 1
        elif block.shows_output:
            missing = first_missing(block.text.splitlines(), printed.splitlines())
            assert missing is None, f"{block.place}: {missing!r} was not printed, but:\n{printed}"
    return n_run


def run_bash(block: Block, folder: Path) -> str:
    """What a block of shell prints; every command of it must succeed unless its fence says otherwise."""
    expected = int(block.info.removeprefix("exits ")) if block.info else 0
    binaries = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block.text],
        cwd=folder,
        env={**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}", "MPLBACKEND": "Agg"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == expected, f"{block.place} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def run_python(block: Block, namespace: dict[str, object]) -> str:
    """What a block of Python prints, in the working folder, with the names of the blocks before it."""
    printed = io.StringIO()
    # The line numbers of a traceback are then those of the page.
    code = compile("\n" * block.line + block.text, block.place, "exec")
    with contextlib.redirect_stdout(printed):
        exec(code, namespace)
    return printed.getvalue()


def first_missing(expected: Sequence[str], printed: Sequence[str]) -> str | None:
    """The first expected line that was not printed in its turn; numbers, and their plurals, need not agree.

    A line of three dots stands for any lines.
    """
    left: Iterator[str] = map(_without_numbers, printed)
    for line in expected:
        if line != "..." and _without_numbers(line) not in left:
            return line
    return None


def _without_numbers(line: str) -> str:
    return " ".join(_PLURAL.sub(r"\1", _NUMBER.sub("#", line)).split())
