"""Logistic regression against scikit-learn, and where classes are told apart for certain."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from motifnet.stats.logistic import log_odds_weights


def test_weights_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(400, 3)) * [1, 10, 0.1] + [0, 5, 2]
    is_target = rng.random(400) < 1 / (1 + np.exp(-features @ [1, 0.2, -5] - 9.1))
    scaler = StandardScaler().fit(features)
    theirs = LogisticRegression(C=1, class_weight="balanced", tol=1e-10).fit(
        scaler.transform(features), is_target
    )
    np.testing.assert_allclose(
        log_odds_weights(features, is_target), theirs.coef_[0] / scaler.scale_, rtol=1e-4
    )


def test_weights_stay_finite_where_a_feature_tells_for_certain():
    features = np.column_stack([np.arange(100.0), np.full(100, 7.0)])
    weights = log_odds_weights(features, np.arange(100) >= 50)
    assert np.isfinite(weights).all()
    assert weights[0] > 0
    assert weights[1] == 0
