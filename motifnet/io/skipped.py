"""Single lines or records that are wrong among many that are not.

A peak that ends behind its contig should not stop a run of fifty thousand, nor should it vanish unseen: what
cannot be used is left out, what can be mended is, and one line says how many and names the first. A
file of which more than a share is wrong is another file than it seems to be, and is refused with what is
wrong throughout.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from pathlib import Path

from motifnet.errors import FileFormatError, UnknownContig, shown
from motifnet.wording import verb

_log = logging.getLogger(__name__)
SHARE = 0.05
"""Largest share of a file that may be wrong, unless told otherwise."""

_NAMED = 3  # problems that a sentence names
_ONE_OF = 10  # items of which one may be wrong whatever its share
_LONGEST = 130  # characters of a problem that stands among others
_LINE = re.compile(r"line (\d+): (.*)", re.DOTALL)

Problem = FileFormatError | UnknownContig
"""What is wrong with a line or record."""


class Skipped:
    """What is wrong with the lines or records of one file, as its readers find it.

    Parameters
    ----------
    path : str or Path
        The file.
    error : type of FileFormatError
        Of the file, if it is refused.
    what : str
        Its items, such as ``"lines"``.
    largest_share : float
        Of the items, that may be left out or mended; one may where there are ten or more. With 0
        none may.

    Examples
    --------
    >>> from motifnet.errors import BedFormatError
    >>> skipped = Skipped("p.bed", BedFormatError)
    >>> for line in range(1, 21):
    ...     skipped.seen()
    >>> skipped.left_out(BedFormatError("p.bed", "end (5) is smaller than start (9)", 7))
    >>> skipped.finish()
    """

    def __init__(
        self,
        path: str | Path,
        error: type[FileFormatError],
        what: str = "lines",
        *,
        largest_share: float = SHARE,
    ) -> None:
        self.path, self.n = path, 0
        self._error, self._what, self._largest_share = error, what, largest_share
        # Problems by item, of the first items alone, and how many items there are.
        self._wrong: dict[str, dict[int, list[Problem]]] = {"left out": {}, "mended": {}}
        self._n_wrong: Counter[str] = Counter()
        self._mended_lines: set[int] = set()
        self._notes: Counter[str] = Counter()
        self._first: dict[str, int] = {}

    def seen(self, n: int = 1) -> None:
        """Count items, be they right or wrong."""
        self.n += n

    def left_out(self, problem: Problem) -> None:
        """Count an item that cannot be used; a line that was mended before is no longer counted as such."""
        if problem.line in self._mended_lines:
            self._mended_lines.remove(problem.line)
            self._n_wrong["mended"] -= 1
            self._wrong["mended"].pop(problem.line, None)
        self._add("left out", problem)

    def mended(self, problem: Problem) -> None:
        """Count an item of which what can be used is; a line that is mended more than once counts once."""
        if problem.line in self._mended_lines:
            if problem.line in self._wrong["mended"]:
                self._wrong["mended"][problem.line].append(problem)
            return
        if problem.line:
            self._mended_lines.add(problem.line)
        self._add("mended", problem)

    def noted(self, what: str, line: int = 0) -> None:
        """Count an item that is read as whoever wrote it may not expect, however many there are.

        Parameters
        ----------
        what : str
            Goes on a sentence that begins with "7 of 90".
        line : int
            Where it is; 0 if a line says nothing.
        """
        self._notes[what] += 1
        self._first.setdefault(what, line)

    def finish(self) -> None:
        """Say what was wrong, once the whole file was read.

        Raises
        ------
        FileFormatError, UnknownContig
            If too much was.
        """
        n_wrong = self._n_wrong.total()
        if n_wrong and not self._is_allowed(n_wrong):
            raise self._refusal(n_wrong)
        for what, items in self._wrong.items():
            n = self._n_wrong[what]
            if n:
                be = verb(n, "is", "are")
                _log.warning(
                    "%s: %d of %d %s %s %s: %s",
                    self.path, n, self.n, self._what, be, what, self._listed(list(items.values()), n),
                )  # fmt: skip
        for what, n in self._notes.items():
            where = f" (first in line {self._first[what]})" if self._first[what] else ""
            _log.warning("%s: %d of %d %s%s", self.path, n, self.n, what, where)

    def _add(self, what: str, problem: Problem) -> None:
        self._n_wrong[what] += 1
        if len(self._wrong[what]) < _NAMED:
            # Items without a line are told apart by a number that no line has.
            self._wrong[what][problem.line or -self._n_wrong[what]] = [problem]

    def _is_allowed(self, n_wrong: int) -> bool:
        if self._n_wrong["left out"] == self.n or self._largest_share == 0:
            return False
        return n_wrong <= self._largest_share * self.n or (n_wrong == 1 and self.n >= _ONE_OF)

    def _refusal(self, n_wrong: int) -> Problem:
        """The error for all that is wrong; the only problem, if there is but one."""
        items = [problems for some in self._wrong.values() for problems in some.values()]
        if n_wrong == len(items[0]) == 1:
            return items[0][0]
        be = verb(n_wrong, "is", "are")
        return self._error(
            self.path,
            f"{n_wrong:,} of {self.n:,} {self._what} {be} wrong, more than --max-skipped allows "
            f"({self._largest_share:g}): {self._listed(items[:_NAMED], n_wrong)}",
        )

    def _listed(self, items: list[list[Problem]], n: int) -> str:
        """The first of some items, in words; one sentence if all of them are wrong alike."""
        more = f" and {n - len(items):,} more" if n > len(items) else ""
        told = [self._sentence(problems) for problems in items]
        if len(items) > 1 and len({what for _, what in told}) == 1 and told[0][0]:
            return f"lines {', '.join(line for line, _ in told)}{more}: {told[0][1]}"
        sentences = [f"line {line}: {what}" if line else what for line, what in told]
        return "; ".join(sentences) + more.replace(" and", "; and")

    def _sentence(self, problems: list[Problem]) -> tuple[str, str]:
        """The line, if it is known, and what is wrong; the file is named before all of them."""
        line, told = "", []
        for problem in problems:
            sentence = str(problem).removeprefix(f"{self.path}").removeprefix(":").strip()
            found = _LINE.match(sentence)
            line, what = (found[1], found[2]) if found else ("", sentence)
            told.append(shown(what, _LONGEST))
        return line, ", and ".join(told)
