"""PAF and SAM: each second sequence mapped onto its first, with a CIGAR.

Both say where the aligned part of the query lies. So gaps at the ends of an alignment are not
written: bases of x beyond the first and the last match are not mapped to, those of y are clipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from motifnet import __version__
from motifnet.errors import InvalidValue
from motifnet.io.alignment_format import ALIGNMENT_FORMATS, AlignmentFormat
from motifnet.io.motif_format import word
from motifnet.symbols import DNA
from motifnet.symbols.alignment import Alignment
from motifnet.symbols.place import Place

_UNKNOWN_QUALITY = 255  # of the mapping: there is one place to map to
_UNMAPPED, _REVERSE, _SUPPLEMENTARY = 4, 16, 2048  # flags of SAM
_LONGEST_NAME = 254  # that SAM allows
_NOT_IN_QUERY_NAMES = re.compile("[^!-?A-~]")
_NOT_IN_REFERENCE_NAMES = re.compile(r"""[^0-9A-Za-z!#$%&+./:;?@^_|~=*-]|^[*=]""")


def render_paf(alignments: Sequence[Alignment]) -> Iterator[str]:
    """One line an alignment that has a match, with the extended CIGAR in the tag ``cg``.

    One that goes across the origin of a circle has two. See
    https://github.com/lh3/miniasm/blob/master/PAF.md.
    """
    for each in (piece for one in alignments for piece in _mapped(one)):
        if each.n_matches:
            x, y = each.homes()
            columns = [
                *(word(y.source), y.source_length, y.start, y.end, y.strand),
                *(word(x.source), x.source_length, x.start, x.end),
                *(each.n_identical, len(each.columns), _UNKNOWN_QUALITY),
                *_tags(each),
                f"cg:Z:{each.cigar(extended=True)}",
            ]
            yield "\t".join(map(str, columns)) + "\n"


def render_sam(alignments: Sequence[Alignment]) -> Iterator[str]:
    """A header with every source of an x as a reference sequence, then one line an alignment.

    Bases of a source of y beyond the sequence are clipped hard. An alignment without a match becomes an
    unmapped read; of one that goes across the origin of a circle, the second line is supplementary. See
    https://samtools.github.io/hts-specs/SAMv1.pdf.

    Raises
    ------
    InvalidValue
        If two different references have one name.
    """
    yield "@HD\tVN:1.6\tSO:unsorted\n"
    for name, length in references_of(alignments).items():
        yield f"@SQ\tSN:{name}\tLN:{length}\n"
    yield f"@PG\tID:motifnet\tPN:motifnet\tVN:{__version__}\n"
    for one in alignments:
        for number, each in enumerate(_mapped(one)):
            yield "\t".join(_read(each, _SUPPLEMENTARY if number else 0)) + "\n"


def _mapped(alignment: Alignment) -> list[Alignment]:
    """The alignment as it is mapped: onto the strand + of x, between matches, within both sources."""
    forward = alignment if alignment.x_place.framed(alignment.x_name).strand == "+" else alignment.turned()
    return [piece.trimmed() for piece in forward.pieces()]


def _read(each: Alignment, flag: int) -> list[str]:
    """The columns of SAM; ``each`` begins and ends with a match."""
    home = each.y_place.framed(each.y_name)
    name, letters = _NOT_IN_QUERY_NAMES.sub("_", home.source)[:_LONGEST_NAME], DNA.decode(each.y) or "*"
    if not each.n_matches:
        return [name, str(_UNMAPPED), "*", "0", "0", "*", "*", "0", "0", letters, "*"]
    (x, y), whole = each.homes(), home.source_length
    flag |= _REVERSE if y.strand == "-" else 0
    before, after = each.y_start, len(each.y) - each.y_end
    outside = [0, 0] if home.length == whole else _outside(home)
    cigar = "".join(
        [
            *(_clipped(outside[0], "H"), _clipped(before, "S"), each.cigar()),
            *(_clipped(after, "S"), _clipped(outside[1], "H")),
        ]
    )
    return [
        *(name, str(flag), _reference_name(x.source), str(x.start + 1), str(_UNKNOWN_QUALITY)),
        *(cigar, "*", "0", "0", letters, "*"),
        *_tags(each),
    ]


def _outside(place: Place) -> list[int]:
    """Bases of the source before and after a place, on its strand."""
    sides = [place.start, place.known_length - place.end]
    return sides if place.strand == "+" else sides[::-1]


def _tags(each: Alignment) -> list[str]:
    """Edit distance and, where there is one, the score in nats."""
    tags = [f"NM:i:{len(each.columns) - each.n_identical}"]
    return tags if each.score is None else [*tags, f"AS:i:{round(each.score)}"]


def _clipped(n_bases: int, operation: str) -> str:
    return f"{n_bases}{operation}" if n_bases else ""


def references_of(alignments: Sequence[Alignment]) -> dict[str, int]:
    """Names and lengths of the sources of all x.

    Raises
    ------
    InvalidValue
        If two different ones have one name.
    """
    lengths: dict[str, int] = {}
    wholes: dict[str, np.ndarray] = {}
    for each in alignments:
        home = each.x_place.framed(each.x_name)
        name = _reference_name(home.source)
        is_other = lengths.setdefault(name, home.known_length) != home.known_length
        if home.length == home.source_length and home.crossing is None:
            codes = each.x if home.strand == "+" else DNA.reverse_complement(each.x)
            is_other |= not np.array_equal(wholes.setdefault(name, codes), codes)
        if is_other:
            raise InvalidValue("name of a reference", name, "a name that one sequence alone has")
    return lengths


def _reference_name(name: str) -> str:
    """A name without the letters that SAM forbids, such as brackets."""
    return _NOT_IN_REFERENCE_NAMES.sub("_", name)[:_LONGEST_NAME]


ALIGNMENT_FORMATS.register("paf")(AlignmentFormat(".paf", render_paf))
ALIGNMENT_FORMATS.register("sam")(AlignmentFormat(".sam", render_sam))
