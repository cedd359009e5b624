"""How sure the bases of first sequences are, along their sources or by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from motifnet.io.posteriors import Track, overlap, tracks_of
from motifnet.symbols.aligned_pair import AlignedPair


def confidence_tracks(pairs: Sequence[AlignedPair]) -> list[Track]:
    """Confidence along each first sequence: in the genome where its place there is known.

    Where that would give a place two values, by the names of the sequences, or of the pairs, or of
    numbered pairs.

    Parameters
    ----------
    pairs : sequence of AlignedPair

    Examples
    --------
    >>> from motifnet.hmm.pair import PairHmm
    >>> from motifnet.hmm.pair_align import align
    >>> from motifnet.symbols import DNA
    >>> one = align(PairHmm.start(), DNA.encode("ACGT"), DNA.encode("ACGT"), "human", "mouse").alignment
    >>> [track.name for track in confidence_tracks([AlignedPair("first", one)])]
    ['human']
    >>> [track.name for track in confidence_tracks([AlignedPair("first", one), AlignedPair("second", one)])]
    ['first', 'second']
    """
    confidences = [(pair, pair.alignment.x_confidence) for pair in pairs]
    by_sequence = [Track(pair.alignment.x_name, 0, values) for pair, values in confidences]
    by_pair = [Track(pair.name, 0, values) for pair, values in confidences]
    numbered = [Track(f"{pair.name}#{i}", 0, values) for i, (pair, values) in enumerate(confidences, 1)]
    choices = (tracks_by_place(pairs), by_sequence, by_pair)
    return next((tracks for tracks in choices if overlap(tracks) is None), numbered)


def tracks_by_place(pairs: Sequence[AlignedPair]) -> list[Track]:
    """Confidence along the sources of first sequences, whether or not they overlap there."""
    return [
        track for pair in pairs for track in tracks_of(pair.alignment.x_place, pair.alignment.x_confidence)
    ]
