"""IUPAC consensus of a motif."""

from __future__ import annotations

import numpy as np

from motifnet.motifs.matrix import DIGITS, as_written

_IUPAC = {
    "A": "A", "C": "C", "G": "G", "T": "T", "AC": "M", "AG": "R", "AT": "W", "CG": "S", "CT": "Y",
    "GT": "K", "ACG": "V", "ACT": "H", "AGT": "D", "CGT": "B", "ACGT": "N",
}  # fmt: skip
_ONE = 10**DIGITS
_TIE = _ONE // 10**6
"""Less than that apart are two shares whose counts are equal, in whatever format they were written."""


def consensus(probability: np.ndarray) -> str:
    """The IUPAC word of a matrix of probabilities, ``(4, width)``.

    One letter where a base has at least half of a column and twice the next; two letters where
    a pair has at least three quarters (Cavener 1987); three letters where each has at least a sixth
    and the fourth less than a twelfth; N otherwise. It is decided by the probabilities as files hold
    them, so that a motif has the same word before it is written and after.

    Examples
    --------
    >>> import numpy as np
    >>> consensus(np.array([[1, 0.5, 0.25], [0, 0, 0.25], [0, 0.5, 0.25], [0, 0, 0.25]]))
    'ARN'
    """
    return "".join(_letter(column) for column in as_written(probability).T)


def _letter(column: np.ndarray) -> str:
    order = np.argsort(-column, kind="stable")
    first, second, third, fourth = column[order].tolist()
    if 2 * first >= _ONE - _TIE and first >= 2 * second - _TIE:
        return "ACGT"[order[0]]
    if 4 * (first + second) >= 3 * _ONE - _TIE:
        return _IUPAC["".join(sorted("ACGT"[i] for i in order[:2]))]
    if 12 * fourth < _ONE - _TIE and 6 * third >= _ONE - _TIE:
        return _IUPAC["".join(sorted("ACGT"[i] for i in order[:3]))]
    return "N"
