"""What motifs are called where people read of them, and where more is said of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from motifnet.discovery.kinds import Kind
from motifnet.errors import shown
from motifnet.motifs import Motif
from motifnet.motifs.companion import Neighbour
from motifnet.wording import counted

_KINDS = {
    Kind.MOTIF: ("motif", "motifs"),
    Kind.REPEAT: ("repeat", "repeats"),
    Kind.LOW_COMPLEXITY: ("of low complexity", "of low complexity"),
    Kind.COMPOSITION: ("of composition alone", "of composition alone"),
}
_JASPAR_ID = re.compile(r"MA\d{4}\.\d+")


def display_name(motif: Motif) -> str:
    """The name of a motif as a reader sees it, with its protein first where it has one.

    A second name that only numbers the motifs of a run is left out. A name that is too long to be read is
    cut, since a picture would be as wide.

    Parameters
    ----------
    motif : Motif

    Returns
    -------
    str

    Examples
    --------
    >>> import numpy as np
    >>> display_name(Motif("MA0139.2", np.ones((4, 1)), alt_name="CTCF"))
    'CTCF (MA0139.2)'
    """
    if not motif.second_name:
        return shown(motif.name)
    return f"{shown(motif.second_name)} ({shown(motif.name)})"


def database_link(known: Motif) -> str | None:
    """The JASPAR page of a motif with a JASPAR identifier.

    Parameters
    ----------
    known : Motif

    Returns
    -------
    str or None
        None where the name is no such identifier.

    Examples
    --------
    >>> import numpy as np
    >>> database_link(Motif("MA0139.2", np.ones((4, 1))))
    'https://jaspar.elixir.no/matrix/MA0139.2/'
    >>> database_link(Motif("mine", np.ones((4, 1)))) is None
    True
    """
    return f"https://jaspar.elixir.no/matrix/{known.name}/" if _JASPAR_ID.fullmatch(known.name) else None


def kinds_in_words(kinds: Iterable[Kind]) -> str:
    """How many there are of each kind.

    Parameters
    ----------
    kinds : iterable of Kind
        In any order.

    Returns
    -------
    str

    Examples
    --------
    >>> kinds_in_words([Kind.LOW_COMPLEXITY, Kind.REPEAT, Kind.REPEAT])
    '2 repeats, 1 of low complexity'
    """
    n = Counter(kinds)
    return ", ".join(counted(n[kind], *words) for kind, words in _KINDS.items() if n[kind])


def told_neighbour(neighbour: Neighbour | None) -> str:
    """Where sites of another motif lie, as this motif is read; empty if there is no such place.

    Parameters
    ----------
    neighbour : Neighbour, optional

    Returns
    -------
    str

    Examples
    --------
    >>> told_neighbour(Neighbour(4, True, True, 30, 90, 1.2, -20.0))
    '4 bp downstream, same strand'
    """
    if neighbour is None:
        return ""
    side = "downstream" if neighbour.downstream else "upstream"
    return f"{neighbour.gap} bp {side}, {'same' if neighbour.same_strand else 'opposite'} strand"
