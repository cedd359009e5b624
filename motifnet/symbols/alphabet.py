"""The alphabet owns the encoding: letters at the edge, codes everywhere else."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

UNKNOWN = 4
"""Code of a letter that is no base: N, IUPAC ambiguity, masked."""


@dataclass(frozen=True)
class Alphabet:
    """Letters and their codes.

    Complementing is reversing the code: ``3 - code`` for a base; the unknown base is its own
    complement.

    Parameters
    ----------
    letters : str
        The four bases in code order.
    ambiguous : str
        Letters that are allowed but stand for no single base; all get the code ``UNKNOWN``.
    synonyms : dict of str to str
        Letters read as another, such as U as T.

    Examples
    --------
    >>> DNA.encode("ACGTN").tolist()
    [0, 1, 2, 3, 4]
    >>> DNA.decode(DNA.reverse_complement(DNA.encode("AACG")))
    'CGTT'
    """

    letters: str
    ambiguous: str
    synonyms: tuple[tuple[str, str], ...] = ()
    _table: np.ndarray = field(init=False, repr=False, compare=False)
    _masking_table: np.ndarray = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table = np.full(256, 255, np.uint8)
        for code, letter in enumerate(self.letters):
            table[[ord(letter), ord(letter.lower())]] = code
        for letter in self.ambiguous:
            table[[ord(letter), ord(letter.lower())]] = UNKNOWN
        for letter, meant in self.synonyms:
            table[[ord(letter), ord(letter.lower())]] = self.letters.index(meant)
        masking = table.copy()
        lower = np.arange(ord("a"), ord("z") + 1)
        masking[lower] = np.where(table[lower] == 255, 255, UNKNOWN)
        object.__setattr__(self, "_table", table)
        object.__setattr__(self, "_masking_table", masking)

    def encode(self, text: str | bytes, *, mask_lowercase: bool = False) -> np.ndarray:
        """Codes of a text.

        Parameters
        ----------
        text : str or bytes
            Letters, in either case.
        mask_lowercase : bool
            Read lower-case letters (soft-masked bases) as unknown.

        Returns
        -------
        numpy.ndarray of uint8, shape=(length,)
            0 to 3 for bases, ``UNKNOWN`` for ambiguity, 255 for a letter that is not of this
            alphabet: see :meth:`foreign`.
        """
        raw = np.frombuffer(text.encode("latin-1", "replace") if isinstance(text, str) else text, np.uint8)
        return (self._masking_table if mask_lowercase else self._table)[raw]

    @staticmethod
    def foreign(codes: np.ndarray) -> np.ndarray:
        """Positions of the letters that are not of this alphabet, ``shape=(n,)``."""
        return np.flatnonzero(codes == 255)

    def decode(self, codes: np.ndarray) -> str:
        """The text of codes, ``shape=(length,)``; the unknown base is N."""
        return np.frombuffer(f"{self.letters}N".encode(), np.uint8)[codes].tobytes().decode()

    @staticmethod
    def complement(codes: np.ndarray) -> np.ndarray:
        """The complement of codes of any shape."""
        return np.where(codes < 4, 3 - codes, codes).astype(np.uint8)

    @classmethod
    def reverse_complement(cls, codes: np.ndarray) -> np.ndarray:
        """The reverse complement of codes, ``shape=(length,)``."""
        return cls.complement(codes[::-1])


DNA = Alphabet("ACGT", ambiguous="NRYSWKMBDHVX", synonyms=(("U", "T"),))
