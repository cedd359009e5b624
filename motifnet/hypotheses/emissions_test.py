"""Does a protein read both strands by one matrix? The tie between twin states of a motif HMM.

A motif has a row of states for each strand, and the tie makes the emissions of one row the reverse complement
of those of the other; each strand has a rate of its own. The tied model is fitted. Its scores along what the
tie forbids are, for each sequence, the bases of its sites on the given strand, less what as many sites are
expected to have, over the number of all sites there, less the same of the other strand. That is what is left
of the difference when all that the tied model fits is projected out. If the tie holds these scores sum up to
about 0, and how far from it they may be is told by how they vary among sequences.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from motifnet.config.decode import DecodingOptions
from motifnet.errors import TooFewSequences
from motifnet.hmm.estimate import climb
from motifnet.hmm.motif_hmm import MotifHMM, refine
from motifnet.hypotheses.blocks import FEWEST, alike, blocks
from motifnet.hypotheses.judging import Answer, Asking, bounded_gain, judge, of_each
from motifnet.hypotheses.registry import HYPOTHESES, Hypothesis
from motifnet.hypotheses.subjects import of_motif
from motifnet.motifs import Motif, consensus
from motifnet.motifs.compare import similarity
from motifnet.progress import Progress, Silent
from motifnet.stats.clusters import cluster_sums
from motifnet.stats.held_out import paired_gain
from motifnet.stats.noncentral import possible_information
from motifnet.stats.sandwich import UNITS_PER_CONTRAST, robust_score_test
from motifnet.strand import Strand
from motifnet.symbols import UNKNOWN, Sequences
from motifnet.symbols.background import Background
from motifnet.symbols.given import Given, as_sequences
from motifnet.ties import TIES
from motifnet.ties.tested import (
    Effect,
    Gain,
    Intervals,
    TieTest,
    TieVerdict,
    p_of,
    told_needed,
)
from motifnet.wording import told_p

_TIE = "one matrix reads both strands"
_SAME = 0.8  # similarity from which two motifs are one, as where motifs are merged
FEWEST_SITES = 10
"""Sites on each strand, expected, that a test needs: of fewer, none but gross differences would show."""

_ORDER = DecodingOptions().background_order
# Of a place that counts. What is left out must be little on either strand: below 0.01, places hold so much
# more of the strand with fewer sites that 18% of nulls are rejected at 5%; below 1e-4, 5% (80% on one).
_LEAST_POSTERIOR = 1e-4
# Chance that a site is one, in the mean. Of 27 stretches of real motifs in which it was 6 to 47%, 11 were
# rejected at 5%, some at 1e-28: EM takes for sites what bases have in common, of one strand more often.
_LEAST_SURE = 0.5
_PSEUDOCOUNT = DecodingOptions().pseudocount
_LEAST_GAIN = 1e-3  # nats for each 1,000 bases, below which a round of a fit is the last
_MOST_ROUNDS = 50  # of Baum-Welch; 10 to 30 are usual
_N_FLIPS = 9_999  # of signs, where sequences are too few for the law of many
_N_RESAMPLED, _N_UNDER_TIE = 200, 50  # bootstrap samples of the effect, and flips that tell it under the tie
_LEAST_SIZE = 1e-6  # share of the largest singular value below which a direction is none

HYPOTHESES.register("emissions")(
    Hypothesis(
        question="Does one matrix read both strands?",
        null="The bases of a site on the other strand, read backwards and complemented, are those of a site "
        "on the given strand.",
        method="A hidden Markov model with one matrix for both strands is fitted. Of each sequence, the "
        "expected bases of sites on the given strand are compared with those of sites on the other strand; "
        "a score test asks whether the differences sum up to 0, given how they vary among sequences. "
        "That one strand has more sites than the other does not count against the tie.",
        when_rejected="Sites on the two strands differ: a transcript is bound and not its gene, strands of "
        "the input have a direction and another composition, or sites of two proteins are taken for one.",
        when_not="Where the strand that was given is arbitrary, as in most genomes, there is nothing that "
        "could differ, and the tie is right whatever the protein does.",
    )
)


def emissions(
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
    """Test of each motif whether one matrix reads both strands.

    Parameters
    ----------
    motifs : sequence of Motif
        Where the fits begin.
    targets : sequences
        See :func:`motifnet.symbols.given.as_sequences`.
    subject : str
        What the sequences are called, if there are several sets.
    held_out : numpy.ndarray of bool, shape=(n_targets,), optional
        Which of them judge what untying gains; see :func:`motifnet.hypotheses.blocks.blocks`.
    seed : int
    alpha : float
        Largest p-value at which the tie is rejected; of several motifs, largest q-value.
    margin : float
        Nats a sequence that untying may gain for the tie to be justified.
    progress : Progress, optional
        Told of each motif.

    Returns
    -------
    list of TieTest
        One a motif, in their order. A motif of too few sites is not tested, which its sentence says.

    Raises
    ------
    TooFewSequences
        If there are fewer than forty sequences, or groups of look-alikes.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> planted = Planted(motif_from_word("TGACYCAG"), 0.9)
    >>> made = simulate([planted], Background.from_gc(0.5), n_targets=200, n_controls=0, length=60)
    >>> (found,) = emissions([planted.motif], made.targets)
    >>> found.df <= 3 * 8, found.p > 0.01
    (True, True)
    """
    how = Asking(subject, held_out, seed, alpha, margin, progress or Silent())
    return judge(asked(motifs, as_sequences(targets), how), alpha)


def asked(motifs: Sequence[Motif], targets: Sequences, how: Asking) -> list[Answer]:
    """The same of motifs in one set of sequences among others: see :func:`emissions`."""
    clusters = alike(targets)
    n_unlike = len(np.unique(clusters))
    if n_unlike < FEWEST:
        raise TooFewSequences("targets unlike each other", n_unlike, FEWEST)
    places = _Places(
        targets, clusters, Background.fit(targets, _ORDER, strand_symmetric=True), how.held_out, how.seed
    )
    return of_each(motifs, how, lambda motif: _answer(_asked(motif, places, how.margin), how))


class _Places(NamedTuple):
    """Where sites are."""

    sequences: Sequences
    clusters: np.ndarray
    background: Background
    held_out: np.ndarray | None
    seed: int


class _Counts(NamedTuple):
    """Expected bases of sites on each strand, of each cluster of sequences, read as the motif is."""

    bases: np.ndarray
    """``shape=(n_clusters, 2, width, 4)``."""
    sites: np.ndarray
    """Expected number of sites, ``shape=(n_clusters, 2)``."""
    sure: float
    """Chance that a site is one, in the mean of all that are expected."""

    @classmethod
    def of(cls, model: MotifHMM, sequences: Sequences, clusters: np.ndarray) -> _Counts:
        hits = model.site_posteriors(sequences, _LEAST_POSTERIOR)
        width = int(model.widths[0])
        at = sequences.offsets[hits.sequence] + hits.start
        posterior, on_other = hits.posterior[:, 0], hits.motif == 1
        bases = np.zeros((len(sequences), 2, width, UNKNOWN + 1))
        for column in range(width):
            code = sequences.codes[at + np.where(on_other, width - 1 - column, column)]
            turned = np.where(on_other & (code < UNKNOWN), UNKNOWN - 1 - code, code)
            np.add.at(bases[:, :, column], (hits.sequence, hits.motif, turned), posterior)
        bases = bases[..., :UNKNOWN]
        sites = np.zeros((len(sequences), 2))
        np.add.at(sites, (hits.sequence, hits.motif), posterior)
        sure = float(posterior @ posterior / max(posterior.sum(), 1e-12))
        return cls(cluster_sums(bases, clusters), cluster_sums(sites, clusters), sure)

    def matrices(self, weights: np.ndarray) -> np.ndarray:
        """Probabilities on each strand, ``shape=(2, width, 4)``, of weighted clusters."""
        total = np.tensordot(weights, self.bases, 1)
        return total / np.maximum(total.sum(-1, keepdims=True), 1e-12)

    def turned(self, turned: np.ndarray) -> _Counts:
        """The same if some clusters had come as their reverse complements."""
        bases = np.where(turned[:, None, None, None], self.bases[:, ::-1], self.bases)
        return _Counts(bases, np.where(turned[:, None], self.sites[:, ::-1], self.sites), self.sure)


class _Finding(NamedTuple):
    """What is known of a motif before all motifs are judged together."""

    motif: Motif
    reason: str = ""
    """Why it was not tested."""
    n: int = 0
    p: float = math.nan
    statistic: float = math.nan
    df: int = 0
    method: str = ""
    sites: tuple[float, float] = (0.0, 0.0)
    words: tuple[str, str] = ("", "")
    effect: Effect | None = None
    gain: Gain | None = None
    columns: Intervals | None = None


def _asked(motif: Motif, places: _Places, margin: float) -> _Finding:
    longest = int(places.sequences.lengths.max(initial=0))
    if motif.single_stranded:
        return _Finding(motif, "It is of one strand, and has no twin on the other.")
    if motif.width > longest:
        return _Finding(motif, f"It has {motif.width} columns, and the longest sequence has {longest} bases.")
    tied = _fitted(motif, places, np.arange(len(places.sequences)))
    counts = _Counts.of(tied, places.sequences, places.clusters)
    sites = counts.sites.sum(0)
    if sites.min() < FEWEST_SITES:
        reason = (
            f"{sites[0]:.0f} sites are expected on the given strand and {sites[1]:.0f} on the other; "
            f"{FEWEST_SITES} are needed on each."
        )
        return _Finding(motif, reason)
    if counts.sure < _LEAST_SURE:
        reason = (
            f"Its sites cannot be told from chance: one that is expected is one by {counts.sure:.0%} in the "
            f"mean; {_LEAST_SURE:.0%} are needed."
        )
        return _Finding(motif, reason)
    emitted = tied.emissions[0][0].T
    likeness = similarity(emitted, motif.probabilities, places.background.probabilities, strand=Strand.SINGLE)
    if likeness < _SAME:
        reason = (
            f"EM makes {consensus(emitted)} of it, which is only {likeness:.2f} similar to it: it is not in "
            "these sequences."
        )
        return _Finding(motif, reason)
    statistic, df, p, method = _tested(counts, tied.emissions[0][0], places.seed)
    n = int((counts.sites.sum(1) > 0).sum())
    effect, columns = _differences(counts, places.seed)
    given, other = (consensus(one.T) for one in counts.matrices(np.ones(len(counts.sites))))
    return _Finding(
        motif,
        n=n,
        p=p,
        statistic=statistic,
        df=df,
        method=method,
        sites=(float(sites[0]), float(sites[1])),
        words=(given, other),
        effect=effect,
        gain=_gain(motif, places, possible_information(statistic, df, len(counts.sites)), margin),
        columns=columns,
    )


def _fitted(motif: Motif, places: _Places, chosen: np.ndarray) -> MotifHMM:
    """The tied model of some of the sequences: the motif and its reverse complement, each with its rate."""
    twins = [motif, replace(motif.reverse_complement(), name=f"{motif.name} of the other strand")]
    start = MotifHMM.from_motifs(twins, places.background, strand="single")
    some = places.sequences.select(chosen)
    prior = _PSEUDOCOUNT * places.background.probabilities

    def expect(one: MotifHMM) -> tuple[float, tuple[np.ndarray, list[np.ndarray]]]:
        log_odds, rates, counts = one.expected_counts(some)
        return log_odds + 2 * float((prior * np.log(one.emissions[0])).sum()), (rates, counts)

    def maximise(one: MotifHMM, expected: tuple[np.ndarray, list[np.ndarray]]) -> MotifHMM:
        rates, (given, other) = expected
        pooled = given[0] + other[0][::-1, ::-1] + 2 * prior
        forward = pooled / pooled.sum(-1, keepdims=True)
        return one.updated(rates, [forward[None], forward[None, ::-1, ::-1]])

    least_gain = _LEAST_GAIN * len(some.codes) / 1000
    return climb(
        start,
        expect,
        maximise,
        least_gain=least_gain,
        max_rounds=_MOST_ROUNDS,
        progress=None,
        what="fit twins",
    )[0]


def _tested(counts: _Counts, emitted: np.ndarray, seed: int) -> tuple[float, int, float, str]:
    """Statistic, degrees of freedom, p-value and method of the score test."""
    n = len(counts.sites)
    residuals = counts.bases - counts.sites[:, :, None, None] * emitted
    residuals /= counts.sites.sum(0)[None, :, None, None]
    contrasts = (residuals[:, 0] - residuals[:, 1]).reshape(n, -1)
    contrasts = contrasts @ _directions(contrasts)
    df = contrasts.shape[1]
    if n >= UNITS_PER_CONTRAST * df:
        found = robust_score_test(contrasts)
        return found.statistic, found.df, p_of(found.log10_p), "robust score test of the tied motif HMM"
    statistic, p = _flipped(contrasts, seed)
    return statistic, df, p, "score test of the tied motif HMM, by flips of the strands of sequences"


def _directions(contrasts: np.ndarray) -> np.ndarray:
    """Directions in which contrasts vary, ``shape=(n_contrasts, df)``: bases of a column sum up to 0."""
    values, vectors = np.linalg.eigh(contrasts.T @ contrasts)
    return vectors[:, values > _LEAST_SIZE * values[-1]]


def _flipped(contrasts: np.ndarray, seed: int) -> tuple[float, float]:
    """The statistic, and the share of random flips of signs that give as large a one.

    The spread that sums are compared with is the same whatever the signs are.
    """
    white = contrasts @ np.linalg.inv(np.linalg.cholesky(contrasts.T @ contrasts)).T
    statistic = float((white.sum(0) ** 2).sum())
    rng = np.random.default_rng(seed)
    signs = rng.choice([-1.0, 1.0], (_N_FLIPS, len(white)))
    drawn = ((signs @ white) ** 2).sum(1)
    return statistic, float((1 + (drawn >= statistic * (1 - 1e-9)).sum()) / (_N_FLIPS + 1))


def _differences(counts: _Counts, seed: int) -> tuple[Effect, Intervals]:
    """Total variation between the matrices of the two strands, and that of each column."""
    rng = np.random.default_rng([seed, 1])
    n = len(counts.sites)

    def columns(of: _Counts, weights: np.ndarray) -> np.ndarray:
        one, other = of.matrices(weights)
        return 0.5 * np.abs(one - other).sum(-1)

    even = np.ones(n)
    own = columns(counts, even)
    resampled = np.array(
        [columns(counts, rng.multinomial(n, even / n).astype(float)) for _ in range(_N_RESAMPLED)]
    )
    under_tie = np.mean([columns(counts.turned(rng.random(n) < 0.5), even) for _ in range(_N_UNDER_TIE)])
    # Of resampled sites the strands differ more than of the sites themselves: by so much on the average.
    resampled = np.maximum(resampled - (resampled.mean(0) - own), 0)
    low, high = np.quantile(resampled.mean(1), [0.025, 0.975]).tolist()
    effect = Effect(
        "difference between the strands, a column", float(own.mean()), low, high, float(under_tie)
    )
    ends = np.quantile(resampled, [0.025, 0.975], axis=0)
    words = [consensus(one.T) for one in counts.matrices(even)]
    names = [f"{i + 1} {words[0][i]}, {words[1][i]}" for i in range(len(own))]
    picture = Intervals(
        names,
        np.column_stack([own, *ends]),
        float(under_tie),
        "difference between the strands (total variation)",
        "Which columns differ between the given strand and the other one",
    )
    return effect, picture


def _gain(motif: Motif, places: _Places, possible: float, margin: float) -> Gain:
    """What untying gains on sequences that shaped neither model.

    A matrix of few sites fits others worse than that of both strands does, whatever there is to gain. So the
    interval ends no lower than the information that the test leaves possible.
    """
    tied_losses, untied_losses, owners = [], [], []
    for block in blocks(places.clusters, held_out=places.held_out, seed=places.seed):
        tied = _fitted(motif, places, block.fit)
        some = places.sequences.select(block.fit)
        untied = refine(tied, some, max_rounds=_MOST_ROUNDS, pseudocount=_PSEUDOCOUNT).model
        judge = places.sequences.select(block.judge)
        tied_losses.append(-tied.log_likelihood(judge))
        untied_losses.append(-untied.log_likelihood(judge))
        owners.append(places.clusters[block.judge])
    found = paired_gain(np.concatenate(tied_losses), np.concatenate(untied_losses), np.concatenate(owners))
    return bounded_gain(found, possible, margin)


def _answer(one: _Finding, how: Asking) -> Answer:
    called = of_motif(one.motif, how.subject)
    if one.reason:
        return Answer.none("emissions", called, _TIE, one.reason, n=one.n)

    return Answer.of(lambda verdict: _result(one, called, verdict, how.margin), one.gain, how.margin)


def _result(one: _Finding, called: str, verdict: TieVerdict, margin: float) -> TieTest:
    given, other = one.sites
    note = f"{given:.0f} sites are expected on the given strand and {other:.0f} on the other."
    return TieTest(
        "emissions",
        called,
        _TIE,
        fitted=f"tied: one matrix of {one.motif.width} columns for both strands; untied: {one.words[0]} on "
        f"the given strand, {one.words[1]} on the other.",
        method=one.method,
        n=one.n,
        p=one.p,
        statistic=one.statistic,
        df=one.df,
        effect=one.effect,
        gain=one.gain,
        verdict=verdict,
        sentence=_sentence(one, verdict, margin),
        tie=TIES["strand_emissions"](one.motif.width),
        notes=(note,),
        pictures=() if one.columns is None else (one.columns,),
    )


def _sentence(one: _Finding, verdict: TieVerdict, margin: float) -> str:
    effect, gain = one.effect, one.gain
    assert effect is not None
    assert gain is not None
    chance = told_p(one.p)
    under_tie = f"{effect.under_tie:.0%} if the tie holds"
    differ = (
        f"in {one.n:,} sequences a column differs by {effect.value:.0%} between the strands ({under_tie})"
    )
    if verdict is TieVerdict.REJECTED:
        return f"The strands are read differently (p = {chance}): {differ}."
    if verdict is TieVerdict.JUSTIFIED:
        return (
            f"One matrix may read both strands: two of them gain less than {margin:g} nats a sequence "
            f"({gain.high:.4f} at most; p = {chance})."
        )
    return f"Undecided (p = {chance}): {differ}{told_needed(gain, margin)}."
