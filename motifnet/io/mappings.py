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
from motifnet.io.alignment_formats import ALIGNMENT_FORMATS, AlignmentFormat
from motifnet.io.formats import word
from motifnet.symbols import DNA
from motifnet.symbols.alignment import Alignment

_UNKNOWN_QUALITY = 255  # of the mapping: there is one place to map to
_UNMAPPED, _REVERSE = 4, 16  # flags of SAM
_NOT_IN_QUERY_NAMES = re.compile("[^!-?A-~]")
_NOT_IN_REFERENCE_NAMES = re.compile(r"""[^0-9A-Za-z!#$%&+./:;?@^_|~=*-]|^[*=]""")


def render_paf(alignments: Sequence[Alignment]) -> Iterator[str]:
    """One line an alignment that has a match, with the extended CIGAR in the tag ``cg``.

    See https://github.com/lh3/miniasm/blob/master/PAF.md.
    """
    for each in map(Alignment.trimmed, alignments):
        if each.n_matches:
            start, end = each.y_interval
            columns = [
                *(word(each.y_name), len(each.y), start, end, each.y_strand),
                *(word(each.x_name), len(each.x), each.x_start, each.x_end),
                *(each.n_identical, len(each.columns), _UNKNOWN_QUALITY),
                *_tags(each),
                f"cg:Z:{each.cigar(extended=True)}",
            ]
            yield "\t".join(map(str, columns)) + "\n"


def render_sam(alignments: Sequence[Alignment]) -> Iterator[str]:
    """A header with every x as a reference sequence, then one line an alignment.

    An alignment without a match becomes an unmapped read. See https://samtools.github.io/hts-specs/SAMv1.pdf.

    Raises
    ------
    InvalidValue
        If two different references have one name.
    """
    yield "@HD\tVN:1.6\tSO:unsorted\n"
    for name, codes in _references(alignments).items():
        yield f"@SQ\tSN:{name}\tLN:{len(codes)}\n"
    yield f"@PG\tID:motifnet\tPN:motifnet\tVN:{__version__}\n"
    for each in map(Alignment.trimmed, alignments):
        yield "\t".join(_read(each)) + "\n"


def _read(each: Alignment) -> list[str]:
    """The columns of SAM; ``each`` begins and ends with a match."""
    name, letters = _NOT_IN_QUERY_NAMES.sub("_", each.y_name), DNA.decode(each.y) or "*"
    if not each.n_matches:
        return [name, str(_UNMAPPED), "*", "0", "0", "*", "*", "0", "0", letters, "*"]
    flag = _REVERSE if each.y_strand == "-" else 0
    before, after = _clipped(each.y_start), _clipped(len(each.y) - each.y_end)
    return [
        *(name, str(flag), _reference_name(each.x_name), str(each.x_start + 1), str(_UNKNOWN_QUALITY)),
        *(f"{before}{each.cigar()}{after}", "*", "0", "0", letters, "*"),
        *_tags(each),
    ]


def _tags(each: Alignment) -> list[str]:
    """Edit distance and, where there is one, the score in nats."""
    tags = [f"NM:i:{len(each.columns) - each.n_identical}"]
    return tags if each.score is None else [*tags, f"AS:i:{round(each.score)}"]


def _clipped(n_bases: int) -> str:
    return f"{n_bases}S" if n_bases else ""


def _references(alignments: Sequence[Alignment]) -> dict[str, np.ndarray]:
    references: dict[str, np.ndarray] = {}
    for each in alignments:
        name = _reference_name(each.x_name)
        if not np.array_equal(references.setdefault(name, each.x), each.x):
            raise InvalidValue("name of a reference", name, "a name that one sequence alone has")
    return references


def _reference_name(name: str) -> str:
    """A name without the letters that SAM forbids, such as brackets."""
    return _NOT_IN_REFERENCE_NAMES.sub("_", name)


ALIGNMENT_FORMATS.register("paf")(AlignmentFormat(".paf", render_paf))
ALIGNMENT_FORMATS.register("sam")(AlignmentFormat(".sam", render_sam))
