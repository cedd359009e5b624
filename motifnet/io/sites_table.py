"""The table of sites that a run writes (``sites.tsv``), read back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from motifnet.errors import FileFormatError, shown
from motifnet.io.fields import decimal, whole
from motifnet.io.text import numbered_lines
from motifnet.motifs.merge import PlacedText
from motifnet.symbols import DNA

_IN_SEQUENCE = ("seq_ID", "site_Start", "site_End", "site_Strand")
_IN_GENOME = ("chrom", "start", "end", "strand")
_NEEDED = ("motif_ID", *_IN_SEQUENCE, "site_Sequence")
_SCORES = ("site_Score", "posterior")


def read_sites_tsv(path: str | Path, data: str = "") -> dict[str, list[PlacedText]]:
    """Read the sites of each motif, by its name.

    Parameters
    ----------
    path : str or Path
        A table of :func:`motifnet.io.sites.write_sites_tsv`.
    data : str
        What tells its sequences from those of other tables.

    Raises
    ------
    MissingFile
        If there is no such file.
    FileFormatError
        If it lacks a column, a row is cut short, or a place, a score or a letter is none.
    """
    lines = numbered_lines(path, "table of sites")
    columns = next(lines, (1, ""))[1].split("\t")
    if not set(_NEEDED) <= set(columns) or len(set(columns)) < len(columns):
        raise FileFormatError(path, f"has not the columns of a table of sites: {', '.join(_NEEDED)}", 1)
    found: dict[str, list[PlacedText]] = {}
    for line, text in lines:
        fields = text.split("\t")
        if len(fields) != len(columns):
            raise FileFormatError(
                path, f"has {len(fields)} columns; expected {len(columns)}, as the header has", line
            )
        row = dict(zip(columns, fields, strict=True))
        if not row["motif_ID"]:
            raise FileFormatError(path, "has a site without a motif; expected its name in motif_ID", line)
        found.setdefault(row["motif_ID"], []).append(_site(row, Path(path), line, data))
    return found


def _site(row: Mapping[str, str], path: Path, line: int, data: str) -> PlacedText:
    """The site of a row: in the genome where its place there is known, else in its sequence."""
    text = row["site_Sequence"]
    if not text or len(DNA.foreign(DNA.encode(text))):
        raise FileFormatError(path, f"site reads {shown(text)!r}; expected letters of bases", line)
    for name in _SCORES:
        if name in row and decimal(row[name]) is None:
            raise FileFormatError(path, f"{name} is {shown(row[name])!r}; expected a number", line)
    place = _place(row, _IN_SEQUENCE, 1, path, line)
    if any(row.get(name) for name in _IN_GENOME):
        place = _place(row, _IN_GENOME, 0, path, line)
    return PlacedText(data, *place, text)


def _place(
    row: Mapping[str, str], names: tuple[str, ...], counted_from: int, path: Path, line: int
) -> tuple[str, int, int, bool]:
    """Contig, 0-based start, end and whether the strand is the other one, from the columns of such names."""
    contig, *places, strand = (row.get(name, "") for name in names)
    start, end = map(whole, places)
    if not contig or start is None or end is None or start < counted_from or strand not in ("+", "-"):
        told = " to ".join(repr(shown(place)) for place in places)
        raise FileFormatError(
            path,
            f"site in {shown(contig)!r} at {told} on strand {shown(strand)!r}; expected a name, numbers "
            "and + or -",
            line,
        )
    start -= counted_from
    n_letters = len(row["site_Sequence"])
    if end - start != n_letters:
        raise FileFormatError(
            path,
            f"site of {end - start} bases reads {shown(row['site_Sequence'])!r}; expected as many letters",
            line,
        )
    return contig, start, end, strand == "-"
