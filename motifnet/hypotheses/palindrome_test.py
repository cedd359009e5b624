"""Is a motif its own reverse complement? The tie between the two halves of a matrix, asked of the data.

Which way round a site lies is not known, so that a motif and its reverse complement look the same in the
data, whatever the motif is. See :mod:`motifnet.hypotheses.halves` for what can be told nevertheless.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from motifnet.datasets.shuffle import shuffle
from motifnet.discovery.scored import ROUNDING, Scored
from motifnet.errors import TooFewSequences
from motifnet.hypotheses.blocks import FEWEST as FEWEST_HELD_OUT
from motifnet.hypotheses.blocks import alike, blocks, check_alpha
from motifnet.hypotheses.halves import HalfPairs, HalfSites, Mixture, PairedAnew, Untied, opposed, tilt
from motifnet.hypotheses.judging import Answer, Asking, bounded_gain, judge, of_each
from motifnet.hypotheses.registry import HYPOTHESES, Hypothesis
from motifnet.hypotheses.subjects import of_motif
from motifnet.motifs import Motif, consensus, matrix
from motifnet.progress import Progress, Silent
from motifnet.stats.held_out import paired_gain
from motifnet.stats.sequential import SequentialTest, sequential_p
from motifnet.strand import Strand
from motifnet.symbols import DNA, UNKNOWN, Sequences
from motifnet.symbols.background import Background
from motifnet.symbols.given import Given, as_sequences
from motifnet.ties import TIES
from motifnet.ties.tested import (
    Effect,
    Gain,
    Intervals,
    NullDistribution,
    TieTest,
    TieVerdict,
    Trends,
    told_needed,
)
from motifnet.wording import counted, power, told_p

_TIE = "the motif is its own reverse complement"
FEWEST = 20
"""Sites that a test needs: of fewer, no asymmetry but the grossest would show. A convention."""

# A column with less information than this is no part of the motif: logos hardly show it.
_LEAST_BITS = 0.25
_FEWEST_COLUMNS = 4  # of which the middle two are left out
_PSEUDOCOUNT = 0.1  # sites of background that the given matrix gets, as in scanning
# Shuffled sequences that tell a threshold, at least; and the share of sites that they may make up. Random
# words that pass for sites have independent halves as well, but of another law.
_N_SHUFFLED, _MOST_RANDOM = 2_000, 0.1
_TELLING = 0.5  # share of shuffled sequences up to which a score tells how many sequences have a site
_LEAST_SHARE = 0.001  # of background in a column: a base that no site of the matrix had is not impossible
_DEGREES = np.linspace(0, 1, 21)  # to which the tie is let go of, in the picture
_NEARLY_ALL = 0.9  # share of the sites, which then speak for all of them
_DECIMALS = 4  # of scores, in bits: two ways of adding up a sum in 32 bits differ in later ones
_MOST_SITES = 4_000  # of more, some are drawn: they would show asymmetries that no matrix needs
_DRAWS = 999  # at most, half a millisecond each
_AS_LARGE = 20  # draws as large as what was seen, at which drawing stops: p is then known to a quarter
_N_RESAMPLED = 100  # bootstrap samples of the distance, which come in an interval of 95%
_N_UNDER_TIE = 20  # fits of drawn pairs, whose mean distance is what the estimate comes to under the tie
_N_PAIRED = 20_000  # pairs under the tie, whose mean is then known to 1%

HYPOTHESES.register("palindrome")(
    Hypothesis(
        question="Is this motif its own reverse complement?",
        null="The two halves of a site are independent draws from one law, each read from its outer end.",
        method="Sites are found by the matrix on whichever strand; then it is forgotten which strand that "
        "was. The test asks whether the halves of a site are opposed: whether one has what the other "
        "has not. Halves of sites are paired anew, and chosen by their score as sites were, to see how much "
        "so they would be by chance; drawing stops early where the answer is clear.",
        when_rejected="The two halves of the motif differ: a palindromic filter would be wrong. What differs "
        "may be a whole half-site, or a base of a flank: the effect and the columns tell.",
        when_not="That nothing was found does not mean that nothing is there: the interval of the gain says "
        "how much there can be. A small asymmetry takes many sites to be seen, since orientations are not "
        "known, and one of the middle two bases alone is not looked for: neighbours depend on each other.",
    )
)


def palindrome(
    motifs: Sequence[Motif],
    targets: Given,
    *,
    subject: str = "",
    held_out: np.ndarray | None = None,
    seed: int = 0,
    alpha: float = 0.05,
    margin: float = 0.005,
    progress: Progress | None = None,
) -> list[TieTest]:
    """Test of each motif whether it is its own reverse complement.

    Parameters
    ----------
    motifs : sequence of Motif
    targets : sequences
        Where their sites are; see :func:`motifnet.symbols.given.as_sequences`.
    subject : str
        What the sequences are called, if there are several sets.
    held_out : numpy.ndarray of bool, shape=(n_targets,), optional
        Which of the targets to test on, if the motifs were learnt from the others.
    seed : int
    alpha : float
        Largest p-value at which the tie is rejected; of several motifs, largest q-value.
    margin : float
        Nats a site that untying may gain for the tie to be justified.
    progress : Progress, optional
        Told of each motif.

    Returns
    -------
    list of TieTest
        One a motif, in their order. A motif of too few sites is not tested, which its sentence says.

    Raises
    ------
    TooFewSequences
        If there are fewer than twenty sequences, or groups of look-alikes.
    InvalidValue
        If ``alpha`` is below 0.001, which no p-value of draws would reach.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> words = [motif_from_word(word) for word in ("TGACGTCA", "TGACCCAG")]
    >>> planted = [Planted(motif, 0.9) for motif in words]
    >>> made = simulate(planted, Background.from_gc(0.5), n_targets=200, n_controls=0, length=60)
    >>> [(found.subject, f"{found.verdict}") for found in palindrome(words, made.targets)]
    [('TGACGTCA', 'justified'), ('TGACCCAG', 'rejected')]
    """
    how = Asking(subject, held_out, seed, alpha, margin, progress or Silent())
    return judge(asked(motifs, as_sequences(targets), how), alpha)


def asked(motifs: Sequence[Motif], targets: Sequences, how: Asking) -> list[Answer]:
    """The same of motifs in one set of sequences among others: see :func:`palindrome`."""
    check_alpha(how.alpha)
    places = _Places.of(targets, how.held_out, how.seed)
    return of_each(motifs, how, lambda motif: _answer(_asked(motif, places, how.seed, how.margin), how))


class _Places(NamedTuple):
    """Where sites are looked for, and what passes for one by chance."""

    sequences: Sequences
    scored: Scored
    turned: Scored
    """The reverse complements, of which the first of equal windows is the last one."""
    shuffled: Scored
    background: np.ndarray

    @classmethod
    def of(cls, targets: Sequences, held_out: np.ndarray | None, seed: int) -> _Places:
        if held_out is not None:
            targets = targets.select(np.flatnonzero(held_out))
        _, first = np.unique(alike(targets), return_index=True)
        if len(first) < FEWEST:
            raise TooFewSequences("targets unlike each other", len(first), FEWEST)
        both = [(targets[i], DNA.reverse_complement(targets[i])) for i in np.sort(first).tolist()]
        # The strand that comes first in the alphabet: so shuffles do not depend on the one that was given.
        some, turned = (
            Sequences.from_codes([choose(one, key=bytes) for one in both]) for choose in (min, max)
        )
        copies = -(-_N_SHUFFLED // len(some))
        background = Background.fit(some, 0, strand_symmetric=True).probabilities
        shuffled = shuffle(some, 2, seed, copies)
        return cls(some, Scored.of(some), Scored.of(turned), Scored.of(shuffled), background)


class _Frame(NamedTuple):
    """A matrix laid such that its axis of symmetry is the middle."""

    probabilities: np.ndarray
    """``shape=(4, width)``; columns beyond the matrix are background."""
    similarity: float
    """Correlation of the matrix, less the background, with its reverse complement; 1 for a palindrome."""


def centred(probabilities: np.ndarray, background: np.ndarray) -> _Frame:
    """The informative part of a matrix about the axis at which it is most like its reverse complement.

    Parameters
    ----------
    probabilities : numpy.ndarray, shape=(4, width)
    background : numpy.ndarray, shape=(4,)
        Of both strands.

    Returns
    -------
    probabilities : numpy.ndarray, shape=(4, new_width)
    similarity : float

    Examples
    --------
    >>> word = np.eye(4)[:, [3, 0, 1, 2, 3]]  # T and ACGT, of which the axis is between C and G
    >>> found = centred(word, np.full(4, 0.25))
    >>> consensus(found.probabilities), round(found.similarity, 2)
    ('TACGTN', 0.8)
    """
    informative = np.flatnonzero(matrix.information(probabilities, background) >= _LEAST_BITS)
    first, last = (informative[0], informative[-1]) if len(informative) else (0, probabilities.shape[1] - 1)
    core = probabilities[:, first : last + 1]
    width = core.shape[1]
    deviation = core - background[:, None]
    # Entry (i, j): how alike column i and the complement of column j are; an axis is all with the same i + j.
    likeness = deviation.T @ deviation[::-1]
    sums = np.bincount(np.add.outer(np.arange(width), np.arange(width)).ravel(), likeness.ravel())
    distance = np.abs(np.arange(len(sums)) - (width - 1))  # of the axis from the middle, in half columns
    best = int(np.lexsort((distance, -sums.round(9)))[0])
    total = float((deviation**2).sum())
    half_extent = max(best, 2 * (width - 1) - best)  # twice the distance of the farther end from the axis
    start = (best - half_extent) // 2
    framed = np.repeat(background[:, None], half_extent + 1, axis=1)
    framed[:, -start : -start + width] = core
    return _Frame(framed, float(sums[best]) / total if total > 0 else 0.0)


class _HalfScores(NamedTuple):
    """What either half of a site scores, wherever it stands, so that picking sites favours no orientation.

    A half scores what it is worth as the left or as the right half of the matrix, whichever is more. The
    best of a site is then the best of four matrices: the matrix, its reverse complement, and the palindromes
    of its left and of its right half.
    """

    left: np.ndarray
    right: np.ndarray
    """Bits, ``shape=(4, half_width)``, from the outer end."""
    middle: np.ndarray
    """``shape=(4,)``; zeros where the width is even."""
    width: int

    @classmethod
    def of(cls, probabilities: np.ndarray, background: np.ndarray) -> _HalfScores:
        soft = (probabilities + _LEAST_SHARE * background[:, None]) / (1 + _LEAST_SHARE)
        log_odds = np.log2(soft / background[:, None])
        half, odd = divmod(log_odds.shape[1], 2)
        middle = (soft[:, half] + soft[::-1, half]) / 2
        return cls(
            log_odds[:, :half],
            log_odds[::-1, ::-1][:, :half],
            np.log2(middle / background) if odd else np.zeros(4),
            log_odds.shape[1],
        )

    def matrices(self) -> list[np.ndarray]:
        """Those whose best site on either strand is the best site; two of them if all are alike."""
        middle = [self.middle[:, None]] if self.width % 2 else []
        pairs = [(self.left, self.right), (self.left, self.left), (self.right, self.right)]
        if np.array_equal(self.left, self.right):
            pairs = pairs[:1]
        return [np.concatenate([one, *middle, other[::-1, ::-1]], axis=1) for one, other in pairs]

    def of_halves(self, halves: np.ndarray) -> np.ndarray:
        """Score of each half, ``shape=(n,)``."""
        column = np.arange(halves.shape[1])
        return np.maximum(self.left[halves, column].sum(1), self.right[halves, column].sum(1))


class _Found(NamedTuple):
    """Sites of a motif."""

    sites: HalfSites
    scores: _HalfScores
    threshold: float
    random: float
    """Share of them that shuffled sequences have as well."""
    kept: float
    """Share of the sites in the sequences that score so much."""


def _sites(frame: _Frame, places: _Places, seed: int) -> _Found:
    """The best window of each sequence, if it scores what random ones hardly do.

    Of windows that score the same, the one nearer to the centre of its sequence is taken, and of two as near
    the one whose bases come first, so that nothing depends on the strand that was given.
    """
    scores = _HalfScores.of(frame.probabilities, places.background)
    score, words = _best_words(places, scores)
    random = np.sort(_best(places.shuffled, scores)[0])
    own = np.sort(score)
    # At each score of a site: the share of sequences, and of shuffled ones, with as much.
    share = 1 - np.arange(len(own)) / len(own)
    share_random = 1 - np.searchsorted(random, own - ROUNDING) / len(random)
    clear = np.flatnonzero((share_random <= _MOST_RANDOM * share) & (own > 0))
    if not len(clear):
        return _Found(HalfSites.of(words[:0]), scores, math.inf, 1.0, 1.0)
    first = int(clear[0])
    # Sequences of which the site is none of chance: of the others, as many have one as of shuffled ones.
    real = (share - share_random) / np.maximum(1 - share_random, 1 / len(random))
    of_all = float(real[share_random <= _TELLING].max())
    threshold = float(own[first]) - ROUNDING
    chosen = np.flatnonzero(score >= threshold)
    if len(chosen) > _MOST_SITES:
        chosen = np.sort(np.random.default_rng(seed).choice(chosen, _MOST_SITES, replace=False))
    return _Found(
        HalfSites.of(words[chosen]),
        scores,
        threshold,
        float(share_random[first] / share[first]),
        min(float(real[first]) / of_all, 1.0),
    )


def _best(scored: Scored, scores: _HalfScores) -> tuple[np.ndarray, np.ndarray]:
    """Score and position of the best window of each sequence, ``shape=(n,)`` each."""
    found = [scored.best_known(one, strand=Strand.BOTH) for one in scores.matrices()]
    score = np.array([np.asarray(one.score, np.float64).round(_DECIMALS) for one in found])
    which = score.argmax(0)
    row = np.arange(score.shape[1])
    return score[which, row], np.array([one.position for one in found])[which, row]


def _best_words(places: _Places, scores: _HalfScores) -> tuple[np.ndarray, np.ndarray]:
    """Score and bases of the best window of each sequence; minus infinity where there is none."""
    width, lengths = scores.width, places.sequences.lengths
    fits = np.flatnonzero(lengths >= width)
    words = np.zeros((2, len(lengths), width), np.uint8)
    off_centre = np.full((2, len(lengths)), np.inf)
    score = np.full((2, len(lengths)), -np.inf)
    for i, scored in enumerate((places.scored, places.turned)):
        best, position = _best(scored, scores)
        at = scored.sequences.offsets[:-1][fits] + position[fits]
        found = scored.sequences.codes[at[:, None] + np.arange(width)]
        known = (found < UNKNOWN).all(1)
        words[i, fits] = np.where(known[:, None], found, 0)
        score[i, fits] = np.where(known, best[fits], -np.inf)
        off_centre[i, fits] = np.abs(2 * position[fits] + width - lengths[fits])
    ordered = _first_of_two_strands(words).transpose(2, 0, 1)[::-1]
    chosen = np.lexsort([*ordered, off_centre, -score], axis=0)[0]
    return score.max(0), words[chosen, np.arange(len(lengths))]


def _first_of_two_strands(words: np.ndarray) -> np.ndarray:
    turned = 3 - words[..., ::-1]
    first = (words != turned).argmax(-1)[..., None]
    later = np.take_along_axis(words, first, -1) > np.take_along_axis(turned, first, -1)
    return np.where(later, turned, words)


class _Finding(NamedTuple):
    """What is known of a motif before all motifs are judged together."""

    motif: Motif
    reason: str = ""
    """Why it was not tested."""
    n: int = 0
    found: _Found | None = None
    similarity: float = math.nan
    test: SequentialTest | None = None
    statistic: float = math.nan
    untied: Untied | None = None
    effect: Effect | None = None
    held_out: _HeldOut | None = None
    columns: Intervals | None = None

    @property
    def gain(self) -> Gain | None:
        """What untying gains on held-out sites; None where there are too few."""
        return None if self.held_out is None else self.held_out.gain


def _asked(motif: Motif, places: _Places, seed: int, margin: float) -> _Finding:
    background = places.background
    if motif.single_stranded:
        return _Finding(motif, reason="It is of one strand, which has no reverse complement.")
    frame = centred(matrix.probabilities(motif.counts, background, _PSEUDOCOUNT), background)
    width = frame.probabilities.shape[1]
    if width < _FEWEST_COLUMNS:
        return _Finding(
            motif, f"It has {counted(width, 'informative column')}; {_FEWEST_COLUMNS} are needed."
        )
    found = _sites(frame, places, seed)
    sites, n = found.sites, len(found.sites)
    if n < FEWEST:
        return _Finding(motif, _too_few(n, width, places.sequences), n)
    mixture = Mixture(sites, frame.probabilities)
    as_found = HalfPairs.as_found(sites)
    statistic, direction = opposed(mixture.apart, as_found)
    paired = _paired_anew(found, np.random.default_rng([seed, 0]))

    def drawn(i: int) -> float:
        return opposed(mixture.apart, paired.draw(np.random.default_rng([seed, 1, i])))[0]

    test = sequential_p(drawn, statistic, n_exceed=_AS_LARGE, most=_DRAWS)
    if found.kept < _NEARLY_ALL and not test.null.any():
        reason = f"The threshold leaves {n:,} sites whose halves are all alike, whatever the others are."
        return _Finding(motif, reason, n)
    untied = mixture.fit(as_found)
    rng = np.random.default_rng([seed, 2])
    resampled = [
        mixture.fit(as_found.select(rng.integers(0, n, n)), untied.matrix) for _ in range(_N_RESAMPLED)
    ]
    under_tie = np.mean(
        [mixture.fit(paired.draw(np.random.default_rng([seed, 1, i]))).distance for i in range(_N_UNDER_TIE)]
    )
    distances = np.array([one.distance for one in resampled])
    effect = Effect(
        "difference between the halves, a column",
        untied.distance,
        float(np.quantile(distances, 0.025)),
        float(np.quantile(distances, 0.975)),
        float(under_tie),
    )
    possible = _possible(statistic, test.null, float((mixture.apart @ direction).var()))
    held_out = _held_out(found, frame, possible, seed, margin)
    columns = _columns(untied, resampled)
    return _Finding(motif, "", n, found, frame.similarity, test, statistic, untied, effect, held_out, columns)


def _too_few(n: int, width: int, sequences: Sequences) -> str:
    longest = int(sequences.lengths.max(initial=0))
    if longest < width:
        return f"About its axis it has {width} columns, and the longest sequence has {longest} bases."
    return (
        f"{counted(n, 'site')} can be told from those of shuffled sequences, of which {_MOST_RANDOM:.0%} may "
        f"be by chance; {FEWEST} are needed."
    )


def _columns(untied: Untied, resampled: Sequence[Untied]) -> Intervals:
    """Where the halves differ, from the outer end to the middle."""
    own = untied.distances
    others = np.array([one.distances for one in resampled])
    low, high = np.quantile(others, [0.025, 0.975], axis=0)
    letters = consensus(untied.matrix)
    width = len(letters)
    names = [f"{i + 1} {letters[i]}, {width - i} {letters[width - 1 - i]}" for i in range(len(own))]
    return Intervals(
        names,
        np.column_stack([own, low, high]),
        0.0,
        "difference from the mirrored column (total variation)",
        "Which columns differ from their mirror image",
    )


class _HeldOut(NamedTuple):
    """What untying gains on sites that shaped no fit."""

    gain: Gain
    log_e: float
    """Logarithm of the e-value of the last block."""
    softened: Trends | None
    """The same if the tie is let go of by degrees; None where nothing was learnt that could be let go of."""


def _possible(statistic: float, null: np.ndarray, variance: float) -> float:
    """Nats a site that halves may tell of each other for all that the test has seen.

    The upper end of how far they are opposed, over how far they vary in that direction, is a correlation; of
    two numbers with a law of Gauss it is that much information.
    """
    middle, end = np.quantile(null, [0.5, 0.975])
    opposed_by = max(statistic - middle, 0.0) + end - middle
    return -0.5 * math.log1p(-min((opposed_by / max(variance, 1e-12)) ** 2, 0.99))


def _held_out(found: _Found, frame: _Frame, possible: float, seed: int, margin: float) -> _HeldOut | None:
    """The same.

    Of few sites nothing is learnt that could gain, so that the interval ends no lower than what is possible.
    """
    n = len(found.sites)
    if n < FEWEST_HELD_OUT:
        return None
    gained, shares = [], []
    for i, block in enumerate(blocks(np.arange(n), seed=seed)):
        fitted, judged = (
            _Paired.of(found, chosen, frame, [seed, 3, i]) for chosen in (block.fit, block.judge)
        )
        untied = fitted.mixture.fit(fitted.found)
        share, _ = tilt(fitted.mixture.kinds(untied), fitted.found, fitted.anew)
        kinds = judged.mixture.kinds(untied)
        own, anew = (kinds[pairs.left] * kinds[pairs.right] for pairs in (judged.found, judged.anew))
        by_degrees = share * _DEGREES[:, None]
        gained.append(np.log1p(-by_degrees * own) - np.log1p(-by_degrees * float(anew.mean())))
        shares.append(share)
    by_degree = [paired_gain(one, np.zeros(len(one))) for one in np.concatenate(gained, axis=1)]
    softened = Trends(
        _DEGREES,
        {"held-out sites": np.array([(one.mean, one.low, one.high) for one in by_degree])},
        "how far it is untied (0: not at all; 1: as learnt)",
        "gain (nats a site)",
        "What is gained if the tie is let go of by degrees",
    )
    gain = bounded_gain(by_degree[-1], possible, margin, per="site")
    return _HeldOut(gain, float(gained[-1][-1].sum()), softened if any(shares) else None)


class _Paired(NamedTuple):
    """Some sites, and many pairs that could be theirs if the tie holds."""

    mixture: Mixture
    found: HalfPairs
    anew: HalfPairs

    @classmethod
    def of(cls, found: _Found, chosen: np.ndarray, frame: _Frame, seed: list[int]) -> _Paired:
        some = found._replace(sites=found.sites.select(chosen))
        rng = np.random.default_rng(seed)
        paired = _paired_anew(some, rng)
        draws = [paired.draw(rng) for _ in range(-(-_N_PAIRED // len(chosen)))]
        left, right = (np.concatenate([one[side] for one in draws]) for side in (0, 1))
        mixture = Mixture(some.sites, frame.probabilities)
        return cls(mixture, HalfPairs.as_found(some.sites), HalfPairs(left, right, None))


def _paired_anew(found: _Found, rng: np.random.Generator) -> PairedAnew:
    sites, scores = found.sites, found.scores
    halves = scores.of_halves(np.concatenate([sites.left, sites.right]))
    return PairedAnew(halves, sites.middle, scores.middle, found.threshold, found.kept, rng)


def _answer(one: _Finding, how: Asking) -> Answer:
    called = of_motif(one.motif, how.subject)
    if one.test is None:
        return Answer.none("palindrome", called, _TIE, one.reason, n=one.n)

    return Answer.of(lambda verdict: _result(one, called, verdict, how.margin), one.gain, how.margin)


def _result(one: _Finding, called: str, verdict: TieVerdict, margin: float) -> TieTest:
    test, untied = one.test, one.untied
    assert test is not None
    assert untied is not None
    width = untied.matrix.shape[1]
    null = NullDistribution(test.null, one.statistic, "how far the halves of a site are opposed")
    softened = None if one.held_out is None else one.held_out.softened
    return TieTest(
        "palindrome",
        called,
        _TIE,
        fitted=f"tied: a palindrome of {width} columns, {consensus(untied.tied)}; "
        f"untied: {consensus(untied.matrix)}, which may lie either way round at each of {one.n:,} sites.",
        method=f"opposed halves of sites, against {test.n_draws:,} draws of halves paired anew",
        n=one.n,
        p=test.p,
        statistic=one.statistic,
        df=None,
        effect=one.effect,
        gain=one.gain,
        verdict=verdict,
        sentence=_sentence(one, verdict, margin),
        tie=TIES["palindrome"](width),
        notes=tuple(_notes(one)),
        pictures=tuple(picture for picture in (null, one.columns, softened) if picture is not None),
    )


def _notes(one: _Finding) -> list[str]:
    found = one.found
    assert found is not None
    notes = [
        f"Sites score {found.threshold:.1f} bits or more; about {found.random:.1%} of them are expected by "
        "chance, as in shuffled sequences.",
        f"About its axis the matrix as given is like its reverse complement by a correlation of "
        f"{one.similarity:.2f}.",
    ]
    if one.held_out is not None:
        log_e = one.held_out.log_e
        chance = power(min(-log_e / math.log(10), 0.0))
        notes.append(
            f"A split likelihood ratio, of sites that did not shape it, gives p = {chance} "
            f"(log e-value {log_e:.1f})."
        )
    return notes


def _sentence(one: _Finding, verdict: TieVerdict, margin: float) -> str:
    test, effect, gain = one.test, one.effect, one.gain
    assert test is not None
    assert effect is not None
    chance = told_p(test.p)
    under_tie = f"{effect.under_tie:.0%} if the tie holds"
    differ = f"a column and its mirror image differ by {effect.value:.0%} (by {under_tie})"
    if verdict is TieVerdict.REJECTED:
        return f"No palindrome (p = {chance}): in {one.n:,} sites {differ}."
    if verdict is TieVerdict.JUSTIFIED and gain is not None:
        return (
            f"It may be read as a palindrome: telling its halves apart gains less than {margin:g} nats a "
            f"site ({gain.low:.4f} to {gain.high:.4f}; p = {chance})."
        )
    needed = "" if gain is None else told_needed(gain, margin)
    return f"Undecided (p = {chance}): in {one.n:,} sites {differ}{needed}."
