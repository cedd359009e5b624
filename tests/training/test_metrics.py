"""Curves and areas against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from motifnet.stats.scores import auroc
from motifnet.training.metrics import average_precision, curves

SCORES = hnp.arrays(np.float64, st.integers(1, 25), elements=st.integers(-4, 4))


def together(targets, controls):
    return np.repeat([1, 0], [len(targets), len(controls)]), np.concatenate([targets, controls])


@given(SCORES, SCORES)
def test_average_precision_is_that_of_scikit_learn(targets, controls):
    from sklearn.metrics import average_precision_score

    assert average_precision(targets, controls) == pytest.approx(
        average_precision_score(*together(targets, controls))
    )


@given(SCORES, SCORES)
def test_curves_are_those_of_scikit_learn(targets, controls):
    from sklearn.metrics import precision_recall_curve, roc_curve

    found = curves(targets, controls)
    false, true, _ = roc_curve(*together(targets, controls), drop_intermediate=False)
    np.testing.assert_allclose(found.false_positive_rate, false)
    np.testing.assert_allclose(found.recall_of_roc, true)
    precision, recall, _ = precision_recall_curve(*together(targets, controls))
    # Theirs runs from all to none, and ends in a point that stands for no threshold.
    np.testing.assert_allclose(found.recall, recall[-2::-1])
    np.testing.assert_allclose(found.precision, precision[-2::-1])


def test_thinned_curves_keep_their_ends_and_their_area():
    rng = np.random.default_rng(0)
    targets, controls = rng.normal(1, 1, 3000), rng.normal(0, 1, 4000)
    found = curves(targets, controls, n_points=100)
    assert len(found.recall) == 100
    assert (found.false_positive_rate[0], found.recall_of_roc[0]) == (0, 0)
    assert (found.false_positive_rate[-1], found.recall_of_roc[-1]) == (1, 1)
    area = np.trapezoid(found.recall_of_roc, found.false_positive_rate)
    assert area == pytest.approx(auroc(targets, controls), abs=2e-3)


def test_the_average_precision_of_nothing_is_not_a_number():
    assert np.isnan(average_precision(np.array([]), np.array([1.0])))
    assert np.isnan(average_precision(np.array([1.0]), np.array([])))
