"""From unaligned sequences to a profile: where to start, how wide to be, and whether there are gaps.

A profile without gaps is learnt from frequent words and grown or cut at its ends. What lies at
varying distance from it is a second profile, learnt from the flanks of its sites; both with an
insertion between them are another start. Columns that most sequences delete and insertions that
most make are then rebuilt (Hughey and Krogh 1996, model surgery). A change is kept only where it
lowers the Bayesian information criterion, which pays for each parameter.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from motifnet.config.profile import ProfileOptions
from motifnet.hmm.profile import GapTie, InsertTie, ProfileFit, ProfileHmm, fit
from motifnet.kernels.kmers import half_words, presence
from motifnet.motifs import matrix
from motifnet.progress import Progress, Silent
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background
from motifnet.symbols.given import Given, as_sequences

LEAST_SEQUENCES = 3
"""Sequences that a profile can be learnt from, at least: of two, every column is what both have."""
LEAST_LENGTH = 8
"""Bases that a sequence has at least: a word and one more on either side."""

_HALF = 3  # bases of half a word: a table of 4,096 words is small enough to be counted whole
# Words that are tried, rounds for each, and what a round may gain to be the last; then rounds of a fit
# within the search. They trade time for the chance that the best start is missed; models that are kept are
# learnt to the end. Conventions.
_SEEDS = 6
_SEARCH_TOLERANCE = 5e-3  # nats a sequence
_SEARCH_ROUNDS = 40
_SEED_ROUNDS = 12
_SEED_SHARE = 0.7  # of the base of a word in its column, as in the search for motifs (discovery.refine)
# Columns of background that are tried at an end: a step, and a whole half-site. A convention.
_MARGINS = (2, 8)
_REACH = 30  # bases from a site in which its other half may lie: three turns of DNA. A convention
_LEAST_WIDTH = 4  # columns: fewer are in every sequence by chance
_LEAST_FLANK = 2 * _HALF  # bases of a flank that is searched, which has one word then
# Share of sequences that makes a gap the rule: the majority, as in model surgery (Hughey and Krogh 1996).
_MOST = 0.5
# Percentiles of the length of an insertion that are tried as columns: what nearly all, most and half of them
# have.
_TYPICAL = (5, 25, 50)
_MOST_SURGERY = 20  # rounds, each of which lowers the criterion: a bound that keeps a run finite
_SMOOTHING = 0.01  # of a column that is background: a base in a hundred, so that none has a probability of 0

FitFunction = Callable[[ProfileHmm, Sequences], ProfileFit]

_OPTIONS = ProfileOptions()
_BY_BIC = attrgetter("bic")


class ProfileChoice(NamedTuple):
    """Profiles that were compared on the same sequences.

    Parameters
    ----------
    models : tuple of ProfileFit
        Without gaps; with one opening and extension for all columns; and, if it was asked for,
        with those of each column.
    chosen : ProfileFit
        The one to use.
    """

    models: tuple[ProfileFit, ...]
    chosen: ProfileFit


def learn(
    sequences: Given,
    *,
    start: np.ndarray | None = None,
    tie: GapTie = "shared",
    insert: InsertTie = "background",
    strand: Strand = Strand.SINGLE,
    gaps: str = _OPTIONS.gaps,
    fixed_width: bool = False,
    max_width: int = _OPTIONS.max_columns,
    pseudocount: float = _OPTIONS.pseudocount,
    max_rounds: int = _OPTIONS.max_rounds,
    progress: Progress | None = None,
) -> ProfileChoice:
    """Learn profiles without and with gaps, and choose by the Bayesian information criterion.

    Parameters
    ----------
    sequences : Sequences
        With one site each, somewhere.
    start : numpy.ndarray, optional, shape=(width, 4)
        Matrix to start from; found among frequent words if not given.
    tie : {"shared", "own"}
        Of the gaps; with ``"own"`` a model of either tie is learnt.
    insert : {"background", "shared", "own"}
        What is inserted.
    strand : Strand
    gaps : {"auto", "always", "never"}
        Choose among all, or take the last or the first whatever the criterion says.
    fixed_width : bool
        Keep the columns of the start.
    max_width : int
        Columns at most.
    pseudocount : float
        Sites of background that are added to each column.
    max_rounds : int
        Rounds of Baum-Welch at most, for each model.
    progress : Progress, optional
        Told how each model goes.

    Raises
    ------
    InvalidValue
        If a sequence has no path.
    LikelihoodFell
        If a round lowers the objective: an error in this program.
    """
    sequences = as_sequences(sequences)
    progress = progress or Silent()
    background = Background.fit(sequences, strand_symmetric=strand.reads_both).probabilities
    most = min(max_width, int(sequences.lengths.min()))

    def fitted(model: ProfileHmm, its_sequences: Sequences) -> ProfileFit:
        return fit(
            model,
            its_sequences,
            pseudocount=pseudocount,
            max_rounds=min(max_rounds, _SEARCH_ROUNDS),
            tolerance=_SEARCH_TOLERANCE,
            progress=progress,
        )

    def rebuilt(one: ProfileFit) -> ProfileFit:
        gaps_said = "without gaps" if one.model.gap_tie == "gapless" else f"with gaps ({one.model.gap_tie})"
        progress.log(f"profile {gaps_said}, {one.model.width} columns: BIC {one.bic:,.1f}")
        return one if fixed_width else _rebuilt(one, sequences, most, fitted)

    given = [] if start is None else [_smoothed(start, background, strand)]
    first = fitted(given[0], sequences) if given else _from_words(sequences, background, strand, fitted)
    gapless = rebuilt(first)
    # A fit without gaps may blur what a given matrix has; gaps start from that as well.
    starts = [gapless.model, *given]
    if not fixed_width:
        starts += _with_partner(gapless, sequences, most, fitted)
    shared = min((rebuilt(fitted(one.gapped("shared", insert), sequences)) for one in starts), key=_BY_BIC)
    # The columns that gaps have aligned may make a better profile without gaps, too.
    gapless = min(gapless, rebuilt(fitted(shared.model.gapped("gapless"), sequences)), key=_BY_BIC)
    own = rebuilt(fitted(shared.model.gapped("own", insert), sequences)) if tie == "own" else None
    models = [
        fit(one.model, sequences, pseudocount=pseudocount, max_rounds=max_rounds, progress=progress)
        for one in (gapless, shared, own)
        if one is not None
    ]
    chosen = {"auto": min(models, key=_BY_BIC), "always": models[-1], "never": models[0]}[gaps]
    return ProfileChoice(tuple(models), chosen)


def _smoothed(start: np.ndarray, background: np.ndarray, strand: Strand) -> ProfileHmm:
    """The profile without gaps of a matrix, in which a base that it never saw may be seen."""
    smooth = matrix.probabilities(start.T, background, _SMOOTHING).T
    return ProfileHmm.from_matrix(smooth, background, strand=strand)


def _from_words(
    sequences: Sequences, background: np.ndarray, strand: Strand, fitted: FitFunction
) -> ProfileFit:
    """The best of the profiles without gaps that start from words."""
    candidates = [
        fit(ProfileHmm.from_matrix(one, background, strand=strand), sequences, max_rounds=_SEED_ROUNDS)
        for one in _frequent_words(sequences, background, strand=strand)
    ]
    return fitted(min(candidates, key=_BY_BIC).model, sequences)


def _frequent_words(sequences: Sequences, background: np.ndarray, *, strand: Strand) -> Iterator[np.ndarray]:
    """Matrices of the words that are in more sequences than their bases would give, ``shape=(6, 4)``."""
    n, half = len(sequences), half_words(sequences.codes, sequences.offsets, _HALF)
    found = presence(half, sequences.offsets, _HALF, 0, n_first=n, both_strands=strand.reads_both)[0]
    letters = np.arange(len(found))[:, None] >> 2 * np.arange(2 * _HALF - 1, -1, -1) & 3
    rate = background[letters].prod(1)
    if strand.reads_both:
        rate = rate + background[3 - letters].prod(1)
    n_places = np.maximum(sequences.lengths - 2 * _HALF + 1, 0).mean()
    expected = np.maximum((1 - np.exp(-rate * n_places)) * n, 1e-9)
    surprise = found * np.log(np.maximum(found, 1) / expected) - (found - expected)
    surprise[found <= expected] = 0
    for word in letters[np.argsort(-surprise, kind="stable")[:_SEEDS]]:
        yield (1 - _SEED_SHARE) * background + _SEED_SHARE * np.eye(4)[word]


def _with_partner(
    site: ProfileFit, sequences: Sequences, most: int, fitted: FitFunction
) -> Iterator[ProfileHmm]:
    """The profile together with what lies at varying distance on either side of its sites."""
    model = site.model
    for flanks, is_before in zip(_flanks(model, sequences), (True, False), strict=True):
        if len(flanks) < LEAST_SEQUENCES:
            continue
        room = min(most - model.width, int(flanks.lengths.min()))
        partner = _from_words(flanks, model.background, Strand.SINGLE, fitted)
        partner = _rebuilt(partner, flanks, room, fitted)
        if partner.model.width <= most - model.width:
            parts = (partner.model.match, model.match) if is_before else (model.match, partner.model.match)
            yield ProfileHmm.from_matrix(np.concatenate(parts), model.background, strand=model.strand)


def _flanks(model: ProfileHmm, sequences: Sequences) -> tuple[Sequences, Sequences]:
    """The bases before and after the likeliest sites, on the strand of these."""
    aligned = model.align(sequences)
    before, after = [], []
    for i in np.flatnonzero(aligned.found).tolist():
        codes = DNA.reverse_complement(sequences[i]) if aligned.reverse[i] else sequences[i]
        places = aligned.columns[i][aligned.columns[i] >= 0]
        before.append(codes[max(places[0] - _REACH, 0) : places[0]])
        after.append(codes[places[-1] + 1 : places[-1] + 1 + _REACH])
    return _long_enough(before), _long_enough(after)


def _long_enough(flanks: list[np.ndarray]) -> Sequences:
    return Sequences.from_codes([codes for codes in flanks if len(codes) >= _LEAST_FLANK])


def _rebuilt(start: ProfileFit, sequences: Sequences, most: int, fitted: FitFunction) -> ProfileFit:
    """The profile with other columns, as long as that lowers the criterion."""
    best = start
    for _ in range(_MOST_SURGERY):
        tried = [
            _cut(fitted(_like(best.model, match), sequences), sequences, fitted)
            for match in _rebuilt_columns(best, sequences)
            if _LEAST_WIDTH <= len(match) <= most
        ]
        better = min([best, *tried], key=_BY_BIC)
        if better is best:
            break
        best = better
    return best


def _rebuilt_columns(site: ProfileFit, sequences: Sequences) -> Iterator[np.ndarray]:
    """Columns to try: more at an end, without those that are mostly deleted, with insertions."""
    match, background = site.model.match, site.model.background
    yield match
    for margin in _MARGINS:
        blank = np.tile(background, (margin, 1))
        yield np.concatenate([blank, match])
        yield np.concatenate([match, blank])
    if (site.deleted > _MOST).any():
        yield match[site.deleted <= _MOST]
    for before in np.flatnonzero(site.opened > _MOST):
        lengths = site.model.align(sequences).inserted[:, before]
        for n in np.unique(np.percentile(lengths, _TYPICAL, method="nearest")).tolist():
            yield np.insert(match, [before] * max(int(n), 1), background, axis=0)


def _cut(site: ProfileFit, sequences: Sequences, fitted: FitFunction) -> ProfileFit:
    """Without the ends that hold less information than their parameters cost."""
    bits, n = matrix.information(site.model.match.T, site.model.background), len(sequences)
    kept = matrix.trim(bits, 1.5 * math.log2(n) / n, _LEAST_WIDTH)
    if kept == slice(0, site.model.width):
        return site
    return fitted(_like(site.model, site.model.match[kept]), sequences)


def _like(model: ProfileHmm, match: np.ndarray) -> ProfileHmm:
    """Other columns under the same ties, with gaps to start from."""
    bare = ProfileHmm.from_matrix(match, model.background, strand=model.strand)
    return bare.gapped(model.gap_tie, model.insert_tie) if model.gap_tie != "gapless" else bare
