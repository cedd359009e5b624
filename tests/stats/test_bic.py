"""The Bayesian information criterion."""

import numpy as np
import pytest

from motifnet.stats.bic import bic


def test_it_is_schwarz_1978():
    """In its first form, the log-likelihood less half of the parameters times log n; ours is -2 of that."""
    assert bic(-123.5, n_free=7, n_observations=50) == pytest.approx(-2 * (-123.5 - 0.5 * 7 * np.log(50)))


def test_a_parameter_pays_where_it_gains_more_than_half_log_n():
    plain = bic(-100.0, n_free=1, n_observations=1000)
    for gain, pays in ((0.49, False), (0.51, True)):
        richer = bic(-100.0 + gain * np.log(1000), n_free=2, n_observations=1000)
        assert (richer < plain) == pays
