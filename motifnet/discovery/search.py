"""Search: motif after motif, each on what the ones before left unexplained.

In a round, all seeds are refined side by side, which costs hardly more than one of them would. Seeds are
enriched words and, where targets are few, stretches of targets around such words: see :mod:`.seeds`.
The best of the motifs that they grew into is taken and its sites are masked; the next best is
taken if masking left it what it had, and so on. What was only a shadow of a better motif has
lost its sites, and waits for the seeds of the next round. Rounds go on until one has nothing that
separates targets from controls better than EM makes something of sequences that hold nothing.

Where filters are under ties, every seed grows under each of them that has filters left, and free where
filters are free. A motif is taken under its tie if that leaves it nearly all of its separation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from motifnet.discovery.refine import COLUMN_BITS, STRETCH_PROBABILITY, Refined, from_seed, placed, refine
from motifnet.discovery.scored import LEAST_SCORE, ScoredContrast
from motifnet.discovery.seeds import Seed, enriched_words, stretches_around
from motifnet.kernels import sites
from motifnet.motifs import compare, matrix
from motifnet.stats.scores import Threshold, best_threshold
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences
from motifnet.ties import Tie
from motifnet.ties.of_filters import ALL_FREE, FilterTies

_N_SEEDS = 32  # words of a round; they fill the vectors of two blocks. Twice as many found no more partners
# Where targets have fewer bases than this, a motif has so few sites that none of its words need be enriched
# beyond others, and seeds are sought among whole stretches, too. In larger sets they found no more.
_FEW_BASES = 60_000
_PLACED_WORDS = 100  # words around which stretches are taken. A convention
_STRETCH_PRIOR = 0.1  # share of targets with a site at the start: of 0.05 to 0.2 as good. A convention
_N_PLACED = 16  # stretches of a round: they fill the vectors of a block
_N_GROWN = 16  # motifs of a round that are refined on all sequences: they fill the vectors of a block
# Least separation of a motif. EM grows matrices that separate as well as this out of shuffles, too: the best
# of half of the searches in 100 to 3,000 shuffles against shuffles of the same sequences reached 5.
_CHANCE_Z = 4.5
# Steps of EM in a trial, those of motifs that are refined, and how often these are centred again.
# Conventions: most stand still before.
_TRIAL_STEPS, _STEPS, _MOVES = 8, 5, 3
# What is masked of a site: the columns of this information and between them, and so many at least.
_CORE_BITS, _LEAST_CORE = 5 * COLUMN_BITS, 6
_TRIAL_BASES = 300_000  # bases of a kind on which they are tried: 1,500 of 200. Trades time for certainty
_LARGEST_BASES = 2_000_000  # bases of targets that take part; more would refine the last digit only
_ENOUGH_BASES = 400_000  # bases of controls that take part, where targets have fewer
# Similarity from which two motifs of a round are one. A convention: higher takes
# variants of one motif for several, lower loses motifs that are alike (merging, later, asks for 0.8).
_ALIKE = 0.6
# Share of its separation that masking better motifs must leave to a motif: a shadow of another loses most of
# it, a motif of its own what chance overlaps take. A convention.
_KEPT = 0.8
# Share of its separation that a tie must leave to a motif, for it to be taken before the free one: a tie that
# holds costs next to nothing, one that does not costs a half of the motif. A convention.
_TIED_KEEPS = 0.9


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
    group : int
        Which group of filters it is for: a place in :attr:`motifnet.ties.of_filters.FilterTies.groups`.
    is_tied : bool
        Whether these filters are under a tie.
    """

    probabilities: np.ndarray
    prior: float
    z: float
    seed: str
    group: int = 0
    is_tied: bool = False

    @property
    def merit(self) -> float:
        """What candidates are ranked by: their separation, with what a tie may cost made good."""
        return self.merit_of(self.z)

    def merit_of(self, z: float) -> float:
        """The same, were that its separation."""
        return z / _TIED_KEEPS if self.is_tied else z


def search(
    targets: Sequences,
    controls: Sequences,
    background: np.ndarray,
    *,
    n_motifs: int,
    width: int,
    site_fpr: float,
    strand: Strand,
    rng: np.random.Generator,
    ties: FilterTies = ALL_FREE,
) -> list[Candidate]:
    """Find motifs greedily: seed, refine, mask, repeat.

    Parameters
    ----------
    targets, controls : Sequences
        Sequences that may shape motifs.
    background : numpy.ndarray, shape=(4,)
        Base probabilities.
    n_motifs : int
        Motifs at most; fewer when no seed grows into one that separates better than chance would.
    width : int
        Window in bases; short motifs leave it partly empty.
    site_fpr : float
        Largest share of controls that may have a site of a motif.
    strand : Strand
        Whether sites lie on either strand, or the given one alone.
    rng : numpy.random.Generator
        Draws the sample on which seeds are compared.
    ties : FilterTies
        Of the filters that candidates are for; those of a group are not more than its filters.

    Returns
    -------
    list of Candidate
        In the order found.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> from motifnet.symbols.background import Background
    >>> planted, background = Planted(motif_from_word("CCGGAAGTGA")), Background.from_gc(0.5)
    >>> made = simulate([planted], background, n_targets=100, n_controls=100, length=50)
    >>> found = search(
    ...     made.targets, made.controls, np.full(4, 0.25),
    ...     n_motifs=1, width=12, site_fpr=0.05, strand=Strand.BOTH, rng=np.random.default_rng(0),
    ... )
    >>> found[0].seed, found[0].probabilities.shape
    ('ACTTCC', (4, 12))
    """
    targets = _sample(targets, _LARGEST_BASES, rng)
    controls = _sample(controls, max(len(targets.codes), _ENOUGH_BASES), rng)
    # Flanks of unknown bases let a wide window reach sites at the ends of a sequence.
    left = ScoredContrast.of(*(part.flanked(width // 2) for part in (targets, controls)))
    how = _How(background, width, site_fpr, strand)
    found: list[Candidate] = []
    while len(found) < n_motifs and _open(ties, found):
        new, left = _round(left, found, n_motifs, how, rng=rng, ties=ties)
        if not new:
            break
        found += new
    return found


class _How(NamedTuple):
    """What stays the same in all of a search; as for :func:`search`."""

    background: np.ndarray
    width: int
    site_fpr: float
    strand: Strand

    def separations(
        self, contrast: ScoredContrast, candidates: list[Candidate], *, left_out: bool = True
    ) -> list[Threshold]:
        """The score from which a window is a site of each candidate, and how well that separates.

        A matrix of few sites fits these better than any others, so that each is scored as if it had been left
        out when the candidate was estimated, unless that was not done from these sequences.
        """
        probabilities = np.stack([one.probabilities for one in candidates])
        log_odds = np.stack([matrix.log_odds(one, self.background) for one in probabilities])
        found = contrast.both.best_windows_as_if_known(log_odds, self.background, strand=self.strand)
        scores = found.score
        if left_out:
            scores = scores + sites.change_if_left_out(
                contrast.both.sequences.codes,
                contrast.both.sequences.offsets,
                found.position,
                found.reverse,
                probabilities,
                self.background,
                np.array([one.prior for one in candidates]) * contrast.n_targets,
                contrast.weights,
            )
        return [
            best_threshold(*contrast.split(score), max_fpr=self.site_fpr, least=LEAST_SCORE)
            for score in scores.T
        ]

    def masked(self, left: ScoredContrast, candidate: Candidate, threshold: float) -> ScoredContrast:
        """What is left without the sites of a candidate."""
        core = matrix.trim(
            matrix.information(candidate.probabilities, self.background), _CORE_BITS, _LEAST_CORE
        )
        log_odds = matrix.log_odds(candidate.probabilities, self.background)
        return left._replace(both=left.both.masked(log_odds, threshold, core, strand=self.strand))

    def refined(
        self,
        contrast: ScoredContrast,
        start: list[Candidate],
        tie: Tie | None,
        *,
        n_steps: int,
        n_moves: int,
    ) -> list[Candidate]:
        """What candidates become, if they separate targets from controls at all, best first."""
        before = Refined(
            np.stack([one.probabilities for one in start]), np.array([one.prior for one in start])
        )
        refined = refine(
            contrast, before, self.background, n_steps=n_steps, n_moves=n_moves, strand=self.strand, tie=tie
        )
        is_flat = refined.is_flat(self.background)
        candidates = [
            one._replace(probabilities=probabilities, prior=float(prior))
            for probabilities, prior, one, flat in zip(*refined, start, is_flat, strict=True)
            if not flat
        ]
        if not candidates:
            return []
        judged = [
            one._replace(z=threshold.z)
            for one, threshold in zip(candidates, self.separations(contrast, candidates), strict=True)
        ]
        return sorted((one for one in judged if one.z > 0), key=lambda one: -one.z)

    def different(self, candidates: list[Candidate], most: int | None = None) -> list[Candidate]:
        """Candidates without those that are alike to a better one; so many at most."""
        kept: list[Candidate] = []
        for one in candidates:
            if len(kept) == most:
                break
            alike = (
                compare.similarity(
                    one.probabilities, other.probabilities, self.background, strand=self.strand
                )
                for other in kept
            )
            if all(similarity < _ALIKE for similarity in alike):
                kept.append(one)
        return kept


def _round(
    left: ScoredContrast,
    before: list[Candidate],
    n_motifs: int,
    how: _How,
    *,
    rng: np.random.Generator,
    ties: FilterTies,
) -> tuple[list[Candidate], ScoredContrast]:
    """Motifs of one round of seeds, and what they leave."""
    grown = _grown(left, _open(ties, before), how, rng=rng)
    taken: list[Candidate] = []
    while grown and len(before) + len(taken) < n_motifs:
        thresholds = how.separations(left, grown)
        z = [threshold.z for threshold in thresholds]
        room = _open(ties, before + taken)
        alive = [
            place
            for place, one in enumerate(grown)
            if one.group in room and z[place] >= max(_CHANCE_Z, _KEPT * one.z)
        ]
        if not alive:
            break
        best = max(alive, key=lambda place: grown[place].merit_of(z[place]))
        taken.append(grown[best])
        left = how.masked(left, grown[best], thresholds[best].score)
        grown = [grown[place] for place in alive if place != best]
    return taken, left


def _open(ties: FilterTies, found: list[Candidate]) -> dict[int, Tie | None]:
    """The groups of filters that have one left, by their places, with their ties."""
    return {
        place: group.tie
        for place, group in enumerate(ties.groups)
        if group.n_filters is None or sum(one.group == place for one in found) < group.n_filters
    }


def _grown(
    left: ScoredContrast, groups: dict[int, Tie | None], how: _How, *, rng: np.random.Generator
) -> list[Candidate]:
    """Motifs that seeds grow into under each of the ties, best first, no two alike."""
    sample = ScoredContrast.of(*(_sample(part, _TRIAL_BASES, rng) for part in left.parts()))
    seeds = _seeds(left, sample, how)
    if not seeds:
        return []
    grown: list[Candidate] = []
    for group, tie in groups.items():
        start = [
            seed._replace(
                probabilities=placed(seed.probabilities, how.background, tie),
                group=group,
                is_tied=tie is not None,
            )
            for seed in seeds
        ]
        tried = how.refined(sample, start, tie, n_steps=_TRIAL_STEPS, n_moves=1)
        best = how.different(tried, _N_GROWN)
        if best:
            grown += how.refined(left, best, tie, n_steps=_STEPS, n_moves=_MOVES)
    return how.different(sorted(grown, key=lambda one: -one.merit))


def _seeds(left: ScoredContrast, sample: ScoredContrast, how: _How) -> list[Candidate]:
    """Where motifs may grow from: enriched words, and stretches of targets if these are few."""
    are_few = left.both.sequences.lengths[: left.n_targets].sum() < _FEW_BASES
    words = enriched_words(left, max(_N_SEEDS, _PLACED_WORDS if are_few else 0), strand=how.strand)
    seeds = [
        Candidate(from_seed(word.codes, how.width, how.background), word.prior, 0.0, str(word))
        for word in words[:_N_SEEDS]
    ]
    return seeds + _stretches(left, sample, words, how) if are_few else seeds


def _stretches(left: ScoredContrast, sample: ScoredContrast, words: list[Seed], how: _How) -> list[Candidate]:
    """Stretches of targets around words, those that separate best by what is similar to them; none alike."""
    stretches = [
        Candidate(
            from_seed(codes, how.width, how.background, STRETCH_PROBABILITY),
            _STRETCH_PRIOR,
            0.0,
            DNA.decode(codes),
        )
        for codes in stretches_around(words, left.parts()[0], strand=how.strand)
    ]
    if not stretches:
        return []
    judged = how.separations(sample, stretches, left_out=False)
    ranked = [one._replace(z=threshold.z) for one, threshold in zip(stretches, judged, strict=True)]
    return how.different(sorted(ranked, key=lambda one: -one.z), _N_PLACED)


def _sample(sequences: Sequences, n_bases: int, rng: np.random.Generator) -> Sequences:
    """Sequences drawn at random until they have about so many bases."""
    if len(sequences.codes) <= n_bases:
        return sequences
    order = rng.permutation(len(sequences))
    n = int(np.searchsorted(np.cumsum(sequences.lengths[order]), n_bases)) + 1
    return sequences.select(np.sort(order[:n]))
