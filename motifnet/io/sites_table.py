"""The table of sites that a run writes (``sites.tsv``), read back."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from motifnet.errors import FileFormatError
from motifnet.io.text import numbered_lines
from motifnet.motifs.merge import PlacedText

_NEEDED = ("motif_ID", "seq_ID", "site_Start", "site_End", "site_Strand", "site_Sequence")


def read_sites_tsv(path: str | Path, data: str = "") -> dict[str, list[PlacedText]]:
    """Read the sites of each motif, by its name.

    Parameters
    ----------
    path : str or Path
        A table of :func:`motifnet.io.hits.write_sites_tsv`.
    data : str
        What tells its sequences from those of other tables.

    Raises
    ------
    MissingFile
        If there is no such file.
    FileFormatError
        If it lacks a column, or a place is no number.
    """
    lines = list(numbered_lines(path, "table of sites"))
    if not lines or not set(_NEEDED) <= set(lines[0][1].split("\t")):
        raise FileFormatError(path, f"has not the columns of a table of sites: {', '.join(_NEEDED)}", 1)
    found: dict[str, list[PlacedText]] = {}
    rows = csv.DictReader((text for _, text in lines), delimiter="\t", quoting=csv.QUOTE_NONE)
    for (line, _), row in zip(lines[1:], rows, strict=False):
        found.setdefault(row["motif_ID"], []).append(_site(row, Path(path), line, data))
    return found


def _site(row: Mapping[str, str], path: Path, line: int, data: str) -> PlacedText:
    """The site of a row: in the genome where its place there is known, else in its sequence."""
    text = row["site_Sequence"]
    in_genome = bool(row.get("chrom"))
    names = ("chrom", "start", "end", "strand") if in_genome else ("seq_ID", *_NEEDED[2:5])
    contig, start, end, strand = (row[name] for name in names)
    if not (start.isdigit() and end.isdigit()) or strand not in ("+", "-"):
        raise FileFormatError(
            path, f"site at {start!r} to {end!r} on strand {strand!r}; expected numbers and + or -", line
        )
    first = int(start) - (0 if in_genome else 1)
    if int(end) - first != len(text):
        raise FileFormatError(
            path, f"site of {int(end) - first} bases reads {text!r}; expected as many letters", line
        )
    return PlacedText(data, contig, first, int(end), strand == "-", text)
