"""The renewal form of the motif HMM equals the plain HMM with a state for every column of every motif."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp

from motifnet.kernels import threads
from motifnet.kernels.motif_hmm import cpu as motif_hmm
from motifnet.kernels.motif_hmm import tables

EXACT = {"rtol": 1e-10, "atol": 1e-10}
RATES = (0.05, 0.02, 0.08)
FEW_SITES = 1e-3  # up to here their number stands for the probability of one


def random_codes(rng, length, unknown=0.1):
    codes = rng.integers(0, 4, length, dtype=np.uint8)
    codes[rng.random(length) < unknown] = 4
    return codes


def joined(sequences):
    offsets = np.cumsum([0, *map(len, sequences)])
    return np.concatenate([*sequences, np.zeros(0, np.uint8)]).astype(np.uint8), offsets


def random_conditional(rng, order):
    """Probability of the last of four letters, of which as many before it matter as the order says."""
    table = np.ones((5,) * 4)
    for known in range(order + 1):
        where = (slice(None),) * (3 - known) + (slice(4),) * (known + 1)
        table[where] = rng.dirichlet([5] * 4, (4,) * known)
    return table


def random_motifs(rng, widths, n_strands=2):
    return [rng.dirichlet([0.5] * 4, (n_strands, width)) for width in widths]


class Dense:
    """The HMM with one state for background and one for each column of each motif on each strand."""

    def __init__(self, emissions, conditional, rates):
        self.conditional, self.chains = conditional, []
        rows = [None]
        for m, one in enumerate(emissions):
            for strand, columns in enumerate(one):
                self.chains.append((m, strand, len(rows), len(rows) + len(columns) - 1))
                rows += list(columns)
        self.rows = rows
        n_strands = len(emissions[0])
        go = np.zeros(len(rows))
        go[0] = 1 - sum(rates)
        for m, _, first, _ in self.chains:
            go[first] = rates[m] / n_strands
        moves = np.zeros((len(rows), len(rows)))
        self.leaving = [0, *(last for *_, last in self.chains)]
        moves[self.leaving] = go
        inner = [j for *_, first, last in self.chains for j in range(first, last)]
        moves[inner, np.array(inner, int) + 1] = 1
        with np.errstate(divide="ignore"):
            self.start, self.moves = np.log(go), np.log(moves)

    def emitted(self, codes):
        """Log-probability of each base in each state."""
        padded = np.concatenate([[4] * 3, codes])
        table = np.zeros((len(codes), len(self.rows)))
        with np.errstate(divide="ignore"):
            for t, code in enumerate(codes):
                table[t, 0] = np.log(self.conditional[tuple(padded[t : t + 4])])
                if code < 4:
                    table[t, 1:] = np.log([row[code] for row in self.rows[1:]])
        return table

    def run(self, codes):
        """Log-likelihood, and the posterior probability of each state at each base."""
        emitted = self.emitted(codes)
        forward, backward = np.full_like(emitted, -np.inf), np.full_like(emitted, -np.inf)
        forward[0] = self.start + emitted[0]
        for t in range(1, len(codes)):
            forward[t] = emitted[t] + logsumexp(forward[t - 1][:, None] + self.moves, axis=0)
        backward[-1, self.leaving] = 0
        for t in range(len(codes) - 2, -1, -1):
            backward[t] = logsumexp(self.moves + emitted[t + 1] + backward[t + 1], axis=1)
        total = logsumexp(forward[-1] + backward[-1])
        return total, np.exp(forward + backward - total)

    def best(self, codes):
        """Log-probability of the likeliest path."""
        emitted = self.emitted(codes)
        value = self.start + emitted[0]
        for t in range(1, len(codes)):
            value = emitted[t] + (value[:, None] + self.moves).max(0)
        return value[self.leaving].max()

    def background_alone(self, codes):
        return self.emitted(codes)[:, 0].sum()


def weights_of(emissions, rates):
    """Weight of a site on each strand relative to the background bases in its place, and log of one."""
    stay = 1 - sum(rates)
    n_strands = len(emissions[0])
    weights = [rate / n_strands / stay ** one.shape[1] for one, rate in zip(emissions, rates, strict=True)]
    return np.array(weights), np.log(stay)


def dense_posterior(sums, n, n_motifs, n_strands):
    posterior = np.zeros((n, n_motifs, n_strands))
    hits = sums.hits
    posterior[hits.start, hits.motif] = hits.posterior
    return posterior


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    order=st.integers(0, 3),
    widths=st.lists(st.integers(1, 9), min_size=1, max_size=3),
    length=st.integers(1, 40),
    n_strands=st.sampled_from([1, 2]),
)
def test_sums_over_paths_are_those_of_the_dense_hmm(seed, order, widths, length, n_strands):
    rng = np.random.default_rng(seed)
    emissions, conditional = random_motifs(rng, widths, n_strands), random_conditional(rng, order)
    rates = RATES[: len(widths)]
    codes = random_codes(rng, length)
    dense = Dense(emissions, conditional, rates)
    total, states = dense.run(codes)
    chains = tables.chains(emissions, rng.dirichlet([5] * 4), conditional)
    weights, stay = weights_of(emissions, rates)
    sums = motif_hmm.sum_over_paths(codes, np.array([0, length]), chains, weights, threshold=0.0)
    log_likelihood = sums.log_odds[0] + length * stay + dense.background_alone(codes)
    np.testing.assert_allclose(log_likelihood, total, **EXACT)
    posterior = dense_posterior(sums, length, len(widths), n_strands)
    for m, strand, first, _ in dense.chains:
        np.testing.assert_allclose(posterior[:, m, strand], states[:, first], **EXACT)
        np.testing.assert_allclose(posterior[:, m].sum(), sums.n_sites[0, m], **EXACT)
    for m in range(len(widths)):
        without = [0.0 if other == m else rate for other, rate in enumerate(rates)]
        with np.errstate(divide="ignore"):
            lacking = Dense(emissions, conditional, without)
        lacking.start[0] = lacking.moves[lacking.leaving, 0] = stay
        present = 1 - np.exp(lacking.run(codes)[0] - total)
        if sums.n_sites[0, m] > FEW_SITES:
            np.testing.assert_allclose(sums.present[0, m], present, **EXACT)
        else:
            assert sums.present[0, m] == sums.n_sites[0, m] >= present - 1e-12


def likelihood_of_path(dense, codes, marks, n_strands, widths):
    """Log-probability of the path that marks describe."""
    emitted, state, total, t = dense.emitted(codes), None, 0.0, 0
    while t < len(codes):
        if marks[t]:
            chain = dense.chains[marks[t] - 1]
            states = range(chain[2], chain[3] + 1)
        else:
            states = [0]
        for one in states:
            total += (dense.start[one] if state is None else dense.moves[state, one]) + emitted[t, one]
            state, t = one, t + 1
    assert state in dense.leaving
    return total


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    order=st.integers(0, 3),
    widths=st.lists(st.integers(1, 9), min_size=1, max_size=3),
    length=st.integers(1, 60),
    n_strands=st.sampled_from([1, 2]),
)
def test_the_best_path_is_as_likely_as_the_best_of_the_dense_hmm(seed, order, widths, length, n_strands):
    rng = np.random.default_rng(seed)
    emissions, conditional = random_motifs(rng, widths, n_strands), random_conditional(rng, order)
    rates = RATES[: len(widths)]
    codes = random_codes(rng, length)
    dense = Dense(emissions, conditional, rates)
    chains = tables.chains(emissions, rng.dirichlet([5] * 4), conditional)
    marks = motif_hmm.best_path(codes, np.array([0, length]), chains, weights_of(emissions, rates)[0])
    path = likelihood_of_path(dense, codes, marks, n_strands, widths)
    np.testing.assert_allclose(path, dense.best(codes), **EXACT)


def one_site_at_most(codes, emissions, conditional, independent, shares):
    """Posterior probabilities and log-odds of zero or one site, by going through all places."""
    padded = np.concatenate([[4] * 3, codes])
    log_odds, posterior = 0.0, np.zeros((len(codes), len(emissions), len(emissions[0])))
    for m, one in enumerate(emissions):
        n_strands, width, _ = one.shape
        for start in range(len(codes) - width + 1):
            for strand in range(n_strands):
                odds = 1.0
                for j in range(width):
                    if codes[start + j] < 4:
                        base = conditional[tuple(padded[start + j : start + j + 4])]
                        odds *= one[strand, j, codes[start + j]] / base
                posterior[start, m, strand] = odds
        n_places = n_strands * max(len(codes) - width + 1, 0)
        if n_places:
            posterior[:, m] *= shares[m] / n_places
            total = 1 - shares[m] + posterior[:, m].sum()
            posterior[:, m] /= total
            log_odds += np.log(total)
    return log_odds, posterior


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    order=st.integers(0, 3),
    widths=st.lists(st.integers(1, 9), min_size=1, max_size=3),
    length=st.integers(1, 40),
    one_each=st.booleans(),
)
def test_one_site_at_most_is_bayes_over_all_places(seed, order, widths, length, one_each):
    rng = np.random.default_rng(seed)
    emissions, conditional = random_motifs(rng, widths), random_conditional(rng, order)
    shares = np.ones(len(widths)) if one_each else rng.uniform(0.1, 0.9, len(widths))
    codes, independent = random_codes(rng, length), rng.dirichlet([5] * 4)
    chains = tables.chains(emissions, independent, conditional)
    sums = motif_hmm.sum_over_paths(codes, np.array([0, length]), chains, shares, 1 - shares, threshold=0.0)
    log_odds, posterior = one_site_at_most(codes, emissions, conditional, independent, shares)
    np.testing.assert_allclose(sums.log_odds[0], log_odds, **EXACT)
    np.testing.assert_allclose(dense_posterior(sums, length, len(widths), 2), posterior, **EXACT)
    np.testing.assert_allclose(sums.present[0], posterior.sum((0, 2)), **EXACT)


@pytest.fixture(scope="module")
def model():
    rng = np.random.default_rng(7)
    emissions, conditional = random_motifs(rng, (11, 14, 5)), random_conditional(rng, 2)
    chains = tables.chains(emissions, rng.dirichlet([5] * 4), conditional)
    return chains, weights_of(emissions, (0.01, 0.002, 0.005))[0]


def test_counts_of_look_ups_are_those_of_bases_at_sites(model):
    chains, weights = model
    rng = np.random.default_rng(3)
    codes, offsets = joined([random_codes(rng, length) for length in (30, 0, 3, 200)])
    sums = motif_hmm.sum_over_paths(codes, offsets, chains, weights, threshold=0.0, counting=True)
    counts = tables.base_counts(sums.words, chains)
    hits = sums.hits
    for m, width in enumerate(chains.widths.tolist()):
        expected = np.zeros((2, width, 5))
        for i in np.flatnonzero(hits.motif == m):
            first = offsets[hits.sequence[i]] + hits.start[i]
            if first + width <= offsets[hits.sequence[i] + 1]:
                window = codes[first : first + width]
                expected[:, np.arange(width), window] += hits.posterior[i][:, None]
        np.testing.assert_allclose(counts[m], expected[..., :4], **EXACT)


def test_long_sequences_go_through_in_blocks(model, monkeypatch):
    """A sequence of many blocks, in which sums grow beyond what a float holds, against short steps."""
    chains, weights = model
    rng = np.random.default_rng(5)
    best = chains.tables[0, chains.first[0] : chains.first[1]].argmax(-1)
    word = [int(letter) for table in best for letter in np.base_repr(table, 5).zfill(4)][:11]
    codes = random_codes(rng, 40_000, unknown=0.01)
    for at in range(0, 39_000, 13):
        codes[at : at + 11] = word
    sums = motif_hmm.sum_over_paths(codes, np.array([0, len(codes)]), chains, weights, counting=True)
    assert sums.log_odds[0] > 2000  # exp of which is no float
    by_step = forward_in_logarithms(codes, chains, weights)
    np.testing.assert_allclose(sums.log_odds[0], by_step, rtol=1e-10)
    counts = tables.base_counts(sums.words, chains)
    known = [(codes < 4).mean() for _ in counts]
    assert 0 < known[0] < 1
    expected = sums.n_sites.sum(0)
    for m, found in enumerate(counts):
        assert (found.sum((0, 2)) <= expected[m] + 1e-6).all()
    assert sums.n_sites[0, 0] > 1500


def forward_in_logarithms(codes, chains, weights):
    """The recursion, base by base."""
    words = np.concatenate([[4] * 3, codes, [4] * 80])
    number = words[:-3] * 125 + words[1:-2] * 25 + words[2:-1] * 5 + words[3:]
    n = len(codes)
    with np.errstate(divide="ignore"):
        context = np.concatenate([[0], np.cumsum(np.log(chains.context[number[:n]]))])
        logs = []
        for m, width in enumerate(chains.widths):
            n_starts = n - width + 1
            strands = [
                sum(
                    np.log(table[number[3 + 4 * j : 3 + 4 * j + n_starts]])
                    for j, table in enumerate(tables[chains.first[m] : chains.first[m + 1]])
                )
                for tables in chains.tables
            ]
            logs.append(np.log(weights[m]) + np.logaddexp(*strands) + context[width:] - context[:n_starts])
    value = np.zeros(n + 1)
    for t in range(1, n + 1):
        terms = [value[t - 1]]
        terms += [logs[m][t - w] + value[t - w] for m, w in enumerate(chains.widths) if t >= w]
        value[t] = np.logaddexp.reduce(terms)
    return value[n]


def test_results_do_not_depend_on_threads_or_neighbours(model):
    chains, weights = model
    rng = np.random.default_rng(11)
    sequences = [random_codes(rng, length) for length in rng.integers(0, 30_000, 120)]
    codes, offsets = joined(sequences)
    before = threads.n_threads()
    results = []
    try:
        for n in (1, 2):
            threads.use_threads(n)
            results.append(motif_hmm.sum_over_paths(codes, offsets, chains, weights, threshold=0.5))
    finally:
        threads.use_threads(before)
    for one, other in zip(results[0][:4], results[1][:4], strict=True):
        np.testing.assert_array_equal(one, other)
    alone = motif_hmm.sum_over_paths(*joined([sequences[17]]), chains, weights)
    np.testing.assert_array_equal(alone.n_sites[0], results[0].n_sites[17])
    hits = results[0].hits
    assert len(hits.start) > 100
    assert (np.diff(hits.sequence) >= 0).all()


def test_presence_is_what_a_model_without_the_motif_lacks():
    """Motifs of shared and of other widths, in sequences of one block and of several."""
    rng = np.random.default_rng(8)
    emissions = random_motifs(rng, (7, 7, 7, 12, 12, 16))
    chains = tables.chains(emissions, np.full(4, 0.25), random_conditional(rng, 0))
    rates = np.array([3e-3, 1e-5, 1e-4, 2e-3, 1e-6, 1e-8])
    weights = weights_of(emissions, rates)[0]
    codes, offsets = joined([random_codes(rng, length) for length in (25_000, 8192, 8193, 500, 0, 30, 5)])
    sums = motif_hmm.sum_over_paths(codes, offsets, chains, weights)
    lacking = np.stack(
        [
            motif_hmm.sum_over_paths(codes, offsets, chains, weights * others, presence=False).log_odds
            for others in 1 - np.eye(len(weights))
        ],
        axis=1,
    )
    present = 1 - np.exp(lacking - sums.log_odds[:, None])
    few, certain = sums.n_sites <= FEW_SITES, sums.present == 1
    between = ~few & ~certain
    assert min(few.sum(), certain[0].sum(), between.sum()) >= 2
    np.testing.assert_allclose(sums.present[between], present[between], **EXACT)
    np.testing.assert_array_equal(sums.present[few], sums.n_sites[few])
    np.testing.assert_allclose(sums.present, present, atol=2e-6)


def test_without_presence_all_else_is_the_same(model):
    chains, weights = model
    rng = np.random.default_rng(12)
    codes, offsets = joined([random_codes(rng, length) for length in (300, 9000)])
    asked, unasked = (
        motif_hmm.sum_over_paths(codes, offsets, chains, weights, threshold=0.1, presence=presence)
        for presence in (True, False)
    )
    assert (asked.present > 0).all()
    assert (unasked.present == 0).all()
    np.testing.assert_array_equal(asked.log_odds, unasked.log_odds)
    np.testing.assert_array_equal(asked.n_sites, unasked.n_sites)
    np.testing.assert_array_equal(asked.hits.posterior, unasked.hits.posterior)


def test_nothing_but_unknown_bases_has_the_prior_alone():
    rng = np.random.default_rng(2)
    chains = tables.chains(random_motifs(rng, [6]), np.full(4, 0.25), random_conditional(rng, 3))
    codes = np.full(50, 4, np.uint8)
    sums = motif_hmm.sum_over_paths(
        codes, np.array([0, 50]), chains, np.array([0.5]), np.array([0.5]), threshold=0.0
    )
    assert sums.log_odds[0] == pytest.approx(0)
    np.testing.assert_allclose(sums.hits.posterior[:45], 0.5 / 90)


def test_no_sequences():
    rng = np.random.default_rng(2)
    chains = tables.chains(random_motifs(rng, [6]), np.full(4, 0.25), random_conditional(rng, 0))
    sums = motif_hmm.sum_over_paths(np.zeros(0, np.uint8), np.array([0]), chains, np.array([0.1]))
    assert len(sums.log_odds) == len(sums.hits.start) == 0
    assert sums.present.shape == sums.n_sites.shape == (0, 1)
    assert len(motif_hmm.best_path(np.zeros(0, np.uint8), np.array([0]), chains, np.array([0.1]))) == 0
