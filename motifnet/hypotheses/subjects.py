"""What the motifs that are tested are called."""

from __future__ import annotations

from motifnet.motifs import Motif


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
