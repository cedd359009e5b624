"""Gains on held-out sequences: against the formulas as matrices, and intervals that hold what they should."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, kstest, t, ttest_1samp

from motifnet.errors import InvalidValue, ShapeMismatch, TooFewSequences
from motifnet.stats.held_out import HeldOutGain, corrected_resampled_t, paired_gain, sequences_needed

CHROMOSOMES = np.array([90, 80, 70, 65, 60, 55, 50, 45, 40, 35, 25, 10])
"""Sequences of each: about as unequal as those of a genome."""


def by_matrices(differences, clusters):
    """Standard error and degrees of freedom, by residuals of a regression on a constant."""
    n = len(differences)
    names = np.unique(clusters)
    residuals = np.eye(n) - 1 / n
    rows = []
    for name in names:
        inside = (clusters == name).astype(float)
        rows.append(inside @ residuals / np.sqrt(1 - inside.sum() / n))
    rows = np.array(rows)
    variance = ((rows @ differences) ** 2).sum() / n**2
    dfs = []
    for covariance in (np.eye(n), clusters[:, None] == clusters):
        spread = rows @ covariance @ rows.T
        dfs.append(np.trace(spread) ** 2 / (spread**2).sum())
    return np.sqrt(variance), min(dfs)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(-9, 9)), min_size=3, max_size=20).filter(
        lambda rows: len({name for name, _ in rows}) > 1
    )
)
def test_it_is_the_estimate_of_bell_and_mccaffrey(rows):
    clusters, differences = (np.array(column) for column in zip(*rows, strict=True))
    found = paired_gain(differences + 0.5, np.full(len(rows), 0.5), clusters)
    standard_error, df = by_matrices(differences, clusters)
    assert found.mean == pytest.approx(differences.mean())
    assert found.standard_error == pytest.approx(standard_error)
    assert found.df == pytest.approx(df)
    half = t(df).ppf(0.975) * standard_error
    assert (found.low, found.high) == pytest.approx((found.mean - half, found.mean + half))


def test_without_clusters_it_is_students_interval():
    rng = np.random.default_rng(0)
    tied, untied = rng.random((2, 30))
    found = paired_gain(tied, untied, level=0.9)
    expected = ttest_1samp(tied - untied, 0).confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert (found.df, found.n) == (pytest.approx(29), 30)


def covered(clustered, n_sets=400):
    """Of intervals at 95%, how many hold the truth: heavy tails, and effects and spreads of chromosomes."""
    rng = np.random.default_rng(1)
    clusters = np.repeat(np.arange(len(CHROMOSOMES)), CHROMOSOMES)
    n_covered = 0
    for _ in range(n_sets):
        shared = rng.normal(size=len(CHROMOSOMES))[clusters]
        noise = rng.standard_t(3, len(clusters)) * rng.lognormal(0, 0.5, len(CHROMOSOMES))[clusters]
        found = paired_gain(
            0.3 + 0.5 * shared + noise, np.zeros(len(clusters)), clusters if clustered else None
        )
        n_covered += found.low <= 0.3 <= found.high
    return n_covered


def test_intervals_hold_the_truth_as_often_as_they_say():
    assert binomtest(covered(clustered=True), 400, 0.95).pvalue > 0.01


def test_intervals_that_ignore_clusters_do_not():
    assert covered(clustered=False) < 320


def test_folds_follow_students_law_where_they_correlate_as_assumed():
    rng = np.random.default_rng(2)
    n_folds, n_test, n_train, n_sets = 10, 100, 900, 600
    rho = n_test / (n_test + n_train)
    shared = rng.normal(size=(n_sets, 1))
    folds = np.sqrt(rho) * shared + np.sqrt(1 - rho) * rng.normal(size=(n_sets, n_folds))
    found = [corrected_resampled_t(each, n_test, n_train) for each in folds]
    ratios = [each.mean / each.standard_error for each in found]
    assert kstest(ratios, t(n_folds - 1).cdf).pvalue > 0.01
    n_outside = sum(not each.low <= 0 <= each.high for each in found)
    assert binomtest(n_outside, n_sets, 0.05).pvalue > 0.01
    naive = folds.mean(1) / (folds.std(1, ddof=1) / np.sqrt(n_folds))
    assert (np.abs(naive) > t(n_folds - 1).ppf(0.975)).mean() > 0.1


@pytest.mark.parametrize("mean", [-0.02, 0.0, 0.004, 0.01, 0.03])
def test_so_many_sequences_settle_it_and_fewer_do_not(mean):
    margin, se = 0.01, 0.02

    def interval(n):
        half = se * 1.96 * np.sqrt(1_000 / n)
        return HeldOutGain(mean, mean - half, mean + half, half / 1.96, 1e9, n)

    needed = sequences_needed(interval(1_000), margin)

    def settled(n):
        gain = interval(n)
        return gain.high <= margin or gain.low >= 0

    assert settled(needed + 1)
    assert not settled(0.98 * needed)
    assert sequences_needed(interval(2_000), margin) == pytest.approx(needed, abs=1)


def test_what_has_no_interval_is_refused():
    with pytest.raises(TooFewSequences, match="clusters: 1 "):
        paired_gain(np.ones(4), np.zeros(4), np.zeros(4))
    with pytest.raises(ShapeMismatch):
        paired_gain(np.ones(4), np.ones(3))
    with pytest.raises(InvalidValue, match="inf"):
        paired_gain(np.array([1, np.inf]), np.ones(2))
    with pytest.raises(InvalidValue, match="level"):
        paired_gain(np.arange(4.0), np.ones(4), level=95)
    with pytest.raises(TooFewSequences, match="folds"):
        corrected_resampled_t(np.ones(1), 10, 10)
    with pytest.raises(InvalidValue, match="n_train"):
        corrected_resampled_t(np.ones(2), 10, 0)
    with pytest.raises(InvalidValue, match="margin"):
        sequences_needed(HeldOutGain(0, -1, 1, 0.5, 9, 10), 0)
