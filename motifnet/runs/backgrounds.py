"""Backgrounds by the words of ``--background`` that mean the same in every command."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from motifnet.errors import BackgroundFormatError, InvalidValue
from motifnet.io.background_file import read_background
from motifnet.io.fasta import read_fasta
from motifnet.io.text import open_bytes, reading
from motifnet.symbols.background import Background

_AT_HAND = ("motifs", "sequences", "genome")  # words for what only some commands have
_EXPECTED = "'uniform', four shares that sum to 1, such as 0.3,0.2,0.2,0.3, or a file"
_HEAD = 1 << 12  # bytes that tell FASTA from a list of words
_SUM_TOLERANCE = 0.01  # shares are given with few digits


def background_named(text: str, order: int = 0, *, strand_symmetric: bool) -> Background:
    """The background that a word, shares or a file mean.

    Parameters
    ----------
    text : str
        ``uniform``, four shares with commas between them, or the path of a file: of words and their
        probabilities, or FASTA.
    order : int
        Bases before a base that matter to it, where the background is learnt.
    strand_symmetric : bool
        Make a word as likely as its reverse complement.

    Raises
    ------
    InvalidValue
        If it is none of these.
    MissingFile, BackgroundFormatError, FastaFormatError
        If it is a file that cannot be read.

    Examples
    --------
    >>> background_named("0.4,0.2,0.2,0.2", strand_symmetric=True).probabilities.round(2).tolist()
    [0.3, 0.2, 0.2, 0.3]
    """
    if text == "uniform":
        return Background.from_gc(0.5)
    if text in _AT_HAND:
        raise InvalidValue("background", text, _EXPECTED)
    if "," in text and not Path(text).exists():
        return of_shares(_shares(text), strand_symmetric=strand_symmetric)
    if holds_sequences(text):
        return Background.fit(read_fasta(text), order, strand_symmetric=strand_symmetric)
    return read_background(text, strand_symmetric=strand_symmetric)


def is_learnt(text: str) -> bool:
    """Whether such a background is learnt from sequences, so that its order can be chosen."""
    return text in ("sequences", "genome") or (Path(text).is_file() and holds_sequences(text))


def holds_sequences(path: str | Path) -> bool:
    """Whether a file that is given as a background is FASTA.

    Raises
    ------
    MissingFile
        If there is no such file.
    """
    with reading(path, BackgroundFormatError), open_bytes(path, "background file") as stream:
        return stream.read(_HEAD).lstrip().startswith(b">")


def of_shares(shares: np.ndarray, *, strand_symmetric: bool) -> Background:
    """The background in which bases have such shares, whatever is before them."""
    if strand_symmetric:
        shares = (shares + shares[::-1]) / 2
    return Background(shares, np.ones(1), shares[None])


def _shares(text: str) -> np.ndarray:
    try:
        shares = np.array([float(share) for share in text.split(",")])
    except ValueError:
        shares = np.zeros(0)
    if len(shares) != 4 or not (shares > 0).all() or abs(shares.sum() - 1) > _SUM_TOLERANCE:
        raise InvalidValue("background", text, _EXPECTED)
    return shares / shares.sum()
