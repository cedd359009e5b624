"""Scores without a motif."""

import numpy as np
import pytest

from motifnet.datasets.baselines import base_counts, gc_score, length_score, told_baselines
from motifnet.symbols import Sequences


def test_scores_of_variable_sequences():
    some = Sequences.from_text(["ACGGN", "", "NN", "AT"])
    np.testing.assert_array_equal(gc_score(some), [0.75, 0.5, 0.5, 0.0])
    np.testing.assert_array_equal(length_score(some), [5, 0, 2, 2])
    assert base_counts(some).sum(1).tolist() == some.lengths.tolist()


@pytest.mark.parametrize("area", [0.17, 0.83])
def test_a_baseline_is_told_in_one_way_either_way_round(area):
    of_gc, of_length = told_baselines(area, area)
    assert of_gc.startswith(
        "GC content alone tells targets from controls with an AUROC of 0.83; controls that"
    )
    assert of_length.startswith("length alone tells targets from controls with an AUROC of 0.83; targets and")
    assert told_baselines(0.45, 0.55) == []
