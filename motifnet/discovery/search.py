"""Search: one motif after the other, each on what the ones before left unexplained."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.discovery.refine import COLUMN_BITS, Refined, from_seed, refine
from motifnet.discovery.scored import Scored
from motifnet.discovery.seeds import Seed, enriched_words
from motifnet.motifs import matrix
from motifnet.stats.scores import Threshold, best_threshold
from motifnet.symbols import Sequences

_N_SEEDS = 8  # seeds tried for each motif
_TRIAL_BASES = 120_000  # bases of a kind on which they are tried
_LARGEST_BASES = 2_000_000  # bases of a kind that take part; more would refine the last digit only
_MASK_FPR = 0.05  # controls that may lose a stretch when a motif's sites are masked


class Candidate(NamedTuple):
    """A motif that the search proposes to the network.

    Parameters
    ----------
    probabilities : numpy.ndarray, shape=(4, width)
        Columns without information equal the background.
    prior : float
        Share of targets with a site beyond chance.
    z : float
        How well it separates the sequences that shaped it: for ranking only.
    seed : str
        The word it grew from.
    """

    probabilities: np.ndarray
    prior: float
    z: float
    seed: str


def search(
    targets: Sequences,
    controls: Sequences,
    background: np.ndarray,
    *,
    n_motifs: int,
    width: int,
    both_strands: bool,
    rng: np.random.Generator,
) -> list[Candidate]:
    """Find motifs greedily: seed, refine, mask, repeat.

    Parameters
    ----------
    targets, controls : Sequences
        Sequences that may shape motifs.
    background : numpy.ndarray, shape=(4,)
        Base probabilities.
    n_motifs : int
        Motifs at most; fewer when no seed grows into a motif.
    width : int
        Window in bases; short motifs leave it partly empty.
    both_strands : bool
        Whether sites lie on either strand.
    rng : numpy.random.Generator
        Draws the sample on which seeds are compared.

    Returns
    -------
    list of Candidate
        In the order found.
    """
    # Flanks of unknown bases let a wide window reach sites at the ends of a sequence.
    left = tuple(
        Scored.of(_sample(part, _LARGEST_BASES, rng).flanked(width // 2)) for part in (targets, controls)
    )
    found: list[Candidate] = []
    while len(found) < n_motifs:
        candidate = _next(*left, background, width, both_strands=both_strands, rng=rng)
        if candidate is None:
            break
        found.append(candidate)
        masked = _mask(*left, candidate, background, both_strands=both_strands)
        if masked is None:
            break
        left = masked
    return found


def _next(
    targets: Scored,
    controls: Scored,
    background: np.ndarray,
    width: int,
    *,
    both_strands: bool,
    rng: np.random.Generator,
) -> Candidate | None:
    seeds = enriched_words(targets.sequences, controls.sequences, _N_SEEDS, both_strands=both_strands)
    sample = [Scored.of(_sample(part.sequences, _TRIAL_BASES, rng)) for part in (targets, controls)]
    tried = [_try(seed, *sample, background, width, both_strands=both_strands) for seed in seeds]
    tried = [candidate for candidate in tried if candidate is not None]
    if not tried:
        return None
    best = max(tried, key=lambda candidate: candidate.z)
    start = Refined(best.probabilities, best.prior)
    return _grow(best.seed, start, targets, controls, background, n_steps=15, both_strands=both_strands)


def _sample(sequences: Sequences, n_bases: int, rng: np.random.Generator) -> Sequences:
    """Sequences drawn at random until they have about so many bases."""
    if len(sequences.codes) <= n_bases:
        return sequences
    order = rng.permutation(len(sequences))
    n = int(np.searchsorted(np.cumsum(sequences.lengths[order]), n_bases)) + 1
    return sequences.select(np.sort(order[:n]))


def _try(
    seed: Seed, targets: Scored, controls: Scored, background: np.ndarray, width: int, *, both_strands: bool
) -> Candidate | None:
    start = Refined(from_seed(seed.codes, width, background), 0.4)
    return _grow(str(seed), start, targets, controls, background, n_steps=8, both_strands=both_strands)


def _grow(
    seed: str,
    start: Refined,
    targets: Scored,
    controls: Scored,
    background: np.ndarray,
    *,
    n_steps: int,
    both_strands: bool,
) -> Candidate | None:
    refined = refine(targets, controls, start, background, n_steps=n_steps, both_strands=both_strands)
    if refined.is_flat(background):
        return None
    z = _threshold(targets, controls, refined.probabilities, background, both_strands=both_strands).z
    return Candidate(refined.probabilities, refined.prior, z, seed) if z > 0 else None


def _threshold(
    targets: Scored,
    controls: Scored,
    probability: np.ndarray,
    background: np.ndarray,
    *,
    both_strands: bool,
    max_fpr: float = 1.0,
) -> Threshold:
    log_odds = matrix.log_odds(probability, background)
    scores = [part.best(log_odds, both_strands=both_strands).score for part in (targets, controls)]
    return best_threshold(*scores, max_fpr=max_fpr)


def _mask(
    targets: Scored, controls: Scored, candidate: Candidate, background: np.ndarray, *, both_strands: bool
) -> tuple[Scored, Scored] | None:
    """What is left; ``None`` where no threshold sets the motif apart, so that it would come back."""
    threshold = _threshold(
        targets,
        controls,
        candidate.probabilities,
        background,
        both_strands=both_strands,
        max_fpr=_MASK_FPR,
    )
    if not np.isfinite(threshold.score):
        return None
    core = matrix.trim(matrix.information(candidate.probabilities, background), 5 * COLUMN_BITS, 6)
    log_odds = matrix.log_odds(candidate.probabilities, background)
    return tuple(
        part.masked(log_odds, threshold.score, core, both_strands=both_strands)
        for part in (targets, controls)
    )
