"""Bins hold shares of all values."""

import numpy as np

from motifnet.report.charts.histograms import binned_shares


def test_bars_are_shares_of_all_values():
    edges, shares = binned_shares(np.array([0.1, 0.1, 0.9, 5.0]), 0, 1, n_bins=2)
    assert shares.tolist() == [0.5, 0.25]
    assert edges.tolist() == [0, 0.5, 1]
