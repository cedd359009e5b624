"""Seeds: words, plain or gapped, that are enriched in targets over controls."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.discovery.scored import ScoredContrast
from motifnet.kernels import kmers
from motifnet.stats.scores import signed_root
from motifnet.strand import Strand
from motifnet.symbols import DNA, UNKNOWN

# Two halves and the gap between them. Short words find degenerate motifs, long ones find rare
# motifs, and gaps find dimers and zinc fingers whose middle is not conserved.
STRUCTURES = (
    (3, 0),
    (4, 0),
    *((3, gap) for gap in range(1, 13)),
    *((4, gap) for gap in (4, 6, 8)),
)
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
