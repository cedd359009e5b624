"""Curves and areas against plain counting, and probabilities that can be taken at their word."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from motifnet.stats.scores import auroc
from motifnet.training.metrics import average_precision, calibration, curves

SCORES = hnp.arrays(np.float64, st.integers(1, 25), elements=st.integers(-4, 4))


def hits(targets, controls):
    """Targets and controls that reach each score, from the largest score to the smallest."""
    thresholds = sorted({*targets.tolist(), *controls.tolist()}, reverse=True)
    return [((targets >= score).sum(), (controls >= score).sum()) for score in thresholds]


@given(SCORES, SCORES)
def test_average_precision_is_the_sum_of_steps(targets, controls):
    area, before = 0.0, 0
    for true, false in hits(targets, controls):
        area += (true - before) / len(targets) * true / (true + false)
        before = true
    assert average_precision(targets, controls) == pytest.approx(area)


@given(SCORES, SCORES)
def test_curves_are_counts_of_hits(targets, controls):
    found, counts = curves(targets, controls), np.array(hits(targets, controls))
    np.testing.assert_allclose(found.recall_of_roc, np.append(0, counts[:, 0] / len(targets)))
    np.testing.assert_allclose(found.false_positive_rate, np.append(0, counts[:, 1] / len(controls)))
    np.testing.assert_allclose(found.recall, counts[:, 0] / len(targets))
    np.testing.assert_allclose(found.precision, counts[:, 0] / counts.sum(1))


def test_who_says_a_half_has_no_skill_however_unequal_the_numbers():
    said = calibration(np.zeros(10), np.zeros(990))
    assert said.brier == pytest.approx(0.25)
    assert (said.said.tolist(), said.found.tolist()) == ([0.5], [pytest.approx(0.5)])


def test_log_odds_that_are_so_are_calibrated():
    """Of two normals a distance of 2 apart, the log-odds are twice the score."""
    rng = np.random.default_rng(0)
    targets, controls = (2 * rng.normal(mean, 1, n) for mean, n in ((1, 20_000), (-1, 100_000)))
    said = calibration(targets, controls)
    assert len(said.said) == 10
    np.testing.assert_allclose(said.found, said.said, atol=0.015)
    assert said.brier == pytest.approx(0.113, abs=0.005)
    assert calibration(3 * targets, 3 * controls).brier > said.brier + 0.01


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


def test_bins_of_few_sequences_are_left_out():
    """A probability that is said of three sequences tells little of how often it is right."""
    targets, controls = np.r_[np.full(40, 4.0), 0.5, 0.5], np.r_[np.full(60, -4.0), 0.5]
    assert calibration(targets, controls).found.tolist() == [0, 1]
    assert len(calibration(targets, controls, fewest=2).found) == 3
    assert len(calibration(np.ones(2), -np.ones(2)).found) == 0
