"""Sums over clusters, against sums one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.stats.clusters import cluster_sums


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(-9, 9)), min_size=1, max_size=20))
def test_sums_are_those_of_each_cluster(rows):
    names, values = np.array([name for name, _ in rows]), np.array([value for _, value in rows])
    expected = [sum(value for name, value in rows if name == one) for one in sorted(set(names))]
    assert cluster_sums(values, names).tolist() == expected
    assert cluster_sums(np.column_stack([values, -values]), names)[:, 1].tolist() == [
        -one for one in expected
    ]
    assert cluster_sums(values).tolist() == values.tolist()


def test_what_is_no_number_or_no_cluster_is_refused():
    with pytest.raises(InvalidValue, match="nan"):
        cluster_sums(np.array([1.0, np.nan]))
    with pytest.raises(ShapeMismatch, match="one a sequence"):
        cluster_sums(np.ones(3), np.array([1, 2]))
