"""Whether two sequences are related at all, and on which strands: looked at before anything is learnt.

Words that the sequences share tell most pairs that are long; what words leave open, and pairs that are
short, the log-odds under models of several divergences tell.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_fit import STARTS
from motifnet.hmm.pair_images import first_image, first_images
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.symbols import DNA
from motifnet.symbols.pairs import PairedSequences

# Nats that pairs of no relation exceed with a probability of at most e ** -3, by Markov's inequality, since
# odds against independence have a mean of one under independence. 5%, the usual convention.
_LEAST_ODDS = 3.0
# Nats a base of the shorter: no need to look at the other strand, on which only a palindrome of the whole
# length could have as much. Trades time for pairs that are alike on both strands: a convention.
_CLEAR = 0.2
_SHORT_CELLS = 1 << 18  # of a pair whose words are not counted, since its log-odds cost no more
# A word has so many bases more than it takes to be there once by chance: then 1 in 64 words is shared by
# chance, and of sequences that differ in a fifth of their bases as many as 0.8 ** 12, 1 in 15, by descent.
_RARE = 3
# Standard deviations by which shared words of the strands differ: words overlap, and repeats share many at
# once, so that the deviation of a Poisson count, which this is, is too small. A convention on the safe side:
# what it leaves open, log-odds tell.
_CLEAR_WORDS = 8.0


class Relation(NamedTuple):
    """What is known of pairs before they are aligned.

    Attributes
    ----------
    is_related : numpy.ndarray of bool, shape=(n,)
        Whether the two sequences are more alike than chance, read as they are.
    is_turned : numpy.ndarray of bool, shape=(n,)
        Whether they are so, and more, with the second one read on its other strand.
    """

    is_related: np.ndarray
    is_turned: np.ndarray


def related(pairs: PairedSequences, mode: str, band: kernel.Band) -> Relation:
    """Look at all pairs, and at their second sequences on the other strand.

    Parameters
    ----------
    pairs : PairedSequences
    mode : {"global", "semi-global", "local"}
    band : Band

    Examples
    --------
    >>> from motifnet.symbols import Sequences
    >>> x, y = Sequences.from_text(["ACGTTTGACAGG"] * 2), Sequences.from_text(["ACGTTGACAGG", "CCTGTCAAACGT"])
    >>> found = related(PairedSequences(x, y, ["same", "other strand"]), "global", kernel.DEFAULT_BAND)
    >>> found.is_related.tolist(), found.is_turned.tolist()
    ([True, False], [False, True])
    """
    is_related, is_turned = np.zeros(len(pairs), bool), np.zeros(len(pairs), bool)
    n_cells = pairs.x.lengths * pairs.y.lengths
    for i in np.flatnonzero(n_cells > _SHORT_CELLS).tolist():
        told = more_words(*pairs[i])
        is_related[i], is_turned[i] = told > 0, told < 0
    left = np.flatnonzero(~is_related & ~is_turned)
    forward = _log_odds(pairs.select(left), mode, band)
    shorter = np.minimum(pairs.x.lengths, pairs.y.lengths)[left]
    chance = _LEAST_ODDS + _choices(pairs, mode)[left]
    unsure = np.flatnonzero(forward < np.maximum(chance, _CLEAR * shorter))
    backward = np.full(len(left), -np.inf)
    backward[unsure] = _log_odds(pairs.select(left[unsure]).turned(range(len(unsure))), mode, band)
    is_turned[left] = (backward > forward) & (backward > chance)
    is_related[left] = (forward > chance) & ~is_turned[left]
    return Relation(is_related, is_turned)


def more_words(x: np.ndarray, y: np.ndarray) -> int:
    """Whether x clearly shares more words with y (1), with its reverse complement (-1), or neither (0).

    Parameters
    ----------
    x, y : numpy.ndarray of uint8, shape=(length,)
        Codes.
    """
    x, y = first_image(x, y, swaps=True, turns=True).of_codes(x, y)  # so that it is the same for all of them
    width = math.ceil(math.log(max(len(x), len(y), 1), 4)) + _RARE
    known = np.unique(_words(x, width))
    n_shared = [np.isin(_words(each, width), known).sum() for each in (y, DNA.reverse_complement(y))]
    difference = float(n_shared[0]) - float(n_shared[1])
    is_clear = abs(difference) > _CLEAR_WORDS * math.sqrt(sum(n_shared) + 1)
    return int(np.sign(difference)) if is_clear else 0


def _words(codes: np.ndarray, width: int) -> np.ndarray:
    """The words of a sequence that have no unknown base, as numbers."""
    if len(codes) < width:
        return np.zeros(0, np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(codes, width)
    return windows[(windows < 4).all(1)].astype(np.int64) @ (4 ** np.arange(width))


def _log_odds(pairs: PairedSequences, mode: str, band: kernel.Band) -> np.ndarray:
    """Log-odds over independent sequences, in nats, ``shape=(n,)``, under the divergence that suits best.

    Without what ends cost, so that short pairs are not at a disadvantage.
    """
    models = [
        PairHmm.start(divergence=divergence, gap_open=opening, gap_extend=extension)
        for divergence, opening, extension in STARTS
    ]
    if not len(pairs):
        return np.zeros(0)
    pairs = first_images(pairs, swaps=True, turns=True)  # these models know neither sequence nor strand
    ends = [model.log_ends if mode == "global" else 0.0 for model in models]
    found = [model.log_odds(pairs, mode=mode, band=band) for model in models]
    return np.max([one - end for one, end in zip(found, ends, strict=True)], axis=0)


def _choices(pairs: PairedSequences, mode: str) -> np.ndarray:
    """Logarithm of how many alignments chance may choose among, ``shape=(n,)``.

    Those of whole sequences have odds of one together; of others, those that begin at one place and, of
    local ones, are of one length.
    """
    n, m = pairs.x.lengths.astype(np.float64), pairs.y.lengths.astype(np.float64)
    choices = {"global": np.ones(len(pairs)), "semi-global": n + m, "local": n * m * np.minimum(n, m)}
    return np.log(np.maximum(choices[mode], 1))
