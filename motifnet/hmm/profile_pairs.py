"""Where to start a profile of two blocks: pairs of words that like some distances between them.

A pair of words counts where it stands in more sequences at three distances that follow each other than at all
others. What is rich in A and T holds many pairs of such words, but at any distance alike; so that the other
distances are the expectation, and composition is none of the evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import attrgetter

import numpy as np

from motifnet.hmm.flanks import Flanks
from motifnet.hmm.profile import FitFunction, ProfileFit, ProfileHmm, Spacer, fit
from motifnet.hmm.profile_columns import SiteRoom, some_of
from motifnet.kernels.kmers import half_words, presence
from motifnet.strand import Strand
from motifnet.symbols import Sequences

REACH = 30
"""Bases between two blocks at most, in a start: three turns of DNA. A convention."""

_WORD = (
    4  # bases: the table of all pairs has 65,536 entries for a distance, and half a box is enough to begin
)
_PADDING = 1  # columns of background on either side of a word, by which a box is wider than half of it
_WINDOW = 3  # distances that are looked at together: those of the -35 and the -10 box are three
_MARGIN = 1  # lengths of the spacer that are tried on either side of the window
_SHARE = 0.7  # of the base of a word in its column, as in the search for one block
_LEAST_EXPECTED = 0.2  # sequences: a pair that no other distance has is not infinitely surprising
_LEAST_SEEN = 3  # sequences: of two, every pair of words is what both have
# First, so many starts for each sequence, of which each sees so many sequences, but not more work in all. Of
# 200 promoters of E. coli the boxes are the 300th pair, of 839 the 50th: with more sequences fewer suffice.
_STARTS_A_SEQUENCE, _MOST_WORK, _MOST_SEEN, _ROUNDS = 3, 150_000, 500, 3
# Then the best of these, for more rounds, on more sequences; and the best of these to the end. Conventions.
_BETTER, _MORE_SEEN, _MORE_ROUNDS = 30, 2000, 6
_KEPT = 8
_BY_BIC = attrgetter("bic")


def pair_starts(
    sequences: Sequences,
    flanks: Flanks,
    *,
    strand: Strand,
    room: SiteRoom,
    fitted: FitFunction,
) -> list[ProfileFit]:
    """Profiles of two blocks that were learnt from the likeliest pairs of words, the best first.

    Parameters
    ----------
    sequences : Sequences
    flanks : Flanks
        What emits all other bases.
    strand : Strand
    room : SiteRoom
    fitted : callable
        Learns a profile from sequences.
    """
    seen, more = some_of(sequences, _MOST_SEEN), some_of(sequences, _MORE_SEEN)
    n_starts = min(_STARTS_A_SEQUENCE * len(sequences), _MOST_WORK // len(seen))
    fitting = (model for model in _models(sequences, flanks, strand) if room.holds(model))
    first = _ranked(islice(fitting, n_starts), seen, _ROUNDS)
    starts = _ranked(first[:_BETTER], more, _MORE_ROUNDS)
    return sorted((fitted(one, sequences) for one in starts[:_KEPT]), key=_BY_BIC)


def _ranked(models: Iterable[ProfileHmm], sequences: Sequences, rounds: int) -> list[ProfileHmm]:
    """The models after some rounds, the best first."""
    fits = [fit(one, sequences, max_rounds=rounds) for one in models]
    return [one.model for one in sorted(fits, key=_BY_BIC)]


def _models(sequences: Sequences, flanks: Flanks, strand: Strand) -> Iterator[ProfileHmm]:
    """Profiles of pairs of words, the most surprising first."""
    for pair, gap in _surprising(_counts(sequences, strand)):
        blocks = [_block(word, flanks.probabilities) for word in divmod(pair, 4**_WORD)]
        shortest = max(gap - 2 * _PADDING - _MARGIN, 0)
        n_lengths = gap + _WINDOW + _MARGIN - 2 * _PADDING - shortest
        if n_lengths > 0:
            lengths = np.full(n_lengths, 1 / n_lengths)
            model = ProfileHmm.from_matrix(np.concatenate(blocks), flanks, strand=strand)
            yield model.spaced(Spacer(len(blocks[0]), shortest, lengths))


def _block(word: int, background: np.ndarray) -> np.ndarray:
    """The columns of a word, with some of background on either side."""
    letters = word >> 2 * np.arange(_WORD - 1, -1, -1) & 3
    blank = np.tile(background, (_PADDING, 1))
    return np.concatenate([blank, (1 - _SHARE) * background + _SHARE * np.eye(4)[letters], blank])


def _counts(sequences: Sequences, strand: Strand) -> np.ndarray:
    """Sequences that hold each pair of words at each distance, ``shape=(n_distances, 4 ** (2 * _WORD))``."""
    half = half_words(sequences.codes, sequences.offsets, _WORD)
    furthest = min(REACH, max(int(sequences.lengths.max()) - 2 * _WORD, 0))
    return np.stack(
        [
            presence(
                half, sequences.offsets, _WORD, gap, n_first=len(sequences), both_strands=strand.reads_both
            )[0]
            for gap in range(furthest + 1)
        ]
    )


def _surprising(counts: np.ndarray) -> Iterator[tuple[int, int]]:
    """Pairs of words and the least of their distances, the most surprising first, each pair once."""
    n_windows = len(counts) - _WINDOW + 1
    if n_windows < 2:
        return
    total, n_others = counts.sum(0), len(counts) - _WINDOW
    best, at = np.zeros(counts.shape[1]), np.zeros(counts.shape[1], np.int64)
    for gap in range(n_windows):
        seen = counts[gap : gap + _WINDOW].sum(0)
        expected = np.maximum((total - seen) / n_others, _LEAST_EXPECTED / _WINDOW) * _WINDOW
        surprise = seen * np.log(np.maximum(seen, 1) / expected) - (seen - expected)
        surprise[(seen <= expected) | (seen < _LEAST_SEEN)] = 0
        at[surprise > best] = gap
        best = np.maximum(best, surprise)
    for pair in np.argsort(-best, kind="stable").tolist():
        if best[pair] <= 0:
            return
        yield pair, int(at[pair])
