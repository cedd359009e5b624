"""Areas under ROC curves as means over sequences."""

import numpy as np
import pytest

from motifnet.stats.held_out import paired_gain
from motifnet.stats.paired_auroc import auroc_values
from motifnet.stats.scores import auroc


@pytest.fixture
def scored():
    rng = np.random.default_rng(3)
    labels = np.repeat([1.0, 0.0], [60, 140])
    return np.round(rng.normal(labels, 1.0), 1), labels  # rounded, so that some are equal


def test_the_mean_is_the_area(scored):
    scores, labels = scored
    expected = auroc(scores[labels == 1], scores[labels == 0])
    assert auroc_values(scores, labels).mean() == pytest.approx(expected, abs=1e-12)


def test_what_is_not_asked_has_no_say(scored):
    scores, labels = scored
    more, asked = np.append(scores, [9.0, -9.0]), np.append(labels, [np.nan, np.nan])
    values = auroc_values(more, asked)
    assert values.mean() == pytest.approx(auroc_values(scores, labels).mean(), abs=1e-12)
    assert values[-1] == pytest.approx(values.mean(), abs=1e-12)


def test_the_interval_of_a_difference_is_that_of_a_bootstrap(scored):
    scores, labels = scored
    rng = np.random.default_rng(4)
    others = scores + rng.normal(0, 1, len(scores))
    found = paired_gain(auroc_values(scores, labels), auroc_values(others, labels))
    targets, controls = np.flatnonzero(labels == 1), np.flatnonzero(labels == 0)
    drawn = []
    for _ in range(500):
        one, other = rng.choice(targets, len(targets)), rng.choice(controls, len(controls))
        drawn.append(auroc(scores[one], scores[other]) - auroc(others[one], others[other]))
    assert found.standard_error == pytest.approx(np.std(drawn), rel=0.12)


def test_of_one_class_there_is_no_area():
    assert np.isnan(auroc_values(np.arange(3.0), np.ones(3))).all()
