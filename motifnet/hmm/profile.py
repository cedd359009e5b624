"""The profile HMM: a motif whose sites have insertions and deletions, with ties declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Literal, NamedTuple

import numpy as np

from motifnet.config.profile import ProfileOptions
from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.hmm.estimate import climb
from motifnet.hmm.flanks import Flanks
from motifnet.io.profiles import ProfileRecord, SpacerRecord
from motifnet.kernels import block_hmm
from motifnet.kernels import profile_hmm as kernel
from motifnet.kernels.block_hmm import BlockCounts, BlockTables
from motifnet.kernels.profile_hmm import ProfileCounts
from motifnet.motifs import Motif
from motifnet.progress import Progress
from motifnet.stats.bic import bic
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.alphabet import UNKNOWN
from motifnet.symbols.given import Given, as_sequences
from motifnet.ties import Tie

GapTie = Literal["gapless", "shared", "own", "spacer"]
"""No gaps; one opening and extension of insertions and of deletions for all columns; each its own; or bases
between two blocks of columns alone, whose number has a distribution of its own."""
InsertTie = Literal["background", "shared", "own"]
"""Inserted bases are as the flanks; have one distribution; have one at each place."""

INSERT_OPEN, INSERT_EXTEND, DELETE_OPEN, DELETE_EXTEND = range(4)
"""Columns of a table of gaps. A column is deleted only where nothing was inserted before it."""

# Prior successes and failures of each: gaps are rare unless the data say so. Ten sequences without a gap
# weigh as much as the prior of opening, whose mean is 1 in 100, and two bases as that of going on, which is
# flat between its counts. A convention, in the manner of the priors of profile HMMs (Durbin et al. 1998, ch.
# 5).
_GAP_PRIOR = np.array([[0.1, 10.0], [1.0, 1.0], [0.1, 10.0], [1.0, 1.0]])
_OPTIONS = ProfileOptions()
# Gaps that a model starts from, in the order of the columns: likelier than the prior has them, so that
# the first round sees some; which ones there are is then learnt. A convention.
_START = np.array([0.03, 0.5, 0.02, 0.3])
_LENGTH_PRIOR = 0.5  # sites of each length of a spacer, before any is seen (Jeffreys)
_LEAST_SHARE = 0.01  # of a length that is one of several: of a hundred sites, one may be misplaced


class ProfileAlignment(NamedTuple):
    """The likeliest path of each sequence: see :class:`motifnet.kernels.profile_hmm.ProfilePaths`."""

    columns: np.ndarray
    reverse: np.ndarray
    posterior: np.ndarray
    log_odds: np.ndarray

    @property
    def found(self) -> np.ndarray:
        """Whether any column matches a base, ``shape=(n,)``."""
        return np.any(self.columns >= 0, axis=1)

    @property
    def spans(self) -> np.ndarray:
        """First base and end of each site, on its strand, ``shape=(n, 2)``; zeros where there is none."""
        first = np.where(self.columns >= 0, self.columns, np.iinfo(np.int64).max).min(1)
        return np.stack([np.where(self.found, first, 0), self.columns.max(1) + 1], 1)

    @property
    def inserted(self) -> np.ndarray:
        """Bases inserted before each column, ``shape=(n, width)``."""
        between = np.zeros_like(self.columns)
        adjacent = (self.columns[:, 1:] >= 0) & (self.columns[:, :-1] >= 0)
        between[:, 1:] = np.where(adjacent, np.diff(self.columns) - 1, 0)
        return between

    def matched(self, sequences: Sequences) -> np.ndarray:
        """Whether each base of the sequences is matched by a column, ``shape=(total_length,)``."""
        is_matched = np.zeros(len(sequences.codes), bool)
        row, column = np.nonzero(self.columns >= 0)
        place = self.columns[row, column]
        forward = np.where(self.reverse[row], sequences.lengths[row] - 1 - place, place)
        is_matched[sequences.offsets[row] + forward] = True
        return is_matched


@dataclass(frozen=True, eq=False)
class Spacer:
    """Bases of background between two blocks of columns, whose number has a distribution.

    Parameters
    ----------
    before : int
        Columns of the first block.
    shortest : int
        The least number of bases.
    probabilities : numpy.ndarray, shape=(n_lengths,)
        Of each number, from the least on.

    Raises
    ------
    InvalidValue
        If the numbers are not those of a distribution.

    Examples
    --------
    >>> sigma70 = Spacer(before=6, shortest=16, probabilities=np.array([0.25, 0.5, 0.25]))
    >>> sigma70.lengths.tolist(), sigma70.longest, sigma70.commonest, sigma70.mean
    ([16, 17, 18], 18, 17, 17.0)
    """

    before: int
    shortest: int
    probabilities: np.ndarray

    def __post_init__(self) -> None:
        table = np.asarray(self.probabilities, np.float64)
        if table.ndim != 1 or not len(table) or (table < 0).any() or abs(table.sum() - 1) > 1e-6:
            raise InvalidValue("lengths of the spacer", table.tolist(), "probabilities that sum to 1")
        if self.before < 1 or self.shortest < 0:
            raise InvalidValue(
                "spacer", (self.before, self.shortest), "a column before it, and no length below 0"
            )
        object.__setattr__(self, "probabilities", table)

    @property
    def lengths(self) -> np.ndarray:
        """Numbers of bases, ``shape=(n_lengths,)``."""
        return self.shortest + np.arange(len(self.probabilities))

    @property
    def longest(self) -> int:
        """The largest number of bases."""
        return self.shortest + len(self.probabilities) - 1

    @property
    def commonest(self) -> int:
        """The likeliest number of bases."""
        return self.shortest + int(self.probabilities.argmax())

    @property
    def varies(self) -> bool:
        """Whether more than one number of bases is ever likely, as one site in a hundred tells."""
        return bool((self.probabilities >= _LEAST_SHARE).sum() > 1)

    @property
    def mean(self) -> float:
        """The expected number of bases."""
        return float(self.lengths @ self.probabilities)


class ProfileFit(NamedTuple):
    """A model that was fitted, and how.

    Parameters
    ----------
    model : ProfileHmm
    log_likelihood : float
        In nats, of all sequences, flanks included, given their lengths.
    bic : float
        Bayesian information criterion (:func:`motifnet.stats.bic.bic`): less is better.
    objective : tuple of float
        At the start and after each round, in nats: log-odds against background, and log-prior.
    converged : bool
        Whether it stopped since nothing was to be gained.
    deleted : numpy.ndarray, shape=(width,)
        Expected share of sequences that delete each column.
    opened : numpy.ndarray, shape=(width,)
        Expected share of sequences that insert before each column.
    mean_insert : numpy.ndarray, shape=(width,)
        Expected length of these insertions; 0 where there is none.
    """

    model: ProfileHmm
    log_likelihood: float
    bic: float
    objective: tuple[float, ...]
    converged: bool
    deleted: np.ndarray
    opened: np.ndarray
    mean_insert: np.ndarray


FitFunction = Callable[["ProfileHmm", Sequences], ProfileFit]
"""Learns a profile from sequences."""


@dataclass(frozen=True, eq=False)
class ProfileHmm:
    """A profile hidden Markov model with free flanks (Durbin et al. 1998, ch. 5).

    Parameters
    ----------
    match : numpy.ndarray, shape=(width, 4)
        Probability of each base in each column.
    insert : numpy.ndarray, shape=(width, 4)
        Probability of each base inserted before each column; before the first there is none.
    gaps : numpy.ndarray, shape=(width, 4)
        Before each column, the probabilities that an insertion opens and that it goes on; that the
        column is deleted, given that nothing was inserted, and that it is after a deleted column.
    flanks : Flanks
        What emits all other bases.
    gap_tie : {"gapless", "shared", "own", "spacer"}
    insert_tie : {"background", "shared", "own"}
    strand : Strand
        ``BOTH`` or ``SINGLE``: sites on either strand with the same chance, or on the given one alone.
    spacer : Spacer, optional
        What lies between the two blocks, with the tie ``"spacer"`` and no other.

    Raises
    ------
    ShapeMismatch
        If a table is not of this width.
    InvalidValue
        If a number is no probability, or a table breaks its tie.

    Examples
    --------
    >>> model = ProfileHmm.from_matrix(np.eye(4)[[2, 0, 3, 0]] * 0.96 + 0.01, np.full(4, 0.25))
    >>> model.width, model.n_free, model.gapped("shared").n_free
    (4, 12, 16)
    >>> aligned = model.gapped("shared").align(Sequences.from_text(["CCGATACC", "CCGACTACC"]))
    >>> aligned.columns.tolist()
    [[2, 3, 4, 5], [2, 3, 5, 6]]
    """

    match: np.ndarray
    insert: np.ndarray
    gaps: np.ndarray
    flanks: Flanks
    gap_tie: GapTie = "gapless"
    insert_tie: InsertTie = "background"
    strand: Strand = Strand.SINGLE
    spacer: Spacer | None = None

    def __post_init__(self) -> None:
        match = np.asarray(self.match, np.float64)
        if match.ndim != 2 or match.shape[1] != 4 or not len(match):
            raise ShapeMismatch("match", match.shape, "(width, 4)")
        for name in ("match", "insert", "gaps"):
            table = np.asarray(getattr(self, name), np.float64)
            if table.shape != match.shape:
                raise ShapeMismatch(name, table.shape, f"{match.shape}, as wide as match")
            if not ((table >= 0) & (table <= 1)).all():
                raise InvalidValue(name, "a number outside of 0 to 1", "probabilities")
            if name != "gaps" and not np.allclose(table.sum(-1), 1, atol=1e-6):
                raise InvalidValue(name, "a distribution that does not sum to 1", "probabilities")
            object.__setattr__(self, name, table)
        tied = self.tie.expand(self.tie.project(self.gaps))
        if not np.allclose(tied, self.gaps, atol=1e-6):
            raise InvalidValue("gaps", "a table that breaks its tie", f"one of the tie {self.gap_tie!r}")
        if (self.spacer is not None) != (self.gap_tie == "spacer"):
            raise InvalidValue("spacer", self.spacer, "one with the tie 'spacer', and none with another")
        if self.spacer is not None and self.spacer.before >= self.width:
            raise InvalidValue("columns before the spacer", self.spacer.before, f"1 to {self.width - 1}")

    @classmethod
    def from_matrix(
        cls, match: np.ndarray, background: np.ndarray | Flanks, *, strand: Strand = Strand.SINGLE
    ) -> ProfileHmm:
        """The profile without gaps of a matrix, ``shape=(width, 4)``."""
        flanks = background if isinstance(background, Flanks) else Flanks.independent(background)
        insert = np.tile(flanks.probabilities, (len(match), 1))
        return cls(match, insert, np.zeros((len(match), 4)), flanks, strand=strand)

    def spaced(self, spacer: Spacer) -> ProfileHmm:
        """The same columns as two blocks with a spacer between them, and no other gap."""
        bare = ProfileHmm.from_matrix(self.match, self.flanks, strand=self.strand)
        return replace(bare, gap_tie="spacer", spacer=spacer)

    @classmethod
    def from_record(cls, record: ProfileRecord) -> ProfileHmm:
        """The profile that a file holds."""
        return cls(
            np.array(record.match),
            np.array(record.insert),
            np.array(record.gaps),
            Flanks(np.array(record.background), np.array(record.transitions)),
            record.gap_tie,
            record.insert_tie,
            Strand(record.strand),
            None
            if record.spacer is None
            else Spacer(record.spacer.before, record.spacer.shortest, np.array(record.spacer.probabilities)),
        )

    def record(self) -> ProfileRecord:
        """What a file holds of the profile."""
        return ProfileRecord(
            match=self.match.tolist(),
            insert=self.insert.tolist(),
            gaps=self.gaps.tolist(),
            background=self.background.tolist(),
            transitions=self.flanks.transitions.tolist(),
            gap_tie=self.gap_tie,
            insert_tie=self.insert_tie,
            strand="both" if self.strand.reads_both else "single",
            spacer=None
            if self.spacer is None
            else SpacerRecord(
                before=self.spacer.before,
                shortest=self.spacer.shortest,
                probabilities=self.spacer.probabilities.tolist(),
            ),
        )

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.match)

    @property
    def background(self) -> np.ndarray:
        """Probability of each base of the flanks, regardless of its neighbours, ``shape=(4,)``."""
        return self.flanks.probabilities

    @property
    def has_blocks(self) -> bool:
        """Whether columns have no gaps between them but a spacer."""
        return self.gap_tie in ("gapless", "spacer")

    @property
    def least_length(self) -> int:
        """Bases that a site without a deletion has at least."""
        return self.width + (0 if self.spacer is None else self.spacer.shortest)

    @cached_property
    def tie(self) -> Tie:
        """Of the table of gaps."""
        return gap_tie(self.width, self.gap_tie)

    @cached_property
    def emission_tie(self) -> Tie:
        """Of the emissions of inserts, where these are learnt."""
        return _emission_tie(self.width, "own" if self.insert_tie == "own" else "shared")

    @property
    def n_free(self) -> int:
        """Free parameters: emissions, less one for each distribution, gaps, and lengths of a spacer."""
        learns_inserts = self.insert_tie != "background" and self.gap_tie != "gapless"
        inserts = self.emission_tie.n_free // 4 * 3 if learns_inserts else 0
        lengths = 0 if self.spacer is None else len(self.spacer.probabilities) - 1
        return 3 * self.width + inserts + self.tie.n_free + lengths

    @property
    def moves(self) -> np.ndarray:
        """Transitions into each column, ``shape=(width, 7)``: see :mod:`motifnet.kernels.profile_hmm`."""
        opening, extending, deleting, again = self.gaps.T
        moves = np.empty((self.width, 7))
        moves[:, kernel.MI], moves[:, kernel.II], moves[:, kernel.IM] = opening, extending, 1 - extending
        moves[:, kernel.MD], moves[:, kernel.MM] = (1 - opening) * deleting, (1 - opening) * (1 - deleting)
        moves[:, kernel.DD], moves[:, kernel.DM] = again, 1 - again
        return moves

    def gapped(self, tie: GapTie, insert: InsertTie = "background") -> ProfileHmm:
        """The same columns under another tie, with gaps to start from where there are none."""
        label = gap_tie(self.width, tie)
        gaps = label.project(np.tile(_START, (self.width, 1)) if self.has_blocks else self.gaps)
        return replace(self, gaps=label.expand(gaps), gap_tie=tie, insert_tie=insert, spacer=None)

    def motif(self, name: str, n_sites: float) -> Motif:
        """The match columns as a motif of so many sites.

        Between two blocks stand columns of background, as many as a spacer has bases most often.
        """
        columns = self.match
        if self.spacer is not None:
            between = np.tile(self.background, (self.spacer.commonest, 1))
            columns = np.insert(columns, self.spacer.before, between, axis=0)
        return Motif(name, columns.T * n_sites, self.background, n_sites=n_sites)

    def align(self, sequences: Given) -> ProfileAlignment:
        """The likeliest path of each sequence, on its better strand."""
        sequences = as_sequences(sequences)
        if not self.has_blocks:
            return ProfileAlignment(*kernel.align(*self._to_kernel(sequences), n_strands=self._n_strands))
        paths = block_hmm.align(*self._to_block_kernel(sequences), n_strands=self._n_strands)
        first = self._blocks.before
        columns, block = np.arange(self.width), (np.arange(self.width) >= first).astype(int)
        places = paths.starts[:, block] + columns - block * first
        places[paths.starts[:, 0] < 0] = -1
        return ProfileAlignment(places, paths.reverse, paths.posterior[:, block], paths.log_odds)

    def log_likelihood(self, sequences: Given) -> np.ndarray:
        """Log-likelihood of each sequence given its length, in nats, ``shape=(n,)``."""
        sequences = as_sequences(sequences)
        return self.expected_counts(sequences).log_odds + self._without_site(sequences)

    def expected_counts(self, sequences: Given) -> ProfileCounts | BlockCounts:
        """What a round of Baum-Welch goes by.

        Raises
        ------
        InvalidValue
            If a sequence has no path, or one that is too likely for a floating-point number.
        """
        sequences = as_sequences(sequences)
        counts: ProfileCounts | BlockCounts
        if self.has_blocks:
            counts = block_hmm.expected_counts(*self._to_block_kernel(sequences), n_strands=self._n_strands)
        else:
            counts = kernel.expected_counts(*self._to_kernel(sequences), n_strands=self._n_strands)
        impossible = np.flatnonzero(~np.isfinite(counts.log_odds))
        if len(impossible):
            i = impossible[0]
            expected = f"one that a profile of {self.width} columns can emit"
            raise InvalidValue("sequence", f"{sequences.names[i]} ({sequences.lengths[i]} bases)", expected)
        return counts

    @property
    def _n_strands(self) -> int:
        return 2 if self.strand.reads_both else 1

    def _to_kernel(
        self, sequences: Sequences
    ) -> tuple[np.ndarray, np.ndarray, kernel.Tables, kernel.Weights | None]:
        """Sequences and profile, and weights of odds; inserts that are as the flanks have odds of 1."""
        weights = None
        if self.flanks.order:
            match = np.exp(self.flanks.log_weights(sequences))
            insert = np.ones_like(match) if self.insert_tie == "background" else match
            weights = kernel.Weights(match, insert)
        return sequences.codes, sequences.offsets, self._tables, weights

    def _to_block_kernel(
        self, sequences: Sequences
    ) -> tuple[np.ndarray, np.ndarray, BlockTables, np.ndarray]:
        return sequences.codes, sequences.offsets, self._blocks, self.flanks.log_weights(sequences)

    @cached_property
    def _blocks(self) -> BlockTables:
        """Two blocks at the sides of the spacer; or one, after which comes nothing."""
        spacer = self.spacer or Spacer(self.width, 0, np.ones(1))
        with np.errstate(divide="ignore"):
            log_odds = np.pad(np.log(self.match / self.background), ((0, 0), (0, 1)))
        return BlockTables(log_odds, spacer.before, spacer.shortest, spacer.probabilities)

    @cached_property
    def _tables(self) -> kernel.Tables:
        return kernel.tables(self.match, self.insert, self.moves, self.background)

    def _without_site(self, sequences: Sequences) -> np.ndarray:
        """Log-likelihood under background alone, less that of any sequence of the same length.

        Flanks weigh 1 at every length. What all sequences of a length have together is what one
        has of which no base is known.
        """
        lengths, which = np.unique(sequences.lengths, return_inverse=True)
        unknown = Sequences.from_codes([np.full(length, UNKNOWN, np.uint8) for length in lengths])
        return self.flanks.log_likelihood(sequences) - self.expected_counts(unknown).log_odds[which]


@cache
def gap_tie(width: int, tie: GapTie) -> Tie:
    """The tie of a table of gaps, ``(width, 4)``.

    Nothing is inserted before the first column, and no column before it can have been deleted;
    that it is deleted itself is as likely as of any column.

    Examples
    --------
    >>> [gap_tie(3, tie).n_free for tie in ("gapless", "spacer", "shared", "own")]
    [0, 0, 4, 9]
    """
    whole = _rows(width, "own" if tie == "own" else "shared")
    sign = whole.sign.copy()
    sign[0, [INSERT_OPEN, INSERT_EXTEND, DELETE_EXTEND]] = 0
    if tie in ("gapless", "spacer"):
        sign[:] = 0
    return _numbered(whole.label, sign)


@cache
def _emission_tie(width: int, tie: Literal["shared", "own"]) -> Tie:
    """The tie of the bases inserted before each column but the first, ``(width, 4)``."""
    whole = _rows(width, tie)
    sign = whole.sign.copy()
    sign[0] = 0
    return _numbered(whole.label, sign)


def _rows(width: int, tie: Literal["shared", "own"]) -> Tie:
    """A table ``(width, 4)`` whose rows are all the same, or all their own."""
    if tie == "own":
        return Tie.untied((width, 4))
    entries = 1 + np.arange(4 * width).reshape(width, 4)
    return Tie.fixed_by(np.roll(entries, 1, 0), shape=(width, 4))


def _numbered(label: np.ndarray, sign: np.ndarray) -> Tie:
    """The tie with some entries made zero: free parameters are numbered as they appear."""
    entries = label[sign != 0].tolist()
    number = {old: new for new, old in enumerate(dict.fromkeys(entries))}
    return Tie(np.array([number.get(one, 0) for one in label.ravel().tolist()]).reshape(label.shape), sign)


def fit(
    model: ProfileHmm,
    sequences: Given,
    *,
    max_rounds: int = _OPTIONS.max_rounds,
    tolerance: float = 1e-4,
    pseudocount: float = _OPTIONS.pseudocount,
    progress: Progress | None = None,
) -> ProfileFit:
    """Baum-Welch: emissions and gaps that maximise likelihood and prior, under the ties.

    A round takes the expected counts of all states and transitions, and pools them over the orbits
    of the ties. No round lowers the objective. The prior is ``pseudocount`` sites of background for
    each distribution of bases, a beta distribution for each free gap parameter, and half a site for each
    length of a spacer.

    Parameters
    ----------
    model : ProfileHmm
        Where to start, and under which ties.
    sequences : Sequences
        What to learn from, each with a site.
    max_rounds : int
        Rounds at most.
    tolerance : float
        Stop after a round that gains less, in nats a sequence.
    pseudocount : float
        More than 0.
    progress : Progress, optional
        Told now and then how many rounds are done, and what they reached.

    Raises
    ------
    LikelihoodFell
        If a round lowers the objective: an error in this program.

    References
    ----------
    Durbin R, Eddy S, Krogh A, Mitchison G (1998). Biological sequence analysis, ch. 5 and 6.
    """
    sequences = as_sequences(sequences)

    def expect(one: ProfileHmm) -> tuple[float, ProfileCounts | BlockCounts]:
        counts = one.expected_counts(sequences)
        return float(counts.log_odds.sum()) + _log_prior(one, pseudocount), counts

    model, counts, objective, converged = climb(
        model,
        expect,
        lambda one, counts: _maximised(one, counts, pseudocount),
        least_gain=tolerance * len(sequences),
        max_rounds=max_rounds,
        progress=progress,
        what=f"learn a profile of {model.width} columns",
    )
    likelihood = float((counts.log_odds + model._without_site(sequences)).sum())
    criterion = bic(likelihood, n_free=model.n_free, n_observations=len(sequences))
    use = _gap_use(model, counts, len(sequences))
    return ProfileFit(model, likelihood, criterion, objective, converged, *use)


def _gap_use(
    model: ProfileHmm, counts: ProfileCounts | BlockCounts, n: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shares of sequences that delete each column and that insert before it, and the mean length."""
    if isinstance(counts, BlockCounts):
        opened, mean = np.zeros(model.width), np.zeros(model.width)
        if model.spacer is not None:
            is_some, before = model.spacer.lengths > 0, model.spacer.before
            some = counts.lengths[is_some]
            opened[before] = some.sum() / n
            mean[before] = some @ model.spacer.lengths[is_some] / max(some.sum(), 1e-9)
        return np.zeros(model.width), opened, mean
    deleted = counts.moves[:, [kernel.MD, kernel.DD]].sum(1) / n
    opened, bases = counts.moves[:, kernel.MI], counts.insert.sum(1)
    return deleted, opened / n, np.divide(bases, opened, out=np.zeros(len(bases)), where=opened > 1e-9)


def _gap_events(moves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Successes and failures of each entry of the table of gaps, ``shape=(width, 4)`` each."""
    of = moves.T
    stayed = of[kernel.MM] + of[kernel.MD]
    successes = [of[kernel.MI], of[kernel.II], of[kernel.MD], of[kernel.DD]]
    failures = [stayed, of[kernel.IM], of[kernel.MM], of[kernel.DM]]
    return np.stack(successes, 1), np.stack(failures, 1)


def _gap_priors(tie: Tie) -> tuple[np.ndarray, np.ndarray]:
    """Prior successes and failures of each free parameter of the gaps."""
    kind = tie.representatives(np.tile(np.arange(4.0), (tie.shape[0], 1))).astype(int)
    return _GAP_PRIOR[kind, 0], _GAP_PRIOR[kind, 1]


def _maximised(model: ProfileHmm, counts: ProfileCounts | BlockCounts, pseudocount: float) -> ProfileHmm:
    """The parameters that expected counts give, pooled over the orbits of the ties."""
    match = counts.match[:, :4] + pseudocount * model.background
    match /= match.sum(1, keepdims=True)
    if isinstance(counts, BlockCounts):
        return replace(model, match=match, spacer=_maximised_spacer(model.spacer, counts.lengths))
    tie, (yes, no) = model.tie, map(np.ascontiguousarray, _gap_events(counts.moves))
    prior_yes, prior_no = _gap_priors(tie)
    successes, failures = tie.pool(yes) + prior_yes, tie.pool(no) + prior_no
    return replace(
        model,
        match=match,
        insert=_maximised_inserts(model, counts.insert[:, :4], pseudocount),
        gaps=tie.expand(successes / (successes + failures)),
    )


def _maximised_spacer(spacer: Spacer | None, counts: np.ndarray) -> Spacer | None:
    if spacer is None:
        return None
    lengths = counts + _LENGTH_PRIOR
    return replace(spacer, probabilities=lengths / lengths.sum())


def _maximised_inserts(model: ProfileHmm, counts: np.ndarray, pseudocount: float) -> np.ndarray:
    if model.insert_tie == "background":
        return model.insert
    tie = model.emission_tie
    rows = tie.pool(np.ascontiguousarray(counts)).reshape(-1, 4) + pseudocount * model.background
    insert = tie.expand((rows / rows.sum(1, keepdims=True)).ravel())
    insert[0] = model.background
    return insert


def _log_prior(model: ProfileHmm, pseudocount: float) -> float:
    """Logarithm of the density of the prior, up to a constant."""
    free, (yes, no) = model.tie.project(model.gaps), _gap_priors(model.tie)
    gaps = float((yes * np.log(free) + no * np.log1p(-free)).sum())
    emissions = pseudocount * float((np.log(model.match) @ model.background).sum())
    if model.insert_tie != "background":
        rows = model.emission_tie.project(model.insert).reshape(-1, 4)
        emissions += pseudocount * float((np.log(rows) @ model.background).sum())
    if model.spacer is not None:
        gaps += _LENGTH_PRIOR * float(np.log(model.spacer.probabilities).sum())
    return gaps + emissions
