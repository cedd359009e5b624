"""From unaligned sequences to a profile: where to start, how wide to be, and whether there are gaps.

A profile without gaps is learnt from frequent words and grown or cut at its ends. What lies at
varying distance from it is a second profile, learnt from the flanks of its sites; both with an
insertion between them are another start. Columns that most sequences delete and insertions that
most make are then rebuilt (Hughey and Krogh 1996, model surgery). Two blocks with a spacer are learnt from
pairs of words that like some distances. A change is kept only where it lowers the Bayesian information
criterion, which pays for each parameter. All models have the same flanks, which are learnt from what lies
outside of the best first sites.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from motifnet.config.profile import ProfileOptions
from motifnet.errors import InvalidValue
from motifnet.hmm.flanks import Flanks
from motifnet.hmm.profile import FitFunction, GapTie, InsertTie, ProfileFit, ProfileHmm, Spacer, fit
from motifnet.hmm.profile_blocks import rebuilt_blocks
from motifnet.hmm.profile_columns import LEAST_BLOCK, LEAST_GAIN, LEAST_WIDTH, SiteRoom, kept, some_of
from motifnet.hmm.profile_pairs import REACH, pair_starts
from motifnet.kernels.kmers import half_words, presence
from motifnet.motifs import matrix
from motifnet.progress import Progress, Silent
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.given import Given, as_sequences

LEAST_SEQUENCES = 3
"""Sequences that a profile can be learnt from, at least: of two, every column is what both have."""
LEAST_LENGTH = 8
"""Bases that a sequence has at least: a word and one more on either side."""
STRONG = 10.0
"""A difference of the criterion that is strong evidence: odds of 150 to 1 (Kass and Raftery 1995)."""

_HALF = 3  # bases of half a word: a table of 4,096 words is small enough to be counted whole
# Words that are tried, rounds for each, and what a round may gain to be the last; then rounds of a fit
# within the search. They trade time for the chance that the best start is missed; models that are kept are
# learnt to the end. Conventions.
_SEEDS = 12
_SEARCH_TOLERANCE = 5e-3  # nats a sequence
_SEARCH_ROUNDS = 40
_SEED_ROUNDS = 12
_SEED_SHARE = 0.7  # of the base of a word in its column, as in the search for motifs (discovery.refine)
# Columns of background that are tried at an end: a step, and a whole half-site. A convention.
_MARGINS = (2, 8)
_LEAST_FLANK = 2 * _HALF  # bases of a flank that is searched, which has one word then
# Share of sequences that makes a gap the rule: the majority, as in model surgery (Hughey and Krogh 1996).
_MOST = 0.5
# Percentiles of the length of an insertion that are tried as columns: what nearly all, most and half of them
# have.
_TYPICAL = (5, 25, 50)
_MOST_SURGERY = 20  # rounds, each of which lowers the criterion: a bound that keeps a run finite
_SMOOTHING = 0.01  # of a column that is background: a base in a hundred, so that none has a probability of 0

# Lengths of a spacer that are tried where the columns are given: below one turn of DNA, at every place.
_TRIED_LENGTHS, _TRIED_ROUNDS, _TRIED_SEQUENCES = 10, 5, 500
# Bits that no column has in a run that is a spacer, and columns of such a run in a start, at least: columns
# of a box have more.
_BLANK_BITS, _BLANK_COLUMNS = 0.1, 3
# Share of the bases of the smaller sites that both have, where two profiles describe the same sites.
_SAME = 0.5

_KINDS: dict[GapTie, str] = {
    "gapless": "without gaps",
    "shared": "with gaps (shared)",
    "own": "with gaps (own)",
    "spacer": "of two blocks",
}
# What the best of all starts may gain by chance: twice the logarithm of their number, as many as there are
# pairs of words of four bases and distances.
_CHANCE = 2 * math.log(4**8 * (REACH + 1))

_OPTIONS = ProfileOptions()
_BY_BIC = attrgetter("bic")


class ProfileChoice(NamedTuple):
    """Profiles that were compared on the same sequences.

    Parameters
    ----------
    models : tuple of ProfileFit
        Without gaps; with one opening and extension for all columns; if it was asked for, with those of each
        column; and, where sequences have room for them, two blocks with a spacer.
    chosen : ProfileFit
        The one to use.
    no_site : float
        Log-likelihood of all sequences if they have no site, in nats.
    second : ProfileFit or None
        The best profile from another start whose sites lie elsewhere.
    """

    models: tuple[ProfileFit, ...]
    chosen: ProfileFit
    no_site: float
    second: ProfileFit | None

    @property
    def warnings(self) -> list[str]:
        """What speaks against the profile, each in a sentence."""
        told = []
        if self.chosen.bic > -2 * self.no_site - STRONG - _CHANCE:
            told.append(
                f"the sequences may have no common motif: BIC is {self.chosen.bic:,.1f} with the sites of "
                f"the profile, and {-2 * self.no_site:,.1f} without any"
            )
        if self.second is not None and self.second.bic < self.chosen.bic + STRONG:
            how = "better" if self.second.bic < self.chosen.bic - STRONG else "as good"
            told.append(
                f"another start is {how}: {self.second.model.motif('second', 1.0).consensus}, at other "
                f"sites, with a BIC of {self.second.bic:,.1f} against {self.chosen.bic:,.1f}"
            )
        return told


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
    gaps : {"auto", "always", "never", "spacer"}
        Choose among all, or take the one with gaps in all columns, without any, or with a spacer, whatever
        the criterion says.
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
        If a sequence has no path, or none can have a spacer that was asked for.
    LikelihoodFell
        If a round lowers the objective: an error in this program.
    """
    sequences = as_sequences(sequences)
    search = _Search(
        sequences,
        strand,
        insert,
        SiteRoom(min(max_width, int(sequences.lengths.min())), int(sequences.lengths.min())),
        fixed_width,
        pseudocount,
        max_rounds,
        progress or Silent(),
    )
    found = search.choice(start, tie, gaps)
    if gaps == "spacer" and found.chosen.model.spacer is None:
        raise InvalidValue("gaps", gaps, "sequences in which two blocks are found, at some distance")
    return found


class _Family(NamedTuple):
    """The best profile of a kind, and the best one that lies elsewhere."""

    best: ProfileFit
    second: ProfileFit | None


class _Starts(NamedTuple):
    """Where a search begins: what was given, profiles without gaps, and two blocks with a spacer."""

    given: ProfileHmm | None
    words: list[ProfileFit]
    pairs: list[ProfileFit]

    @property
    def best(self) -> ProfileFit:
        return min([*self.words, *self.pairs], key=_BY_BIC)


@dataclass(frozen=True, eq=False)
class _Search:
    """What all steps of a search share."""

    sequences: Sequences
    strand: Strand
    insert: InsertTie
    room: SiteRoom
    fixed_width: bool
    pseudocount: float
    max_rounds: int
    progress: Progress

    def choice(self, start: np.ndarray | None, tie: GapTie, gaps: str) -> ProfileChoice:
        """All models, and the one to use, with the flanks that suit the sequences.

        A chain that was learnt from flanks and sites together hides the motif, where much of the sequences is
        motif. So the search is made with independent bases, too, unless it would have to gain more from its
        starts than the other one gained in all.
        """
        chain = self._flanks(None)
        chained = self._choice(self._starts(chain, start), tie, gaps)
        if chained.chosen.model.flanks.order == 0:
            return chained
        starts = self._starts(Flanks.independent(chain.probabilities), start)
        gained = -2 * chained.no_site - chained.chosen.bic
        if self._total(starts.best) - self._total(chained.chosen) > max(gained, 0) and gaps != "spacer":
            return chained
        independent = self._choice(starts, tie, gaps)
        # Where a spacer was asked for, one of the two may have none.
        return min(
            chained,
            independent,
            key=lambda one: (gaps == "spacer" and one.chosen.model.spacer is None, self._total(one.chosen)),
        )

    def _total(self, one: ProfileFit) -> float:
        """The criterion of a profile together with its flanks, whose parameters are learnt from bases."""
        return one.bic + one.model.flanks.n_free * math.log(len(self.sequences.codes))

    def _starts(self, flanks: Flanks, start: np.ndarray | None) -> _Starts:
        if start is None:
            return _Starts(None, self._words(flanks), self._pairs(flanks))
        given = _smoothed(start, flanks, self.strand)
        return _Starts(given, [self.fitted(given, self.sequences)], self._blocks_of(given))

    def _choice(self, starts: _Starts, tie: GapTie, gaps: str) -> ProfileChoice:
        """All models that come from some starts, and the one to use."""
        given, words, pairs = starts
        flanks = starts.best.model.flanks
        if flanks.order:
            flanks = self._flanks(starts.best.model)
        gapless = self._family(self._under(flanks, words))
        shared = self._gapped(gapless.best, [] if given is None else [replace(given, flanks=flanks)])
        # The columns that gaps have aligned may make a better profile without gaps, too.
        bare = self.rebuilt(self.fitted(shared.model.gapped("gapless"), self.sequences))
        gapless = gapless._replace(best=min(gapless.best, bare, key=_BY_BIC))
        spaced = self._spaced(pairs, shared)
        compared: dict[str, ProfileFit] = {"gapless": gapless.best, "shared": shared}
        if tie == "own":
            own = shared.model.gapped("own", self.insert)
            compared["own"] = self.rebuilt(self.fitted(own, self.sequences))
        if spaced is not None:
            compared["spacer"] = spaced.best
        models = {kind: self.finished(one.model) for kind, one in compared.items()}
        wanted = {"always": tie, "never": "gapless"}.get(gaps, gaps)
        chosen = models[wanted] if wanted in models else min(models.values(), key=_BY_BIC)
        seconds = [family.second for family in (gapless, spaced) if family is not None]
        others = [*models.values(), *(one for one in seconds if one is not None)]
        return ProfileChoice(
            tuple(models.values()),
            chosen,
            float(flanks.log_likelihood(self.sequences).sum()),
            _second(chosen, others, self.sequences),
        )

    def fitted(self, model: ProfileHmm, sequences: Sequences) -> ProfileFit:
        """Learnt well enough to be compared."""
        return fit(
            model,
            sequences,
            pseudocount=self.pseudocount,
            max_rounds=min(self.max_rounds, _SEARCH_ROUNDS),
            tolerance=_SEARCH_TOLERANCE,
            progress=self.progress,
        )

    def finished(self, model: ProfileHmm) -> ProfileFit:
        """Learnt to the end."""
        return fit(
            model,
            self.sequences,
            pseudocount=self.pseudocount,
            max_rounds=self.max_rounds,
            progress=self.progress,
        )

    def rebuilt(self, one: ProfileFit) -> ProfileFit:
        """With the columns, and the lengths of a spacer, that suit the sequences."""
        self.progress.log(
            f"profile {_KINDS[one.model.gap_tie]}, {one.model.width} columns: BIC {one.bic:,.1f}"
        )
        if one.model.spacer is not None:
            return rebuilt_blocks(one, self.sequences, self.room, self.fitted, fixed_width=self.fixed_width)
        return one if self.fixed_width else _rebuilt(one, self.sequences, self.room.columns, self.fitted)

    def _flanks(self, model: ProfileHmm | None) -> Flanks:
        """Of all bases, or of those outside of sites."""
        matched = None if model is None else model.align(self.sequences).matched(self.sequences)
        return Flanks.learn(self.sequences, matched, strand_symmetric=self.strand.reads_both)

    def _words(self, flanks: Flanks) -> list[ProfileFit]:
        return _from_words(self.sequences, flanks, self.strand, self.pseudocount)

    def _pairs(self, flanks: Flanks) -> list[ProfileFit]:
        return pair_starts(self.sequences, flanks, strand=self.strand, room=self.room, fitted=self.fitted)

    def _under(self, flanks: Flanks, fits: Sequence[ProfileFit]) -> list[ProfileFit]:
        """The same profiles with other flanks, the best first, each place once."""
        again = [self.fitted(replace(one.model, flanks=flanks), self.sequences) for one in fits]
        apart: list[ProfileFit] = []
        for one in sorted(again, key=_BY_BIC):
            if all(_differ(one.model, other.model, self.sequences) for other in apart):
                apart.append(one)
        return apart

    def _family(self, starts: Sequence[ProfileFit]) -> _Family:
        """The better of the two best starts that lie apart, and the other."""
        first = self.rebuilt(starts[0])
        if len(starts) == 1:
            return _Family(first, None)
        # A second start that would have to gain twice as much as the first did is told as it is.
        second = starts[1]
        if second.bic - first.bic < 2 * (starts[0].bic - first.bic) + STRONG:
            second = self.rebuilt(second)
        return _Family(*sorted([first, second], key=_BY_BIC))

    def _gapped(self, gapless: ProfileFit, given: Sequence[ProfileHmm]) -> ProfileFit:
        """The best profile with gaps in all columns."""
        # A fit without gaps may blur what a given matrix has; gaps start from that as well.
        starts = [gapless.model, *given]
        if not self.fixed_width:
            starts += _with_partner(gapless, self.sequences, self.room.columns, self.fitted)
        gapped = [self.fitted(one.gapped("shared", self.insert), self.sequences) for one in starts]
        return self.rebuilt(min(gapped, key=_BY_BIC))

    def _blocks_of(self, given: ProfileHmm) -> list[ProfileFit]:
        """The start as two blocks."""
        models = self._split(given) if self.fixed_width else [*_at_blank(given)]
        return [self.fitted(one, self.sequences) for one in models if self.room.holds(one)]

    def _spaced(self, starts: Sequence[ProfileFit], shared: ProfileFit) -> _Family | None:
        """The best two blocks with a spacer, if there is room for any."""
        inserted = [] if self.fixed_width else [*_at_insertion(shared, self.sequences)]
        fits = [self.fitted(one, self.sequences) for one in inserted if self.room.holds(one)]
        apart = self._under(shared.model.flanks, [*starts, *fits])
        family = self._family(apart) if apart else None
        return None if family is None or _is_one_block(family.best.model) else family

    def _split(self, model: ProfileHmm) -> list[ProfileHmm]:
        """All columns, with a spacer where it is likeliest."""
        seen, lengths = some_of(self.sequences, _TRIED_SEQUENCES), np.full(_TRIED_LENGTHS, 1 / _TRIED_LENGTHS)
        tried = [
            fit(model.spaced(Spacer(before, 0, lengths)), seen, max_rounds=_TRIED_ROUNDS)
            for before in range(LEAST_BLOCK, model.width - LEAST_BLOCK + 1)
        ]
        return [min(tried, key=_BY_BIC).model] if tried else []


def _smoothed(start: np.ndarray, flanks: Flanks, strand: Strand) -> ProfileHmm:
    """The profile without gaps of a matrix, in which a base that it never saw may be seen."""
    smooth = matrix.probabilities(start.T, flanks.probabilities, _SMOOTHING).T
    return ProfileHmm.from_matrix(smooth, flanks, strand=strand)


def _at_insertion(site: ProfileFit, sequences: Sequences) -> Iterator[ProfileHmm]:
    """The columns of a profile with gaps, with a spacer where it inserts most often."""
    before = int(site.opened.argmax())
    if LEAST_BLOCK <= before <= site.model.width - LEAST_BLOCK:
        lengths = np.bincount(site.model.align(sequences).inserted[:, before]) + 1.0
        yield site.model.spaced(Spacer(before, 0, lengths / lengths.sum()))


def _at_blank(model: ProfileHmm) -> Iterator[ProfileHmm]:
    """The columns of a start beside its longest run that tells nothing, and a spacer of about its length."""
    is_blank = matrix.information(model.match.T, model.background) < _BLANK_BITS
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_blank, [False]])))
    least, last = LEAST_BLOCK, model.width - LEAST_BLOCK
    runs = [run for run in edges.reshape(-1, 2).tolist() if run[0] >= least and run[1] <= last]
    start, stop = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
    if stop - start >= _BLANK_COLUMNS:
        shortest = max(stop - start - 2, 0)
        n_lengths = stop - start + 3 - shortest
        columns = np.delete(model.match, slice(start, stop), 0)
        blocks = ProfileHmm.from_matrix(columns, model.flanks, strand=model.strand)
        yield blocks.spaced(Spacer(start, shortest, np.full(n_lengths, 1 / n_lengths)))


def _is_one_block(model: ProfileHmm) -> bool:
    """Whether nothing is ever between two blocks, which is a profile without gaps."""
    return model.spacer is not None and model.spacer.longest == 0


def _differ(one: ProfileHmm, other: ProfileHmm, sequences: Sequences) -> bool:
    """Whether two profiles have most of their sites at different places."""
    seen = some_of(sequences, _TRIED_SEQUENCES)
    first, second = (model.align(seen).matched(seen) for model in (one, other))
    return int((first & second).sum()) < _SAME * min(int(first.sum()), int(second.sum()))


def _second(chosen: ProfileFit, others: Sequence[ProfileFit], sequences: Sequences) -> ProfileFit | None:
    """The best of the others that has its sites elsewhere."""
    elsewhere = [one for one in others if _differ(one.model, chosen.model, sequences)]
    return min(elsewhere, key=_BY_BIC, default=None)


def _from_words(
    sequences: Sequences, flanks: Flanks, strand: Strand, pseudocount: float = _OPTIONS.pseudocount
) -> list[ProfileFit]:
    """Profiles without gaps that start from words, the best first."""
    candidates = [
        fit(
            ProfileHmm.from_matrix(one, flanks, strand=strand),
            sequences,
            max_rounds=_SEED_ROUNDS,
            pseudocount=pseudocount,
        )
        for one in _frequent_words(sequences, flanks.probabilities, strand=strand)
    ]
    return sorted(candidates, key=_BY_BIC)


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
        partner = _rebuilt(_from_words(flanks, model.flanks, Strand.SINGLE)[0], flanks, room, fitted)
        if partner.model.width <= most - model.width:
            parts = (partner.model.match, model.match) if is_before else (model.match, partner.model.match)
            yield ProfileHmm.from_matrix(np.concatenate(parts), model.flanks, strand=model.strand)


def _flanks(model: ProfileHmm, sequences: Sequences) -> tuple[Sequences, Sequences]:
    """The bases before and after the likeliest sites, on the strand of these."""
    aligned = model.align(sequences)
    before, after = [], []
    for i in np.flatnonzero(aligned.found).tolist():
        codes = DNA.reverse_complement(sequences[i]) if aligned.reverse[i] else sequences[i]
        places = aligned.columns[i][aligned.columns[i] >= 0]
        before.append(codes[max(places[0] - REACH, 0) : places[0]])
        after.append(codes[places[-1] + 1 : places[-1] + 1 + REACH])
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
            if LEAST_WIDTH <= len(match) <= most
        ]
        better = min([best, *tried], key=_BY_BIC)
        if better.bic > best.bic - LEAST_GAIN:
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
    """Without ends that say less than what lies beside them would."""
    (stretch,) = kept(site.model, sequences)
    if stretch == slice(0, site.model.width):
        return site
    return fitted(_like(site.model, site.model.match[stretch]), sequences)


def _like(model: ProfileHmm, match: np.ndarray) -> ProfileHmm:
    """Other columns under the same ties, with gaps to start from."""
    bare = ProfileHmm.from_matrix(match, model.flanks, strand=model.strand)
    return bare.gapped(model.gap_tie, model.insert_tie) if model.gap_tie != "gapless" else bare
