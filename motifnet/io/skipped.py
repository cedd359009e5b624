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

_log = logging.getLogger(__name__)
SHARE = 0.05
"""Largest share of a file that may be wrong, unless told otherwise."""

_NAMED = 3  # problems that a sentence names
_ONE_OF = 10  # items of which one may be wrong whatever its share
_LONGEST = 130  # characters of a problem that stands among others
_LINE = re.compile(r"line (\d+): (.*)", re.DOTALL)


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
        self._wrong: dict[str, list[FileFormatError | UnknownContig]] = {"left out": [], "mended": []}
        self._n_wrong: Counter[str] = Counter()
        self._notes: Counter[str] = Counter()
        self._first: dict[str, int] = {}

    def seen(self, n: int = 1) -> None:
        """Count items, be they right or wrong."""
        self.n += n

    def left_out(self, problem: FileFormatError | UnknownContig) -> None:
        """Count an item that cannot be used."""
        self._add("left out", problem)

    def mended(self, problem: FileFormatError | UnknownContig) -> None:
        """Count an item of which what can be used is."""
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
        for what, problems in self._wrong.items():
            n = self._n_wrong[what]
            if n:
                be = "is" if n == 1 else "are"
                _log.warning(
                    "%s: %d of %d %s %s %s: %s",
                    self.path, n, self.n, self._what, be, what, self._listed(problems, n),
                )  # fmt: skip
        for what, n in self._notes.items():
            where = f" (first in line {self._first[what]})" if self._first[what] else ""
            _log.warning("%s: %d of %d %s%s", self.path, n, self.n, what, where)

    def _add(self, what: str, problem: FileFormatError | UnknownContig) -> None:
        self._n_wrong[what] += 1
        if len(self._wrong[what]) < _NAMED:
            self._wrong[what].append(problem)

    def _is_allowed(self, n_wrong: int) -> bool:
        if self._n_wrong["left out"] == self.n or self._largest_share == 0:
            return False
        return n_wrong <= self._largest_share * self.n or (n_wrong == 1 and self.n >= _ONE_OF)

    def _refusal(self, n_wrong: int) -> FileFormatError | UnknownContig:
        """The error for all that is wrong; the only problem, if there is but one."""
        problems = [problem for some in self._wrong.values() for problem in some]
        if len(problems) == 1:
            return problems[0]
        return self._error(
            self.path,
            f"{n_wrong:,} of {self.n:,} {self._what} are wrong, more than --max-skipped allows "
            f"({self._largest_share:g}): {self._listed(problems[:_NAMED], n_wrong)}",
        )

    def _listed(self, problems: list[FileFormatError | UnknownContig], n: int) -> str:
        """The first of some problems, in words; one sentence if all of them are the same."""
        more = f" and {n - len(problems):,} more" if n > len(problems) else ""
        told = [self._sentence(problem) for problem in problems]
        if len(problems) > 1 and len({what for _, what in told}) == 1 and told[0][0]:
            return f"lines {', '.join(line for line, _ in told)}{more}: {shown(told[0][1], _LONGEST)}"
        sentences = [
            f"line {line}: {shown(what, _LONGEST)}" if line else shown(what, _LONGEST) for line, what in told
        ]
        return "; ".join(sentences) + more.replace(" and", "; and")

    def _sentence(self, problem: FileFormatError | UnknownContig) -> tuple[str, str]:
        """The line, if it is known, and what is wrong; the file is named before all of them."""
        sentence = str(problem).removeprefix(f"{self.path}").removeprefix(":").strip()
        found = _LINE.match(sentence)
        return (found[1], found[2]) if found else ("", sentence)
