"""Sums over paths of blocks with a spacer equal those over a list of all paths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.kernels import block_hmm, threads
from motifnet.kernels.block_hmm import BlockTables

EXACT = {"rtol": 1e-10, "atol": 1e-10}


def random_blocks(rng):
    """One block, or two with a spacer of up to three lengths, one of which may never be."""
    width = int(rng.integers(2, 5))
    log_odds = np.pad(rng.normal(0, 2, (width, 4)), ((0, 0), (0, 1)))
    if rng.random() < 0.2:
        return BlockTables(log_odds, width, 0, np.ones(1))
    lengths = rng.dirichlet([1] * int(rng.integers(1, 4)))
    if len(lengths) == 3:
        lengths = np.array([lengths[0], 0, 1 - lengths[0]])
    return BlockTables(log_odds, int(rng.integers(1, width)), int(rng.integers(0, 3)), lengths)


def random_sequence(rng, length):
    codes = rng.integers(0, 4, length, dtype=np.uint8)
    codes[rng.random(length) < 0.1] = 4
    return codes, rng.normal(0, 1, length)


def turned(codes, weights):
    return np.where(codes < 4, 3 - codes, codes)[::-1].astype(np.uint8), weights[::-1]


def paths(codes, weights, blocks):
    """Every path: its weight, length, and the place of each column."""
    width = len(blocks.log_odds)
    for number, share in enumerate(blocks.lengths.tolist()):
        gap = blocks.shortest + number
        for start in range(len(codes) - width - gap + 1):
            places = np.arange(width) + start + np.where(np.arange(width) >= blocks.before, gap, 0)
            odds = blocks.log_odds[np.arange(width), codes[places]].sum() + weights[places].sum()
            yield share * np.exp(odds), number, places


def summed(codes, weights, blocks):
    """Total, expected counts, probability of each place of each column, and the best path."""
    total, best = 0.0, (0.0, None)
    match, lengths = np.zeros(blocks.log_odds.shape), np.zeros(len(blocks.lengths))
    at = np.zeros((len(blocks.log_odds), len(codes)))
    for weight, number, places in paths(codes, weights, blocks):
        total += weight
        lengths[number] += weight
        match[np.arange(len(places)), codes[places]] += weight
        at[np.arange(len(places)), places] += weight
        best = max(best, (weight, tuple(places.tolist())), key=lambda one: one[0])
    return total, match, lengths, at, best


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), length=st.integers(0, 12), n_strands=st.sampled_from([1, 2]))
def test_sums_are_those_over_all_paths(seed, length, n_strands):
    rng = np.random.default_rng(seed)
    blocks, (codes, weights) = random_blocks(rng), random_sequence(rng, length)
    strands = [(codes, weights), turned(codes, weights)][:n_strands]
    totals, matches, lengths, posteriors, bests = zip(*(summed(*one, blocks) for one in strands), strict=True)
    offsets, total = np.array([0, length]), sum(totals)
    found = block_hmm.expected_counts(codes, offsets, blocks, weights, n_strands=n_strands)
    aligned = block_hmm.align(codes, offsets, blocks, weights, n_strands=n_strands)
    if total == 0:
        assert found.log_odds[0] == aligned.log_odds[0] == -np.inf
        assert aligned.starts.tolist() == [[-1, -1]]
        return
    np.testing.assert_allclose(found.log_odds, np.log(total / n_strands), **EXACT)
    np.testing.assert_allclose(found.match, sum(matches) / total, **EXACT)
    np.testing.assert_allclose(found.lengths, sum(lengths) / total, **EXACT)
    better = int(aligned.reverse[0])
    assert totals[better] >= max(totals) * (1 - 1e-12)
    best, places = bests[better]
    np.testing.assert_allclose(aligned.log_odds, np.log(best / n_strands), **EXACT)
    first, second = aligned.starts[0].tolist()
    assert first == places[0]
    assert blocks.before == len(places) or second == places[blocks.before]
    np.testing.assert_allclose(aligned.posterior[0, 0], posteriors[better][0, first] / total, **EXACT)
    if blocks.before < len(places):
        column = posteriors[better][blocks.before, second]
        np.testing.assert_allclose(aligned.posterior[0, 1], column / total, **EXACT)


def test_wide_blocks_neither_overflow_nor_underflow():
    rng = np.random.default_rng(3)
    wanted = rng.integers(0, 4, 400, dtype=np.uint8)
    log_odds = np.pad(np.full((400, 4), -12.0), ((0, 0), (0, 1)))
    log_odds[np.arange(400), wanted] = 1.3
    codes = np.concatenate([rng.integers(0, 4, 900), wanted[:200], [0] * 7, wanted[200:]]).astype(np.uint8)
    blocks = BlockTables(log_odds, 200, 6, np.array([0.25, 0.5, 0.25]))
    offsets, weights = np.array([0, len(codes)]), np.zeros(len(codes))
    found = block_hmm.expected_counts(codes, offsets, blocks, weights)
    assert found.log_odds[0] == pytest.approx(400 * 1.3 + np.log(0.5), abs=1e-6)
    assert block_hmm.align(codes, offsets, blocks, weights).starts.tolist() == [[900, 1107]]
    unlike = block_hmm.expected_counts(codes[:800], np.array([0, 800]), blocks, weights[:800])
    assert -5000 < unlike.log_odds[0] < -1000


def test_results_do_not_depend_on_threads():
    rng = np.random.default_rng(5)
    blocks = BlockTables(np.pad(rng.normal(0, 1, (8, 4)), ((0, 0), (0, 1))), 3, 2, np.full(4, 0.25))
    offsets = np.concatenate([[0], np.cumsum(rng.integers(20, 3000, 120))])
    codes, weights = random_sequence(rng, int(offsets[-1]))
    before, results = threads.n_threads(), []
    try:
        for n in (1, 2):
            threads.use_threads(n)
            results.append(block_hmm.expected_counts(codes, offsets, blocks, weights, n_strands=2))
    finally:
        threads.use_threads(before)
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_allclose(results[0].match.sum(1), 120, **EXACT)


def test_no_sequences():
    blocks = BlockTables(np.zeros((3, 5)), 1, 2, np.ones(1))
    found = block_hmm.expected_counts(np.zeros(0, np.uint8), np.array([0]), blocks, np.zeros(0))
    assert len(found.log_odds) == 0
    assert found.match.sum() == 0
