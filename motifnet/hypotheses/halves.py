"""Sites cut in halves, each read towards the middle: what a palindrome is asked of.

Of a palindrome both halves of a site are drawn from one law, and independently. Of any other motif whose
sites lie on either strand, one half is of one law and the other of another, and which is which is not known:
a mixture, ``P(x) P'(y) / 2 + P'(x) P(y) / 2``. Its likelihood is even in the difference ``d`` of the two
laws, so that the information about it is singular where they are the same, and a likelihood ratio follows no
chi-square distribution. What the mixture does to the data is this: where one half has what the one law
likes, the other half has what the other law likes. The cross-covariance of the halves is ``-d d' / 4``, and
that of a palindrome is 0. So the test asks for its most negative eigenvalue. Bases that touch in the middle
are left out of it: neighbours depend on each other in any DNA, above all C before G.

The distribution under the tie is drawn: halves of the sites that were found are paired anew. That keeps the
halves as they are, with all that goes on within one, such as stretches of A or a content of G and C; no model
of the bases is needed. But what is found is chosen by its score, and then the halves of found sites are not
independent: a weak one is only there beside a strong one. So the pairs that are drawn are chosen, too: those
below the threshold are thrown away, and above it a pair is the likelier the larger its score is, by a
function that is fitted and never falls, since no protein binds a site less for being a better one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# Grid of the share of a tilt. One of 1 would make pairs of a kind impossible; one of 0 would leave nothing to
# judge, and its gain of 0 would have an interval without a width, of however few sites.
_LEAST_TILTED, _MOST_TILTED, _N_TILTS = 0.25, 0.99, 75
_SURE = 60.0  # nats, of an orientation: beyond that an exponential may overflow
_LEAST = 1e-9  # probability of a base that was not seen: such a base is not there to be scored
_TRIALS, _ROUNDS = 5, 30  # of EM from each start, and from the better one: the gain is then known to 1%
_SPREAD = 1.5  # nats, of the first log-odds of orientation: neither certain nor nothing
_PARTNERS = 512  # halves that chances to be chosen are averaged over, for each half
_REFITS = 6  # rounds of fitting what the choice did; it settles in three or four
_BINS, _PER_BIN = 8, 25  # of scores, for the function that never falls: each with so many sites at least
_PARTS = (1.0, 0.75, 0.5, 0.25, 0.1, 0.0)  # of a step towards the law that fits, tried in turns
_TRIED = 2048  # pairs that tell how many of them are chosen
_ROOM = 1e-6  # bits that rounding may take from a score


class HalfSites(NamedTuple):
    """Sites as pairs of halves.

    Parameters
    ----------
    left : numpy.ndarray of uint8, shape=(n, half_width)
        Bases from the outer end to the middle.
    right : numpy.ndarray of uint8, shape=(n, half_width)
        The same of the other half, read on the other strand.
    middle : numpy.ndarray of uint8, shape=(n,), or None
        The base between them, where the width is odd; on the strand of the left half.
    """

    left: np.ndarray
    right: np.ndarray
    middle: np.ndarray | None

    @classmethod
    def of(cls, words: np.ndarray) -> HalfSites:
        """Cut sites, ``(n, width)``, each taken from the strand on which it comes first in the alphabet.

        Examples
        --------
        >>> HalfSites.of(np.array([[3, 2, 0, 1, 1]]))  # TGACC is GGTCA
        HalfSites(left=array([[2, 2]]), right=array([[3, 2]]), middle=array([3]))
        """
        turned = 3 - words[:, ::-1]
        differs = words != turned
        first = differs.argmax(1)
        row = np.arange(len(words))
        later = words[row, first] > turned[row, first]
        words = np.where(later[:, None], turned, words)
        half = words.shape[1] // 2
        middle = words[:, half] if words.shape[1] % 2 else None
        return cls(words[:, :half], 3 - words[:, ::-1][:, :half], middle)

    def select(self, chosen: np.ndarray) -> HalfSites:
        """Some of the sites."""
        middle = None if self.middle is None else self.middle[chosen]
        return HalfSites(self.left[chosen], self.right[chosen], middle)

    def __len__(self) -> int:
        return len(self.left)


class Untied(NamedTuple):
    """The mixture of a site and its reverse complement that fits best.

    Parameters
    ----------
    matrix : numpy.ndarray, shape=(4, width)
        Probabilities, in one of the two orientations, which are as good.
    tied : numpy.ndarray, shape=(4, width)
        The palindrome that fits best.
    gain : float
        Log-likelihood of the mixture less that of the palindrome, in nats, of all sites together; 0 where no
        mixture was found that is better.
    """

    matrix: np.ndarray
    tied: np.ndarray
    gain: float

    @property
    def distances(self) -> np.ndarray:
        """Total variation between each column of the left half, or the middle, and its mirror image."""
        width = self.matrix.shape[1]
        return _distances(self.matrix)[: (width + 1) // 2]

    @property
    def distance(self) -> float:
        """Total variation between a column and its mirror image, the mean over all columns."""
        return float(_distances(self.matrix).mean())


def _distances(matrix: np.ndarray) -> np.ndarray:
    return (0.5 * np.abs(matrix - matrix[::-1, ::-1]).sum(0)).round(9)


class HalfPairs(NamedTuple):
    """Halves put together to sites.

    Parameters
    ----------
    left, right : numpy.ndarray of int, shape=(n,)
        Which halves: first are numbered the left halves of the sites that were found, then the right ones.
    middle : numpy.ndarray of int, shape=(n,), or None
        The bases between them.
    """

    left: np.ndarray
    right: np.ndarray
    middle: np.ndarray | None

    @classmethod
    def as_found(cls, sites: HalfSites) -> HalfPairs:
        """The halves of each site."""
        return cls(np.arange(len(sites)), len(sites) + np.arange(len(sites)), sites.middle)

    def select(self, chosen: np.ndarray) -> HalfPairs:
        """Some of the pairs, or some of them again."""
        middle = None if self.middle is None else self.middle[chosen]
        return HalfPairs(self.left[chosen], self.right[chosen], middle)


def tilt(kinds: np.ndarray, found: HalfPairs, anew: HalfPairs) -> tuple[float, float]:
    """How much the halves of a site tend to be of different kinds.

    Of pairs under the tie, the untied model makes ``(1 - share * x) / (1 - share * mean)`` as many, where
    ``x`` is the product of the kinds of the halves and ``mean`` is that of pairs under the tie. The mixture
    of two laws has a share of 1; one that is fitted does not pretend to more than there is.

    Parameters
    ----------
    kinds : numpy.ndarray, shape=(n_halves,)
        Of all halves: see :meth:`Mixture.kinds`.
    found : HalfPairs
        Sites.
    anew : HalfPairs
        HalfPairs under the tie.

    Returns
    -------
    share, mean : float

    Examples
    --------
    >>> one, other = np.zeros(4, int), np.ones(4, int)
    >>> found, anew = HalfPairs(one, other, None), HalfPairs(one, np.array([0, 1] * 2), None)
    >>> share, mean = tilt(np.array([1.0, -1.0]), found, anew)
    >>> round(share, 2), mean
    (0.99, 0.0)
    """
    own = kinds[found.left] * kinds[found.right]
    mean = float((kinds[anew.left] * kinds[anew.right]).mean())
    shares = np.linspace(_LEAST_TILTED, _MOST_TILTED, _N_TILTS)
    gains = [np.log1p(-share * own).mean() - np.log1p(-share * mean) for share in shares]
    return float(shares[int(np.argmax(gains))]), mean


class _Laws(NamedTuple):
    """Logarithms of probabilities: of either half, ``(half_width, 4)``, and of the base between, ``(4,)``."""

    one: np.ndarray
    other: np.ndarray
    between: np.ndarray


class Mixture:
    """Fits of pairs of halves, made again and again of the same halves.

    Parameters
    ----------
    sites : HalfSites
        Of which all halves are.
    guess : numpy.ndarray, shape=(4, width)
        Probabilities from which a fit is begun, beside the direction in which halves are opposed.
    """

    def __init__(self, sites: HalfSites, guess: np.ndarray) -> None:
        halves = np.concatenate([sites.left, sites.right])
        self.one_hot = _one_hot(halves)
        self.apart = self.one_hot if sites.middle is not None else self.one_hot[:, :-4]
        """The same without the bases that touch in the middle."""
        self._guess = guess

    def fit(self, pairs: HalfPairs, start: np.ndarray | None = None) -> Untied:
        """The mixture that is likeliest to give the pairs: the best of several rounds of EM.

        Parameters
        ----------
        pairs : HalfPairs
        start : numpy.ndarray, shape=(4, width), optional
            Probabilities from which alone to begin.

        Returns
        -------
        Untied
        """
        tied = self._tied(pairs)
        if start is not None:
            shares = [self._oriented(_laws(start), pairs)]
        else:
            shares = [self._along_opposed(pairs), self._oriented(_laws(self._guess), pairs)]
            shares = [self._climb(share, pairs, _TRIALS)[0] for share in shares]
            gains = [self._gain(self._maximised(share, pairs), tied, pairs) for share in shares]
            shares = [shares[int(np.argmax(gains))]]
        _, laws = self._climb(shares[0], pairs, _ROUNDS)
        gain = self._gain(laws, tied, pairs)
        if gain <= 0:  # the palindrome is one of the mixtures
            laws, gain = tied, 0.0
        has_middle = pairs.middle is not None
        return Untied(_joined(laws, has_middle=has_middle), _joined(tied, has_middle=has_middle), gain)

    def kinds(self, untied: Untied) -> np.ndarray:
        """What each half is, ``shape=(n_halves,)``: 1 for one of the first law, -1 for one of the other.

        Bases that touch in the middle do not count, as in :func:`opposed`.
        """
        laws = _laws(untied.matrix)
        differ = (laws.one - laws.other).ravel()[: self.apart.shape[1]]
        return np.tanh(self.apart.astype(np.float64) @ differ / 2)

    def _tied(self, pairs: HalfPairs) -> _Laws:
        """The palindrome that fits best."""
        return self._maximised(np.full(len(pairs.left), 0.5), pairs)

    def _climb(self, share: np.ndarray, pairs: HalfPairs, rounds: int) -> tuple[np.ndarray, _Laws]:
        """Rounds of EM, from the chance that each pair lies as it is written."""
        for _ in range(rounds):
            laws = self._maximised(share, pairs)
            share = self._oriented(laws, pairs)
        return share, laws

    def _maximised(self, share: np.ndarray, pairs: HalfPairs) -> _Laws:
        """The laws that are likeliest if so much of each pair lies as it is written."""
        n, n_halves = len(share), len(self.one_hot)
        as_is, turned = (
            np.bincount(pairs.left, one, n_halves) + np.bincount(pairs.right, 1 - one, n_halves)
            for one in (share, 1 - share)
        )
        counts = np.stack([as_is, turned]).astype(np.float32) @ self.one_hot
        one, other = _logs(counts.reshape(2, -1, 4).astype(np.float64) / n)
        between = np.full(4, 0.25)
        if pairs.middle is not None:
            kept, left = (np.bincount(pairs.middle, part, 4) for part in (share, 1 - share))
            between = (kept + left[::-1]) / n
        return _Laws(one, other, _logs(between))

    def _oriented(self, laws: _Laws, pairs: HalfPairs) -> np.ndarray:
        """Chance that each pair lies as it is written, ``shape=(n,)``."""
        score = self.one_hot @ (laws.one - laws.other).ravel().astype(np.float32)
        log_odds = score[pairs.left] - score[pairs.right]
        if pairs.middle is not None:
            log_odds = log_odds + (laws.between - laws.between[::-1]).astype(np.float32)[pairs.middle]
        return 1 / (1 + np.exp(-np.clip(log_odds, -_SURE, _SURE)))

    def _along_opposed(self, pairs: HalfPairs) -> np.ndarray:
        """The same by the direction in which the halves are opposed."""
        _, direction = opposed(self.apart, pairs)
        score = self.apart @ direction.astype(np.float32)
        differ = score[pairs.left] - score[pairs.right]
        spread = float(differ.std())
        return 1 / (1 + np.exp(-differ * (_SPREAD / spread if spread > 0 else 0.0)))

    def _gain(self, laws: _Laws, tied: _Laws, pairs: HalfPairs) -> float:
        """Log-likelihood less that of the palindrome."""
        both = np.stack([(laws.one - tied.one).ravel(), (laws.other - tied.other).ravel()], axis=1)
        a, b = (self.one_hot @ both.astype(np.float32)).T.astype(np.float64)
        forward, turned = a[pairs.left] + b[pairs.right], b[pairs.left] + a[pairs.right]
        if pairs.middle is not None:
            ratio = laws.between - tied.between
            forward, turned = forward + ratio[pairs.middle], turned + ratio[::-1][pairs.middle]
        return float(np.logaddexp(forward, turned).sum() - len(pairs.left) * np.log(2))


def _laws(matrix: np.ndarray) -> _Laws:
    half, odd = divmod(matrix.shape[1], 2)
    logs = _logs(matrix.T)
    return _Laws(logs[:half], logs[::-1, ::-1][:half], logs[half] if odd else np.full(4, np.log(0.25)))


def opposed(one_hot: np.ndarray, pairs: HalfPairs) -> tuple[float, np.ndarray]:
    """How far the halves of a pair are opposed, and in which direction.

    Parameters
    ----------
    one_hot : numpy.ndarray of float32, shape=(n_halves, 4 * n_columns)
        Bases of all halves.
    pairs : HalfPairs

    Returns
    -------
    statistic : float
        The most negative eigenvalue of the symmetric part of the cross-covariance, its sign turned.
    direction : numpy.ndarray, shape=(4 * n_columns,)
        Its eigenvector.

    Examples
    --------
    >>> halves = np.eye(4, dtype=np.float32)[[0, 1, 0, 1]]
    >>> [opposed(halves, HalfPairs(np.array([0, 1]), np.array(right), None))[0] for right in ([2, 3], [3, 2])]
    [0.0, 0.5]
    """
    one, other = one_hot[pairs.left], one_hot[pairs.right]
    mean = np.concatenate([one, other]).mean(0, dtype=np.float64)
    cross = (one.T @ other).astype(np.float64) / len(one) - np.outer(mean, mean)
    values, vectors = np.linalg.eigh((cross + cross.T) / 2)
    return max(0.0, round(float(-values[0]), 9)), vectors[:, 0]


def _one_hot(halves: np.ndarray) -> np.ndarray:
    return np.eye(4, dtype=np.float32)[halves].reshape(len(halves), -1)


def _logs(probabilities: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(probabilities, _LEAST))


def _joined(laws: _Laws, *, has_middle: bool) -> np.ndarray:
    """The matrix of both halves, ``(4, width)``."""
    middle = [laws.between[None]] if has_middle else []
    matrix = np.exp(np.concatenate([laws.one, *middle, laws.other[::-1, ::-1]]).T)
    return matrix / matrix.sum(0)


class PairedAnew:
    """Draws pairs of halves as a palindrome would have them, chosen by their score as the sites were.

    Parameters
    ----------
    halves : numpy.ndarray of float, shape=(n_halves,)
        Score of each half, wherever it stands: the left halves of all sites, then the right ones. Bits.
    middles : numpy.ndarray of int, shape=(n,), or None
        The bases between them.
    middle_score : numpy.ndarray of float, shape=(4,)
        That of the base between, which is the same for its complement.
    threshold : float
        The least score of a site.
    kept : float
        Share of the sites in the sequences, at least, that are above the threshold.
    rng : numpy.random.Generator
    """

    def __init__(
        self,
        halves: np.ndarray,
        middles: np.ndarray | None,
        middle_score: np.ndarray,
        threshold: float,
        kept: float,
        rng: np.random.Generator,
    ) -> None:
        self._halves, self._middles, self._middle_score = halves, middles, middle_score
        self._threshold = threshold - _ROOM
        self._chosen_by_score(kept, rng)

    def draw(self, rng: np.random.Generator) -> HalfPairs:
        """As many pairs as there are sites."""
        n = len(self._halves) // 2
        found: list[np.ndarray] = []
        n_found = 0
        while n_found < n:
            some = self._candidates(int(1.1 * (n - n_found) / self._share) + 32, rng)
            kept = some[:, rng.random(some.shape[1]) < self._chance(self._scores(*some))]
            found.append(kept)
            n_found += kept.shape[1]
        left, right, middle = np.concatenate(found, axis=1)[:, :n]
        return HalfPairs(left, right, None if self._middles is None else middle)

    def _scores(self, left: np.ndarray, right: np.ndarray, middle: np.ndarray) -> np.ndarray:
        return self._halves[left] + self._halves[right] + self._middle_score[middle]

    def _candidates(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """HalfPairs of independent halves, ``shape=(3, n)``: left, right, and the base between."""
        left, right = np.searchsorted(self._cumulated, rng.random((2, n)))
        return np.stack([left, right, self._drawn_middles(n, rng)])

    def _drawn_middles(self, n: int, rng: np.random.Generator) -> np.ndarray:
        if self._middles is None:
            return np.zeros(n, np.int64)
        middle = self._middles[rng.integers(0, len(self._middles), n)].astype(np.int64)
        return np.where(rng.random(n) < 0.5, middle, 3 - middle)

    def _chance(self, score: np.ndarray) -> np.ndarray:
        """That a pair of this score is chosen, relative to that of the best ones."""
        return np.where(score < self._threshold, 0, self._steps[np.searchsorted(self._edges, score)])

    def _chosen_by_score(self, kept: float, rng: np.random.Generator) -> None:
        """Fit the law of halves before sites were chosen, and the chance to be chosen by the score.

        A half is among the sites as often as it is there, times the chance that a pair with it is chosen.
        Both are fitted in turns (iterative proportional fitting), the latter as a function that never falls.
        The law is moved only so far that no more pairs are thrown away than there can be sites below the
        threshold: else words of which one half is nothing would be what is left of very many of which
        both are nothing, of which there are not so many.
        """
        n_halves, n = len(self._halves), len(self._halves) // 2
        middle = np.zeros(n, np.int64) if self._middles is None else self._middles
        own = self._scores(np.arange(n), n + np.arange(n), middle)
        n_bins = max(min(_BINS, n // _PER_BIN), 1)
        self._edges = np.unique(np.quantile(own, np.arange(1, n_bins) / n_bins))
        n_steps = len(self._edges) + 1
        seen = np.bincount(np.searchsorted(self._edges, own), minlength=n_steps) / n
        self._steps = np.ones(n_steps)
        weight = np.full(n_halves, 1 / n_halves)
        for _ in range(_REFITS):
            table = self._table(weight, rng)
            expected = weight @ table
            steps = _never_falling(seen / np.maximum(expected, 1e-12), expected)
            steps = steps / steps.max()
            chance = np.maximum(table @ steps, 0.5 / _PARTNERS)
            target = 1 / chance
            target /= target.sum()
            # As far as the share of the pairs that are kept allows.
            for part in _PARTS:
                tried = weight ** (1 - part) * target**part
                tried /= tried.sum()
                if tried @ table @ steps >= kept or part == 0:
                    break
            weight, self._steps = tried, steps
        self._cumulated = _cumulated(weight)
        some = self._candidates(_TRIED, rng)
        self._share = max(float(self._chance(self._scores(*some)).mean()), 1 / _TRIED)

    def _table(self, weight: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Chance that a pair with each half has a score of each bin, ``shape=(n_halves, n_bins)``."""
        at = (np.arange(_PARTNERS) + rng.random(_PARTNERS)) / _PARTNERS
        partner = self._halves[np.searchsorted(_cumulated(weight), at)]
        partner = np.sort(partner + self._middle_score[self._drawn_middles(_PARTNERS, rng)])
        edges = np.concatenate([[self._threshold], self._edges, [np.inf]])
        below = np.searchsorted(partner, edges[None] - self._halves[:, None])
        return np.diff(below, axis=1) / _PARTNERS


def _cumulated(weight: np.ndarray) -> np.ndarray:
    total = np.cumsum(weight)
    return total[:-1] / total[-1]


def _never_falling(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The closest values that never fall (Ayer et al. 1955): neighbours that would are pooled."""
    pools: list[list[float]] = []
    for value, weight in zip(values.tolist(), np.maximum(weights, 1e-12).tolist(), strict=True):
        pools.append([value, weight, 1])
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            last, before = pools.pop(), pools.pop()
            both = before[1] + last[1]
            pools.append([(before[0] * before[1] + last[0] * last[1]) / both, both, before[2] + last[2]])
    return np.concatenate([np.full(int(size), value) for value, _, size in pools])
