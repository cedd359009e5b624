"""Sequences as a caller of Python has them: text, Biopython's records, arrays of codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from motifnet.errors import InvalidValue, shown
from motifnet.symbols.alphabet import DNA, UNKNOWN
from motifnet.symbols.sequences import Sequences

Given = Sequences | Iterable[Any]
"""Sequences, or an iterable of strings, of ``Bio.SeqRecord`` or of arrays of codes."""


def as_sequences(given: Given) -> Sequences:
    """Sequences from whatever holds them.

    Parameters
    ----------
    given : Sequences, or iterable
        Of str, bytes, ``Bio.Seq``, ``Bio.SeqRecord`` or numpy.ndarray of uint8. Letters are taken in either
        case, U as T, and those of ambiguity as unknown; an array has codes, 0 to 4. A record gives its ``id``
        as the name; others are named ``seq1``, ``seq2`` and so on.

    Returns
    -------
    Sequences
        The same object, if these were given.

    Raises
    ------
    InvalidValue
        If a letter is no base, an array no codes, or one thing no sequence, or all of them one string.

    Examples
    --------
    >>> from Bio.Seq import Seq
    >>> from Bio.SeqRecord import SeqRecord
    >>> found = as_sequences([SeqRecord(Seq("ACGT"), id="one"), "ggn", np.array([0, 3], np.uint8)])
    >>> found.names, [found.text(i) for i in range(3)]
    (['one', 'seq2', 'seq3'], ['ACGT', 'GGN', 'AT'])
    """
    if isinstance(given, Sequences):
        return given
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise InvalidValue("sequences", shown(str(given)), "a list of them, or another iterable")
    names, codes = [], []
    for i, one in enumerate(given, 1):
        # A record of Biopython is known by what it has, so that nobody waits for the import of a library.
        is_record = hasattr(one, "seq") and hasattr(one, "id")
        names.append(str(one.id) if is_record else f"seq{i}")
        codes.append(_codes(one.seq if is_record else one, names[-1]))
    return Sequences.from_codes(codes, names)


def _codes(one: Any, name: str) -> np.ndarray:
    """Codes of one sequence, ``shape=(length,)``."""
    if isinstance(one, np.ndarray):
        if one.ndim != 1 or one.dtype != np.uint8 or (one > UNKNOWN).any():
            kind = f"an array of {one.dtype} and shape {one.shape}"
            raise InvalidValue(f"sequence {name}", kind, "letters, or a row of codes 0 to 4 as uint8")
        return one
    if not (isinstance(one, str | bytes) or hasattr(one, "__bytes__")):
        raise InvalidValue(f"sequence {name}", shown(str(one)), "letters, a record of Biopython, or codes")
    text = one if isinstance(one, str) else bytes(one)
    codes = DNA.encode(text)
    foreign = DNA.foreign(codes)
    if len(foreign):
        letter = text[foreign[0] : foreign[0] + 1]
        where = f"letter {foreign[0] + 1} of sequence {name}"
        found = letter if isinstance(letter, str) else letter.decode("latin-1")
        raise InvalidValue(where, found, "a base, or an IUPAC letter of ambiguity")
    return codes
