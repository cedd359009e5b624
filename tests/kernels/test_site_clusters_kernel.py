"""Sums over paths through clusters of sites are those of all configurations, one by one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from motifnet.kernels.motif_hmm import tables
from motifnet.kernels.site_clusters import ClusterWeights, SitePlaces, cluster_sums

WIDTH, MOST, LENGTH = 3, 5, 9
RATE, FOLLOWED, SAME = 0.07, 0.4, 0.8


class Oracle:
    """All configurations of sites, and the probability of each with the bases, by its definition."""

    def __init__(self, rng, codes, n_strands, order):
        self.codes, self.n_strands = codes, n_strands
        self.emitted = rng.dirichlet([0.7] * 4, (n_strands, WIDTH))
        self.background = rng.dirichlet([5] * 4)
        self.conditional = np.ones((5,) * 4)
        for known in range(order + 1):
            where = (slice(None),) * (3 - known) + (slice(4),) * (known + 1)
            rows = rng.dirichlet([5] * 4, (4,) * known) if known else self.background
            self.conditional[where] = rows
        self.distances = rng.dirichlet([3] * MOST)
        self.strands = (SAME, 1 - SAME) if n_strands > 1 else (1.0, 1.0)

    def configurations(self):
        """Tuples of sites (start, strand), with their prior."""

        def fresh(t, sites, prior):
            for start in range(t, len(self.codes) - WIDTH + 1):
                for strand in range(self.n_strands):
                    chance = prior * (1 - RATE) ** (start - t) * RATE / self.n_strands
                    yield from placed((*sites, (start, strand)), chance)
            yield sites, prior * (1 - RATE) ** (len(self.codes) - t)

        def placed(sites, prior):
            start, strand = sites[-1]
            yield from fresh(start + WIDTH, sites, prior * (1 - FOLLOWED))
            for distance, other in product(range(1, MOST + 1), range(self.n_strands)):
                begin = start + distance
                # No base is in three sites: that before the last one has ended.
                ended = len(sites) < 2 or sites[-2][0] + WIDTH <= begin
                if ended and begin + WIDTH <= len(self.codes):
                    chance = FOLLOWED * self.distances[distance - 1] * self.strands[int(other != strand)]
                    yield from placed((*sites, (begin, other)), prior * chance)

        yield from fresh(0, (), 1.0)

    def emission(self, t, sites):
        """Distribution of a base, given those before it and the sites."""
        here = [self.emitted[strand][t - start] for start, strand in sites if 0 <= t - start < WIDTH]
        if not here:
            padded = np.concatenate([[4] * 3, self.codes])
            return self.conditional[tuple(padded[t : t + 3])][:4]
        if len(here) == 1:
            return here[0]
        one, other = here
        both = one * other / self.background
        return both / both.sum()

    def likelihood(self, sites):
        chances = [self.emission(t, sites)[base] for t, base in enumerate(self.codes) if base < 4]
        return np.prod(chances)

    def sums(self):
        """Likelihood over that of background alone, and posterior probabilities."""
        total = 0.0
        posterior = np.zeros((len(self.codes), self.n_strands))
        for sites, prior in self.configurations():
            chance = prior * self.likelihood(sites)
            total += chance
            for start, strand in sites:
                posterior[start, strand] += chance
        return total / self.likelihood(()), posterior / total

    def kernel(self):
        starts = np.arange(len(self.codes) - WIDTH + 1)
        start, strand = (one.ravel() for one in np.meshgrid(starts, range(self.n_strands), indexing="ij"))
        padded = np.concatenate([[4] * 3, self.codes])
        odds = np.ones(len(start))
        for k in range(WIDTH):
            for i, (s, which) in enumerate(zip(start, strand, strict=True)):
                base = self.codes[s + k]
                if base < 4:
                    word = tuple(padded[s + k : s + k + 4])
                    odds[i] *= self.emitted[which, k, base] / self.conditional[word]
        follows = np.full((2, MOST + 1), -np.inf)
        follows[:, 1:] = np.log(FOLLOWED * self.distances * np.array(self.strands)[:, None])
        shared = np.zeros((self.n_strands, self.n_strands, WIDTH, WIDTH))
        for a, b, distance in product(range(self.n_strands), range(self.n_strands), range(1, WIDTH)):
            for k in range(WIDTH - distance):
                both = self.emitted[a, k + distance] * self.emitted[b, k] / self.background
                shared[a, b, distance, k] = np.log(both.sum())
        chains = tables.chains([self.emitted], self.background, self.conditional)
        weights = ClusterWeights(
            WIDTH,
            np.log(RATE / self.n_strands),
            np.log1p(-RATE),
            np.log1p(-FOLLOWED),
            follows,
            shared,
            -np.log(chains.context),
        )
        places = SitePlaces(np.zeros_like(start), start, strand, np.log(odds))
        return places, cluster_sums(self.codes, places, weights)


@pytest.mark.parametrize(("n_strands", "order", "length"), [(2, 0, 8), (2, 3, 8), (1, 2, LENGTH)])
@pytest.mark.parametrize("seed", range(3))
def test_sums_are_those_of_all_configurations(n_strands, order, length, seed):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, length).astype(np.uint8)
    codes[rng.random(length) < 0.1] = 4
    oracle = Oracle(rng, codes, n_strands, order)
    odds, posterior = oracle.sums()
    places, found = oracle.kernel()
    stay = length * np.log1p(-RATE)
    assert found.gains.sum() + stay == pytest.approx(np.log(odds), rel=1e-10)
    np.testing.assert_allclose(found.posterior, posterior[places.start, places.strand], rtol=1e-9)


def test_bases_of_every_configuration_sum_to_one():
    rng = np.random.default_rng(5)
    oracle = Oracle(rng, np.zeros(6, np.uint8), 2, 1)
    configurations = [sites for sites, _ in oracle.configurations() if len(sites) > 1][:6]
    assert len(configurations) == 6
    for sites in configurations:
        total = 0.0
        for letters in product(range(4), repeat=6):
            oracle.codes = np.array(letters, np.uint8)
            total += oracle.likelihood(sites)
        assert total == pytest.approx(1)
