"""CIS-BP motif format: a table of probabilities, with or without lines about its protein, such as::

TF      T000676_1.02
TF Name ANT
Motif   M2364_1.02
Pos     A       C       G       T
1       0.176   0.118   0.353   0.353
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.errors import MotifFormatError
from motifnet.io.fields import whole
from motifnet.io.motif_format import (
    FORMATS,
    Held,
    Lines,
    MotifFormat,
    alphabet_of,
    as_dna,
    by_base,
    check_row_number,
    file_stem,
    is_blank,
    not_understood,
    numbers,
    of_probabilities,
    of_shares,
    printed_shares,
    word,
)
from motifnet.motifs import Motif
from motifnet.wording import counted, verb

_log = logging.getLogger(__name__)
_HEADER = re.compile(r"\s*Pos((?:\s+[A-Za-z]){4})\s*$", re.IGNORECASE)
_BEGINS_TABLE = re.compile(r"\s*Pos\b", re.IGNORECASE)
_KEY = re.compile(r"(TF|TF Name|TF_Name|Gene|Motif|Family|Species)(?:\t(.*)|$)")
_ROW = re.compile(r"\s*\d")


def matches(lines: Lines) -> bool:
    """Whether a line is the head of a CIS-BP table."""
    return any(_HEADER.match(text) for _, text in lines)


def n_heads(lines: Lines) -> int:
    """How many tables have rows."""
    kept = [text for _, text in lines if not is_blank(text)]
    following = [*kept[1:], ""]
    return sum(
        bool(_BEGINS_TABLE.match(text) and _ROW.match(after))
        for text, after in zip(kept, following, strict=True)
    )


def parse_cisbp(lines: Lines, path: Path) -> list[Motif]:
    """The motifs of a CIS-BP file.

    Tables without rows, as the database has them for motifs that it may not give away, are left out,
    and how many is logged. A motif that the file does not name has the name of the file.

    Raises
    ------
    MotifFormatError
        If a table is not of DNA or RNA, a row is wrong, or a line is none of the format.
    """
    tables = _tables(lines, path)
    unnamed = _file_names(path)
    empty = [table.line for table in tables if not table.rows]
    motifs = []
    for table in tables:
        name = word(table.keys.get("Motif", "")) or next(unnamed)
        if table.rows:
            alt_name = table.keys.get("TF Name", "") or table.keys.get("TF_Name", "")
            shares = _shares(table, name, path)
            motifs.append(of_shares(name, alt_name, shares, alphabet_of(table.bases)))
    if empty and motifs:  # whoever reads a file without any motif says so
        _log.warning(
            "%s: %d of %s %s no rows and %s left out; the first begins in line %d",
            path, len(empty), counted(len(tables), "table"), verb(len(empty), "has", "have"),
            verb(len(empty), "is", "are"), empty[0],
        )  # fmt: skip
    return motifs


def render_cisbp(motifs: Sequence[Motif], bases: str = "ACGT") -> str:
    """Motifs as a CIS-BP file, of DNA or RNA (``"ACGU"``)."""
    return "\n".join(_rendered(motif, bases) for motif in motifs)


FORMATS.register("cisbp")(
    MotifFormat((".cisbp",), Held.ALT_NAME | Held.BASES, matches, n_heads, parse_cisbp, render_cisbp)
)


class _Table(NamedTuple):
    """A table: what stands above it, the line and the letters of its head, and its rows."""

    keys: dict[str, str]
    line: int
    bases: str
    rows: list[tuple[int, str]]


def _tables(lines: Lines, path: Path) -> list[_Table]:
    tables: list[_Table] = []
    keys: dict[str, str] = {}
    is_in_table = False
    for line, text in (each for each in lines if not is_blank(each[1])):
        if _BEGINS_TABLE.match(text):
            match = _HEADER.match(text)
            if match is None:
                raise not_understood(text, "'Pos A C G T' at the head of a table", path, line)
            tables.append(_Table(keys, line, "".join(match[1].split()), []))
            keys, is_in_table = {}, True
        elif is_in_table and _ROW.match(text):
            tables[-1].rows.append((line, text))
        elif match := _KEY.match(text):
            is_in_table = False
            if match[1] in keys:
                raise MotifFormatError(path, f"a second {match[1]!r} stands above one table", line)
            keys[match[1]] = match[2] or ""
        else:
            raise not_understood(
                text, "a row 'NUMBER A C G T', its head 'Pos A C G T', or a key such as Motif", path, line
            )
    if keys:
        raise MotifFormatError(
            path, "ends without a table 'Pos A C G T' below its last keys; is it cut short?"
        )
    return tables


def _file_names(path: Path) -> Iterator[str]:
    """Names for motifs without one: that of the file, then with a number."""
    yield file_stem(path)
    yield from (f"{file_stem(path)}_{i}" for i in count(2))


def _shares(table: _Table, name: str, path: Path) -> np.ndarray:
    """The probabilities of a table, ``(4, width)``."""
    if sorted(as_dna(table.bases)) != list("ACGT"):
        raise MotifFormatError(
            path, f"motif {name} is over the letters {table.bases}; expected A, C, G, T", table.line
        )
    first = min(whole(table.rows[0][1].split()[0]) or 0, 1)
    rows: list[np.ndarray] = []
    for line, text in table.rows:
        number, *fields = text.split()
        check_row_number(number, len(rows), first, path, line)
        rows.append(of_probabilities(numbers(" ".join(fields), path, line), path, line))
    return by_base(np.transpose(rows).tolist(), table.bases)


def _rendered(motif: Motif, bases: str) -> str:
    names = [f"TF Name\t{word(motif.alt_name)}"] if motif.alt_name else []
    rows = ("\t".join([str(i), *column]) for i, column in enumerate(printed_shares(motif), 1))
    return "\n".join([*names, f"Motif\t{word(motif.name)}", "\t".join(["Pos", *bases]), *rows]) + "\n"
