"""AUROC, likelihood ratios and thresholds against scikit-learn, scipy and brute force."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from motifnet.stats.scores import auroc, best_threshold, signed_root

# Few distinct values, so that ties are the rule.
SCORES = hnp.arrays(np.float32, st.integers(1, 20), elements=st.sampled_from([-np.inf, -2, -1, 0, 0.5, 1, 3]))
RATES = st.sampled_from([0.0, 0.05, 0.1, 0.29, 0.5, 1.0])


@given(SCORES, SCORES)
def test_auroc_is_the_chance_that_a_target_scores_above_a_control(targets, controls):
    pairs = [(t > c) + (t == c) / 2 for t in targets for c in controls]
    assert auroc(targets, controls) == pytest.approx(np.mean(pairs))


@given(SCORES, SCORES)
def test_auroc_is_that_of_scikit_learn(targets, controls):
    from sklearn.metrics import roc_auc_score

    finite = [np.maximum(scores, -9) for scores in (targets, controls)]
    truth = np.repeat([1, 0], [len(targets), len(controls)])
    assert auroc(*finite) == pytest.approx(roc_auc_score(truth, np.concatenate(finite)))


def test_auroc_of_nothing_is_not_a_number():
    assert np.isnan(auroc(np.array([]), np.array([1.0])))
    assert np.isnan(auroc(np.array([1.0]), np.array([])))


@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_the_signed_root_squares_to_the_g_statistic_of_scipy(n_targets, n_controls, data):
    from scipy.stats import chi2_contingency

    a, c = data.draw(st.integers(0, n_targets)), data.draw(st.integers(0, n_controls))
    assume(0 < a + c < n_targets + n_controls)
    table = [[a, n_targets - a], [c, n_controls - c]]
    expected = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    found = signed_root(np.array([a]), n_targets, np.array([c]), n_controls)[0]
    assert found**2 == pytest.approx(expected, abs=1e-9)
    # Where the shares are equal, rounding leaves a root of about 1e-8 of either sign.
    assert np.sign(found.round(6)) == np.sign(a * n_controls - c * n_targets)


def test_tables_without_a_hit_or_without_a_miss_say_nothing():
    assert signed_root(np.array([0, 5]), 5, np.array([0, 9]), 9).tolist() == [0, 0]


def test_the_signed_root_is_about_standard_normal_where_nothing_differs():
    rng = np.random.default_rng(0)
    n_targets, n_controls = 500, 3000  # rare hits and unequal numbers: where the usual z breaks down
    z = signed_root(
        rng.binomial(n_targets, 0.02, 20_000), n_targets, rng.binomial(n_controls, 0.02, 20_000), n_controls
    )
    assert abs(z.mean()) < 0.1
    assert abs(z.std() - 1) < 0.1
    assert (z > 3).mean() < 0.004


@given(SCORES, SCORES, RATES)
def test_the_best_threshold_is_the_best_of_all(targets, controls, max_fpr):
    found = best_threshold(targets, controls, max_fpr)
    tried = []
    for score in np.unique(targets[np.isfinite(targets)]):
        hits, control_hits = int((targets >= score).sum()), int((controls >= score).sum())
        if control_hits <= max_fpr * len(controls):
            z = signed_root(np.array([hits]), len(targets), np.array([control_hits]), len(controls))[0]
            tried.append((z, score, hits, control_hits))
    if not tried:
        assert found == (np.inf, 0, 0, 0.0)
        return
    assert found.z == pytest.approx(max(tried)[0])
    assert (found.score, found.target_hits, found.control_hits) in [row[1:] for row in tried]


def test_a_threshold_of_single_precision_lets_through_the_very_scores_it_was_made_of():
    targets = np.random.default_rng(0).normal(1, 1, 200).astype(np.float32)
    controls = np.random.default_rng(1).normal(0, 1, 200).astype(np.float32)
    found = best_threshold(targets, controls, 0.1)
    assert (targets >= found.score).sum() == found.target_hits
    assert (controls >= found.score).sum() == found.control_hits <= 20
