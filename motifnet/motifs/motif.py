"""The motif: a matrix of counts, and the matrices that follow from it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from motifnet.errors import InvalidValue
from motifnet.motifs import matrix
from motifnet.motifs.consensus import consensus
from motifnet.motifs.letter_heights import PSEUDOCOUNT, Kind, letter_heights, scale_of
from motifnet.motifs.logo_letters import colours, drawn_letters

if TYPE_CHECKING:
    from Bio.motifs import Motif as BioMotif
    from logomaker import Logo
    from matplotlib.axes import Axes

SCORE_PSEUDOCOUNT = 0.1
"""Sites of background that are added to each column before a base is scored. A convention."""

BASES = {"DNA": "ACGT", "RNA": "ACGU"}
"""The letters of each alphabet, in the order of the rows of a matrix."""


_NUMBERED = re.compile(r"motifnet-\d+")  # a second name that says nothing beside the first


def _log10(value: float | None) -> float | None:
    if value is None or math.isnan(value):
        return None
    return math.log10(value) if value > 0 else -math.inf


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
    log10_e_value : float, optional
        log10 of the E-value of the motif in the data that it was found in, which may be too small for a
        float.
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
    log10_e_value: float | None = None
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
    def second_name(self) -> str:
        """``alt_name``, where it says what the name does not: one that only numbers motifs does not."""
        says_nothing = self.alt_name == self.name or _NUMBERED.fullmatch(self.alt_name or "")
        return "" if says_nothing else self.alt_name or ""

    @property
    def e_value(self) -> float | None:
        """E-value of the motif in the data that it was found in; 0 or infinite where no float holds it."""
        if self.log10_e_value is None:
            return None
        with np.errstate(over="ignore", under="ignore"):
            return float(np.float_power(10, self.log10_e_value))

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.counts.shape[1]

    @property
    def probabilities(self) -> np.ndarray:
        """Columns that sum to 1, ``(4, width)``, without pseudocount."""
        return matrix.probabilities(self.counts, self.background)

    def log_odds(self, pseudocount: float = SCORE_PSEUDOCOUNT) -> np.ndarray:
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

    def letter_heights(
        self, kind: Kind = "information", *, small_sample_correction: bool = False
    ) -> np.ndarray:
        """Heights of the letters of its logo, ``(4, width)``.

        The height of a letter is its probability, times the information of its column where ``kind``
        is ``"information"`` (Schneider and Stephens 1990). That information is measured against equal
        bases whatever the background of the motif, since only then 2 bits are the most that a column
        can have and logos of different data sets can be compared by eye. A letter of a log-odds logo
        hangs down where its base is rarer than in the background, of which one site is added.

        Parameters
        ----------
        kind : {"information", "probability", "log-odds"}
            Bits, plain probabilities, or log2(probability / background).
        small_sample_correction : bool
            Take from the information of each column what a column without any would have by chance in
            so many sites (Schneider et al. 1986), as WebLogo does.

        Returns
        -------
        numpy.ndarray, shape=(4, width)

        Raises
        ------
        UnknownName
            If there is no such kind of logo.

        Examples
        --------
        >>> half = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
        >>> half.letter_heights().tolist()
        [[2.0, 0.5], [0.0, 0.5], [0.0, 0.0], [0.0, 0.0]]
        >>> half.letter_heights(small_sample_correction=True)[0].round(2).tolist()
        [1.73, 0.36]
        """
        return letter_heights(
            self.probabilities,
            self.log_odds(PSEUDOCOUNT),
            kind,
            n_sites=self.n_sites if small_sample_correction else None,
        )

    def logo(
        self,
        ax: Axes | None = None,
        *,
        kind: Kind = "information",
        scheme: str = "classic",
        first_position: int = 1,
        small_sample_correction: bool = False,
        **style: Any,
    ) -> Logo:
        """The motif as a :class:`logomaker.Logo`, which can be styled further and put into a figure.

        The letters are as high as those of ``motifnet logos``, on the same axis. Positions are those of
        the columns, so that ``logo.highlight_position(3)`` means the column numbered 3.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a figure of its own, made by pyplot, if not given.
        kind : {"information", "probability", "log-odds"}
            What the height of a letter is.
        scheme : str
            Colours: ``"classic"`` or ``"colour-blind-safe"``.
        first_position : int
            Number of the first column.
        small_sample_correction : bool
            See :meth:`letter_heights`.
        **style
            Anything else that :class:`logomaker.Logo` takes, such as ``font_name`` or ``alpha``.

        Returns
        -------
        logomaker.Logo
            ``logo.ax`` is where it is drawn, ``logo.fig`` the figure around it.

        Raises
        ------
        UnknownName
            If there is no such kind of logo or no such scheme.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]])
        >>> logo = motif.logo(Figure().add_subplot())
        >>> logo.ax.get_ylabel(), round(logo.glyph_df.loc[1, "A"].ceiling, 6)
        ('bits', 2.0)
        >>> logo.style_glyphs(color_scheme="grays")
        """
        heights = self.letter_heights(kind, small_sample_correction=small_sample_correction)
        logo = drawn_letters(
            heights,
            self.bases,
            ax,
            scale=scale_of(kind, [heights]),
            colours=colours(scheme),
            first_position=first_position,
            **style,
        )
        logo.style_xticks(anchor=first_position)
        return logo

    @classmethod
    def from_biopython(
        cls, motif: BioMotif, name: str | None = None, *, single_stranded: bool = False
    ) -> Motif:
        """A motif of Biopython, of any of its readers.

        Parameters
        ----------
        motif : Bio.motifs.Motif
            Of DNA or RNA.
        name : str, optional
            If not given, its ``matrix_id`` (JASPAR), its accession (TRANSFAC) or its ``name``, with ``_`` for
            spaces.
        single_stranded : bool
            Whether it is of the given strand alone, which Biopython does not tell.

        Returns
        -------
        Motif

        Raises
        ------
        InvalidValue
            If it has no counts, or letters that are none of DNA or RNA.

        Examples
        --------
        >>> from Bio import motifs
        >>> theirs = motifs.create(["GATA", "GATT", "GATA"])
        >>> theirs.name = "GATA1"
        >>> ours = Motif.from_biopython(theirs)
        >>> ours.name, ours.consensus, ours.n_sites
        ('GATA1', 'GATA', 3.0)
        """
        alphabet = next((kind for kind, bases in BASES.items() if set(bases) == set(motif.alphabet)), None)
        if alphabet is None or motif.counts is None:
            what = "none" if motif.counts is None else f"of {''.join(motif.alphabet)}"
            raise InvalidValue("counts of the motif", what, "counts of A, C, G and T, or U")
        accession = motif.get("AC") if isinstance(motif, Mapping) else None
        given = name or getattr(motif, "matrix_id", None) or accession or motif.name or "motif"
        alt_name = getattr(motif, "alt_id", None) or (motif.name if motif.name != given else "") or ""
        bases = BASES[alphabet]
        return cls(
            "_".join(str(given).split()),
            np.array([motif.counts[base] for base in bases], np.float64),
            np.array([motif.background[base] for base in bases], np.float64),
            n_sites=getattr(motif, "num_occurrences", None) or None,  # type: ignore[arg-type]  # see the field
            alt_name="_".join(str(alt_name).split()),
            log10_e_value=_log10(getattr(motif, "evalue", None)),
            alphabet=alphabet,
            single_stranded=single_stranded,
        )

    def to_biopython(self) -> BioMotif:
        """The same as a ``Bio.motifs.Motif``.

        The number of sites, the E-value and the second name are its ``num_occurrences``, ``evalue`` and
        ``alt_id``, as those of the motifs that Biopython reads from MEME; whether a motif of DNA is of one
        strand, Biopython does not tell.

        Returns
        -------
        Bio.motifs.Motif

        Examples
        --------
        >>> motif = Motif("A", [[8, 4], [0, 4], [0, 0], [0, 0]]).to_biopython()
        >>> str(motif.consensus), motif.counts["A"]
        ('AA', [8.0, 4.0])
        """
        from Bio.motifs import Motif as BioMotif

        made = BioMotif(self.bases, counts=dict(zip(self.bases, self.counts.tolist(), strict=True)))
        made.name, made.background = self.name, dict(zip(self.bases, self.background.tolist(), strict=True))
        for name, value in (
            ("alt_id", self.alt_name),
            ("num_occurrences", self.n_sites),
            ("evalue", self.e_value),
        ):
            setattr(made, name, value)
        return made

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
