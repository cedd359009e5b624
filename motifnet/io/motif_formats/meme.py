"""MEME motif format, versions 4 and 5: minimal, and the full text output of the program.

The format is described at https://meme-suite.org/meme/doc/meme-format.html. Every line is accounted for:
between the rules of a full output (lines of ``*`` or ``-``) the program says many things, of which
matrices, alphabet, strands and background are read; elsewhere a line that is none of the format is an
error. Files that were written one behind another are read on, each with its own background.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from motifnet.errors import MotifFormatError, shown
from motifnet.io.fields import log10_of
from motifnet.io.motif_format import (
    FORMATS,
    NOMINAL_SITES,
    Held,
    Lines,
    MotifFormat,
    alphabet_of,
    as_dna,
    is_blank,
    is_numeric,
    not_understood,
    numbers,
    of_probabilities,
    printed_shares,
    word,
)
from motifnet.motifs import Motif
from motifnet.motifs.matrix import UNIFORM
from motifnet.wording import power

_VERSION = re.compile(r"\s*MEME version\b", re.IGNORECASE)
_MOTIF = re.compile(r"\s*MOTIF(?:\s|$)", re.IGNORECASE)
_ALPHABET = re.compile(r"\s*ALPHABET\b\s*(?:=\s*(\S*)|\".*|$)")
_SYMBOL = re.compile(r"(\w)(?:\s+\"[^\"]*\")?(?:\s+[0-9A-Fa-f]{6})?(?:\s*~\s*(\w)\b.*)?\s*$")
_AMBIGUOUS = re.compile(r"\S(?:\s+\"[^\"]*\")?(?:\s+[0-9A-Fa-f]{6})?\s*=\s*\w+\s*$")
_END_OF_ALPHABET = re.compile(r"\s*END ALPHABET\b")
_STRANDS = re.compile(r"\s*strands:(.*)", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:\*{4}|-{4})")  # between the parts of the full text output
_BACKGROUND = re.compile(r"\s*Background letter frequencies\b", re.IGNORECASE)
_LETTER_FREQUENCY = re.compile(r"([A-Za-z])\s+(\S+)")
_MATRIX = re.compile(r"\s*letter-probability matrix\s*:?", re.IGNORECASE)
_LOG_ODDS = re.compile(r"\s*log-odds matrix\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<!\w)(\w++)\s*+=\s*+(\S+)")  # without going back, which takes long
_URL = re.compile(r"\s*URL\b")
_ROW = re.compile(r"\s*[-+.\d]")
_NOT_IN_A_MATRIX = (_VERSION, _ALPHABET, _STRANDS, _BACKGROUND, _MOTIF, _MATRIX, _LOG_ODDS, _URL, _RULE)
_EXPECTED = "'MOTIF name', a matrix and its rows, 'URL', or '#' before a comment"


def matches(lines: Lines) -> bool:
    """Whether a line names the version of MEME."""
    return any(_VERSION.match(text) for _, text in lines)


def n_heads(lines: Lines) -> int:
    """How many lines begin a matrix of probabilities."""
    return sum("letter-probability matrix" in text.lower() for _, text in lines if not is_blank(text))


def parse_meme(lines: Lines, path: Path) -> list[Motif]:
    """The motifs of a MEME file; none, if it has a header only.

    Counts are the probabilities times ``nsites``, which is 20 where a file does not say, as
    the format has it. Log-odds matrices are skipped, and a score that stands in the place of
    the E-value (``S=``) is no E-value. Motifs are of one strand where the file says ``strands: +``,
    or where its alphabet is that of RNA.

    Raises
    ------
    MotifFormatError
        If the motifs are not of DNA or RNA, a matrix is missing, cut short, wrong or without a title
        of its own, or a line is none of the format.
    """
    return _Reader(lines, path).motifs()


def render_meme(
    motifs: Sequence[Motif],
    bases: str = "ACGT",
    *,
    single_stranded: bool | None = None,
    remarks: Sequence[str] = (),
) -> str:
    """Motifs as a MEME file of version 4.

    A MEME file has one background, which is that of the first motif.

    Parameters
    ----------
    motifs : sequence of Motif
    bases : {"ACGT", "ACGU"}
        The letters of DNA, or those of RNA, which has one strand.
    single_stranded : bool, optional
        Whether motifs of DNA are of one strand; if not given, it is so if all of them are.
    remarks : sequence of str, optional
        A line on each motif, which stands before it as a comment.
    """
    if single_stranded is None:
        single_stranded = bool(motifs) and all(motif.single_stranded for motif in motifs)
    background = motifs[0].background if motifs else UNIFORM
    frequencies = " ".join(f"{letter} {share:.6g}" for letter, share in zip(bases, background, strict=True))
    strands = "+" if single_stranded or bases != "ACGT" else "+ -"
    header = (
        f"MEME version 4\n\nALPHABET= {bases}\n\nstrands: {strands}\n\n"
        f"Background letter frequencies\n{frequencies}\n\n"
    )
    told = [f"# {remark}\n" for remark in remarks] or [""] * len(motifs)
    return header + "\n".join(remark + _rendered(motif) for remark, motif in zip(told, motifs, strict=True))


_HOLDS = Held.ALT_NAME | Held.N_SITES | Held.E_VALUE | Held.BACKGROUND | Held.BASES | Held.STRANDS
FORMATS.register("meme")(MotifFormat((".meme",), _HOLDS, matches, n_heads, parse_meme, render_meme))


@dataclass(frozen=True, eq=False)
class _Header:
    """What the head of a file says of all motifs behind it."""

    alphabet: str | None = None
    single_stranded: bool = False
    background: np.ndarray = field(default_factory=UNIFORM.copy)


@dataclass
class _Title:
    """A line ``MOTIF``, and whether its matrix was read."""

    line: int
    name: str
    alt_name: str
    is_read: bool = False


class _Reader:
    """Reads line after line, each by what it begins with."""

    def __init__(self, lines: Lines, path: Path) -> None:
        self._lines, self._path, self._at = lines, path, 0
        self._header = _Header()
        self._title: _Title | None = None
        self._is_full = False  # between the rules of a full output
        self._found: list[Motif] = []

    def motifs(self) -> list[Motif]:
        while self._at < len(self._lines):
            line, text = self._lines[self._at]
            self._at += 1
            if not is_blank(text):
                self._take(line, text)
        self._check_title()
        return self._found

    def _take(self, line: int, text: str) -> None:
        if _VERSION.match(text):
            self._check_title()
            self._header, self._title, self._is_full = _Header(), None, self._is_full and self._after_rule()
        elif _RULE.match(text):
            self._is_full = True
        elif match := _ALPHABET.match(text):
            self._take_alphabet(line, match[1])
        elif match := _STRANDS.match(text):
            self._take_strands(line, match[1].split())
        elif _BACKGROUND.match(text):
            self._take_background(line)
        elif _MATRIX.match(text):
            self._take_matrix(line, text)
        elif _LOG_ODDS.match(text):
            self._skip_log_odds(line, text)
        elif _MOTIF.match(text) and (not self._is_full or text.lstrip().startswith("MOTIF")):
            self._check_title()
            self._title = self._named(line, text)
        elif not _URL.match(text) and (not self._is_full or _is_row(text)):
            raise not_understood(text, _EXPECTED, self._path, line)

    def _after_rule(self) -> bool:
        """Whether the line before this one is a rule: a full output has one before its version."""
        return self._at > 1 and bool(_RULE.match(self._lines[self._at - 2][1]))

    def _check_title(self) -> None:
        """Raise the error for a motif without a matrix."""
        if self._title is not None and not self._title.is_read:
            raise MotifFormatError(
                self._path, f"motif {self._title.name} has no letter-probability matrix", self._title.line
            )

    def _named(self, line: int, text: str) -> _Title:
        """Name and second name; the full text output goes on with ``width =`` and more."""
        fields = re.split(r"\bwidth\s*=", text)[0].split()[1:]
        if not fields:
            raise MotifFormatError(self._path, "a motif has no name; expected 'MOTIF name'", line)
        return _Title(line, fields[0], word(" ".join(fields[1:])))

    def _take_alphabet(self, line: int, letters: str | None) -> None:
        letters = letters or self._declared()
        if letters not in ("ACGT", "ACGU"):
            raise MotifFormatError(
                self._path, f"has motifs over the letters {letters or 'of none'}; expected ACGT or ACGU", line
            )
        self._header = replace(self._header, alphabet=alphabet_of(letters))

    def _declared(self) -> str:
        """The letters of an alphabet that is declared line by line, as version 5 does, in order."""
        letters: set[str] = set()
        while self._at < len(self._lines):
            line, text = self._lines[self._at]
            if _END_OF_ALPHABET.match(text):
                self._at += 1
                break
            if _RULE.match(text):
                if letters:
                    break
            elif match := _SYMBOL.match(text.strip()):
                letters.update(letter for letter in match.groups() if letter)
            elif not is_blank(text) and not _AMBIGUOUS.match(text.strip()):
                raise not_understood(text, "a letter of the alphabet, or END ALPHABET", self._path, line)
            self._at += 1
        return "".join(sorted(letters))

    def _take_strands(self, line: int, strands: list[str]) -> None:
        if sorted(strands) not in (["+"], ["+", "-"]):
            raise MotifFormatError(
                self._path, f"strands are {shown(' '.join(strands))!r}; expected '+' or '+ -'", line
            )
        self._header = replace(self._header, single_stranded=len(strands) == 1)

    def _take_background(self, line: int) -> None:
        shares: dict[str, float] = {}
        while len(shares) < 4 and self._at < len(self._lines):
            line, text = self._lines[self._at]
            if not is_blank(text):
                pairs = _LETTER_FREQUENCY.findall(text)
                if not pairs or _LETTER_FREQUENCY.sub("", text).strip():
                    break
                for letter, share in pairs:
                    base = as_dna(letter)
                    if base in shares:
                        raise MotifFormatError(self._path, f"has two frequencies of {letter}", line)
                    (shares[base],) = numbers(share, self._path, line)
                    if letter in "Uu" and self._header.alphabet is None:
                        self._header = replace(self._header, alphabet="RNA")
            self._at += 1
        if sorted(shares) != list("ACGT"):
            found = ", ".join(shares) or "none"
            raise MotifFormatError(
                self._path, f"has background frequencies of {found}; expected those of A, C, G and T", line
            )
        background = of_probabilities([shares[base] for base in "ACGT"], self._path, line)
        if background.min() == 0:
            raise MotifFormatError(self._path, "has a background frequency of 0; expected all above 0", line)
        self._header = replace(self._header, background=background)

    def _take_matrix(self, line: int, text: str) -> None:
        title = self._title
        if title is None or title.is_read:
            raise MotifFormatError(
                self._path, "has a matrix without a line 'MOTIF name' of its own before it", line
            )
        given = self._attributes(line, _MATRIX.sub("", text, count=1))
        n_letters, declared, n_sites = (
            numbers(given[key], self._path, line)[0] if key in given else None
            for key in ("alength", "w", "nsites")
        )
        if n_letters not in (None, 4):
            raise MotifFormatError(
                self._path, f"motif {title.name} has {n_letters:g} letters (alength=); expected 4", line
            )
        rows = self._rows(is_counted=declared is not None)
        columns = [of_probabilities(numbers(row, self._path, at), self._path, at) for at, row in rows]
        if not columns or (declared is not None and len(columns) != declared):
            wanted = "some" if declared is None else f"{declared:g}"
            hint = "" if len(columns) > (declared or 0) else ". Is the file cut short?"
            raise MotifFormatError(
                self._path, f"motif {title.name} has {len(columns)} rows; expected {wanted}{hint}", line
            )
        title.is_read, n_sites = True, n_sites or NOMINAL_SITES
        header = self._header
        self._found.append(
            Motif(
                title.name,
                np.stack(columns, 1) * n_sites,
                header.background.copy(),
                n_sites,
                title.alt_name,
                # Some converters write what is no E-value there; a matrix is not refused for that.
                log10_of(given.get("E", "")),
                header.alphabet or "DNA",
                header.single_stranded,
            )
        )

    def _attributes(self, line: int, text: str) -> dict[str, str]:
        pairs = _ATTRIBUTE.findall(text)
        given, left = dict(pairs), _ATTRIBUTE.sub("", text).strip()
        if left or len(given) < len(pairs):
            raise not_understood(
                left or text, "each once: alength= 4 w= WIDTH nsites= SITES E= E-VALUE", self._path, line
            )
        return given

    def _rows(self, *, is_counted: bool) -> Lines:
        """The rows of a matrix, which end where another part of the format begins, and nowhere else."""
        rows: list[tuple[int, str]] = []
        is_whole = False  # whether a blank line came, behind which a full output may say anything
        while self._at < len(self._lines):
            line, text = self._lines[self._at]
            if any(part.match(text) for part in _NOT_IN_A_MATRIX):
                break
            if is_blank(text):
                is_whole = bool(rows)
            elif _ROW.match(text):
                if is_whole and not is_counted:
                    raise MotifFormatError(
                        self._path,
                        "has rows behind a blank line; expected w= to tell how many there are",
                        line,
                    )
                rows.append((line, text))
            elif self._is_full and is_whole:
                break
            else:
                raise not_understood(text, f"a row of 4 numbers, or {_EXPECTED}", self._path, line)
            self._at += 1
        return rows

    def _skip_log_odds(self, line: int, text: str) -> None:
        """Pass over a matrix of scores, whose rows are counted."""
        declared = dict(_ATTRIBUTE.findall(text)).get("w")
        rows = self._rows(is_counted=declared is not None)
        if declared is not None and numbers(declared, self._path, line)[0] != len(rows):
            raise MotifFormatError(
                self._path, f"has a log-odds matrix of {len(rows)} rows; expected {declared}", line
            )
        for at, row in rows:
            if not is_numeric(row):
                raise not_understood(row, "a row of 4 numbers", self._path, at)


def _is_row(text: str) -> bool:
    """Whether a line looks like a row of a matrix."""
    return is_numeric(text) and len(text.split()) == len("ACGT")


def _rendered(motif: Motif) -> str:
    title = f"MOTIF {word(motif.name)} {word(motif.alt_name)}".rstrip()
    # Readers expect a whole number of sites.
    sites = max(1, round(motif.n_sites))
    e_value = "" if motif.log10_e_value is None else f" E= {power(motif.log10_e_value)}"
    matrix = f"letter-probability matrix: alength= 4 w= {motif.width} nsites= {sites}{e_value}"
    rows = (" ".join(column) for column in printed_shares(motif))
    return "\n".join([title, matrix, *rows]) + "\n"
