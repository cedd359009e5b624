"""Scores without a motif."""

import numpy as np

from motifnet.datasets.baselines import base_counts, gc_score, length_score
from motifnet.symbols import Sequences


def test_scores_of_variable_sequences():
    some = Sequences.from_text(["ACGGN", "", "NN", "AT"])
    np.testing.assert_array_equal(gc_score(some), [0.75, 0.5, 0.5, 0.0])
    np.testing.assert_array_equal(length_score(some), [5, 0, 2, 2])
    assert base_counts(some).sum(1).tolist() == some.lengths.tolist()
