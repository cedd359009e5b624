"""The motif: a matrix of counts, and the matrices that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.motifs import matrix
from motifnet.motifs.consensus import consensus

BASES = {"DNA": "ACGT", "RNA": "ACGU"}
"""The letters of each alphabet, in the order of the rows of a matrix."""


@dataclass(frozen=True, eq=False)
class Motif:
    """A motif, as counts of bases at aligned sites.

    Attributes are named by meaning, since libraries disagree on what PWM means.

    Parameters
    ----------
    name : str
        Name, without spaces.
    counts : numpy.ndarray, shape=(4, width)
        Weighted counts of A, C, G, T in each column.
    background : numpy.ndarray, shape=(4,)
        Probability of each base outside of sites.
    n_sites : float, optional
        Number of sites behind the matrix; the largest column sum if not given.
    alt_name : str
        A second name, such as the protein of a database entry.
    e_value : float, optional
        E-value of the motif in the data that it was found in.
    alphabet : {"DNA", "RNA"}
        What its letters are; the codes of U are those of T.
    single_stranded : bool
        Whether it is of the given strand alone, as all motifs of RNA are, which has no complement.

    Raises
    ------
    ShapeMismatch
        If ``counts`` is not ``(4, width)``.
    InvalidValue
        If a count is negative or not finite, or the alphabet is another one.

    Examples
    --------
    >>> import numpy as np
    >>> gata = Motif("GATA", 10 * np.array([[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]))
    >>> gata.consensus, gata.reverse_complement().consensus, gata.width
    ('GATA', 'TATC', 4)
    >>> gata.information.round(1).tolist()
    [2.0, 2.0, 2.0, 2.0]
    """

    name: str
    counts: np.ndarray
    background: np.ndarray = field(default_factory=lambda: matrix.UNIFORM.copy())
    n_sites: float = None  # type: ignore[assignment]  # the largest column sum is put in afterwards
    alt_name: str = ""
    e_value: float | None = None
    alphabet: str = "DNA"
    single_stranded: bool = False

    def __post_init__(self) -> None:
        counts = matrix.checked(self.counts, f"counts of motif {self.name}")
        if not np.isfinite(counts).all() or (counts < 0).any():
            raise InvalidValue(
                f"counts of motif {self.name}", "a negative or infinite entry", "counts of 0 or more"
            )
        if self.alphabet not in BASES:
            raise InvalidValue(f"alphabet of motif {self.name}", self.alphabet, "'DNA' or 'RNA'")
        object.__setattr__(self, "counts", counts)
        object.__setattr__(self, "single_stranded", self.single_stranded or self.alphabet == "RNA")
        object.__setattr__(self, "background", np.asarray(self.background, np.float64))
        if self.n_sites is None:
            object.__setattr__(self, "n_sites", float(counts.sum(0).max()))

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.counts.shape[1]

    @property
    def probabilities(self) -> np.ndarray:
        """Columns that sum to 1, ``(4, width)``, without pseudocount."""
        return matrix.probabilities(self.counts, self.background)

    def log_odds(self, pseudocount: float = 0.1) -> np.ndarray:
        """log2(probability / background), ``(4, width)``, after ``pseudocount`` sites of background."""
        return matrix.log_odds(
            matrix.probabilities(self.counts, self.background, pseudocount), self.background
        )

    @property
    def information(self) -> np.ndarray:
        """Information content of each column in bits, against the background, ``shape=(width,)``."""
        return matrix.information(self.probabilities, self.background)

    @property
    def consensus(self) -> str:
        """IUPAC word, with U for T in RNA."""
        return consensus(self.probabilities).replace("T", self.bases[-1])

    @property
    def bases(self) -> str:
        """The letters of the rows: ``"ACGT"`` or ``"ACGU"``."""
        return BASES[self.alphabet]

    def reverse_complement(self) -> Motif:
        """The same motif read on the other strand."""
        return replace(
            self,
            counts=matrix.reverse_complement(self.counts),
            background=self.background[::-1],
        )

    def columns(self, stretch: slice) -> Motif:
        """The motif made of a stretch of columns."""
        return replace(self, counts=self.counts[:, stretch])
