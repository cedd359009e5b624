"""One motif for several experiments, or one for each? The tie of one filter for all tasks, asked of the data.

Tied, one matrix is learnt from the sequences of all experiments; untied, each experiment has its own, from
its own sequences. Both are as likely as EM makes them, from the same starts, of which the tied matrix is one
for the untied: so the untied fit is never the worse one. How many sequences of an experiment have a site may
differ in either model: peaks are called in many ways.

Held-out sequences judge. If the tie holds, the label of a sequence says nothing of its site, so that labels
may be exchanged among sequences that have one and that are alike in composition: the matrix of a sequence's
own experiment must not fit it better than those of the others do. They must be alike in how well the best
of all matrices fits, too: where few sequences have a site, more of those that seem to have one have it by
chance, and a matrix that such have shaped is broader.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from motifnet.datasets.baselines import gc_score
from motifnet.datasets.shuffle import shuffle
from motifnet.discovery.scored import Scored
from motifnet.discovery.search import search
from motifnet.errors import InvalidValue, TooFewSequences
from motifnet.hypotheses.blocks import FEWEST, alike, blocks, check_alpha, together
from motifnet.hypotheses.registry import HYPOTHESES, Hypothesis
from motifnet.motifs import consensus, matrix
from motifnet.motifs.compare import similarity
from motifnet.progress import Progress, Silent
from motifnet.stats.exchange import permutation_p
from motifnet.stats.held_out import paired_gain, sequences_needed
from motifnet.stats.noncentral import possible_information
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background
from motifnet.symbols.given import Given, as_sequences
from motifnet.ties.tested import (
    Effect,
    Gain,
    Intervals,
    NullDistribution,
    TieTest,
    TieVerdict,
    decide,
    not_applicable,
    told_needed,
)
from motifnet.wording import counted, listed, told_p

_TIE = "all experiments have one motif"
_METHOD = "exchange of labels among held-out sequences with a site, within strata of GC content and of fit"
_WIDTH, _SITE_FPR = 24, 0.05  # of the search, as in `train`
_STEPS = 15  # of EM from each start; what is left to gain then is less than a nat. A convention
_CORE_BITS, _LEAST_CORE = 0.25, 6  # of the columns that are told of a motif, as in `train`
# Parts of GC content, and of how well sites fit, in which labels are exchanged, and sequences in each
# combination of them on the average, at least. Conventions.
_STRATA, _LEAST_STRATUM = 5, 8
_FIRST_PRIOR, _PRIORS = 0.5, (1e-3, 1 - 1e-3)  # share of sequences with a site: at first, and its bounds
_PSEUDOCOUNT = 1.0  # sites of background in a matrix: one, the usual convention
_N_EXCHANGED = 99  # exchanges of labels that a mean is taken of
_N_WAVES = 3  # of the curves by which GC content and fit account for scores: strata leave what is finer
_LEAST_POSTERIOR = 0.5  # from which a sequence is taken to have a site
_MOST_DRAWS = 9_999

HYPOTHESES.register("experiments")(
    Hypothesis(
        question="Do these experiments have one motif, or one each?",
        null="Given that a sequence has a site, how well it fits on the whole, and GC content, the site does "
        "not depend on the experiment.",
        method="One matrix is learnt of all experiments, and one of each. Of held-out sequences with a site, "
        "how much better does the matrix of the own experiment fit than those of the others? The p-value is "
        "from labels exchanged among sequences of about the same GC content, whose sites fit their best "
        "matrix about as well. So how often there is a site, and how strong it is, may differ.",
        when_rejected="The experiments see different sites: different proteins, partners, states or "
        "libraries. How different, the effect says, in nats a site; small differences come from peak calling "
        "or preparation as well as from the protein.",
        when_not="It is the best motif of each that is compared, not all that is in the sequences; and that "
        "no difference was found is no proof that there is none: see the interval of what untying gains.",
    )
)


def experiments(
    sets: Mapping[str, Given],
    *,
    held_out: Mapping[str, np.ndarray] | None = None,
    strand: Strand = Strand.BOTH,
    seed: int = 0,
    alpha: float = 0.05,
    margin: float = 0.005,
    progress: Progress | None = None,
) -> TieTest:
    """Test whether several sets of sequences have one motif.

    Parameters
    ----------
    sets : mapping of str to sequences
        Targets of each experiment, two or more; see :func:`motifnet.symbols.given.as_sequences`. Their order
        is of no account.
    held_out : mapping of str to numpy.ndarray of bool, optional
        Of each experiment, which sequences judge; see :func:`motifnet.hypotheses.blocks.blocks`.
    strand : Strand
        Whether sites lie on either strand.
    seed : int
    alpha : float
        Largest p-value at which the tie is rejected.
    margin : float
        Nats a sequence that untying may gain for the tie to be justified.
    progress : Progress, optional

    Returns
    -------
    TieTest
        Not applicable where no motif is found in any of them.

    Raises
    ------
    InvalidValue
        If there are fewer than two sets, or ``alpha`` is below 0.001, which no p-value of draws would reach.
    TooFewSequences
        If one has fewer than forty sequences unlike each other and those of the others, or too few of a
        split.

    Examples
    --------
    >>> from motifnet.datasets.simulate import Planted, motif_from_word, simulate
    >>> made = [
    ...     simulate([Planted(motif_from_word(word), 0.8)], Background.from_gc(0.5), n_targets=200,
    ...              n_controls=0, length=60, seed=seed).targets
    ...     for seed, word in enumerate(["TGACTCAG", "TGACTCAG", "CCGGAAGT"])
    ... ]  # fmt: skip
    >>> experiments({"one": made[0], "two": made[1]}).p > 0.01
    True
    >>> experiments({"one": made[0], "other": made[2]}).verdict
    <TieVerdict.REJECTED: 'rejected'>
    """
    progress = progress or Silent()
    if len(sets) < 2:
        raise InvalidValue("number of experiments", len(sets), "two or more")
    check_alpha(alpha)
    pool = _Pool.of(dict(sorted(sets.items())), held_out, np.random.default_rng(seed), strand=strand)
    deal = blocks(np.arange(len(pool.labels)), held_out=pool.held_out, strata=pool.labels, seed=seed)
    judged: list[_Judged] = []
    with progress.stage("fit and judge", len(deal)) as step:
        for block in deal:
            fitted = _fitted(pool, block.fit, strand=strand, seed=seed)
            if fitted is None:
                return not_applicable("experiments", pool.name, _TIE, "No motif was found in any of them.")
            judged.append(_judged(pool, fitted, block.judge, strand=strand, seed=seed))
            step.advance()
    last = judged[-1]
    p = together([one.p for one in judged])
    gain = _gain(judged, _possible(pool, last.fitted, strand=strand, seed=seed), margin)
    effect = _effect(judged)
    verdict = decide(p, gain, alpha=alpha, margin=margin)
    return TieTest(
        "experiments",
        pool.name,
        _TIE,
        fitted=f"tied: {last.fitted.tied_word}; untied: {last.fitted.words(pool.names)}.",
        method=_METHOD,
        n=sum(len(one.differences) for one in judged),
        p=p,
        statistic=effect.value,
        df=None,
        effect=effect,
        gain=gain,
        verdict=verdict,
        sentence=_sentence(verdict, p, last.fitted, pool, effect, gain, margin, strand=strand),
        notes=pool.notes,
        pictures=(*_exchanged(last), _by_experiment(judged, pool.names)),
    )


class _Pool(NamedTuple):
    """The sequences of all experiments, one of each group of look-alikes."""

    names: list[str]
    sequences: Sequences
    labels: np.ndarray
    held_out: np.ndarray | None
    notes: tuple[str, ...]

    @property
    def name(self) -> str:
        return " and ".join(self.names) if len(self.names) == 2 else listed(self.names)

    @classmethod
    def of(
        cls,
        sets: Mapping[str, Given],
        held_out: Mapping[str, np.ndarray] | None,
        rng: np.random.Generator,
        *,
        strand: Strand,
    ) -> _Pool:
        read = [as_sequences(some) for some in sets.values()]
        sequences = Sequences.concatenate(read)
        labels = np.repeat(np.arange(len(read)), [len(some) for some in read])
        clusters = alike(sequences, strand=strand)
        # A place that two experiments share says nothing of how they differ, but it is not two sequences.
        order = rng.permutation(len(labels))
        _, first = np.unique(clusters[order], return_index=True)
        chosen = np.sort(order[first])
        for label, name in enumerate(sets):
            n = int((labels[chosen] == label).sum())
            if n < FEWEST:
                hint = "Look-alikes count once, in one of the experiments"
                raise TooFewSequences(f"sequences of {name} unlike all others", n, FEWEST, hint)
        n_over = len(labels) - len(chosen)
        notes = (
            (f"{counted(n_over, 'sequence')} of {len(labels):,} left out: look-alikes count once.",)
            if n_over
            else ()
        )
        judges = None if held_out is None else np.concatenate([held_out[name] for name in sets])[chosen]
        return cls(list(sets), sequences.select(chosen), labels[chosen], judges, notes)


class _Fitted(NamedTuple):
    """Matrices and shares of sequences with a site: of all experiments, and of each."""

    tied: np.ndarray
    untied: np.ndarray
    """``shape=(n_experiments, 4, width)``."""
    priors: np.ndarray
    """Under the tied matrix, and under each one's own, ``shape=(2, n_experiments)``."""
    background: np.ndarray

    @property
    def tied_word(self) -> str:
        return _word(self.tied, self.background)

    def words(self, names: Sequence[str]) -> str:
        told = [
            f"{_word(one, self.background)} of {name}" for one, name in zip(self.untied, names, strict=True)
        ]
        return listed(told)


def _word(probabilities: np.ndarray, background: np.ndarray) -> str:
    core = matrix.trim(matrix.information(probabilities, background), _CORE_BITS, _LEAST_CORE)
    return consensus(probabilities[:, core])


def _fitted(pool: _Pool, fit: np.ndarray, *, strand: Strand, seed: int) -> _Fitted | None:
    """Learn the one matrix and the others, each from every start."""
    each = [pool.sequences.select(fit[pool.labels[fit] == label]) for label in range(len(pool.names))]
    everything = Sequences.concatenate(each)
    background = Background.fit(everything, 0, strand_symmetric=strand.reads_both).probabilities
    starts = [
        _core_alone(one.probabilities, background)
        for some in (everything, *each)
        for one in search(
            some,
            shuffle(some, 2, seed),
            background,
            n_motifs=1,
            width=_WIDTH,
            site_fpr=_SITE_FPR,
            strand=strand,
            rng=np.random.default_rng(seed),
        )
    ]
    if not starts:
        return None
    scored = [_scored(some) for some in each]
    tied = max((_likeliest(scored, one, background, strand=strand) for one in starts), key=_of_fit)
    untied = [
        max(
            (_likeliest([one], start, background, strand=strand) for start in (tied.matrix, *starts)),
            key=_of_fit,
        )
        for one in scored
    ]
    priors = np.stack([tied.priors, np.concatenate([one.priors for one in untied])])
    return _Fitted(tied.matrix, np.stack([one.matrix for one in untied]), priors, background)


def _core_alone(probabilities: np.ndarray, background: np.ndarray) -> np.ndarray:
    """The matrix with background for all columns outside of its core, which EM leaves so."""
    core = matrix.trim(matrix.information(probabilities, background), _CORE_BITS, _LEAST_CORE)
    inside = np.isin(np.arange(probabilities.shape[1]), np.arange(probabilities.shape[1])[core])
    return np.where(inside, probabilities, background[:, None])


def _scored(sequences: Sequences) -> Scored:
    """Sequences to which a matrix may be laid such that its columns of background hang over their ends."""
    return Scored.of(sequences.flanked(_WIDTH - _LEAST_CORE))


class _Fit(NamedTuple):
    """A matrix, the share of sequences with a site in each set, and what they gain by it, in nats."""

    matrix: np.ndarray
    priors: np.ndarray
    gained: float


def _of_fit(fit: _Fit) -> float:
    return fit.gained


def _likeliest(sets: list[Scored], start: np.ndarray, background: np.ndarray, *, strand: Strand) -> _Fit:
    """The matrix under which sets of sequences are likeliest, each with its own share of sites: by EM."""
    current, priors = start, np.full(len(sets), _FIRST_PRIOR)
    is_free = np.abs(start - background[:, None]).max(0) > 0
    for _ in range(_STEPS):
        log_odds = np.log(current / background[:, None])[None]
        counts = _PSEUDOCOUNT * background[:, None]
        for i, one in enumerate(sets):
            ratio = one.log_ratio(log_odds, strand=strand)
            posterior = _posterior(ratio.astype(np.float64), priors[i])
            counts = counts + one.expected_counts(log_odds, ratio, posterior, strand=strand)[0]
            priors[i] = np.clip(posterior.mean(), *_PRIORS)
        current = np.where(is_free, counts / counts.sum(0), background[:, None])
    ratios = [_ratios(one, current[None], background, strand=strand)[:, 0] for one in sets]
    gained = sum(
        float(_log_likelihood(ratio, prior).sum()) for ratio, prior in zip(ratios, priors, strict=True)
    )
    return _Fit(current, priors, gained)


def _log_likelihood(log_ratio: np.ndarray, prior: np.ndarray | float) -> np.ndarray:
    """Nats by which a sequence is likelier with a site in a share of sequences than with none."""
    return np.logaddexp(np.log1p(-np.asarray(prior)), np.log(prior) + log_ratio)


def _posterior(log_ratio: np.ndarray, prior: np.ndarray | float) -> np.ndarray:
    from scipy.special import expit

    return expit(np.log(prior) - np.log1p(-np.asarray(prior)) + log_ratio)


def _ratios(scored: Scored, matrices: np.ndarray, background: np.ndarray, *, strand: Strand) -> np.ndarray:
    return scored.log_ratio(np.log(matrices / background[:, None]), strand=strand).astype(np.float64)


class _Judged(NamedTuple):
    """What held-out sequences say of the matrices."""

    fitted: _Fitted
    gains: np.ndarray
    """Of each sequence: nats by which its own matrix fits better than the tied one."""
    labels: np.ndarray
    differences: np.ndarray
    """Of each sequence with a site: nats by which its own matrix fits better than the mean of all."""
    p: float
    observed: float
    null: np.ndarray


def _judged(pool: _Pool, fitted: _Fitted, judge: np.ndarray, *, strand: Strand, seed: int) -> _Judged:
    labels, some = pool.labels[judge], pool.sequences.select(judge)
    matrices = np.concatenate([fitted.tied[None], fitted.untied])
    ratios = _ratios(_scored(some), matrices, fitted.background, strand=strand)
    own = np.take_along_axis(ratios[:, 1:], labels[:, None], 1)[:, 0]
    gains = _log_likelihood(own, fitted.priors[1][labels]) - _log_likelihood(
        ratios[:, 0], fitted.priors[0][labels]
    )
    # One share of sites for all, so that it is the site alone that is asked.
    prior = float(fitted.priors.mean())
    has_site = (_posterior(ratios, prior) > _LEAST_POSTERIOR).any(1)
    scores = _log_likelihood(ratios[has_site, 1:], prior)
    scores -= scores.mean(1, keepdims=True)
    of_site, rows = labels[has_site], np.arange(int(has_site.sum()))
    if not len(rows):
        return _Judged(fitted, gains, labels, np.zeros(0), 1.0, 0.0, np.zeros(0))
    gc, fit = gc_score(some)[has_site], ratios[has_site].max(1)
    beyond, strata = _beyond(scores, gc, fit), _strata(gc, fit)

    def mean_of_own(asked: np.ndarray) -> float:
        return float(beyond[rows, asked].mean())

    found = permutation_p(mean_of_own, of_site, strata, most=_MOST_DRAWS, seed=seed)
    observed = mean_of_own(of_site)
    return _Judged(fitted, gains, labels, scores[rows, of_site], found.p, observed, found.null)


def _beyond(scores: np.ndarray, gc: np.ndarray, fit: np.ndarray) -> np.ndarray:
    """What scores are beyond what GC content and fit say of them, ``shape=(n, n_experiments)``.

    The matrix of an experiment that has more sites by chance is the flatter one. It fits weak sites better,
    of whichever experiment these are, and an experiment that has more of them would seem to have its own
    motif.
    """
    ranks = [one.argsort(kind="stable").argsort() / max(len(one) - 1, 1) for one in (gc, fit)]
    waves = [np.cos(np.pi * k * rank) for rank in ranks for k in range(1, _N_WAVES + 1)]
    design = np.column_stack([np.ones(len(scores)), *waves])
    if len(scores) < 3 * design.shape[1]:
        return scores
    return scores - design @ np.linalg.lstsq(design, scores, rcond=None)[0]


def _exchanged(judged: _Judged) -> list[NullDistribution]:
    """The statistic among those of exchanged labels, if there was a site to ask."""
    label = "mean log-ratio with labels exchanged (nats a site)"
    return [NullDistribution(judged.null, judged.observed, label)] if len(judged.null) else []


def _possible(pool: _Pool, fitted: _Fitted, *, strand: Strand, seed: int) -> float:
    """Upper end of the information that labels may hold about the bases of sites, nats a sequence.

    Twice the log-likelihood ratio of columns of each experiment to those of all is noncentral chi-square,
    and its noncentrality is twice the number of sites times the information. Of columns that hardly vary the
    ratio has fewer degrees of freedom than three, so that they are taken from exchanged labels: their mean.
    """
    core = matrix.trim(matrix.information(fitted.tied, fitted.background), _CORE_BITS, _LEAST_CORE)
    log_odds = np.log(fitted.tied / fitted.background[:, None])[:, core]
    scored, labels = Scored.of(pool.sequences), pool.labels
    ratio = _ratios(_scored(pool.sequences), fitted.tied[None], fitted.background, strand=strand)[:, 0]
    found = scored.best_known(log_odds, strand=strand)
    has_site = _posterior(ratio, float(fitted.priors[0].mean())) > _LEAST_POSTERIOR
    chosen = np.flatnonzero(has_site & (found.score > 0))
    if not len(chosen):
        return math.inf
    bases = scored.bases(found, chosen, log_odds.shape[1])
    is_base = (bases[:, None] == np.arange(4)[:, None]).reshape(len(chosen), -1).astype(np.float64)
    of_site, rng = labels[chosen], np.random.default_rng(seed)
    n_labels = len(fitted.untied)
    seen = _twice_log_ratio(is_base, of_site, n_labels)
    exchanged = [_twice_log_ratio(is_base, rng.permutation(of_site), n_labels) for _ in range(_N_EXCHANGED)]
    return possible_information(seen, float(np.mean(exchanged)), len(labels))


def _twice_log_ratio(is_base: np.ndarray, labels: np.ndarray, n_labels: int) -> float:
    """Of bases that depend on the label to bases that do not, for sites, ``shape=(n, 4 * width)``."""
    of_label = np.arange(n_labels)[:, None] == labels
    counts = of_label @ is_base
    expected = of_label.mean(1)[:, None] * is_base.sum(0)
    terms = counts * np.log(np.maximum(counts, 1) / np.where(counts, expected, 1))
    return 2 * float(terms.sum())


def _strata(*measures: np.ndarray) -> np.ndarray:
    """Fifths of each of some measures, or wider parts of few sequences, and all combinations of them."""
    n = len(measures[0])
    n_parts = int(np.clip((n / _LEAST_STRATUM) ** (1 / len(measures)), 1, _STRATA))
    shares = np.arange(1, n_parts) / n_parts
    strata = np.zeros(n, np.int64)
    for one in measures:
        strata = n_parts * strata + np.searchsorted(np.quantile(one, shares), one)
    return strata


def _gain(judged: list[_Judged], possible: float, margin: float) -> Gain:
    """What separate matrices gain; the interval ends no lower than what the sites leave possible."""
    gains = np.concatenate([one.gains for one in judged])
    found = paired_gain(gains, np.zeros(len(gains)))
    high = max(found.high, possible)
    if high < margin:
        return Gain(found.mean, found.low, high, len(gains))
    # What is possible falls with the number of sequences; of no site at all, nobody knows how many it takes.
    needed = sequences_needed(found, margin)
    if math.isfinite(possible):
        needed = max(needed, math.ceil(len(gains) * possible / margin))
    return Gain(found.mean, found.low, high, len(gains), needed)


def _effect(judged: list[_Judged]) -> Effect:
    name = "nats by which a site is likelier under the motif of its own experiment than on the mean of all"
    differences = np.concatenate([one.differences for one in judged])
    if len(differences) < 2:
        return Effect(name, math.nan, math.nan, math.nan, 0.0, "nats a site")
    found = paired_gain(differences, np.zeros(len(differences)))
    return Effect(name, found.mean, found.low, found.high, 0.0, "nats a site")


def _by_experiment(judged: list[_Judged], names: list[str]) -> Intervals:
    labels = np.concatenate([one.labels for one in judged])
    gains = np.concatenate([one.gains for one in judged])
    values = []
    for label in range(len(names)):
        own = gains[labels == label]
        found = paired_gain(own, np.zeros(len(own)))
        values.append((found.mean, found.low, found.high))
    title = "What each experiment gains by a motif of its own"
    return Intervals(names, np.array(values), 0.0, "gain (nats a sequence)", title)


def _sentence(
    verdict: TieVerdict,
    p: float,
    fitted: _Fitted,
    pool: _Pool,
    effect: Effect,
    gain: Gain,
    margin: float,
    *,
    strand: Strand,
) -> str:
    chance = told_p(p)
    pairs = combinations(fitted.untied, 2)
    likeness = min(similarity(*pair, fitted.background, strand=strand) for pair in pairs)
    what = f"{fitted.words(pool.names)} ({likeness:.2f} similar)"
    if verdict is TieVerdict.REJECTED:
        return (
            f"The sites differ (p = {chance}): {what}; a site is {effect.value:.2g} nats likelier "
            "under that of its own experiment than on the mean of all."
        )
    if verdict is TieVerdict.JUSTIFIED:
        return (
            f"One motif serves all: motifs of their own gain less than {margin:g} nats a sequence "
            f"({gain.high:.3g} at most; p = {chance}): {what}."
        )
    return f"Undecided (p = {chance}): {what}{told_needed(gain, margin)}."
