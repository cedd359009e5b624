"""IUPAC consensus of a motif."""

from __future__ import annotations

import numpy as np

_IUPAC = {
    "A": "A", "C": "C", "G": "G", "T": "T", "AC": "M", "AG": "R", "AT": "W", "CG": "S", "CT": "Y",
    "GT": "K", "ACG": "V", "ACT": "H", "AGT": "D", "CGT": "B", "ACGT": "N",
}  # fmt: skip


def consensus(probability: np.ndarray) -> str:
    """The IUPAC word of a matrix of probabilities, ``(4, width)``.

    One letter where a base has at least half of a column and twice the next; two letters where
    a pair has at least three quarters (Cavener 1987); three letters where each has at least a sixth
    and the fourth less than a twelfth; N otherwise.

    Examples
    --------
    >>> import numpy as np
    >>> consensus(np.array([[1, 0.5, 0.25], [0, 0, 0.25], [0, 0.5, 0.25], [0, 0, 0.25]]))
    'ARN'
    """
    return "".join(_letter(column) for column in probability.T)


def _letter(column: np.ndarray) -> str:
    order = np.argsort(-column, kind="stable")
    ranked = column[order]
    if ranked[0] >= 0.5 and ranked[0] >= 2 * ranked[1]:
        return "ACGT"[order[0]]
    if ranked[0] + ranked[1] >= 0.75:
        return _IUPAC["".join(sorted("ACGT"[i] for i in order[:2]))]
    if ranked[3] < 1 / 12 and ranked[2] >= 1 / 6:
        return _IUPAC["".join(sorted("ACGT"[i] for i in order[:3]))]
    return "N"
