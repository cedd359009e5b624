"""What tests of motifs say alike: what is tested is called, and that of many the q-value decides."""

from __future__ import annotations

from motifnet.motifs import Motif
from motifnet.wording import counted


def of_motif(motif: Motif, sequences: str = "") -> str:
    """What a motif is called, and the sequences that it is tested in if there are several sets.

    Parameters
    ----------
    motif : Motif
    sequences : str

    Returns
    -------
    str

    Examples
    --------
    >>> import numpy as np
    >>> of_motif(Motif("MA0139.2", np.ones((4, 1)), alt_name="CTCF"), "peaks")
    'MA0139.2 CTCF in peaks'
    """
    name = f"{motif.name} {motif.second_name}".strip()
    return f"{name} in {sequences}" if sequences else name


def told_q(q: float, n_tested: int) -> list[str]:
    """That of several motifs the q-value decides; nothing of one alone.

    Parameters
    ----------
    q : float
    n_tested : int
        Motifs.

    Returns
    -------
    list of str

    Examples
    --------
    >>> told_q(0.02, 3), told_q(0.02, 1)
    (['Of 3 motifs together, its q-value is 0.02, which decides.'], [])
    """
    if n_tested < 2:
        return []
    return [f"Of {counted(n_tested, 'motif')} together, its q-value is {q:.3g}, which decides."]
