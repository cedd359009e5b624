"""The sums over paths of the profile HMM equal those over a list of all paths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.kernels import profile_hmm, threads
from motifnet.kernels.profile_hmm import DD, DM, II, IM, MD, MI, MM, Weights

EXACT = {"rtol": 1e-10, "atol": 1e-10}


def random_profile(rng, width):
    """Random emissions and transitions; nothing is inserted before the first column."""
    moves = np.zeros((width, 7))
    moves[:, [MM, MI, MD]] = rng.dirichlet([3, 1, 1], width)
    moves[:, [IM, II]] = rng.dirichlet([1, 1], width)
    moves[:, [DM, DD]] = rng.dirichlet([1, 1], width)
    moves[0] = 0
    moves[0, [MM, MD]] = rng.dirichlet([3, 1])
    background = rng.dirichlet([5] * 4)
    match, insert = rng.dirichlet([0.5] * 4, width), rng.dirichlet([2] * 4, width)
    return profile_hmm.tables(match, insert, moves, background)


def random_codes(rng, length, unknown=0.1):
    codes = rng.integers(0, 4, length, dtype=np.uint8)
    codes[rng.random(length) < unknown] = 4
    return codes


def turned(codes):
    return np.where(codes < 4, 3 - codes, codes)[::-1].astype(np.uint8)


def random_weights(rng, length):
    return Weights(rng.uniform(0.5, 2, length), rng.uniform(0.5, 2, length))


def paths(codes, profile, weights=None):
    """Every path: its weight, the place that each column matches, what it emits, what it takes."""
    weights = weights or Weights(np.ones(len(codes)), np.ones(len(codes)))

    def grow(k, t, state, weight, columns, events):
        if k == len(profile.match):
            if state != "I":
                yield weight, tuple(columns), events
            return
        move = profile.moves[k]
        to_match = {"M": MM, "I": IM, "D": DM}[state]
        if t < len(codes):
            step = weight * move[to_match] * profile.match[k, codes[t]] * weights.match[t]
            taken = [*events, ("moves", k, to_match), ("match", k, codes[t])]
            yield from grow(k + 1, t + 1, "M", step, [*columns, t], taken)
        if state != "I":
            to_delete = MD if state == "M" else DD
            taken = [*events, ("moves", k, to_delete)]
            yield from grow(k + 1, t, "D", weight * move[to_delete], [*columns, -1], taken)
        if state != "D" and t < len(codes) and k > 0:
            to_insert = MI if state == "M" else II
            step = weight * move[to_insert] * profile.insert[k, codes[t]] * weights.insert[t]
            taken = [*events, ("moves", k, to_insert), ("insert", k, codes[t])]
            yield from grow(k, t + 1, "I", step, columns, taken)

    for start in range(len(codes) + 1):
        yield from grow(0, start, "M", 1.0, [], [])


def summed(codes, profile, weights=None):
    """Total, expected counts, posterior of the matches and best path, from the list of all paths."""
    total, best = 0.0, (0.0, None)
    counts = {name: np.zeros_like(table) for name, table in profile._asdict().items()}
    posterior = np.zeros((len(profile.match), len(codes)))
    for weight, columns, events in paths(codes, profile, weights):
        total += weight
        best = max(best, (weight, columns))
        for name, k, what in events:
            counts[name][k, what] += weight
        for k, place in enumerate(columns):
            if place >= 0:
                posterior[k, place] += weight
    return total, counts, posterior, best


def test_tables_lie_in_memory_alike_however_the_matrices_do():
    """For another order of them each loop would be compiled anew."""
    turned_matrices = [np.asfortranarray(np.full(shape, 0.25)) for shape in ((6, 4), (6, 4), (6, 7))]
    tables = profile_hmm.tables(*turned_matrices, np.full(4, 0.25))
    assert all(table.flags.c_contiguous for table in tables)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), width=st.integers(1, 4), length=st.integers(0, 5))
def test_sums_are_those_over_all_paths(seed, width, length):
    rng = np.random.default_rng(seed)
    profile, codes = random_profile(rng, width), random_codes(rng, length)
    weights = random_weights(rng, length)
    total, counts, _, (best, _) = summed(codes, profile, weights)
    offsets = np.array([0, length])
    found = profile_hmm.expected_counts(codes, offsets, profile, weights)
    np.testing.assert_allclose(found.log_odds, [np.log(total)], **EXACT)
    for name in ("match", "insert", "moves"):
        np.testing.assert_allclose(getattr(found, name), counts[name] / total, err_msg=name, **EXACT)
    unweighed, _, posterior, _ = summed(codes, profile)
    np.testing.assert_allclose(profile_hmm.match_posterior(codes, profile), posterior / unweighed, **EXACT)
    aligned = profile_hmm.align(codes, offsets, profile, weights)
    np.testing.assert_allclose(aligned.log_odds, [np.log(best)], **EXACT)
    its_weights = [
        weight for weight, its, _ in paths(codes, profile, weights) if its == tuple(aligned.columns[0])
    ]
    np.testing.assert_allclose(max(its_weights), best, **EXACT)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), width=st.integers(1, 3), length=st.integers(1, 5))
def test_two_strands_are_the_mean_of_both(seed, width, length):
    rng = np.random.default_rng(seed)
    profile, codes = random_profile(rng, width), random_codes(rng, length)
    offsets = np.array([0, length])
    weights = random_weights(rng, length)
    backwards = Weights(*(one[::-1] for one in weights))
    totals, counts, posteriors, bests = zip(
        summed(codes, profile, weights), summed(turned(codes), profile, backwards), strict=True
    )
    found = profile_hmm.expected_counts(codes, offsets, profile, weights, n_strands=2)
    np.testing.assert_allclose(found.log_odds, [np.log(sum(totals) / 2)], **EXACT)
    for name in ("match", "insert", "moves"):
        both = (counts[0][name] + counts[1][name]) / sum(totals)
        np.testing.assert_allclose(getattr(found, name), both, err_msg=name, **EXACT)
    aligned = profile_hmm.align(codes, offsets, profile, weights, n_strands=2)
    better = int(aligned.reverse[0])
    assert totals[better] >= max(totals) * (1 - 1e-12)
    np.testing.assert_allclose(aligned.log_odds, [np.log(bests[better][0] / 2)], **EXACT)
    matched = np.flatnonzero(aligned.columns[0] >= 0)
    probability = posteriors[better][matched, aligned.columns[0][matched]] / sum(totals)
    np.testing.assert_allclose(aligned.posterior[0, matched], probability, **EXACT)


def test_a_wide_profile_and_a_long_sequence_neither_overflow_nor_underflow():
    rng = np.random.default_rng(3)
    width = 400
    moves = np.zeros((width, 7))
    moves[:, [MM, MI, MD, IM, II, DM, DD]] = [0.98, 0.01, 0.01, 0.5, 0.5, 0.5, 0.5]
    moves[0] = [0.99, 0, 0.01, 0, 0, 0, 0]
    wanted = rng.integers(0, 4, width, dtype=np.uint8)
    match = np.full((width, 4), 1e-4)
    match[np.arange(width), wanted] = 1 - 3e-4
    background = np.array([0.4, 0.1, 0.1, 0.4])
    profile = profile_hmm.tables(match, np.tile(background, (width, 1)), moves, background)
    codes = rng.integers(0, 4, 5000, dtype=np.uint8)
    codes[2000 : 2000 + width] = wanted
    unlike = np.full(900, 4, np.uint8)
    joined, offsets = np.concatenate([codes, unlike]), np.array([0, 5000, 5900])
    found = profile_hmm.expected_counts(joined, offsets, profile)
    # The one path without a gap has nearly all of the sum.
    straight = np.log(profile.match[np.arange(width), wanted]).sum() + np.log(moves[:, MM]).sum()
    assert found.log_odds[0] == pytest.approx(straight, abs=0.02)
    assert straight > 500
    assert np.isfinite(found.log_odds[1])
    aligned = profile_hmm.align(joined, offsets, profile)
    np.testing.assert_array_equal(aligned.columns[0], np.arange(2000, 2000 + width))
    assert aligned.posterior[0].min() > 0.95


def test_results_do_not_depend_on_threads():
    rng = np.random.default_rng(5)
    profile = random_profile(rng, 6)
    lengths = rng.integers(0, 3000, 120)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    codes = random_codes(rng, int(offsets[-1]))
    before, results = threads.n_threads(), []
    try:
        for n in (1, 2):
            threads.use_threads(n)
            results.append(profile_hmm.expected_counts(codes, offsets, profile, n_strands=2))
    finally:
        threads.use_threads(before)
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)
    # Every path passes each column once.
    passed = results[0].match.sum(1) + results[0].moves[:, [MD, DD]].sum(1)
    np.testing.assert_allclose(passed, len(lengths), **EXACT)


def test_no_sequences():
    profile = random_profile(np.random.default_rng(0), 3)
    found = profile_hmm.expected_counts(np.zeros(0, np.uint8), np.array([0]), profile)
    assert len(found.log_odds) == 0
    assert found.match.sum() == 0
