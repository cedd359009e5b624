"""CIS-BP motif format: a table of probabilities, with or without lines about its protein, such as::

TF      T000676_1.02
TF Name ANT
Motif   M2364_1.02
Pos     A       C       G       T
1       0.176   0.118   0.353   0.353
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from pathlib import Path

import numpy as np

from motifnet.errors import MotifFormatError
from motifnet.io.formats import (
    FORMATS,
    NOMINAL_SITES,
    Held,
    Lines,
    MotifFormat,
    as_dna,
    by_base,
    file_stem,
    is_blank,
    numbers,
    of_probabilities,
    word,
)
from motifnet.motifs import Motif

_HEADER = re.compile(r"Pos((?:\s+[A-Za-z])+)\s*$")
_KEY = re.compile(r"(TF Name|Motif)\t(.*)")


def matches(lines: Lines) -> bool:
    """Whether a line is the head of a CIS-BP table."""
    return any(_HEADER.match(text) for _, text in lines)


def parse_cisbp(lines: Lines, path: Path) -> list[Motif]:
    """The motifs of a CIS-BP file; none for a table without rows, as the database has them for
    motifs that it may not give away.

    A motif that the file does not name has the name of the file.

    Raises
    ------
    MotifFormatError
        If a table is not of DNA or RNA, or a row is wrong.
    """
    kept = [each for each in lines if not is_blank(each[1])]
    heads = [i for i, (_, text) in enumerate(kept) if _HEADER.match(text)]
    unnamed = _file_names(path)
    motifs, begin = [], 0
    for head, after in pairwise([*heads, len(kept)]):
        table = [each for each in kept[head + 1 : after] if each[1].lstrip()[0].isdigit()]
        keys = dict(match.groups() for _, text in kept[begin:head] if (match := _KEY.match(text)))
        name = word(keys.get("Motif", "")) or next(unnamed)
        begin = head + 1 + len(table)
        if table:
            shares = _shares(kept[head], table, name, path)
            alt_name = word(keys.get("TF Name", ""))
            motifs.append(Motif(name, shares * NOMINAL_SITES, n_sites=NOMINAL_SITES, alt_name=alt_name))
    return motifs


def render_cisbp(motifs: Sequence[Motif], bases: str = "ACGT") -> str:
    """Motifs as a CIS-BP file, of DNA or RNA (``"ACGU"``)."""
    return "\n".join(_rendered(motif, bases) for motif in motifs)


FORMATS.register("cisbp")(
    MotifFormat((".cisbp",), Held.ALT_NAME | Held.BASES, matches, parse_cisbp, render_cisbp)
)


def _file_names(path: Path) -> Iterator[str]:
    """Names for motifs without one: that of the file, then with a number."""
    yield file_stem(path)
    yield from (f"{file_stem(path)}_{i}" for i in count(2))


def _shares(head: tuple[int, str], table: Lines, name: str, path: Path) -> np.ndarray:
    """The probabilities of a table, ``(4, width)``."""
    bases = "".join(_HEADER.match(head[1])[1].split())
    if sorted(as_dna(bases)) != list("ACGT"):
        raise MotifFormatError(
            path, f"motif {name} is over the letters {bases}; expected A, C, G, T", head[0]
        )
    rows = [of_probabilities(numbers(text, path, line)[1:], path, line) for line, text in table]
    return by_base(np.transpose(rows), bases)


def _rendered(motif: Motif, bases: str) -> str:
    names = [f"TF Name\t{word(motif.alt_name)}"] if motif.alt_name else []
    rows = (
        "\t".join([str(i), *(f"{share:.10f}" for share in column)])
        for i, column in enumerate(motif.probabilities.T, 1)
    )
    return "\n".join([*names, f"Motif\t{word(motif.name)}", "\t".join(["Pos", *bases]), *rows]) + "\n"
