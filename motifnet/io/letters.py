"""Letters of bases in files that hold more than sequences."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from motifnet.errors import AlignmentFormatError, shown
from motifnet.symbols import DNA

_PROTEIN_ONLY = frozenset("EFIJLOPQZ*")  # letters of proteins that are no IUPAC code of a base


def encode_bases(text: str, name: str, path: Path, line: int) -> np.ndarray:
    """Codes of the bases of a sequence, ``shape=(length,)``.

    Parameters
    ----------
    text : str
        Letters without gaps, in either case.
    name : str
        Of the sequence, for the errors.
    path : Path
    line : int
        1-based.

    Raises
    ------
    AlignmentFormatError
        If there is no letter, or one that is of no base.
    """
    if not text:
        raise AlignmentFormatError(
            path, f"sequence {shown(name)!r} is empty; expected at least one base", line
        )
    codes = DNA.encode(text)
    foreign = DNA.foreign(codes)
    if not len(foreign):
        return codes
    protein = _PROTEIN_ONLY & set(text.upper())
    if len(protein) > 1:
        some = ", ".join(sorted(protein)[:4])
        raise AlignmentFormatError(
            path, f"sequence {shown(name)!r} looks like protein (it has {some}); expected DNA or RNA", line
        )
    raise AlignmentFormatError(
        path,
        f"sequence {shown(name)!r} has the letter {text[foreign[0]]!r}; expected A, C, G, T, U or an IUPAC "
        "code of bases",
        line,
    )
