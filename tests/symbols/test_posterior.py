"""Match probabilities: the sparse matrix is the dense one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from motifnet.errors import ShapeMismatch
from motifnet.symbols.posterior import MatchPosterior


@given(
    arrays(
        np.float32, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.sampled_from([0, 0.25, 1])
    ),
    st.randoms(use_true_random=False),
)
def test_triples_in_any_order_make_the_matrix(dense, random):
    x, y = np.nonzero(dense)
    order = list(range(len(x)))
    random.shuffle(order)
    x, y = x[order], y[order]
    found = MatchPosterior.from_triples(x, y, dense[x, y], x_length=dense.shape[0], y_length=dense.shape[1])
    again = np.zeros_like(dense)
    again[found.x_position, found.column] = found.probability
    np.testing.assert_array_equal(again, dense)
    np.testing.assert_allclose(found.x_matched, dense.sum(1))
    assert (found.x_length, found.y_length) == dense.shape
    assert (found.indptr.dtype, found.column.dtype, found.probability.dtype) == (
        np.int64,
        np.int32,
        np.float32,
    )


def test_parts_that_do_not_fit_are_refused():
    column, probability = np.zeros(2, np.int32), np.ones(2, np.float32)
    with pytest.raises(ShapeMismatch, match=r"probability has shape \(1,\); expected \(2,\), one for each"):
        MatchPosterior(np.array([0, 2]), column, probability[:1], 1)
    with pytest.raises(ShapeMismatch, match=r"column has shape \(2,\); expected \(1,\), where the rows end"):
        MatchPosterior(np.array([0, 1]), column, probability, 1)
