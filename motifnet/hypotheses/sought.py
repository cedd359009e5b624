"""Motifs that a test asks about, sought such that they know nothing of what is asked.

Where both strands are read they are sought in sequences that were turned, each to the strand that comes first
in the alphabet. So they are the same whichever strand each sequence was given on: a function of what does not
change if the tie between the strands holds.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from motifnet.datasets.shuffle import shuffle
from motifnet.discovery.scored import Scored
from motifnet.discovery.search import search
from motifnet.errors import TooFewSequences
from motifnet.kernels.onehot_conv import Best
from motifnet.motifs import consensus, matrix
from motifnet.motifs.compare import similarity
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background

# Settings of the search, those of `train` but for the number of motifs: the first few are asked.
_N_MOTIFS, _WIDTH, _SITE_FPR = 10, 24, 0.05
_CORE_BITS, _LEAST_CORE = (
    0.25,
    6,
)  # of columns at the ends of a motif that stay, and how many: those of `train`
# Similarity to its reverse complement from which a motif is taken for a palindrome, which has no orientation.
_PALINDROME = 0.9
SITE = math.log(2)
"""Evidence, ``log(1 + odds)``, from which a window is a site: it is then likelier to be one than not."""


class SoughtMotif(NamedTuple):
    """A motif, and what its sites are told by.

    Parameters
    ----------
    probabilities : numpy.ndarray, shape=(4, width)
    background : numpy.ndarray, shape=(4,)
    prior : float
        Share of sequences with a site.
    """

    probabilities: np.ndarray
    background: np.ndarray
    prior: float

    @property
    def word(self) -> str:
        """Its consensus."""
        return consensus(self.probabilities)

    @property
    def width(self) -> int:
        """Columns."""
        return self.probabilities.shape[1]

    @property
    def log_odds(self) -> np.ndarray:
        """Nats of each base at each column, ``shape=(4, width)``."""
        return np.log(self.probabilities / self.background[:, None])

    @property
    def is_palindrome(self) -> bool:
        """Whether it is so like its reverse complement that a site has no orientation."""
        turned = matrix.reverse_complement(self.probabilities)
        return similarity(self.probabilities, turned, self.background, strand=Strand.SINGLE) >= _PALINDROME

    def best(self, scored: Scored, *, strand: Strand = Strand.BOTH) -> Best:
        """The best window of each sequence; its score is in nats."""
        return scored.best_known(self.log_odds, strand=strand)

    def evidence(self, scored: Scored, best: Best, *, strand: Strand = Strand.BOTH) -> np.ndarray:
        """Nats for a site at the best windows, ``log(1 + odds)`` under the prior, ``shape=(n,)``.

        The strand is where a site may lie, be it that the best windows of one alone are asked for.
        """
        n_windows = np.maximum(scored.sequences.lengths - self.width + 1, 1)
        if strand.reads_both:
            n_windows = 2 * n_windows
        score = np.asarray(best.score, np.float64)
        return np.logaddexp(0, score + np.log(self.prior / (1 - self.prior) / n_windows))

    def side(self, scored: Scored) -> np.ndarray:
        """Evidence on the strand as given less that on the other, ``shape=(n,)``: odd under turning."""
        given = self.best(scored, strand=Strand.SINGLE)
        other = scored.best_known(matrix.reverse_complement(self.log_odds), strand=Strand.SINGLE)
        return self.evidence(scored, given) - self.evidence(scored, other)


def seek(
    targets: Sequences, controls: Sequences | None = None, *, strand: Strand = Strand.BOTH, seed: int = 0
) -> list[SoughtMotif]:
    """The motifs of some sequences, the one that separates best first.

    Parameters
    ----------
    targets : Sequences
    controls : Sequences, optional
        What they are compared with; shuffles if not given.
    strand : Strand
        Whether sites lie on either strand: then it does not matter on which one a sequence came.
    seed : int

    Returns
    -------
    list of SoughtMotif

    Raises
    ------
    TooFewSequences
        If controls are given, and there are none.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> planted = Planted(motif_from_word("TGACTCAG"), 0.8)
    >>> made = simulate([planted], Background.from_gc(0.5), n_targets=200, n_controls=0, length=60)
    >>> motif = seek(made.targets)[0]
    >>> {motif.word, DNA.decode(DNA.reverse_complement(DNA.encode(motif.word)))} & {"TGACTCAG"}
    {'TGACTCAG'}
    """
    if controls is not None and not len(controls):
        raise TooFewSequences("controls", 0, 1)
    asked = _turned_alike(targets) if strand.reads_both else targets
    beside = shuffle(asked, 2, seed) if controls is None else controls
    background = Background.fit(asked, 0, strand_symmetric=strand.reads_both).probabilities
    candidates = search(
        asked,
        beside,
        background,
        n_motifs=_N_MOTIFS,
        width=_WIDTH,
        site_fpr=_SITE_FPR,
        strand=strand,
        rng=np.random.default_rng(seed),
    )
    found = []
    for one in candidates:
        core = matrix.trim(matrix.information(one.probabilities, background), _CORE_BITS, _LEAST_CORE)
        found.append(SoughtMotif(one.probabilities[:, core], background, one.prior))
    return found


def _turned_alike(sequences: Sequences) -> Sequences:
    """Each sequence or its reverse complement, whichever comes first in the alphabet."""
    both = ((one, DNA.reverse_complement(one)) for one in (sequences[i] for i in range(len(sequences))))
    return Sequences.from_codes([one if bytes(one) <= bytes(other) else other for one, other in both])
