"""Seeds: words, plain or gapped, that are enriched in targets over controls, and stretches around them.

A word tells a motif that has it at many sites. Of a motif of many weak columns each word is rare; but some
of its sites are near to its consensus in all columns, and the others are similar to such a site, with a
third of its bases different. It is found among the stretches around enriched words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.discovery.scored import ScoredContrast
from motifnet.kernels import kmers
from motifnet.stats.evenly import evenly
from motifnet.stats.scores import signed_root
from motifnet.strand import Strand
from motifnet.symbols import DNA, UNKNOWN, Sequences

# Two halves and the gap between them. Short words find degenerate motifs, long ones find rare
# motifs, and gaps find dimers and zinc fingers whose middle is not conserved.
STRUCTURES = (
    (3, 0),
    (4, 0),
    *((3, gap) for gap in range(1, 13)),
    *((4, gap) for gap in (4, 6, 8)),
)
_STRETCH = 12  # bases: two more than most motifs of weak columns have
# Of a word at most. Trades time for the chance that a site near to the consensus is among them.
_STRETCHES_OF_A_WORD = 8
_TOP_OF_EACH = 60  # words of each structure that may become seeds: many are shifts of one. A convention


class Seed(NamedTuple):
    """An enriched word.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape=(span,)
        Its bases; unknown in the gap.
    z : float
        Signed root of the likelihood ratio of its presence in targets against controls.
    prior : float
        Share of targets that hold it, less the share of controls that do.
    """

    codes: np.ndarray
    z: float
    prior: float

    def __str__(self) -> str:
        return DNA.decode(self.codes)


def enriched_words(contrast: ScoredContrast, n_seeds: int, *, strand: Strand) -> list[Seed]:
    """The most enriched words that are not variants of each other.

    Parameters
    ----------
    contrast : ScoredContrast
        Targets and controls; presence is counted once a sequence.
    n_seeds : int
        Seeds wanted at most.
    strand : Strand
        Count a word and its reverse complement as one, where it reads both.

    Returns
    -------
    list of Seed
        Best first; only words that are more frequent in targets.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> contrast = ScoredContrast.of(made.targets, made.controls)
    >>> [str(seed) for seed in enriched_words(contrast, 2, strand=Strand.BOTH)]
    ['ACTTCC', 'AAGTGA']
    """
    codes, offsets = contrast.both.sequences.codes, contrast.both.sequences.offsets
    words = {half: kmers.half_words(codes, offsets, half) for half in {half for half, _ in STRUCTURES}}
    seeds = [
        seed
        for half, gap in STRUCTURES
        for seed in _top_words(contrast, words[half], half, gap, strand=strand)
    ]
    ranked = sorted(seeds, key=lambda seed: (-seed.z, len(seed.codes), seed.codes.tobytes()))
    chosen: list[Seed] = []
    for seed in ranked:
        if len(chosen) == n_seeds:
            break
        if not any(are_variants(seed.codes, other.codes, strand=strand) for other in chosen):
            chosen.append(seed)
    return chosen


def _top_words(
    contrast: ScoredContrast, words: np.ndarray, half: int, gap: int, *, strand: Strand
) -> list[Seed]:
    hits, control_hits = kmers.presence(
        words,
        contrast.both.sequences.offsets,
        half,
        gap,
        n_first=contrast.n_targets,
        both_strands=strand.reads_both,
    )
    beyond = hits / contrast.n_targets - control_hits / contrast.n_controls
    enriched = np.flatnonzero(beyond > 0)
    z = signed_root(hits[enriched], contrast.n_targets, control_hits[enriched], contrast.n_controls)
    return [
        Seed(_word_codes(int(enriched[place]), half, gap), float(z[place]), float(beyond[enriched[place]]))
        for place in np.argsort(-z, kind="stable")[:_TOP_OF_EACH]
    ]


def _word_codes(word: int, half: int, gap: int) -> np.ndarray:
    digits = [word >> (2 * place) & 3 for place in reversed(range(2 * half))]
    return np.array(digits[:half] + [UNKNOWN] * gap + digits[half:], np.uint8)


def stretches_around(words: Sequence[Seed], targets: Sequences, *, strand: Strand) -> list[np.ndarray]:
    """Stretches of targets with a word in their middle, as they stand, a few of each word.

    Parameters
    ----------
    words : sequence of Seed
    targets : Sequences
        Where they are sought. Of the places of a word evenly spaced ones are taken.
    strand : Strand
        Also look for the reverse complement of a word, where it reads both; a stretch is in the orientation
        of the word.

    Returns
    -------
    list of numpy.ndarray of uint8, shape=(12,)
        Codes, those of each word after those of the one before; of a longer word as many bases as it has.

    Examples
    --------
    >>> word = Seed(DNA.encode("GATAAG"), 3.0, 0.1)
    >>> targets = Sequences.from_text(["CCCGATAAGTTTCC", "GGGCTTATCAAAGG"])
    >>> [DNA.decode(one) for one in stretches_around([word], targets, strand=Strand.BOTH)]
    ['CCCGATAAGTTT', 'TTTGATAAGCCC']
    """
    found = []
    for word in words:
        places = [(place, False) for place in _places(word.codes, targets.codes)]
        if strand.reads_both:
            turned = DNA.reverse_complement(word.codes)
            places += [(place, True) for place in _places(turned, targets.codes)]
        beside = max(0, _STRETCH - len(word.codes))
        for chosen in evenly(np.arange(len(places)), _STRETCHES_OF_A_WORD):
            place, reverse = places[chosen]
            first = place - (beside - beside // 2 if reverse else beside // 2)
            stretch = targets.codes[max(first, 0) : first + len(word.codes) + beside]
            found.append(DNA.reverse_complement(stretch) if reverse else stretch)
    return found


def _places(word: np.ndarray, codes: np.ndarray) -> list[int]:
    """Where a word with its gap stands."""
    first, *others = np.flatnonzero(word != UNKNOWN)
    places = np.flatnonzero(codes[first : len(codes) - len(word) + 1 + first] == word[first])
    for offset in others:
        places = places[codes[places + offset] == word[offset]]
    return places.tolist()


def are_variants(first: np.ndarray, second: np.ndarray, *, strand: Strand = Strand.BOTH) -> bool:
    """Whether two words are likely to stand for one motif.

    They are if, at some offset and orientation, at least five bases agree and at most one does
    not.

    Parameters
    ----------
    first, second : numpy.ndarray of uint8, shape=(span,)
        Codes, unknown in gaps.
    strand : Strand
        Also try the reverse complement of the second, where it reads both.

    Returns
    -------
    bool

    Examples
    --------
    >>> are_variants(DNA.encode("TGACTCA"), DNA.encode("TGAGTCA"))
    True
    >>> are_variants(DNA.encode("TGACTCA"), DNA.encode("CACGTG"))
    False
    """
    return kmers.are_variants(first, second, both_strands=strand.reads_both)
